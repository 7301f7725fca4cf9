"""New rosters, and the check of filled ones (``daiban roster``).

A new roster offers in its drop-downs what the forms print, so that staff pick the very words of a box on paper. A check
asks what ``generate`` asks of every document, so that both find the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, computed_field

from cases.case_set import CaseSet
from cases.files.case_file import SUFFIXES, read_case_file
from cases.model.case import Case
from cases.roster.read import read_roster
from cases.roster.write import Choices, new_roster, write_roster
from cases.roster.writing.sheet_writer import Needed
from cases.values.documents import default_document, document_name
from cases.values.stages import Stage
from cases.workspace_cases import case_paths, load_cases
from daiban.issuing.result import FailedItem, WaitingItem
from daiban.issuing.selection import Selector
from daiban.office import Office
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import FieldKind
from forms.matters.lists import reference_matters
from forms.matters.tracks import all_tracks
from foundation.errors import ExitCode, Problem, UsageError, worst
from foundation.frozen_model import FrozenModel

if TYPE_CHECKING:
    from daiban.registry import Registry

# Boxes that stand for a matter (事项) or a paper (材料), by the field ids that all forms share.
_BOXES = {
    "事项": re.compile(r"assessment\.[a-z]+\.items\..+"),
    "材料": re.compile(r"assessment\.[a-z]+\.materials\..+"),
}
_OTHERS = "其他"
#: What a blank cell has from the settings or from the stage itself.
_BY_DEFAULT = frozenset({"agency.name", "manager.name", "manager.phone", "authorisation.stage"})


class RosterReport(FrozenModel):
    """A roster or case file after its check: the ids of its cases, and every problem by sheet and cell.

    ``refused``: ids of the cases that cannot be used at all; null where none could be read. ``failed`` and ``waiting``:
    the documents that ``generate`` would not issue now, as it says itself: because something is wrong, or because the
    case has not come so far.
    """

    cases: tuple[str, ...]
    refused: tuple[str | None, ...]
    problems: tuple[Problem, ...]
    failed: tuple[FailedItem, ...] = ()
    waiting: tuple[WaitingItem, ...] = ()
    titles: Mapping[str, str] = Field(default_factory=dict, exclude=True)
    exit_code: ExitCode = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def ok(self) -> bool:
        """Whether all its cases can be used."""
        return self.exit_code is ExitCode.OK


def choices(catalogue: Catalogue) -> Mapping[str, Sequence[str]]:
    """What there is to pick from: the labels the forms print beside their boxes, and the steps with known limits."""
    return {
        name: [entry for entries in offered.values() for entry in entries]
        if isinstance(offered, Mapping)
        else offered
        for name, offered in staged_choices(catalogue).items()
    }


def staged_choices(catalogue: Catalogue) -> Choices:
    """The same by the stage that a row is of, where its sheet says that."""
    printed = {name: _labels(catalogue, pattern) for name, pattern in _BOXES.items()}
    steps = [step.title for tracks in all_tracks() for track in tracks.tracks for step in track.steps]
    matters = [matter.name for matter in reference_matters()]
    findings = {
        stage.label: [label for labels in printed.values() for label in labels[stage.label]]
        for stage in Stage
    }
    return {**printed, "研判.内容": findings, "进度.环节": [*steps, *matters]}


def needed(catalogue: Catalogue, documents: Collection[str]) -> Needed:
    """What a project is to have filled at its stage (应填), by field: what the forms that its document calls for there
    want before they go out. A row that names no document is of the only one, or of 晋城's.
    """
    default = default_document(documents)
    found: dict[str, dict[str, list[str]]] = {}
    for document in catalogue.documents:
        names = [document_name(document.id), *([""] if document.id == default else [])]
        for at, (stage, form_ids) in enumerate(document.stages.items()):
            for name, spelling in product(names, [stage, ""] if at == 0 else [stage]):
                for field_id in _wanted(catalogue, form_ids):
                    found.setdefault(field_id, {}).setdefault(name, []).append(spelling)
    return found


def _wanted(catalogue: Catalogue, form_ids: Iterable[str]) -> Iterator[str]:
    forms = [form for form in catalogue.forms if form.id in form_ids and not form.is_about_many]
    wanted = (field.id for form in forms for field in form.fields if field.required == "issue")
    yield from (field_id for field_id in dict.fromkeys(wanted) if field_id not in _BY_DEFAULT)


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
    catalogue, members = Catalogue.load(), tuple(cases)
    offered, wanted = staged_choices(catalogue), needed(catalogue, documents)
    if members:
        write_roster(path, members, offered, documents=documents, needed=wanted, overwrite=overwrite)
    else:
        new_roster(path, offered, documents=documents, needed=wanted, overwrite=overwrite)


def check(path: Path) -> RosterReport:
    """Read a roster workbook or a case file (by its suffix), and report everything that is wrong with it.

    What keeps ``generate`` from issuing is found by what ``generate`` itself asks, for the forms that each case calls
    for. A file of a workspace is checked with its settings, its forms and the cases beside it.

    :raises UnreadableError, CaseDataError: the file as a whole cannot be used.
    """
    office = _CheckingOffice(path)
    cases = office.cases
    selection = Selector(office, pdf_possible=False).select((), ())
    found = (problem for item in selection.failed for problem in item.problems)
    problems = tuple(dict.fromkeys((*cases.problems, *found, *selection.warnings)))
    return RosterReport(
        cases=tuple(case.id for case in cases.cases),
        refused=tuple(item.case for item in cases.rejected),
        problems=problems,
        waiting=tuple(selection.waiting),
        titles=office.titles,
        failed=tuple(selection.failed),
        exit_code=worst([cases.exit_code, *(item.exit_code for item in selection.failed)]),
    )


class _CheckingOffice(Office):
    """The office that a file lies in, as ``generate`` opens it; for a file in no workspace, one with its cases alone.

    A file that lies in a workspace but is none of those it reads is checked by itself, with that workspace's forms.
    """

    def __init__(self, path: Path) -> None:
        around = Workspace.around(path)
        super().__init__(around or Workspace(path.resolve().parent, Settings()))
        self._path = path
        self._alone = around is None

    @cached_property
    def catalogue(self) -> Catalogue:
        """The built-in forms; in a workspace its own as well."""
        return Catalogue.load() if self._alone else Catalogue.load(self.workspace.forms)

    @cached_property
    def deriver(self) -> Deriver:
        """As of :class:`Office`, by the workspace's own matters where there is one."""
        return Deriver(self.settings) if self._alone else Deriver(self.settings, self.workspace.forms)

    @cached_property
    def all_cases(self) -> CaseSet:
        """The cases of the workspace, if the file is one of those it reads, else those of the file.

        :raises UnreadableError, CaseDataError: the file as a whole cannot be used.
        """
        path, folder = self._path.resolve(), self.workspace.path
        documents = self.settings.cases.documents
        if self._alone or path not in case_paths(folder):
            read = read_case_file if path.suffix.lower() in SUFFIXES else read_roster
            return read(self._path, documents=documents)
        found = load_cases(folder, documents)
        label = path.relative_to(folder).as_posix()
        for failure in found.failures:
            if all(problem.where.startswith(label) for problem in failure.problems):
                raise failure
        return found

    @contextmanager
    def registry(self) -> Iterator[Registry | None]:
        """The registry; None for a file that lies in no workspace."""
        if self._alone:
            yield None
            return
        with super().registry() as registry:
            yield registry


def _labels(catalogue: Catalogue, pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """The labels of boxes by the stage they are of."""
    found: dict[str, list[str]] = {stage.label: [] for stage in Stage}
    for form in catalogue.forms:
        for field in form.fields:
            if field.kind is FieldKind.CHECKBOX and pattern.fullmatch(field.id) and field.label != _OTHERS:
                found[Stage(field.id.split(".")[1]).label].append(field.label)
    return found
