"""Small pictures of issued pages with the places marked where something is to be done."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from daiban.packing.todos import Todo
from forms.page_mark import mark_boxes
from foundation.errors import Problem, UnreadableError

_DPI = 110
_RED = (200, 16, 32)
_PALE = (232, 232, 232)
_MM = _DPI / 25.4
_LETTERS_MM = 5.0  # how far beside and below a code its letters reach


def page_picture(pdf: Path, page: int, todos: Sequence[Todo]) -> bytes:
    """A page (from 1) as a JPEG, each place in a red frame with its number, and a pale patch where its marks stand.

    :raises UnreadableError: the issued PDF is gone or damaged.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except (pdfium.PdfiumError, OSError) as error:
        problem = Problem(
            str(pdf), "出具的 PDF 读不出来，可能已损坏", advice="运行 daiban generate 会重新出具"
        )
        raise UnreadableError(problem) from error
    try:
        image = document[page - 1].render(scale=_DPI / 72, may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    _cover_marks(image)
    _mark(image, todos)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=72)
    return out.getvalue()


def _cover_marks(image: Image.Image) -> None:
    """Leave nothing by which the picture could be taken for the page itself: neither codes nor letters."""
    pen = ImageDraw.Draw(image)
    for box in mark_boxes(image.width / _MM, image.height / _MM):
        patch = box.grown(left=_LETTERS_MM, right=_LETTERS_MM, up=0, down=_LETTERS_MM)
        pen.rectangle([side * _MM for side in (patch.x0, patch.y0, patch.x1, patch.y1)], fill=_PALE)


def _mark(image: Image.Image, todos: Sequence[Todo]) -> None:
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=44)
    pen.rectangle((0, 0, image.width - 1, image.height - 1), outline=(150, 150, 150), width=2)
    for todo in todos:
        box = todo.box.all_round(1.5)
        left, top, right, bottom = (side * _MM for side in (box.x0, box.y0, box.x1, box.y1))
        pen.rectangle((left, top, right, bottom), outline=_RED, width=5)
        x = max(34.0, left - 30)
        y = (top + bottom) / 2
        pen.ellipse((x - 30, y - 30, x + 30, y + 30), fill=_RED)
        pen.text((x, y), str(todo.number), fill="white", font=font, anchor="mm")
