"""A PDF page drawn in just so many pixels, as a screen would show it: form fields and annotations too, on white."""

from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.model import Image
from extractors.opening.pixels import rgb_or_grey


def draw(page: pdfium.PdfPage, width: int, height: int) -> Image:
    """The page filling that many px. Shape (height, width, 3), RGB; (height, width) where nothing has colour.

    Not by the library's own ``render``, which takes a scale and rounds up: a scan of 1654 px came out in 1655, each
    pixel blurred into its neighbours.

    :raises PdfiumError: no such picture can be made.
    """
    canvas = np.full((height, width, 3), 255, np.uint8)
    stride = width * 3
    bitmap = pdfium_c.FPDFBitmap_CreateEx(width, height, pdfium_c.FPDFBitmap_BGR, canvas.ctypes.data, stride)
    if not bitmap:
        raise pdfium.PdfiumError("no bitmap")
    try:
        everything = (bitmap, page, 0, 0, width, height, 0, pdfium_c.FPDF_ANNOT)
        pdfium_c.FPDF_RenderPageBitmap(*everything)
        if page.formenv:
            pdfium_c.FPDF_FFLDraw(page.formenv, *everything)
    finally:
        pdfium_c.FPDFBitmap_Destroy(bitmap)
    return rgb_or_grey(canvas)
