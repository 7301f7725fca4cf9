"""A page of a PDF as a picture: drawn by PDFium in a process of its own, kept by the file's digest.

PDFium may be used by one thread only and has met files that end it; in a process of its own that costs one picture,
never the server. What is shown is always a picture made here, never bytes that somebody sent.
"""

from __future__ import annotations

import io
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from foundation.digests import sha256_of_file
from foundation.errors import Problem, UnreadableError
from foundation.forking import end_with_parent
from foundation.writing import write_atomically, writing

#: ``1x`` for common screens, ``2x`` for dense ones and for looking closely.
Density = Literal["1x", "2x"]
DENSITIES: tuple[Density, ...] = get_args(Density)
_DPI: dict[Density, int] = {"1x": 96, "2x": 192}
_DEADLINE_S = 30.0
_PICTURES_PER_PROCESS = 300
_MOST_PIXELS = 40_000_000
#: A PNG larger than this is of a scan, which a JPEG shows as well in a fraction.
_LARGEST_PNG = 400_000
_JPEG_QUALITY = 86


@dataclass(frozen=True)
class DrawnPage:
    """``content`` is PNG or JPEG, as ``media_type`` says; ``tag`` changes whenever the picture does."""

    content: bytes
    tag: str

    @property
    def media_type(self) -> str:
        """By its first bytes."""
        return "image/png" if self.content.startswith(b"\x89PNG") else "image/jpeg"


def page_picture(pdf: Path, page_number: int, density: Density, cache: Path) -> DrawnPage:
    """A page (from 1) of a PDF. ``cache``: the folder where pictures are kept.

    :raises UnreadableError: no such file or page, or it cannot be drawn.
    """
    tag = f"{file_digest(pdf)}-{page_number}-{density}"
    kept = cache / tag[:2] / tag
    if kept.is_file():
        return DrawnPage(kept.read_bytes(), tag)
    content = _drawer.draw(pdf, page_number, _DPI[density])
    with writing(kept):
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(content, kept)
    return DrawnPage(content, tag)


def draw_page(pdf: str, page_number: int, dpi: int) -> bytes:
    """Runs in the drawing process. Errors: ValueError, with the reason in Chinese."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(pdf)
    except (pdfium.PdfiumError, OSError) as error:
        raise ValueError("这份 PDF 打不开，可能已损坏") from error
    try:
        if not 1 <= page_number <= len(document):
            raise ValueError(f"没有第{page_number}页")
        page = document[page_number - 1]
        scale = dpi / 72
        scale = min(scale, (_MOST_PIXELS / max(1.0, page.get_width() * page.get_height())) ** 0.5)
        image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    if out.tell() > _LARGEST_PNG:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return out.getvalue()


class _Drawer:
    """The drawing process: started when first needed, started anew when it was lost."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def draw(self, pdf: Path, page_number: int, dpi: int) -> bytes:
        """:raises UnreadableError: it cannot be drawn."""
        return self.run(pdf.name, draw_page, str(pdf), page_number, dpi)

    def run(self, name: str, function: Callable[..., bytes], *arguments: object) -> bytes:
        """What a function of a module gives, run there. ``name``: what it is about, for people.

        :raises UnreadableError: it ended with a ValueError (its message), or with the process.
        """
        try:
            return self._result(function, *arguments)
        except ValueError as error:
            raise UnreadableError(Problem(name, str(error))) from error
        except (BrokenProcessPool, TimeoutError) as error:
            self._forget()
            advice = "可以下载原件，用 PDF 阅读器打开"
            raise UnreadableError(Problem(name, "这一页画不出来", advice=advice)) from error

    def _result(self, function: Callable[..., bytes], *arguments: object) -> bytes:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    max_workers=1,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=end_with_parent,
                    max_tasks_per_child=_PICTURES_PER_PROCESS,
                )
            answer = self._pool.submit(function, *arguments)
        return answer.result(timeout=_DEADLINE_S)

    def _forget(self) -> None:
        """End the process, whatever it hangs at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)


_drawer = _Drawer()


def run_apart(function: Callable[..., bytes], *arguments: object) -> bytes:
    """What a function of a module makes of these arguments, in the drawing process: pictures that need the reader.

    :raises UnreadableError: it ended with a ValueError, or with the process.
    """
    return _drawer.run("", function, *arguments)


def file_digest(pdf: Path) -> str:
    """The SHA-256 of a file, read again only once it is another.

    :raises UnreadableError: no such file.
    """
    try:
        state = pdf.stat()
    except OSError as error:
        raise UnreadableError(Problem(pdf.name, "文件不在了")) from error
    return _digest(pdf, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=20_000)
def _digest(pdf: Path, *_: int) -> str:
    return sha256_of_file(pdf)
