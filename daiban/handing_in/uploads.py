"""Files that an enterprise uploaded and has not handed in yet (待交): kept inert, read at once, shown to nobody else.

``inbox/<case>/draft/<upload>/`` holds ``original`` (the bytes as they came, under no name that a program would open),
``about.json``, and once it was read ``reading.json`` and what its pages yielded. A folder appears whole or not at all;
the workspace need not be locked, so that nobody who uploads waits for a batch.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from pydantic import ValidationError, field_serializer

from daiban.handing_in.case_papers import enterprise_scope
from daiban.registry import PageContent, RecordedFile
from daiban.registry.facts import dump_files
from daiban.verifying.outcome import FailedFile, UnplacedPage
from daiban.verifying.reading.batch_reader import BatchReader, ReadBatch
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from daiban.workspace import Workspace
from extractors.model import PageRef
from forms.catalogue import Catalogue
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel, Timestamp
from foundation.showing import plain
from foundation.writing import write_atomically, writing

MOST_FILES = 60
LARGEST_BYTES = 60 << 20
MOST_BYTES = 400 << 20
_LONGEST_NAME = 80
_DRAFT, _ORIGINAL, _ABOUT, _READING, _PAGES = "draft", "original", "about.json", "reading.json", "pages"
_CHUNK = 1 << 16


class UploadAbout(FrozenModel):
    """What an upload is: its name as its sender knows it, its SHA-256, its size in bytes, when it came."""

    id: str
    name: str
    sha256: str
    size: int
    received_at: Timestamp


class ReadPage(FrozenModel):
    """A page of an issue of this case in an upload, as :class:`ReturnedPage`; ``folder``: below the upload's own."""

    source_page: int
    issue: str
    number: int
    turn: int
    readability: float
    registered: bool
    folder: str


class UploadReading(FrozenModel):
    """What reading an upload gave."""

    pages: tuple[ReadPage, ...] = ()
    digital: tuple[RecordedFile, ...] = ()
    unplaced: tuple[UnplacedPage, ...] = ()
    failed: tuple[FailedFile, ...] = ()

    @field_serializer("digital")
    def _without_pictures(self, digital: tuple[RecordedFile, ...]) -> object:
        return dump_files(digital)


class Upload:
    """One upload on disk."""

    def __init__(self, folder: Path, about: UploadAbout) -> None:
        self.folder = folder
        self.about = about

    @property
    def original(self) -> Path:
        """The bytes as they came."""
        return self.folder / _ORIGINAL

    def reading(self) -> UploadReading | None:
        """What reading it gave; None: it was not read yet."""
        try:
            return UploadReading.model_validate_json((self.folder / _READING).read_bytes())
        except (OSError, ValidationError):
            return None

    def pages(self) -> Iterator[ReturnedPage]:
        """Its pages of this case, as assembling takes them."""
        reading = self.reading()
        for page in reading.pages if reading else ():
            folder = self.folder / _PAGES / page.folder
            yield ReturnedPage(
                ref=PageRef(self.about.name, page.source_page),
                content=PageContent(self.about.sha256, page.source_page),
                issue=page.issue,
                number=page.number,
                turn=page.turn,
                readability=page.readability,
                registered=page.registered,
                folder=folder,
                pdf=folder / "page.pdf",
            )

    def digital(self) -> Iterator[ReturnedFile]:
        """What it says as a file that never was paper."""
        reading = self.reading()
        for item in reading.digital if reading else ():
            yield ReturnedFile(facts=item.facts, sha256=item.content, file=self.original)


class Uploads:
    """What one case has uploaded and not handed in."""

    def __init__(self, workspace: Workspace, case_id: str) -> None:
        self._workspace = workspace
        self._case_id = case_id
        self._folder = drafts_folder(workspace.inbox(case_id))

    def __iter__(self) -> Iterator[Upload]:
        """All of them, in the order they came."""
        found = filter(None, map(_upload, self._folder.glob(f"[0-9a-f]*/{_ABOUT}")))
        return iter(sorted(found, key=lambda upload: (upload.about.received_at, upload.about.id)))

    def find(self, upload_id: str) -> Upload | None:
        """One of this case by its id; None for every other id."""
        return next((upload for upload in self if upload.about.id == upload_id), None)

    def add(self, chunks: Iterable[bytes], name: str) -> Upload:
        """Keep what came. The same bytes once more are the upload that is there.

        :raises UsageError: too large, empty, or too many. :raises NotWritableError: the disk refuses.
        """
        shown = _name(name)
        there = list(self)
        if len(there) >= MOST_FILES:
            raise UsageError(
                Problem(shown, f"一次最多交 {MOST_FILES} 个文件", advice="先把这些交上来，再传别的")
            )
        room = MOST_BYTES - sum(upload.about.size for upload in there)
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            staged = self._folder / f".{secrets.token_hex(8)}"
            staged.mkdir()
        try:
            with writing(self._folder):
                sha256, size = _keep(chunks, staged / _ORIGINAL, min(LARGEST_BYTES, room), shown)
                same = next((upload for upload in there if upload.about.sha256 == sha256), None)
                if same is not None:
                    return same
                about = UploadAbout(
                    id=secrets.token_hex(8),
                    name=_unlike(shown, {upload.about.name for upload in there}),
                    sha256=sha256,
                    size=size,
                    received_at=dt.datetime.now(dt.UTC),
                )
                (staged / _ABOUT).write_text(about.model_dump_json(), "utf-8")
                folder = staged.rename(self._folder / about.id)
            return Upload(folder, about)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def unread(self) -> list[Upload]:
        """Those that nobody has read yet."""
        return [upload for upload in self if upload.reading() is None]

    def read(self, workers: int = 2) -> None:
        """Read what was not read, together, against the papers of this one case that are for its enterprise; every page
        of another is as unknown as a stranger's. Worker processes do it, which hostile files may cost without harm to
        this one.
        """
        uploads = {upload.about.name: upload for upload in self.unread()}
        if not uploads:
            return
        with writing(self._folder):
            staging = Path(tempfile.mkdtemp(prefix=".reading-", dir=self._folder))
        try:
            batch = ReadBatch(tuple(uploads))
            scope = enterprise_scope(Catalogue.load(self._workspace.forms), self._case_id)
            reader = BatchReader(self._workspace.path, staging, workers, scope=scope)
            for _ in reader.run([(upload.original, name) for name, upload in uploads.items()], batch):
                pass
            for name, upload in uploads.items():
                with contextlib.suppress(FileNotFoundError):  # it was removed while it was read
                    _keep_reading(upload, name, batch)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def remove(self, upload_id: str) -> bool:
        """Forget an upload; whether there was one."""
        upload = self.find(upload_id)
        if upload is None:
            return False
        with writing(upload.folder):
            # Out of sight in one step, whatever is being read in it.
            gone = upload.folder.rename(upload.folder.with_name(f".{upload.about.id}"))
        shutil.rmtree(gone, ignore_errors=True)
        return True


def drafts_folder(inbox: Path) -> Path:
    """Where a case's uploads are, in its inbox."""
    return inbox / _DRAFT


def _upload(about: Path) -> Upload | None:
    with contextlib.suppress(OSError, ValidationError):
        return Upload(about.parent, UploadAbout.model_validate_json(about.read_bytes()))
    return None


def _keep(chunks: Iterable[bytes], target: Path, at_most: int, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > at_most:
                advice = "拍照可以调低清晰度；扫描分成几个文件；已经传的先交上来"
                raise UsageError(Problem(name, f"文件太大，超过 {at_most >> 20} MB", advice=advice))
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise UsageError(Problem(name, "是空文件，里面什么也没有", advice="请重新拍照或扫描"))
    return digest.hexdigest(), size


def _name(name: str) -> str:
    """The file's own name, fit to be shown."""
    shown = plain(PurePosixPath(name.replace("\\", "/")).name).replace("\n", " ").strip()
    return shown[-_LONGEST_NAME:] or "未命名"


def _keep_reading(upload: Upload, name: str, batch: ReadBatch) -> None:
    """Put what reading gave of one upload beside it; the note that says so last."""
    pages = [page for page in batch.pages if page.ref.source == name]
    reading = UploadReading(
        pages=tuple(_read_page(page) for page in pages),
        digital=tuple(
            RecordedFile(file=_ORIGINAL, content=item.sha256, facts=item.facts)
            for item in batch.digital
            if item.facts.ref.source == name
        ),
        unplaced=tuple(page for page in batch.unplaced if page.source == name),
        failed=tuple(item for item in batch.failed if item.source == name),
    )
    (upload.folder / _PAGES).mkdir(exist_ok=True)
    for page in pages:
        page.folder.rename(upload.folder / _PAGES / page.folder.name)
    write_atomically(reading.model_dump_json().encode(), upload.folder / _READING)


def _unlike(name: str, others: Collection[str]) -> str:
    """The name, with a number where there is one like it: telephones call every photograph the same."""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (name, "")
    numbered = (f"{stem}（{number}）{suffix}" for number in count(2))
    return name if name not in others else next(one for one in numbered if one not in others)


def _read_page(page: ReturnedPage) -> ReadPage:
    return ReadPage(
        source_page=page.ref.page,
        issue=page.issue,
        number=page.number,
        turn=page.turn,
        readability=page.readability,
        registered=page.registered,
        folder=page.folder.name,
    )
