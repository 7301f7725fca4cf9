"""Rosters as the application hands them out and checks them.

A new roster offers in its drop-downs what the forms print, so that staff pick the very words a box on paper
carries; a check also holds each case's document and stage against the forms there are, which the cases
alone cannot know, and each case's steps against the limits there are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.case_set import CaseSet
from cases.files.case_file import SUFFIXES, read_case_file
from cases.model.case import Case
from cases.roster.read import read_roster
from cases.roster.write import new_roster, write_roster
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from daiban.workspace import forms_beside
from forms.catalogue import Catalogue
from forms.definition import FieldKind, FormDefinition
from forms.matters.lists import reference_matters
from forms.matters.tracks import all_tracks
from foundation.errors import CaseDataError, ExitCode, Problem, UsageError, worst

# Boxes that stand for a matter (事项) or a paper (材料), by the field ids all forms share.
_BOXES = {
    "事项": re.compile(r"assessment\.[a-z]+\.items\..+"),
    "材料": re.compile(r"assessment\.[a-z]+\.materials\..+"),
}
_OTHERS = "其他"


@dataclass(frozen=True, slots=True)
class Checked:
    """A roster or case file after its check: its cases, and every problem by sheet and cell."""

    cases: CaseSet
    problems: tuple[Problem, ...]

    @property
    def exit_code(self) -> ExitCode:
        """The reader's own code, and CASE_DATA for a case without forms, or whose steps cannot be planned."""
        wrong = any(problem.severity == "error" for problem in self.problems)
        return worst([self.cases.exit_code, *([ExitCode.CASE_DATA] if wrong else [])])


def choices(catalogue: Catalogue) -> Mapping[str, Sequence[str]]:
    """What the drop-downs offer: the labels the forms print beside their boxes, and the steps with known limits."""
    printed = {name: list(_labels(catalogue, pattern)) for name, pattern in _BOXES.items()}
    steps = [step.title for tracks in all_tracks() for track in tracks.tracks for step in track.steps]
    matters = [matter.name for matter in reference_matters()]
    findings = [label for labels in printed.values() for label in labels]
    return {**printed, "研判.内容": findings, "进度.环节": [*steps, *matters]}


def write_new(
    path: Path, cases: Iterable[Case] = (), *, documents: Collection[str] = (), overwrite: bool = False
) -> None:
    """Write a roster workbook: these cases, or an empty one with an example row on each sheet.

    :param documents: whose sheets it has; the usual ones without any.
    :raises UsageError: the name would not open in Excel or WPS.
    :raises NotWritableError: the place cannot be written, or is taken.
    """
    if path.suffix.lower() != ".xlsx":
        advice = f"写成 {path.with_suffix('.xlsx').name}"
        raise UsageError(Problem(str(path), "花名册的文件名应以 .xlsx 结尾", advice=advice))
    offered, members = choices(Catalogue.load()), tuple(cases)
    if members:
        write_roster(path, members, offered, documents=documents, overwrite=overwrite)
    else:
        new_roster(path, offered, documents=documents, overwrite=overwrite)


def check(path: Path) -> Checked:
    """Read a roster workbook or a case file (by its suffix), and tell everything that is wrong with it.

    A file in a workspace is held against that workspace's own forms as well.

    :raises UnreadableError, CaseDataError: the file as a whole cannot be used.
    """
    cases = read_case_file(path) if path.suffix.lower() in SUFFIXES else read_roster(path)
    forms = forms_beside(path)
    catalogue = Catalogue.load(*forms)
    unplanned = without_timetable(cases, Deriver(Settings(), *forms))
    return Checked(cases, (*cases.problems, *without_forms(cases, catalogue), *unplanned))


def without_forms(cases: CaseSet, catalogue: Catalogue) -> Iterator[Problem]:
    """A problem for each case whose document, or stage in it, has no forms."""
    for case in cases.cases:
        try:
            forms_of(case, catalogue)
        except CaseDataError as error:
            yield from placed(error, case, cases)


def without_timetable(cases: CaseSet, deriver: Deriver) -> Iterator[Problem]:
    """The problems of each case whose steps cannot be planned."""
    for case in cases.cases:
        try:
            deriver.check(case)
        except CaseDataError as error:
            yield from placed(error, case, cases)


def placed(error: CaseDataError, case: Case, cases: CaseSet) -> Iterator[Problem]:
    """An error about a case, at the cell or line its fields stand in."""
    for problem in error.problems:
        place = cases.where(case.id, problem.field or "id")
        yield Problem(place, problem.problem, problem.field, problem.advice, problem.severity)


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
    """Whether any of a case's projects is of this form's list."""
    conditions = [item.where for item in form.lists if item.id == "projects"]
    return any(
        all(getattr(project, key) == value for key, value in where.items())
        for where in conditions
        for project in case.projects
    )


def _labels(catalogue: Catalogue, pattern: re.Pattern[str]) -> Iterator[str]:
    for form in catalogue.forms:
        for field in form.fields:
            if field.kind is FieldKind.CHECKBOX and pattern.fullmatch(field.id) and field.label != _OTHERS:
                yield field.label
