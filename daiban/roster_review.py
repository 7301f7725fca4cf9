"""A roster that is to take the place of the workspace's own (新花名册): what is wrong with it and what would follow,
before anything is written; and putting it in its place.

The check is that of ``daiban roster check``, what would follow is what ``generate --dry-run`` says, both asked of the
workspace as it would be with this roster.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from pydantic import Field

from cases.case_set import CaseSet
from cases.files.replacements import SUFFIX
from cases.model.case import Case
from cases.roster.read import read_roster
from cases.source_names import ROSTER
from cases.workspace_cases import load_cases
from daiban.issuing import GenerateRequest, PlannedItem, generate
from daiban.issuing.result import FailedItem, WaitingItem
from daiban.office import Office
from daiban.workspace import Workspace
from foundation.digests import sha256_of_file_if_readable
from foundation.errors import ExitCode, Problem, UsageError, worst
from foundation.frozen_model import FrozenModel
from foundation.writing import writing


class RosterReview(FrozenModel):
    """What a roster would bring.

    ``sha256``: of the file; ``instead_of``: of the roster it would replace, None where there is none. ``new``,
    ``changed``, ``gone``: ids of cases that it adds, says otherwise, or has no more; ``unchanged``: how many are the
    same. ``own_files``: cases of this roster for which a file of their own counts instead, and will go on to.
    ``problems``: everything that is wrong or doubtful with it, by sheet and cell. ``planned``, ``failed``, ``held``,
    ``waiting``: documents, as of :class:`daiban.issuing.result.GenerateResult`.
    """

    sha256: str
    instead_of: str | None
    cases: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    refused: tuple[str | None, ...]
    own_files: tuple[str, ...]
    problems: tuple[Problem, ...]
    planned: tuple[PlannedItem, ...]
    failed: tuple[FailedItem, ...]
    held: tuple[FailedItem, ...]
    waiting: tuple[WaitingItem, ...]
    exit_code: ExitCode = Field(exclude=True, default=ExitCode.OK)

    @property
    def voided(self) -> tuple[PlannedItem, ...]:
        """The documents to be made of which an older issue becomes void."""
        return tuple(item for item in self.planned if item.voids)


class ProposedOffice(Office):
    """The office as it would be with another roster, which lies elsewhere."""

    def __init__(self, workspace: Workspace, roster: Path) -> None:
        super().__init__(workspace)
        self._roster = roster

    @cached_property
    def all_cases(self) -> CaseSet:
        """The cases of that roster and of the case files.

        :raises UnreadableError, CaseDataError: the roster as a whole cannot be used.
        """
        found = load_cases(self.workspace.path, self.settings.cases.documents, roster=self._roster)
        for failure in found.failures:
            if any(problem.where.startswith(self._roster.name) for problem in failure.problems):
                raise failure
        return found


def review_roster(office: Office, roster: Path) -> RosterReview:
    """Check a workbook that is to become the workspace's roster, and say what would follow. Nothing is written.

    :raises UnreadableError, CaseDataError: the file as a whole cannot be used.
    """
    proposed = ProposedOffice(office.workspace, roster)
    documents = office.settings.cases.documents
    its_own = read_roster(roster, documents=documents)
    present = office.workspace.roster
    before = read_roster(present, documents=documents) if present.exists() else CaseSet()
    result = generate(proposed, GenerateRequest(dry_run=True))
    known, now = _by_id(before), _by_id(its_own)
    there = {*now, *(item.case for item in its_own.rejected)}
    of_documents = (problem for item in result.failed for problem in item.problems)
    problems = dict.fromkeys((*proposed.cases.problems, *of_documents, *result.warnings))
    return RosterReview(
        sha256=sha256_of_file_if_readable(roster) or "",
        instead_of=sha256_of_file_if_readable(present),
        cases=len(its_own.cases),
        new=tuple(case_id for case_id in now if case_id not in known),
        changed=tuple(case_id for case_id, case in now.items() if known.get(case_id, case) != case),
        gone=tuple(case_id for case_id in known if case_id not in there),
        unchanged=sum(known.get(case_id) == case for case_id, case in now.items()),
        refused=tuple(item.case for item in its_own.rejected),
        own_files=tuple(case_id for case_id in now if _own_file(office.workspace, case_id).exists()),
        problems=tuple(problems),
        planned=result.planned,
        failed=result.failed,
        held=result.held,
        waiting=result.waiting,
        exit_code=worst([proposed.cases.exit_code, result.exit_code]),
    )


def put_in_place(
    workspace: Workspace, roster: Path, review: RosterReview, *, from_roster: Collection[str] = ()
) -> str | None:
    """Make a reviewed workbook the workspace's roster; where the one before was kept, relative to the workspace, or
    None. Done already, nothing is done. ``from_roster``: cases whose own files are set aside, so that it counts.

    :raises UsageError: the workbook, or the roster it would replace, is another than was reviewed.
    :raises NotWritableError: the workspace cannot be written.
    """
    with workspace.changing_cases() as staging:
        present = sha256_of_file_if_readable(workspace.roster)
        kept = None
        if present != review.sha256:
            _require_reviewed(roster, present, review)
            kept = workspace.keep_aside(workspace.roster, staging)
            staged = staging / ROSTER
            with writing(staged):
                staged.write_bytes(roster.read_bytes())
            workspace.publish(staged, workspace.roster)
        for case_id in from_roster:
            own = _own_file(workspace, case_id)
            if case_id in review.own_files and own.exists():
                workspace.keep_aside(own, staging)
                with writing(own):
                    own.unlink()
    return kept


def _require_reviewed(roster: Path, present: str | None, review: RosterReview) -> None:
    if sha256_of_file_if_readable(roster) != review.sha256:
        raise UsageError(Problem("", "检查过的花名册文件不在了或变了", advice="请再上传一次"))
    if present != review.instead_of:
        said = "检查以后，工作区里的花名册又被人改过，没有替换"
        raise UsageError(Problem(ROSTER, said, advice="请再检查一次，看过会有什么变化再确认"))


def _by_id(found: CaseSet) -> dict[str, Case]:
    return {case.id: case for case in found.cases}


def _own_file(workspace: Workspace, case_id: str) -> Path:
    return workspace.cases / f"{case_id}{SUFFIX}"
