"""An office's own forms (自有表单): what is wrong with each, and one tried on a sample case, laid out as if issued.

A trial is nobody's document: it goes into no registry, and its page marks are signed with a key that is thrown away, so
that no trial that gets among returned papers is taken for one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from cases.model.case import Case
from cases.samples import load_case_files, load_sample
from daiban.converter import generator_settings
from daiban.office import Office
from forms.catalogue import is_built_in
from forms.definition import FormDefinition
from forms.definition_file import FORM_FILE
from forms.describe import AUDIENCE_NAMES
from forms.lint.check import check_path
from forms.page_mark import ALPHABET, NUMBER_LENGTH
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel
from generator.bind import Bound
from generator.document_generator import DocumentGenerator
from generator.model import Order, Produced


class OwnForm(FrozenModel):
    """One form of the office's own. ``folder``: below ``forms/``; ``form``, ``title``, ``document``, ``audience``
    (whom it is for, in words): None where its definition cannot be read; ``problems``: what ``forms check`` says of it.
    """

    folder: str
    form: str | None
    title: str | None
    document: str | None
    audience: str | None
    problems: tuple[Problem, ...]

    @property
    def is_right(self) -> bool:
        """Whether it can be issued."""
        return not any(problem.severity == "error" for problem in self.problems)


class FormTrial(FrozenModel):
    """A form filled with a sample case. ``case``: which; ``pages``: of ``pdf``, 0 and None where it could not be laid
    out; ``problems``: why, and what is wrong with the form.
    """

    form: str
    title: str
    case: str
    pdf: str | None
    pages: int
    problems: tuple[Problem, ...]


def own_forms(office: Office) -> tuple[OwnForm, ...]:
    """The office's own forms by their folders, each with what is wrong with it."""
    root = office.workspace.forms
    known = {form.folder.resolve(): form for form in office.catalogue.forms if not is_built_in(form)}
    folders = sorted(path.parent for path in root.rglob(FORM_FILE)) if root.is_dir() else []
    return tuple(_own_form(root, folder, known.get(folder.resolve())) for folder in folders)


def _own_form(root: Path, folder: Path, form: FormDefinition | None) -> OwnForm:
    return OwnForm(
        folder=folder.relative_to(root).as_posix(),
        form=form.id if form else None,
        title=form.title if form else None,
        document=form.document if form else None,
        audience=AUDIENCE_NAMES[form.audience] if form else None,
        problems=tuple(check_path(folder)),
    )


def try_form(office: Office, form_id: str, folder: Path) -> FormTrial:
    """Fill a form with the sample case that says most in it, and lay it out in a folder.

    :raises FormError: there is no such form, or its definition is wrong.
    """
    form = office.catalogue.form(form_id)
    case, bound = _best_sample(office, form)
    trial = generator_settings(office.settings, secrets.token_bytes(32))
    number = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))
    said = [] if is_built_in(form) else check_path(form.folder)
    with DocumentGenerator(trial) as generator:
        (result,) = generator.run([Order(number, bound)], folder)
    problems = tuple(dict.fromkeys((*said, *result.problems)))
    made = result if isinstance(result, Produced) and result.pdf is not None else None
    return FormTrial(
        form=form.id,
        title=form.title,
        case=case.id,
        pdf=made.pdf.name if made and made.pdf else None,
        pages=len(made.page_sizes) if made else 0,
        problems=problems,
    )


def _best_sample(office: Office, form: FormDefinition) -> tuple[Case, Bound]:
    """The sample case that says most in a form; one of the form's own document, where there is any."""
    samples: Iterable[Case] = (*load_sample(), *load_case_files())
    bound = [(case, office.binder.bound(case, form)) for case in samples]
    of_document = [pair for pair in bound if pair[0].document == form.document]
    return max(
        of_document or bound, key=lambda pair: sum(value is not None for value in pair[1].values.values())
    )
