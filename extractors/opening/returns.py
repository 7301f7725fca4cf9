"""One returned file, opened: its pages as rasters, whatever it is; or a DOCX, which has fields instead of pixels."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Protocol

from extractors.model import Raster
from extractors.opening.images import ImagePages
from extractors.opening.kinds import HEAD_BYTES, kind_of
from extractors.opening.pdf import PdfPages
from extractors.thresholds import OpeningThresholds, load_thresholds
from forms.template.docx_file import DocxFile
from foundation.errors import Problem, UnreadableError
from foundation.os_errors import reason_of
from foundation.reading import open_file

ReturnKind = Literal["pdf", "image", "docx"]


class _PageSource(Protocol):
    @property
    def count(self) -> int: ...

    def raster(self, page_number: int) -> Raster: ...


class OpenedReturn:
    """A returned file, open for reading; a context manager. Get one from :func:`open_return`.

    ``name``: as people know the file. ``pages``: how many; a DOCX counts as one. ``kind``: by content.
    """

    def __init__(
        self, path: Path, name: str, kind: ReturnKind, pages: _PageSource | None, resources: ExitStack
    ) -> None:
        self.path, self.name, self.kind = path, name, kind
        self.pages = pages.count if pages else 1
        self._pages, self._resources = pages, resources

    @property
    def is_docx(self) -> bool:
        """Whether it is a DOCX: read by its content controls, never as a picture."""
        return self.kind == "docx"

    def raster(self, page_number: int) -> Raster:
        """One page (from 1) as it lies in its file; raises UnreadableError for that page alone."""
        if self._pages is None or not 1 <= page_number <= self.pages:
            raise ValueError(f"{self.name} has no page {page_number} to look at")
        return self._pages.raster(page_number)

    def close(self) -> None:
        """Closes the file; once is enough, twice does no harm."""
        self._resources.close()

    def __enter__(self) -> OpenedReturn:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_return(path: Path, name: str, limits: OpeningThresholds | None = None) -> OpenedReturn:
    """Opens a returned file of any kind, recognised by its content.

    :param name: how problems and reports call it.
    :param limits: default: section ``opening`` of the thresholds.
    :raises UnreadableError: it cannot be read at all; pages that cannot be read raise when they are asked for.
    """
    limits = limits or load_thresholds().opening
    with ExitStack() as stack:
        stream = stack.enter_context(_regular_file(path, name, limits))
        content = kind_of(_head(stream, name), name)
        if content == "docx":
            with DocxFile(path, name):
                return OpenedReturn(path, name, "docx", None, stack.pop_all())
        pages = (
            PdfPages(stream, name, limits) if content == "pdf" else ImagePages(stream, content, name, limits)
        )
        stack.callback(pages.close)
        kind: ReturnKind = "pdf" if content == "pdf" else "image"
        return OpenedReturn(path, name, kind, pages, stack.pop_all())


def _regular_file(path: Path, name: str, limits: OpeningThresholds) -> BinaryIO:
    try:
        stream = open_file(path)
    except (OSError, ValueError) as error:
        raise UnreadableError(_why_not_there(error, path, name)) from error
    size = os.fstat(stream.fileno()).st_size
    if size <= limits.file_bytes_max:
        return stream
    stream.close()
    told = f"文件有 {size >> 20} MB，超过上限 {limits.file_bytes_max >> 20} MB，已拒绝"
    raise UnreadableError(Problem(name, told, advice="分成几个文件再交"))


def _why_not_there(error: Exception, path: Path, name: str) -> Problem:
    if isinstance(error, FileNotFoundError):
        gone = "是指向别处的链接，那里的文件已不在" if path.is_symlink() else "文件不存在"
        return Problem(name, gone, advice="核对路径")
    if isinstance(error, PermissionError):
        return Problem(name, "没有读取这个文件的权限", advice="请管理员开放读取权限")
    return Problem(name, f"文件打不开：{reason_of(error)}")


def _head(stream: BinaryIO, name: str) -> bytes:
    try:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
    except OSError as error:
        raise UnreadableError(Problem(name, f"文件读不出来：{reason_of(error)}")) from error
    return head
