"""Files that people dropped on a page and that wait there, each drop in a private folder of its own."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from daiban.roster_review import RosterReview
from daiban.web.configuration import private_folder
from daiban.web.current import current_folder
from foundation.frozen_model import FrozenModel, Timestamp
from foundation.showing import bounded, plain
from foundation.writing import write_atomically, writing

_TOKEN = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{12}")
_NOTE, _REVIEW = "drop.json", "review.json"
_KEPT_DAYS = 30
_LONGEST_NAME = 100
DropKind = Literal["roster", "sheets", "form"]


class Drop(FrozenModel):
    """``token``: its folder; ``names``: of the files as their sender called them, as text only; ``by``: who, and when.
    ``job``: of the review or the merge; ``confirmed_job``: of what was confirmed.
    """

    token: str
    kind: DropKind
    names: tuple[str, ...]
    by: str
    at: Timestamp
    case: str = ""
    job: int | None = None
    confirmed_job: int | None = None

    @property
    def folder(self) -> Path:
        """Where its files are, named by us."""
        return _root() / self.token

    @property
    def files(self) -> tuple[Path, ...]:
        """Its files, in the order in which they were dropped."""
        return tuple(sorted((self.folder / "files").iterdir()))

    @property
    def review(self) -> RosterReview | None:
        """What a roster would bring, once that is known."""
        file = self.folder / _REVIEW
        return RosterReview.model_validate_json(file.read_bytes()) if file.exists() else None


def take(
    kind: DropKind, files: Iterable[UploadedFile[bytes]], *, by: str, suffixes: dict[str, str], case: str = ""
) -> Drop:
    """Put dropped files into a folder of their own. ``suffixes``: a suffix as sent → as we write it."""
    now = dt.datetime.now(dt.UTC)
    token = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(6)}"
    folder = _root() / token / "files"
    names = []
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True)
        for number, sent in enumerate(files, 1):
            name = bounded(plain(sent.name or ""), _LONGEST_NAME)
            names.append(name)
            given = suffixes.get(Path(name).suffix.lower(), ".bin")
            target = folder / ("roster.xlsx" if kind == "roster" else f"{number:03d}{given}")
            with target.open("xb") as out:
                for chunk in sent.chunks():
                    out.write(chunk)
    drop = Drop(token=token, kind=kind, names=tuple(names), by=by, at=now, case=case)
    keep(drop)
    _remove_old()
    return drop


def keep(drop: Drop) -> None:
    """Note what has become of it."""
    with writing(drop.folder):
        write_atomically(drop.model_dump_json().encode(), drop.folder / _NOTE)


def keep_review(drop: Drop, review: RosterReview) -> None:
    """Put what a roster would bring beside it."""
    with writing(drop.folder):
        write_atomically(review.model_dump_json().encode(), drop.folder / _REVIEW)


def drop_of(token: str, kind: DropKind) -> Drop:
    """A drop by its token; 404 where there is none of this kind."""
    file = _root() / token / _NOTE
    if not _TOKEN.fullmatch(token) or not file.exists():
        raise Http404("没有这次上传，或者时间太久已经清掉")
    found = Drop.model_validate_json(file.read_bytes())
    if found.kind != kind:
        raise Http404("没有这次上传")
    return found


def drops(kind: DropKind) -> Iterator[Drop]:
    """All of a kind, the newest first."""
    for file in sorted(_root().glob(f"*/{_NOTE}"), reverse=True):
        found = Drop.model_validate_json(file.read_bytes())
        if found.kind == kind:
            yield found


def _remove_old() -> None:
    oldest = f"{dt.datetime.now(dt.UTC) - dt.timedelta(days=_KEPT_DAYS):%Y%m%d}"
    for folder in _root().iterdir():
        if _TOKEN.fullmatch(folder.name) and folder.name < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    folder = private_folder(current_folder()) / "drops"
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
