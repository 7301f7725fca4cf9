"""What enterprises handed in on the page (交件), waiting for the clerk: kept as it came, with a receipt.

``inbox/<case>/<receipt>/`` holds ``receipt.json`` and the originals as ``files/01`` …, which no program opens by their
names. It appears in one step. ``verified.json`` is put beside it once ``verify`` has dealt with it; until then it
waits. A clerk's ``verify`` knows the papers of this one case alone that are for the enterprise, whatever was put among
the files.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import ConfigDict, ValidationError, computed_field

from daiban.access_codes import ALPHABET
from daiban.handing_in.case_papers import CasePapers, enterprise_scope
from daiban.handing_in.preview import Preview
from daiban.handing_in.uploads import Upload
from daiban.office import Office
from daiban.progress_bar import Progress
from daiban.verifying.outcome import BatchReport
from daiban.verifying.run import VerifyRequest, verify
from daiban.workspace import Workspace
from extractors.model import Verdict
from foundation.digests import sha256_of_value
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel, Timestamp
from foundation.writing import flush, write_atomically, writing

_RECEIPT, _VERIFIED, _FILES = "receipt.json", "verified.json", "files"


class HandedInFile(FrozenModel):
    """One file of a hand-in: its name as its sender knows it, its SHA-256 and size in bytes; ``stored``: below its
    hand-in's folder.
    """

    name: str
    sha256: str
    size: int
    stored: str


class HandedInPaper(FrozenModel):
    """What of a paper was in it, and how it looked to the program when it was handed in."""

    issue: str
    form: str
    title: str
    pages_found: int
    pages: int
    verdict: Verdict


class Receipt(FrozenModel):
    """What was handed in, when: the receipt (回执) of it."""

    model_config = ConfigDict(extra="ignore")  # its digest is written with it, and worked out anew

    number: str
    case: str
    project: str
    enterprise: str
    agency: str
    at: Timestamp
    files: tuple[HandedInFile, ...]
    papers: tuple[HandedInPaper, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def digest(self) -> str:
        """SHA-256 over number, case, time and every file's name, hash and size: nobody can change one of them later."""
        files = [[file.name, file.sha256, file.size] for file in self.files]
        return sha256_of_value([self.number, self.case, self.at.isoformat(), files])


class VerifiedHandIn(FrozenModel):
    """That the clerk's ``verify`` has dealt with a hand-in: in which batch, and when."""

    batch: str
    at: Timestamp


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand-in on disk. ``verified``: None while it waits."""

    folder: Path
    receipt: Receipt
    verified: VerifiedHandIn | None

    @property
    def named_files(self) -> tuple[tuple[Path, str], ...]:
        """Its files with their names, for :class:`VerifyRequest`: each named by its receipt too, so that names are
        unique in a batch.
        """
        number = self.receipt.number
        return tuple((self.folder / file.stored, f"{number}/{file.name}") for file in self.receipt.files)


def hand_in(office: Office, papers: CasePapers, uploads: Sequence[Upload], seen: Preview) -> HandIn:
    """Hand the uploads of a case in; they are then no drafts any more. ``seen``: what they amount to.

    :raises UsageError: there are none. :raises NotWritableError: the disk refuses; they are drafts still.
    """
    if not uploads:
        raise UsageError(Problem("交件", "还没有上传文件", advice="先拍照或上传"))
    root = office.workspace.inbox(papers.case_id)
    now = dt.datetime.now(dt.UTC)
    receipt = Receipt(
        number=_number(now),
        case=papers.case_id,
        project=papers.project,
        enterprise=papers.enterprise,
        agency=papers.agency,
        at=now,
        files=tuple(_file(at, upload) for at, upload in enumerate(uploads, 1)),
        papers=tuple(_papers(seen)),
    )
    staged = root / f".{receipt.number}"
    try:
        with writing(root):
            (staged / _FILES).mkdir(parents=True)
            for upload, file in zip(uploads, receipt.files, strict=True):
                _copy(upload, staged / file.stored)
            write_atomically(receipt.model_dump_json(indent=2).encode(), staged / _RECEIPT)
            folder = staged.rename(root / receipt.number)
            flush(root)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    for upload in uploads:
        shutil.rmtree(upload.folder, ignore_errors=True)
    return HandIn(folder, receipt, None)


def _copy(upload: Upload, target: Path) -> None:
    try:
        shutil.copyfile(upload.original, target)
    except FileNotFoundError:
        problem = "刚刚已经有人交了件，或删去了文件"
        raise UsageError(Problem(upload.about.name, problem, advice="刷新看看，再交其余的")) from None
    flush(target)


def hand_ins(workspace: Workspace, case_id: str) -> tuple[HandIn, ...]:
    """Everything a case handed in, from old to new."""
    found = filter(None, map(_hand_in, workspace.inbox(case_id).glob(f"[!.]*/{_RECEIPT}")))
    return tuple(sorted(found, key=lambda item: (item.receipt.at, item.receipt.number)))


def waiting(workspace: Workspace) -> tuple[HandIn, ...]:
    """Everything of all cases that waits for the clerk, from old to new."""
    # Most have been dealt with, years of them: their receipts are not read.
    folders = (folder for case in _folders(workspace.inboxes) for folder in _folders(case))
    found = (_hand_in(folder / _RECEIPT) for folder in folders if _verified(folder) is None)
    return tuple(sorted(filter(None, found), key=lambda item: item.receipt.at))


def _folders(place: Path) -> Iterator[Path]:
    """Those in a folder that are not hidden; none where there is no such folder."""
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        yield from (Path(item.path) for item in entries if item.is_dir() and not item.name.startswith("."))


def waiting_issues(hand_ins_of_case: Sequence[HandIn]) -> frozenset[str]:
    """The issues of a case of which something waits."""
    return frozenset(
        paper.issue for item in hand_ins_of_case if item.verified is None for paper in item.receipt.papers
    )


def verify_hand_in(
    office: Office, item: HandIn, *, workers: int | None = None, progress: Progress | None = None
) -> BatchReport:
    """Read, judge and file a hand-in as ``verify`` does, against its own case alone; it then waits no longer.

    Errors: as :func:`~daiban.verifying.run.verify`; it then waits still.
    """
    scope = enterprise_scope(office.catalogue, item.receipt.case)
    request = VerifyRequest(workers=workers, named=item.named_files, scope=scope)
    report = verify(office, request, progress)
    done = VerifiedHandIn(batch=report.batch, at=report.checked_at)
    with writing(item.folder):
        write_atomically(done.model_dump_json().encode(), item.folder / _VERIFIED)
    return report


def verify_waiting(
    office: Office, *, workers: int | None = None, progress: Progress | None = None
) -> BatchReport:
    """The same of everything that waits, from old to new, as one report. Each hand-in has report files of its own.

    Errors: as :func:`~daiban.verifying.run.verify`; what was dealt with before waits no longer.
    """
    root = office.workspace.path
    reports = [
        verify_hand_in(Office.open(root), item, workers=workers, progress=progress)
        for item in waiting(office.workspace)
    ]
    return BatchReport(
        documents=tuple(chain.from_iterable(report.documents for report in reports)),
        unplaced=tuple(chain.from_iterable(report.unplaced for report in reports)),
        failed=tuple(chain.from_iterable(report.failed for report in reports)),
        warnings=tuple(chain.from_iterable(report.warnings for report in reports)),
        reports=tuple(chain.from_iterable(report.reports for report in reports)),
        sources=tuple(chain.from_iterable(report.sources for report in reports)),
        batch=reports[-1].batch if reports else "",
        checked_at=dt.datetime.now(dt.UTC),
    )


def _hand_in(path: Path) -> HandIn | None:
    with contextlib.suppress(OSError, ValidationError):
        data = Receipt.model_validate_json(path.read_bytes())
        return HandIn(path.parent, data, _verified(path.parent))
    return None


def _verified(folder: Path) -> VerifiedHandIn | None:
    try:
        return VerifiedHandIn.model_validate_json((folder / _VERIFIED).read_bytes())
    except (OSError, ValidationError):
        return None


def _number(now: dt.datetime) -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{now.astimezone():%Y%m%d}-{letters}"


def _file(at: int, upload: Upload) -> HandedInFile:
    about = upload.about
    return HandedInFile(name=about.name, sha256=about.sha256, size=about.size, stored=f"{_FILES}/{at:02}")


def _papers(seen: Preview) -> Iterator[HandedInPaper]:
    for document in seen.documents:
        numbers = {page.number for page in document.pages if page.state != "duplicate"}
        found = {page.number for page in document.pages if page.state == "found"}
        yield HandedInPaper(
            issue=document.issue,
            form=document.form,
            title=document.title,
            pages_found=len(found),
            pages=len(numbers),
            verdict=document.verdict,
        )
