"""PDF pages as a person sees them: always rendered, form fields and annotations drawn, never taken as embedded images.

Layered scans (JBIG2 text over JPEG), rotated pages and typed
form fields all come out as they would on a screen.
"""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from daiban.errors import Problem, UnreadableError
from extractors.model import Image, Raster
from extractors.opening.pixels import believable_dpi, is_page_shape, pixels_wanted, without_idle_colour
from extractors.thresholds import Opening

_POINTS_PER_INCH = 72
#: A scan is one picture, or a few layers of one, possibly with recognised text behind; the picture comes early.
_OBJECTS_LOOKED_AT = 200
_COVERS = 0.9
_AGAIN = "重新扫描，或重新导出为 PDF"


class PdfPages:
    """The pages of one PDF; ``stream`` stays the caller's to close.

    :raises UnreadableError: damaged, encrypted with a password, without pages, or with too many.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: Opening) -> None:
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

    def close(self) -> None:
        """Lets go of the document."""
        self._document.close()

    def raster(self, page_number: int) -> Raster:
        """One page, rendered; raises UnreadableError for this page alone."""
        where = f"{self._name} 第{page_number}页"
        try:
            page = self._document[page_number - 1]
        except pdfium.PdfiumError as error:
            raise UnreadableError(Problem(where, "这一页已损坏", advice=_AGAIN)) from error
        try:
            return self._rendered(page, where)
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

    def _rendered(self, page: pdfium.PdfPage, where: str) -> Raster:
        width_pt, height_pt = page.get_size()
        if not is_page_shape(width_pt, height_pt, self._limits):
            size = f"{width_pt / 72 * 25.4:.0f}×{height_pt / 72 * 25.4:.0f} mm"
            raise UnreadableError(Problem(where, f"页面为 {size}，不像一页纸", advice=_AGAIN))
        scale = self._scale(page, width_pt, height_pt, where)
        bitmap = page.render(scale=scale, may_draw_forms=True, draw_annots=True, rev_byteorder=True)
        pixels = without_idle_colour(_as_rgb(bitmap))
        dpi = believable_dpi(scale * _POINTS_PER_INCH, pixels.shape[1], pixels.shape[0])
        return Raster(pixels, dpi)

    def _scale(self, page: pdfium.PdfPage, width_pt: float, height_pt: float, where: str) -> float:
        """Pixels per point: what the page's shape is given, but never more than a scan's own picture has."""
        wanted = pixels_wanted(width_pt, height_pt, self._limits)
        picture = self._covering_picture(page, width_pt * height_pt, where)
        if picture:
            wanted = min(wanted, picture)
        elif wanted > self._limits.scan_pixels:
            # Not a picture, so no photograph either: an A5 form, a landscape slide.
            wanted = self._limits.scan_pixels
        return float((wanted / (width_pt * height_pt)) ** 0.5)

    def _covering_picture(self, page: pdfium.PdfPage, page_area: float, where: str) -> int:
        """The pixels of the largest picture that covers the page; 0 where there is none."""
        best = 0
        for item in islice(page.get_objects(max_depth=2), _OBJECTS_LOOKED_AT):
            if item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
                continue
            pixels = int(np.prod(item.get_px_size(), dtype=np.int64))
            if pixels > self._limits.source_pixels_max:
                limit = self._limits.source_pixels_max // 1_000_000
                raise UnreadableError(
                    Problem(
                        where, f"里面的图片超过 {limit} 百万像素，已拒绝", advice="用 200–300 dpi 重新扫描"
                    )
                )
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) >= _COVERS * page_area:
                best = max(best, pixels)
        return best


def _why_not_opened(error: pdfium.PdfiumError, name: str) -> Problem:
    code = getattr(error, "err_code", None)
    if code == pdfium_c.FPDF_ERR_PASSWORD:
        return Problem(name, "PDF 加了打开密码，不能读取", advice="去掉密码，或打印后扫描")
    if code == pdfium_c.FPDF_ERR_SECURITY:
        return Problem(name, "PDF 的加密方式不能读取", advice="去掉加密，或打印后扫描")
    return Problem(name, "PDF 已损坏或没有传完", advice=_AGAIN)


def _as_rgb(bitmap: pdfium.PdfBitmap) -> Image:
    """The bitmap's own memory is freed with it, so its pixels are copied."""
    return np.array(bitmap.to_numpy()[..., :3], dtype=np.uint8, order="C")
