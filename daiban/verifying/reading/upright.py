"""One page of a returned file as a PDF of its own: upright, lossless, and nothing in it that acts.

A scan's picture is carried over as it lies in its file, never compressed again; a turn is a note (``/Rotate``), not
new pixels. What a viewer typed or stamped (annotations) becomes page content; scripts, actions, attachments and links
stay behind, because a filed page is opened by staff. A page that would then show something else than was judged (a
layer that was off, a field that was left to the viewer to draw) is filed as the picture that was. The one place that
knows img2pdf.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from types import TracebackType

import cv2
import img2pdf
import numpy as np
import pikepdf
from numpy.typing import NDArray

from extractors.model import Raster
from extractors.opening import open_return
from foundation.errors import Problem, UnreadableError

_KEPT = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group")
_JPEG_QUALITY = 92
_FALLBACK_DPI = 150.0
#: Size in which a copy is compared with what was looked at, and how far pixels (of 255), and how many, may differ.
_COMPARED_PX = (744, 1052)
_DIFFERENT = 40
_DIFFERENT_PX = 20


class UprightPages:
    """Pages of one returned PDF or picture file; a context manager. ``pages``: how many the reader counts."""

    def __init__(self, path: Path, *, is_pdf: bool, pages: int) -> None:
        self._path = path
        self._is_pdf = is_pdf
        self._count = pages
        self._source: pikepdf.Pdf | None = None

    def __enter__(self) -> UprightPages:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._source is not None:
            self._source.close()

    def write(self, page: int, turn: int, target: Path, raster: Raster) -> bool:
        """Write one page (from 1), turned clockwise by ``turn`` degrees; False where only its picture could be saved.

        ``raster``: the page as it was looked at, for files that cannot be taken apart.
        """
        try:
            self._copy(page, turn, target)
            if self._is_pdf and self._may_differ(page) and not _shows(target, turn, raster):
                raise ValueError("the copy shows something else than was looked at")
        except Exception:  # whatever a broken file does to a library, its page was seen and is kept
            target.unlink(missing_ok=True)
            _save(_picture_pdf(raster), 0, turn, target)
            return False
        return True

    def _copy(self, page: int, turn: int, target: Path) -> None:
        if self._source is None:
            self._source = self._open()
            if len(self._source.pages) != self._count:
                raise ValueError("the file's pages are counted in two ways")
        _save(self._source, page - 1, turn, target)

    def _may_differ(self, page: int) -> bool:
        """Whether a page has what viewers draw by rules of its file: layers that are off, fields and annotations."""
        assert self._source is not None
        return "/OCProperties" in self._source.Root or "/Annots" in self._source.pages[page - 1].obj

    def _open(self) -> pikepdf.Pdf:
        if self._is_pdf:
            return pikepdf.Pdf.open(self._path)
        with self._path.open("rb") as stream:
            made = img2pdf.convert(stream, rotation=img2pdf.Rotation.ifvalid)
        return pikepdf.Pdf.open(io.BytesIO(made))


def bind(pages: list[tuple[Path, int]], target: Path) -> None:
    """Put pages of our own upright PDFs together: (file, page from 0) in order.

    :raises UnreadableError: what a page is made of cannot be written again.
    """
    opened: dict[Path, pikepdf.Pdf] = {}
    try:
        with pikepdf.Pdf.new() as bound:
            for path, index in pages:
                if path not in opened:
                    opened[path] = pikepdf.Pdf.open(path)
                bound.pages.append(opened[path].pages[index])
            bound.save(target, static_id=True)
    except pikepdf.PdfError as error:
        raise UnreadableError(Problem(target.name, "各页合不成一份 PDF：其中有一页的文件已损坏")) from error
    finally:
        for source in opened.values():
            source.close()


def _save(source: pikepdf.Pdf, index: int, turn: int, target: Path) -> None:
    with pikepdf.Pdf.new() as made:
        with warnings.catch_warnings():
            # A form field apart from its form: it becomes page content here.
            warnings.simplefilter("ignore")
            made.pages.append(source.pages[index])
        page = made.pages[0]
        if "/Annots" in page.obj:
            made.flatten_annotations("screen")
        for key in list(page.obj.keys()):
            if key not in _KEPT:
                del page.obj[key]
        if turn:
            page.rotate(turn, relative=True)
        made.remove_unreferenced_resources()
        made.save(target, static_id=True)


def _shows(target: Path, turn: int, raster: Raster) -> bool:
    """Whether a copied page shows what was looked at."""
    with open_return(target, target.name) as filed:
        copied = _small(filed.raster(1))
    looked_at = _small(Raster(np.ascontiguousarray(np.rot90(raster.pixels, -turn // 90))))
    apart = np.abs(copied.astype(np.int16) - looked_at) > _DIFFERENT
    return bool(apart.sum() <= _DIFFERENT_PX)


def _small(raster: Raster) -> NDArray[np.uint8]:
    """A page in few grey pixels, without its finest edges."""
    grey = cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2GRAY) if raster.has_colour else raster.pixels
    small = cv2.resize(np.asarray(grey, np.uint8), _COMPARED_PX, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.uint8)


def _picture_pdf(raster: Raster) -> pikepdf.Pdf:
    pixels = cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2BGR) if raster.has_colour else raster.pixels
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    dpi = raster.dpi or _FALLBACK_DPI
    made = img2pdf.convert(encoded.tobytes(), layout_fun=img2pdf.get_fixed_dpi_layout_fun((dpi, dpi)))
    return pikepdf.Pdf.open(io.BytesIO(made))
