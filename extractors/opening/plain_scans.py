"""A PDF page that is one JPEG and nothing else (a plain scan), decoded as it lies in its file.

Drawing it gives the same pixels and takes three times as long. So only what is surely nothing more is taken. pdfium,
which draws all other pages, must see one picture on the page, over the whole of it, unturned, unclipped, in grey or
RGB, and no annotation. What pdfium does not tell, a mask or a decode array, qpdf must not find. And the JPEG must be of
the kinds that both decoders show alike. Whatever is in doubt is drawn.
"""

from __future__ import annotations

from itertools import islice
from struct import unpack_from
from typing import BinaryIO

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.model import Image
from extractors.opening.pixels import rgb_or_grey

#: Channels by pdfium's number of a colour space.
_CHANNELS = {pdfium_c.FPDF_COLORSPACE_DEVICEGRAY: 1, pdfium_c.FPDF_COLORSPACE_DEVICERGB: 3}
#: What of a picture's dictionary says how it is stored; anything else may change how it is seen.
_STORED = {"/Type", "/Subtype", "/Name", "/Width", "/Height", "/Length", "/Filter", "/ColorSpace"}
_STORED |= {"/BitsPerComponent", "/Interpolate"}
_PICTURES = 200  # in one page's resources, which the pages of a file may share

# Markers of a JPEG: frames that are common (baseline, extended, progressive); any frame, or arithmetic coding; the
# begin of the scan; restarts, at which decoders go on differently where a block is damaged; the end.
_COMMON, _FRAMES, _SCAN = {0xC0, 0xC1, 0xC2}, set(range(0xC0, 0xD0)) - {0xC4}, 0xDA
_RESTARTS, _END = b"\xff\xdd", b"\xff\xd9"
_SEGMENTS = 1000


class PlainScans:
    """The plain scans among a PDF's pages; ``stream`` stays the caller's to close. ``pages``: how many pdfium sees."""

    def __init__(self, stream: BinaryIO, pages: int) -> None:
        self._stream, self._count = stream, pages
        self._document: pikepdf.Pdf | None = None
        self._is_strange = False

    def close(self) -> None:
        """Lets go of the document."""
        if self._document is not None:
            self._document.close()
            self._document = None

    def picture(self, number: int, page: pdfium.PdfPage, width: int, height: int) -> Image | None:
        """Page ``number`` (from 1) that is one JPEG of that many px, like
        :func:`~extractors.opening.drawing.draw` draws it; None where it is anything else.
        """
        try:
            only = _only_picture(page, width, height)
            if only is None:
                return None
            content = bytes(only.get_data())
            channels = _CHANNELS[only.get_metadata().colorspace]
            if not _is_common(content, width, height, channels) or not self._is_stored_only(number, content):
                return None
            return _decoded(content)
        except Exception:  # strange objects make both libraries raise anything
            return None

    def _is_stored_only(self, number: int, content: bytes) -> bool:
        """Whether the dictionary of the picture with that content says nothing but how it is stored."""
        document = self._opened()
        if document is None:
            return False
        pictures = islice(document.pages[number - 1].resources.XObject.values(), _PICTURES)
        same = (
            item
            for item in pictures
            if item.get("/Length") == len(content) and item.read_raw_bytes() == content
        )
        stored = next(same, None)
        return stored is not None and set(stored.keys()) <= _STORED

    def _opened(self) -> pikepdf.Pdf | None:
        """The document, opened when it is first asked for; None if its pages are counted in two ways."""
        if self._document is None and not self._is_strange:
            self._is_strange = True  # unless all of this succeeds
            self._document = pikepdf.Pdf.open(self._stream, access_mode=pikepdf.AccessMode.mmap_only)
            # The list of pages is made of all there are, so not of more than can be.
            believable = len(self._document.Root.Pages.Kids) <= self._count
            self._is_strange = not (believable and len(self._document.pages) == self._count)
        return None if self._is_strange else self._document


def _only_picture(page: pdfium.PdfPage, width: int, height: int) -> pdfium.PdfImage | None:
    """The JPEG of that many px that is all that pdfium draws of a page."""
    if (
        pdfium_c.FPDFPage_CountObjects(page) != 1
        or pdfium_c.FPDFPage_GetAnnotCount(page)
        or page.get_rotation()
    ):
        return None
    (item,) = page.get_objects(max_depth=1)
    is_plain = (
        isinstance(item, pdfium.PdfImage)
        and item.get_filters() == ["DCTDecode"]
        and item.get_px_size() == (width, height)
        and not pdfium_c.FPDFPageObj_HasTransparency(item)
        and pdfium_c.FPDFClipPath_CountPaths(pdfium_c.FPDFPageObj_GetClipPath(item)) <= 0
        and pdfium_c.FPDFPageObj_CountMarks(item) == 0  # marked content may be hidden
        and _covers(item, page, width, height)
    )
    return item if is_plain else None


def _covers(item: pdfium.PdfImage, page: pdfium.PdfPage, width: int, height: int) -> bool:
    """Whether a picture, upright, has its edges on the page's, to half a pixel."""
    across, b, c, up, *_ = item.get_matrix().get()
    if b or c or across <= 0 or up <= 0:
        return False
    half = across / width / 2, up / height / 2
    pairs = zip(item.get_bounds(), page.get_bbox(), half * 2, strict=True)
    return all(abs(edge - page_edge) <= reach for edge, page_edge, reach in pairs)


def _is_common(content: bytes, width: int, height: int, channels: int) -> bool:
    """Whether a JPEG is whole, and of the kinds that all decoders show alike, damaged or not."""
    if _RESTARTS in content or not content.rstrip(b"\0\r\n").endswith(_END):
        return False
    at = 2
    for _ in range(_SEGMENTS):
        lead, marker, length = unpack_from(">BBH", content, at)
        if lead != 0xFF or marker == _SCAN or marker in _FRAMES - _COMMON:
            return False
        if marker in _COMMON:
            return bool(unpack_from(">BHHB", content, at + 4) == (8, height, width, channels))
        at += 2 + length
    return False


def _decoded(content: bytes) -> Image | None:
    how = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_IGNORE_ORIENTATION  # a PDF does not ask how the camera was held
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    return None if decoded is None else rgb_or_grey(np.asarray(decoded, np.uint8))
