"""New rosters, and the check of filled ones (``daiban roster``).

A new roster offers in its drop-downs what the forms print, so that staff pick the very words of a box on paper. A check
also compares each case's document and stage with the forms there are, which ``cases`` cannot know, and tries to plan
each case's steps.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field, computed_field

from cases.case_set import CaseSet
from cases.files.case_file import SUFFIXES, read_case_file
from cases.model.case import Case
from cases.roster.read import read_roster
from cases.roster.write import new_roster, write_roster
from daiban.documents.called_for import at_cell, forms_of
from daiban.office import Office
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import FieldKind
from forms.matters.lists import reference_matters
from forms.matters.tracks import all_tracks
from foundation.errors import CaseDataError, ExitCode, Problem, UsageError, worst
from foundation.frozen_model import FrozenModel

# Boxes that stand for a matter (事项) or a paper (材料), by the field ids that all forms share.
_BOXES = {
    "事项": re.compile(r"assessment\.[a-z]+\.items\..+"),
    "材料": re.compile(r"assessment\.[a-z]+\.materials\..+"),
}
_OTHERS = "其他"


class RosterReport(FrozenModel):
    """A roster or case file after its check: the ids of its cases, and every problem by sheet and cell.

    ``refused``: ids of the cases that cannot be used; null where none could be read.
    """

    cases: tuple[str, ...]
    refused: tuple[str | None, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def ok(self) -> bool:
        """Whether all its cases can be used."""
        return self.exit_code is ExitCode.OK


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


def check(path: Path) -> RosterReport:
    """Read a roster workbook or a case file (by its suffix), and report everything that is wrong with it.

    A file in a workspace is checked against that workspace's own forms as well.

    :raises UnreadableError, CaseDataError: the file as a whole cannot be used.
    """
    cases = read_case_file(path) if path.suffix.lower() in SUFFIXES else read_roster(path)
    workspace = Workspace.around(path)
    if workspace is None:
        catalogue, deriver = Catalogue.load(), Deriver(Settings())
    else:
        office = Office(workspace)
        catalogue, deriver = office.catalogue, office.deriver
    problems = (*cases.problems, *_without_forms(cases, catalogue), *_without_timetable(cases, deriver))
    wrong = any(problem.severity == "error" for problem in problems)
    return RosterReport(
        cases=tuple(case.id for case in cases.cases),
        refused=tuple(item.case for item in cases.rejected),
        problems=problems,
        exit_code=worst([cases.exit_code, *([ExitCode.CASE_DATA] if wrong else [])]),
    )


def _without_forms(cases: CaseSet, catalogue: Catalogue) -> Iterator[Problem]:
    """A problem for each case whose document, or stage in it, has no forms."""
    for case in cases.cases:
        try:
            forms_of(case, catalogue)
        except CaseDataError as error:
            yield from at_cell(error, case, cases)


def _without_timetable(cases: CaseSet, deriver: Deriver) -> Iterator[Problem]:
    """The problems of each case whose steps cannot be planned."""
    for case in cases.cases:
        try:
            deriver.check(case)
        except CaseDataError as error:
            yield from at_cell(error, case, cases)


def _labels(catalogue: Catalogue, pattern: re.Pattern[str]) -> Iterator[str]:
    for form in catalogue.forms:
        for field in form.fields:
            if field.kind is FieldKind.CHECKBOX and pattern.fullmatch(field.id) and field.label != _OTHERS:
                yield field.label
