"""Which forms a case calls for, and where a person finds what is wrong with a case."""

from __future__ import annotations

from collections.abc import Iterator

from cases.case_set import CaseSet
from cases.model.case import Case
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, Problem


def forms_of(case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the forms a case's document and stage call for, then those that its own data call for (``trigger``);
    of a list of projects, the forms its rows go into.

    :raises CaseDataError: there is no such document, or it has no such stage.
    """
    called_for = catalogue.for_stage(case.document, case.stage.label if case.stage else None)
    if case.projects:
        forms = (form for form in catalogue.forms if form.document == case.document and form.is_about_many)
        return tuple(form.id for form in forms if _is_due_list(case, form))
    many = {form.id for form in catalogue.forms if form.is_about_many}
    staged = [form_id for form_id in called_for if form_id not in many]
    return tuple(dict.fromkeys([*staged, *_triggered(case, catalogue)]))


def _triggered(case: Case, catalogue: Catalogue) -> Iterator[str]:
    """The forms of one project that are called for because of what has happened in it."""
    for form in catalogue.forms:
        if form.document == case.document and not form.is_about_many and _is_triggered(case, form):
            yield form.id


def has_value(case: Case, field_id: str) -> bool:
    """Whether a case itself, without what is derived, says anything at a field id; ``*``: in any entry."""
    return _says(case, field_id.split("."))


def _says(value: object, path: list[str]) -> bool:
    if not path:
        return value not in (None, "", ())
    if path[0] == "*":
        return isinstance(value, tuple) and any(_says(entry, path[1:]) for entry in value)
    return _says(getattr(value, path[0], None), path[1:])


def clocked_forms(case: Case, catalogue: Catalogue) -> tuple[FormDefinition, ...]:
    """The forms of a list of projects that come round by a clock; of those with a trigger, when it is there."""
    forms = (form for form in catalogue.forms if form.document == case.document and form.is_about_many)
    return tuple(form for form in forms if form.clock and (not form.trigger or _is_triggered(case, form)))


def _is_due_list(case: Case, form: FormDefinition) -> bool:
    """Whether a list of projects calls for this form: its trigger, or without one its rows and no clock."""
    if form.trigger:
        return _is_triggered(case, form)
    return form.clock is None and _has_rows(case, form)


def _is_triggered(case: Case, form: FormDefinition) -> bool:
    return bool(form.trigger) and all(has_value(case, field_id) for field_id in form.trigger)


def _has_rows(case: Case, form: FormDefinition) -> bool:
    """Whether any of a case's projects belongs in this form's list."""
    conditions = [item.where for item in form.lists if item.id == "projects"]
    return any(
        all(getattr(project, key) == value for key, value in where.items())
        for where in conditions
        for project in case.projects
    )


def unlisted(case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of a list's projects that go into none of its document's lists, for want of a category of theirs."""
    lists = [
        item.where
        for form in catalogue.forms
        if form.document == case.document and form.is_about_many
        for item in form.lists
        if item.id == "projects"
    ]
    return tuple(
        project.name
        for project in case.projects
        if lists
        and not any(all(getattr(project, key) == value for key, value in one.items()) for one in lists)
    )


def at_cell(error: CaseDataError, case: Case, cases: CaseSet) -> Iterator[Problem]:
    """The problems of an error about a case, each at the cell or line its field stands in."""
    for problem in error.problems:
        place = cases.where(case.id, problem.field or "id")
        yield Problem(place, problem.problem, problem.field, problem.advice, problem.severity)
