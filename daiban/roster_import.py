"""``daiban roster import``: an Excel that others laid out becomes a roster of the workspace.

Which of its columns is which of the roster's is asked once and kept in ``import.toml``. What is imported is a workbook
in ``rosters/`` under the name of the file it came from; importing that file again replaces it, the older one being kept
in ``rosters/superseded/``. With anything wrong nothing is written: every problem is told by its cell.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.roster.importing.mapping import (
    LEFT_OUT,
    UNDECIDED,
    ImportMapping,
    mapped_layout,
    mapping_text,
    read_mapping,
)
from cases.roster.importing.proposing import Proposal, notes_of, proposals, with_proposals
from cases.roster.layout.loading import shipped_layout
from cases.roster.read import read_roster
from cases.roster.reading.workbook import open_workbook
from cases.values.case_ids import read_case_id, same_folder_key
from cases.values.invalid import InvalidValue
from daiban import rosters
from daiban.office import Office
from foundation.errors import CaseDataError, ExitCode, Problem, UnreadableError, worst
from foundation.frozen_model import FrozenModel
from foundation.os_errors import reason_of
from foundation.reading import read_file, text_of
from foundation.writing import writing

_MOST_BYTES = 2**20  # what an office decided about columns is a page or two


class ImportQuestion(FrozenModel):
    """A sheet (``heading`` null) or column that a person has to decide about. ``proposal``: what it may be."""

    where: str
    title: str
    heading: str | None
    example: str
    proposal: str


class ImportResult(FrozenModel):
    """What an import did. ``questions``: what is to be decided in ``mapping`` first; with any, nothing was imported.

    ``roster``: the workbook that was written, relative to the workspace, null where none was; ``superseded``: where the
    one before it is; ``cases``: ids; ``left_out``: sheets and columns that are not read, each with its place.
    """

    source: str
    mapping: str
    questions: tuple[ImportQuestion, ...] = ()
    roster: str | None = None
    superseded: str | None = None
    cases: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    exit_code: ExitCode = Field(exclude=True)


def import_roster(office: Office, path: Path, *, accept: bool = False) -> ImportResult:
    """Import a workbook. ``accept``: what may be is taken for what is.

    :raises UnreadableError: it is no workbook that is opened here. :raises CaseDataError: ``import.toml`` is wrong.
    :raises NotWritableError: the workspace cannot be written.
    """
    before = _mapping_file(office)
    known = ImportMapping() if before is None else _mapping(office, before)
    with open_workbook(path, path.name) as book:
        found = proposals(book, shipped_layout(), known)
    mapping = with_proposals(known, found)
    mapping = mapping.accepted() if accept else mapping
    if mapping != known or before is None:
        _keep(office, mapping_text(mapping, notes_of(found), before))
    questions = tuple(_question(one) for one in found if one.is_open and not accept)
    left_out = tuple(_left_out(one) for one in found if one.meant.removeprefix(UNDECIDED) == LEFT_OUT)
    result = ImportResult(
        source=path.name,
        mapping=office.workspace.relative(office.workspace.import_mapping),
        questions=questions,
        left_out=() if questions else left_out,
        exit_code=ExitCode.REVIEW,
    )
    return result if questions else _imported(office, path, mapping, result)


def _mapping_file(office: Office) -> str | None:
    """What ``import.toml`` says, with whatever people wrote into it; None where there is none yet."""
    place = office.workspace.import_mapping
    if not place.exists():
        return None
    try:
        return text_of(read_file(place, _MOST_BYTES))
    except OSError as error:
        raise UnreadableError(Problem(place.name, f"文件读不出来：{reason_of(error)}")) from error
    except UnicodeDecodeError:
        problem = Problem(place.name, "不是文本文件，或编码认不出来", advice="请另存为 UTF-8 编码")
        raise CaseDataError(problem) from None


def _mapping(office: Office, text: str) -> ImportMapping:
    return read_mapping(text, shipped_layout(), office.workspace.import_mapping.name)


def _keep(office: Office, text: str) -> None:
    target = office.workspace.import_mapping
    with office.workspace.changing_cases() as staging:
        staged = staging / target.name
        with writing(staged):
            staged.write_text(text, encoding="utf-8")
        office.workspace.publish(staged, target)


def _question(one: Proposal) -> ImportQuestion:
    return ImportQuestion(
        where=one.where,
        title=one.title,
        heading=one.heading or None,
        example=one.example,
        proposal=one.meant.removeprefix(UNDECIDED),
    )


def _left_out(one: Proposal) -> str:
    return f"{one.where}“{one.heading}”" if one.heading else f"工作表“{one.title}”"


def _imported(office: Office, path: Path, mapping: ImportMapping, result: ImportResult) -> ImportResult:
    """Read the workbook by a mapping without questions, and write it as a roster if nothing is wrong with it."""
    layout = mapped_layout(shipped_layout(), mapping)
    read = read_roster(path, layout=layout, documents=office.settings.cases.documents)
    target = office.workspace.rosters / f"{path.stem}.xlsx"
    numbered, wrong = _numbered(read, mapping.prefix)
    problems = (*read.problems, *wrong, *_taken(office, numbered, target))
    code = ExitCode.CASE_DATA if any(one.severity == "error" for one in problems) else ExitCode.OK
    done = result.model_copy(update={"problems": problems, "exit_code": worst([code, read.exit_code])})
    cases = [case for _, case in numbered]
    if done.exit_code is not ExitCode.OK or not cases:
        return done
    documents = tuple(dict.fromkeys(case.document for case in cases))
    with office.workspace.changing_cases() as staging:
        staged = staging / target.name
        rosters.write_new(staged, cases, documents=documents)
        aside = office.workspace.keep_aside(target, staging)
        office.workspace.publish(staged, target)
    written = {
        "roster": office.workspace.relative(target),
        "superseded": aside,
        "cases": tuple(case.id for case in cases),
    }
    return done.model_copy(update=written)


def _numbered(read: CaseSet, prefix: str) -> tuple[list[tuple[str, Case]], list[Problem]]:
    """The cases, each 编号 with the prefix before it and with the cell it stands in; and what is wrong with those that
    so become none.
    """
    found: list[tuple[str, Case]] = []
    problems = []
    for case in read.cases:
        cell = read.where(case.id)
        try:
            new_id = read_case_id(prefix + case.id) if prefix else case.id
        except InvalidValue as error:
            problems.append(Problem(cell, error.reason, "id", error.advice))
        else:
            found.append((cell, case.model_copy(update={"id": new_id})))
    return found, problems


def _taken(office: Office, numbered: list[tuple[str, Case]], target: Path) -> tuple[Problem, ...]:
    """A problem for each case whose 编号 another file of the workspace has."""
    there = office.all_cases
    own = f"{office.workspace.relative(target)} "
    places = {same_folder_key(case.id): there.where(case.id) for case in there.cases}
    taken = {key: place for key, place in places.items() if not place.startswith(own)}
    return tuple(
        Problem(
            cell,
            f"编号“{case.id}”在 {taken[same_folder_key(case.id)]} 已经有了",
            "id",
            "删去其中一处；只有序号的表格，在 import.toml 的 [编号] 里写前缀",
        )
        for cell, case in numbered
        if same_folder_key(case.id) in taken
    )
