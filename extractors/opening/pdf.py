"""PDF pages as a person sees them: rendered, form fields and annotations drawn, not taken as embedded images.

Layered scans (JBIG2 text over JPEG), rotated pages and typed form fields all come out as they would on a screen. Only a
page that is one JPEG and surely nothing else is decoded: the same pixels, sooner.
"""

from __future__ import annotations

from itertools import islice
from math import ceil
from typing import BinaryIO

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.model import Image, Raster
from extractors.opening.drawing import draw
from extractors.opening.pixels import believable_dpi, is_page_shape, pixels_wanted, shrunk
from extractors.opening.plain_scans import PlainScans
from extractors.opening.two_levels import has_two_levels, may_have_had_two_levels
from extractors.thresholds import OpeningThresholds
from foundation.errors import Problem, UnreadableError

_POINTS_PER_INCH = 72
#: A scan is one picture, or a few layers of one, possibly with recognised text behind; the picture comes early.
_OBJECTS_LOOKED_AT = 200
_COVERS = 0.9
#: A scan of up to 300 dpi is drawn whole and made smaller then: nearly twice as quick as drawn smaller.
_TIMES_SCAN = 2.5
#: By how much a page's proportions may differ from those of its picture: page sizes are given in whole points.
_ALIKE = 0.01
_AGAIN = "重新扫描，或重新导出为 PDF"


class PdfPages:
    """The pages of one PDF; ``stream`` stays the caller's to close.

    :raises UnreadableError: damaged, encrypted with a password, without pages, or with too many.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: OpeningThresholds) -> None:
        self._name, self._limits = name, limits
        try:
            self._document = pdfium.PdfDocument(stream)
        except pdfium.PdfiumError as error:
            raise UnreadableError(_why_not_opened(error, name)) from error
        try:
            self._document.init_forms()
            self.count = len(self._document)
            self._check_count()
        except BaseException:
            self._document.close()
            raise
        self._plain = PlainScans(stream, self.count)

    def close(self) -> None:
        """Lets go of the document."""
        self._plain.close()
        self._document.close()

    def raster(self, page_number: int) -> Raster:
        """One page, rendered; raises UnreadableError for this page alone."""
        where = f"{self._name} 第{page_number}页"
        try:
            page = self._document[page_number - 1]
        except pdfium.PdfiumError as error:
            raise UnreadableError(Problem(where, "这一页已损坏", advice=_AGAIN)) from error
        try:
            return self._rendered(page, page_number, where)
        except (pdfium.PdfiumError, ValueError, MemoryError) as error:
            raise UnreadableError(Problem(where, "这一页画不出来", advice=_AGAIN)) from error
        finally:
            page.close()

    def _check_count(self) -> None:
        if self.count < 1:
            raise UnreadableError(Problem(self._name, "PDF 里一页也没有", advice=_AGAIN))
        if self.count > self._limits.pages_max:
            raise UnreadableError(
                Problem(
                    self._name,
                    f"PDF 有 {self.count} 页，超过上限 {self._limits.pages_max} 页，已拒绝",
                    advice="分成几个文件再交",
                )
            )

    def _rendered(self, page: pdfium.PdfPage, page_number: int, where: str) -> Raster:
        width_pt, height_pt = page.get_size()
        if not is_page_shape(width_pt, height_pt, self._limits):
            size = f"{width_pt / 72 * 25.4:.0f}×{height_pt / 72 * 25.4:.0f} mm"
            raise UnreadableError(Problem(where, f"页面为 {size}，不像一页纸", advice=_AGAIN))
        wanted = pixels_wanted(width_pt, height_pt, self._limits)
        covering = self._covering_picture(page, width_pt * height_pt, where)
        picture = covering and _size_of(covering)
        sides = self._size(picture, (width_pt, height_pt), wanted)
        decoded = self._plain.picture(page_number, page, *sides) if sides == picture else None
        drawn = draw(page, *sides) if decoded is None else decoded
        bitonal = self._is_bitonal(drawn, page, covering)
        pixels, _ = shrunk(drawn, wanted)
        height, width = pixels.shape[:2]
        dpi = believable_dpi(width / width_pt * _POINTS_PER_INCH, width, height)
        return Raster(pixels, dpi, bitonal)

    def _is_bitonal(self, drawn: Image, page: pdfium.PdfPage, covering: pdfium.PdfImage | None) -> bool:
        """Whether a page, as it was drawn, has two levels, or the one picture that it consists of: drawing it in other
        than its own pixels makes levels between.
        """
        between = self._limits.between_levels
        if has_two_levels(drawn, between):
            return True
        alone = covering is not None and pdfium_c.FPDFPage_CountObjects(page) == 1
        if covering is None or not alone or not may_have_had_two_levels(drawn, between):
            return False
        own = np.asarray(covering.get_bitmap().to_numpy(), np.uint8)
        return has_two_levels(own[..., 0] if own.ndim == 3 else own, between)

    def _size(
        self, picture: tuple[int, int] | None, size_pt: tuple[float, float], wanted: int
    ) -> tuple[int, int]:
        """Width and height, px, in which a page is drawn: those of the picture that covers it, pixel for pixel, if they
        are not many times more than wanted; else those wanted, but never more than the picture has.
        """
        width_pt, height_pt = size_pt
        if picture:
            own = _turned_like(picture, width_pt / height_pt)
            if own and own[0] * own[1] <= _TIMES_SCAN * self._limits.scan_pixels:
                return own
            wanted = min(wanted, picture[0] * picture[1])
        elif wanted > self._limits.scan_pixels:
            # Not a picture, so no photograph either: an A5 form, a landscape slide.
            wanted = self._limits.scan_pixels
        scale = float((wanted / (width_pt * height_pt)) ** 0.5)
        return ceil(width_pt * scale), ceil(height_pt * scale)

    def _covering_picture(self, page: pdfium.PdfPage, page_area: float, where: str) -> pdfium.PdfImage | None:
        """The largest picture, in px, that covers the page; None where there is none."""
        best: tuple[int, pdfium.PdfImage] | None = None
        for item in islice(page.get_objects(max_depth=2), _OBJECTS_LOOKED_AT):
            if item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
                continue
            width, height = _size_of(item)
            if width * height > self._limits.source_pixels_max:
                limit = self._limits.source_pixels_max // 1_000_000
                raise UnreadableError(
                    Problem(
                        where, f"里面的图片超过 {limit} 百万像素，已拒绝", advice="用 200–300 dpi 重新扫描"
                    )
                )
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) < _COVERS * page_area or not width * height:
                continue
            if best is None or width * height > best[0]:
                best = width * height, item
        return best and best[1]


def _size_of(picture: pdfium.PdfImage) -> tuple[int, int]:
    """Width and height of a picture, px."""
    width, height = (int(side) for side in picture.get_px_size())
    return width, height


def _turned_like(picture: tuple[int, int], aspect: float) -> tuple[int, int] | None:
    """A picture's sides, exchanged where it lies turned on its page (width by height: ``aspect``); None if neither
    way fits.
    """
    for width, height in (picture, picture[::-1]):
        if abs(width / height / aspect - 1) <= _ALIKE:
            return width, height
    return None


def _why_not_opened(error: pdfium.PdfiumError, name: str) -> Problem:
    code = getattr(error, "err_code", None)
    if code == pdfium_c.FPDF_ERR_PASSWORD:
        return Problem(name, "PDF 加了打开密码，不能读取", advice="去掉密码，或打印后扫描")
    if code == pdfium_c.FPDF_ERR_SECURITY:
        return Problem(name, "PDF 的加密方式不能读取", advice="去掉加密，或打印后扫描")
    return Problem(name, "PDF 已损坏或没有传完", advice=_AGAIN)
