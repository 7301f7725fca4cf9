"""What ``daiban forms`` and its ``check`` say: the catalogue; what is wrong with definitions and templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import computed_field

from forms.catalogue import Catalogue
from forms.definition_file import read_form
from forms.describe import FormSummary, summarise
from forms.lint.check import check_form, check_path, form_folders
from foundation.errors import ExitCode, Problem
from foundation.frozen_model import FrozenModel
from generator.template.trial import trial_problems


class CatalogueReport(FrozenModel):
    """All forms that can be filled, and what is wrong with definitions that cannot be used."""

    forms: tuple[FormSummary, ...]
    problems: tuple[Problem, ...]

    @property
    def exit_code(self) -> ExitCode:
        """FORM where any problem is an error."""
        return _exit_code(self.problems)


class FormsCheckReport(FrozenModel):
    """Every problem of the definitions and templates that were checked."""

    problems: tuple[Problem, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def ok(self) -> bool:
        """Whether none of the problems is an error."""
        return self.exit_code is ExitCode.OK

    @property
    def exit_code(self) -> ExitCode:
        """FORM where any problem is an error."""
        return _exit_code(self.problems)


def catalogue_report(catalogue: Catalogue) -> CatalogueReport:
    """The forms of a catalogue, in its order."""
    return CatalogueReport(forms=tuple(map(summarise, catalogue.forms)), problems=catalogue.problems)


def check_forms(paths: Sequence[Path] = ()) -> FormsCheckReport:
    """Check the definitions and templates under these paths; all built-in ones where none is given."""
    problems = [problem for path in paths for problem in _check(path)] if paths else _check_built_in()
    return FormsCheckReport(problems=tuple(problems))


def _check(path: Path) -> list[Problem]:
    """What the check of a path finds; where that is nothing that stops its forms, what a trial of each finds."""
    problems = check_path(path)
    if _exit_code(problems) is ExitCode.OK:
        problems += [
            problem for folder in form_folders(path) for problem in trial_problems(read_form(folder))
        ]
    return problems


def _check_built_in() -> list[Problem]:
    catalogue = Catalogue.load()
    return [*catalogue.problems, *(problem for form in catalogue.forms for problem in check_form(form))]


def _exit_code(problems: Sequence[Problem]) -> ExitCode:
    wrong = any(problem.severity == "error" for problem in problems)
    return ExitCode.FORM if wrong else ExitCode.OK
