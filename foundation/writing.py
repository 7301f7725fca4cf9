"""Writing files so that whoever looks sees an old whole file, a new whole file, or none; and saying why it failed.

A file is written beside its place on the same file system, flushed to disk and renamed over its target. What the
system refuses becomes a :class:`~foundation.errors.NotWritableError` that names place, cause and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from foundation.errors import NotWritableError, Problem
from foundation.os_errors import reason_of

#: What says that a file could not be written because there is no room.
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CAUSES = {
    errno.ENOSPC: ("磁盘已满", "请清理磁盘后再运行一次，已完成的不会重做"),
    errno.EDQUOT: ("超出了磁盘配额", "请清理文件或联系管理员后再运行一次"),
    errno.EACCES: ("没有写入权限，或文件正被 Word、WPS 打开", "请关闭打开的文件，检查文件夹权限后再运行一次"),
    errno.EPERM: ("没有写入权限", "请检查文件夹权限，或换一个文件夹"),
    errno.EROFS: ("所在磁盘是只读的", "请换一个可以写入的文件夹"),
    errno.ENAMETOOLONG: ("路径太长", "请把工作区放到更短的路径下，或缩短案件编号"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "请检查路径"),
    errno.EEXIST: ("同名的文件挡住了文件夹", "请移走同名文件后再运行一次"),
    errno.EISDIR: ("同名的文件夹挡住了文件", "请移走同名文件夹后再运行一次"),
}


def not_writable(path: Path | str, error: OSError) -> NotWritableError:
    """The error for a failed write at ``path``: place, cause, what to do."""
    fallback = (reason_of(error), "请检查该位置后再运行一次")
    cause, advice = _CAUSES.get(error.errno or 0, fallback)
    return NotWritableError(Problem(str(path), f"无法写入：{cause}", advice=advice))


@contextlib.contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Turn any ``OSError`` of the block into :class:`NotWritableError` about ``path``."""
    try:
        yield
    except OSError as error:
        raise not_writable(path, error) from error


def place(staged: Path, target: Path, *, flushed: bool = False) -> None:
    """Put a finished file in its place in one step, flushed to disk first; folders are made where they lack.

    ``flushed``: the caller flushes whole batches, before and after.

    :raises NotWritableError: disk full, no permission, read-only; the target is then as it was before.
    """
    with writing(target):
        if not flushed:
            flush(staged)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            flush(target.parent.parent)
        # Temporary files are private (0600); what is published follows the process's mask.
        if not staged.is_symlink():  # whose target is not ours
            staged.chmod(0o666 & ~_umask)
        staged.replace(target)
        if not flushed:
            flush(target.parent)


def flush(path: Path) -> None:
    """Force a file's or folder's content to disk. Windows cannot open folders, and needs no such flush."""
    if os.name == "nt":
        if path.is_dir():
            return
        flags = os.O_RDWR
    else:
        flags = os.O_RDONLY
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(content: bytes, target: Path) -> None:
    """Write a small file beside its target, flushed, and rename it over it.

    :raises OSError: it cannot be written; the target is then as it was before.
    """
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def keep_private() -> None:
    """From now on whatever this process makes is for its owner only, whatever mask it was started with."""
    _set_mask(0o077)


def share_with_group_of(folder: Path) -> None:
    """Let the group in again where a folder was set up for one on purpose: new files in it get its group (setgid)."""
    if os.name != "nt" and _umask == 0o077 and folder.stat().st_mode & stat.S_ISGID:
        _set_mask(0o007)


def _set_mask(mask: int) -> None:
    global _umask
    _umask = mask
    os.umask(mask)


def _read_umask() -> int:
    """The process's umask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_umask = _read_umask()
