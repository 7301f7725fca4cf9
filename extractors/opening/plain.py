"""A PDF page that is one JPEG and nothing else (a plain scan), decoded as it lies in its file.

Drawing it gives the same pixels and takes three times as long. So only what is surely nothing more is taken: the
page's content is that one picture, laid over the whole of it, unturned, unmasked, in grey or RGB; without annotations.
Whatever is in doubt is drawn.
"""

from __future__ import annotations

from typing import BinaryIO

import cv2
import numpy as np
import pikepdf

from extractors.model import Image
from extractors.opening.images import jpeg_header
from extractors.opening.pixels import without_idle_colour

#: What such a page's content may be, and how long, bytes as they are stored.
_PAINTED = (["q", "cm", "Do", "Q"], ["cm", "Do"])
_LONGEST = 300
_MODES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
#: What of a picture's dictionary says how it is stored; anything else may change how it is seen.
_STORED = {"/Type", "/Subtype", "/Name", "/Width", "/Height", "/Length", "/Filter", "/ColorSpace"}
_STORED |= {"/BitsPerComponent", "/Interpolate"}
_END = b"\xff\xd9"  # of a JPEG that was sent whole


class PlainScans:
    """The plain scans among a PDF's pages; ``stream`` stays the caller's to close. ``pages``: how many are drawn."""

    def __init__(self, stream: BinaryIO, pages: int) -> None:
        self._stream, self._count = stream, pages
        self._document: pikepdf.Pdf | None = None
        self._is_strange = False

    def close(self) -> None:
        """Lets go of the document."""
        if self._document is not None:
            self._document.close()
            self._document = None

    def picture(self, page: int, width: int, height: int) -> Image | None:
        """A page (from 1) that is one JPEG of that many px, like :func:`~extractors.opening.drawing.draw` draws it;
        None where it is anything else.
        """
        try:
            document = self._opened()
            return None if document is None else _picture(document.pages[page - 1], width, height)
        except Exception:  # strange objects make the library raise anything
            return None

    def _opened(self) -> pikepdf.Pdf | None:
        """The document, opened when it is first asked for; None if its pages are counted in two ways."""
        if self._document is None and not self._is_strange:
            self._is_strange = True  # unless all of this succeeds
            self._document = pikepdf.Pdf.open(self._stream, access_mode=pikepdf.AccessMode.mmap_only)
            self._is_strange = len(self._document.pages) != self._count
        return None if self._is_strange else self._document


def _picture(page: pikepdf.Page, width: int, height: int) -> Image | None:
    stored = _only_picture(page, width, height)
    if stored is None:
        return None
    content = stored.read_raw_bytes()
    if jpeg_header(content) != (_MODES[str(stored.ColorSpace)], width, height):
        return None
    if not content.rstrip(b"\0\r\n").endswith(_END):
        return None
    how = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_IGNORE_ORIENTATION  # a PDF does not ask how the camera was held
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    if decoded is None:
        return None
    pixels = without_idle_colour(np.asarray(decoded, np.uint8))
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _only_picture(page: pikepdf.Page, width: int, height: int) -> pikepdf.Object | None:
    """The JPEG of that many px that is all there is on a page."""
    if page.rotation or "/UserUnit" in page.obj or len(page.obj.get("/Annots", ())):
        return None
    painted = _painted(page)
    if painted is None:
        return None
    name, matrix = painted
    if "/ColorSpace" in page.resources or not _covers(matrix, page, width, height):
        return None
    stored = page.resources.XObject[name]
    is_plain = (
        set(stored.keys()) <= _STORED
        and stored.Subtype == "/Image"
        and stored.Filter in (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode]))
        and stored.BitsPerComponent == 8
        and str(stored.ColorSpace) in _MODES
        and (int(stored.Width), int(stored.Height)) == (width, height)
    )
    return stored if is_plain else None


def _painted(page: pikepdf.Page) -> tuple[str, list[float]] | None:
    """The name of the one thing that is painted on a page, and the matrix it is painted by."""
    contents = page.obj.Contents
    if isinstance(contents, pikepdf.Array) or len(contents.read_raw_bytes()) > _LONGEST:
        return None
    steps = pikepdf.parse_content_stream(page)
    if [str(step.operator) for step in steps] not in _PAINTED:
        return None
    operands = {str(step.operator): step.operands for step in steps}
    return str(operands["Do"][0]), [float(number) for number in operands["cm"]]


def _covers(matrix: list[float], page: pikepdf.Page, width: int, height: int) -> bool:
    """Whether a picture, unturned, has its edges on the page's, to half a pixel."""
    across, b, c, up, x, y = matrix
    left, bottom, right, top = (float(side) for side in page.cropbox)
    if b or c or across <= 0 or up <= 0 or list(page.cropbox) != list(page.mediabox):
        return False
    wide, high = across / width / 2, up / height / 2
    return (
        max(abs(x - left), abs(x + across - right)) <= wide
        and max(abs(y - bottom), abs(y + up - top)) <= high
    )
