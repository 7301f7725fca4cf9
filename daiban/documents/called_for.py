"""Which forms a case calls for, and where a person finds what is wrong with a case."""

from __future__ import annotations

from collections.abc import Iterator

from cases.case_set import CaseSet
from cases.model.case import Case
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, Problem


def forms_of(case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the forms a case's document and stage call for; of a list of projects, the forms its rows go into.

    :raises CaseDataError: there is no such document, or it has no such stage.
    """
    called_for = catalogue.for_stage(case.document, case.stage.label if case.stage else None)
    if case.projects:
        forms = (form for form in catalogue.forms if form.document == case.document and form.is_about_many)
        return tuple(form.id for form in forms if _has_rows(case, form))
    many = {form.id for form in catalogue.forms if form.is_about_many}
    return tuple(form_id for form_id in called_for if form_id not in many)


def _has_rows(case: Case, form: FormDefinition) -> bool:
    """Whether any of a case's projects belongs in this form's list."""
    conditions = [item.where for item in form.lists if item.id == "projects"]
    return any(
        all(getattr(project, key) == value for key, value in where.items())
        for where in conditions
        for project in case.projects
    )


def at_cell(error: CaseDataError, case: Case, cases: CaseSet) -> Iterator[Problem]:
    """The problems of an error about a case, each at the cell or line its field stands in."""
    for problem in error.problems:
        place = cases.where(case.id, problem.field or "id")
        yield Problem(place, problem.problem, problem.field, problem.advice, problem.severity)
