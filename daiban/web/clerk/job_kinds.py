"""Long work of this door: verifying a pile, and reading a page again where a person says it belongs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from daiban.office import Office
from daiban.progress_bar import Progress
from daiban.web.access import Role
from daiban.web.jobs.incoming import piles_folder
from daiban.web.jobs.kinds import JobKind, JobOutcome, register
from foundation.errors import ExitCode, Problem
from foundation.frozen_model import FrozenModel

if TYPE_CHECKING:
    from daiban.deciding.placing import PlacingResult
    from daiban.verifying import BatchReport

PILE, INBOX, WATCHED, PLACING = "verify-pile", "verify-inbox", "verify-watched", "placing"
_CLERKS = frozenset({Role.CLERK})
_ADDRESS = "/queue/"


class PileFile(FrozenModel):
    """One file: its name in the pile's folder, and what people call it."""

    stored: str
    name: str


class PileArguments(FrozenModel):
    """A pile that was dropped. ``folder``: its name among the page's own."""

    folder: str
    files: tuple[PileFile, ...]


class InboxArguments(FrozenModel):
    """Everything that enterprises handed in and that waits."""


class WatchedArguments(FrozenModel):
    """Whole files of the watched folder, by name."""

    folder: str
    files: tuple[str, ...]


class PlacingArguments(FrozenModel):
    """A decision about a page. ``page``: its name (``P17``); ``issue``, ``number``: where it belongs, or what is
    taken away; ``by``: the person's name; ``seen``, ``generation``: the latest decision about the page, and the state
    of the return, that they had before them.
    """

    done: Literal["place", "remove", "dismiss", "undo"]
    by: str
    reason: str
    page: str = ""
    issue: str = ""
    number: int = 0
    seen: int | None = None
    generation: int | None = None


def _pile(office: Office, arguments: PileArguments, progress: Progress) -> JobOutcome:
    from daiban.verifying import VerifyRequest, verify

    folder = piles_folder(office.workspace.path) / arguments.folder
    files = tuple((folder / file.stored, file.name) for file in arguments.files)
    there = tuple((path, name) for path, name in files if path.is_file())
    if not there:
        problem = Problem("", "这一批文件已经不在了", advice="请重新选择文件上传")
        return JobOutcome("没有可以核验的文件", (problem,), ExitCode.UNREADABLE)
    report = verify(office, VerifyRequest(named=there), progress)
    shutil.rmtree(folder, ignore_errors=True)
    return _verified(report)


def _inbox(office: Office, arguments: InboxArguments, progress: Progress) -> JobOutcome:
    from daiban.handing_in.inbox import verify_waiting

    return _verified(verify_waiting(office, progress=progress))


def _watched(office: Office, arguments: WatchedArguments, progress: Progress) -> JobOutcome:
    from daiban.verifying import VerifyRequest, verify
    from daiban.verifying.watched_folder import set_aside

    folder = Path(arguments.folder)
    there = tuple(path for name in arguments.files if (path := folder / name).is_file())
    if not there:
        return JobOutcome("这些文件已经核验过")
    report = verify(office, VerifyRequest(named=tuple((path, path.name) for path in there)), progress)
    set_aside(folder, there, office.today)
    return _verified(report)


def _verified(report: BatchReport) -> JobOutcome:
    counts = [report.count("complete"), report.count("incomplete"), report.count("review")]
    lost = sum(page.needs_eyes for page in report.unplaced)
    said = (
        f"{len(report.sources)} 个文件，{len(report.documents)} 份文书："
        f"齐全 {counts[0]}，不齐全 {counts[1]}，待核对 {counts[2]}"
    )
    problems = [problem for item in report.failed for problem in item.problems]
    return JobOutcome(
        f"{said}；没有归入的页 {lost} 页" if lost else said,
        (*problems, *report.warnings),
        report.exit_code,
        link=_ADDRESS if counts[2] or not lost else "/unplaced/",
    )


def _placing(office: Office, arguments: PlacingArguments, progress: Progress) -> JobOutcome:
    from daiban.deciding import placing

    by, reason, seen = arguments.by, arguments.reason, arguments.seen
    page, issue, number = arguments.page, arguments.issue, arguments.number
    with progress.bar(1, "归页并重新判断") as bar:
        match arguments.done:
            case "place":
                done = placing.place(office, page, issue, number, by=by, reason=reason, seen=seen)
            case "remove":
                known = arguments.generation
                done = placing.take_away(office, issue, number, by=by, reason=reason, generation=known)
            case "dismiss":
                done = placing.dismiss(office, page, by=by, reason=reason, seen=seen)
            case _:
                done = placing.undo_placing(office, page, by=by, reason=reason, seen=seen)
        bar.advance()
    return JobOutcome(_said_of(done), result=done, link=_link(done))


_DONE = {"place": "已归入", "remove": "已移出", "dismiss": "已定为不归入", "undo": "已撤销，回到原处"}


def _said_of(done: PlacingResult) -> str:
    where = f" {done.issue} 第{done.number}页" if done.issue else ""
    verdict = f"；这一份现在：{done.returned.label}" if done.returned is not None else ""
    return f"{done.page} {_DONE[done.done]}{where}{verdict}"


def _link(done: PlacingResult) -> str:
    return f"/documents/{done.issue}/" if done.issue and done.done == "place" else "/unplaced/"


register(JobKind(PILE, "核验一批回件", PileArguments, _pile, _CLERKS))
register(JobKind(INBOX, "核验网上交件", InboxArguments, _inbox, _CLERKS))
register(JobKind(WATCHED, "核验文件夹", WatchedArguments, _watched, _CLERKS))
register(JobKind(PLACING, "归页", PlacingArguments, _placing, _CLERKS))
