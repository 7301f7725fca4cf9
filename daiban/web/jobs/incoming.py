"""Files that people drop or send, kept on the workspace's disk until the job they are for has dealt with them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string

from daiban.web.configuration import private_folder
from daiban.web.current import current_folder
from foundation.errors import Problem, UsageError
from foundation.showing import plain
from foundation.writing import writing

_FOLDER, _PILES = "incoming", "piles"
_LONGEST_NAME = 120
#: What was never dealt with (a cancelled job that nobody began again) is kept for so long.
_KEPT_S = 30 * 24 * 3600


def keep_uploads(files: Iterable[UploadedFile[bytes]]) -> str:
    """Store files in a folder of their own; returns its name, for the arguments of a job.

    The names are the senders', as far as a name may be a file's: reports call the files by them.

    :raises UsageError: there are none. :raises NotWritableError: the disk is full.
    """
    name = get_random_string(20)
    folder = private_folder(current_folder()) / _FOLDER / name
    taken: set[str] = set()
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True)
        for file in files:
            with (folder / _free_name(file.name or "", taken)).open("xb") as kept:
                for chunk in file.chunks():
                    kept.write(chunk)
    if not taken:
        drop_uploads(name)
        raise UsageError(Problem("", "没有选文件", advice="请选好要上传的文件，再提交"))
    return name


def uploads_folder(name: str) -> Path:
    """Where the files of :func:`keep_uploads` are.

    :raises UsageError: they are gone.
    """
    folder = private_folder(current_folder()) / _FOLDER / name
    if not name.isalnum() or not folder.is_dir():
        raise UsageError(Problem("", "上传的文件已经不在了", advice="请重新上传"))
    return folder


def drop_uploads(name: str) -> None:
    """Remove files that were dealt with."""
    if name.isalnum():
        shutil.rmtree(private_folder(current_folder()) / _FOLDER / name, ignore_errors=True)


def drop_forgotten() -> None:
    """Remove what nobody has dealt with for a month."""
    private = private_folder(current_folder())
    for kept in (*private.glob(f"{_FOLDER}/*"), *private.glob(f"{_PILES}/*")):
        if time.time() - kept.stat().st_mtime > _KEPT_S:
            shutil.rmtree(kept, ignore_errors=True)


def piles_folder(workspace: Path) -> Path:
    """Where piles of returned files wait for their job, each in a folder of its own."""
    return private_folder(workspace) / _PILES


def _free_name(sent: str, taken: set[str]) -> str:
    """A file name no other one of the folder has; a path's last part, without what no file name may hold."""
    last = plain(sent).replace("\\", "/").rpartition("/")[2].replace("\n", " ").strip(" .")
    stem, dot, suffix = (last or "未命名").rpartition(".")
    stem, suffix = (stem, suffix) if dot else (suffix, "")
    stem, suffix = stem[:_LONGEST_NAME], suffix[:10]
    name, number = f"{stem}{dot}{suffix}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}{dot}{suffix}"
    taken.add(name.casefold())
    return name
