"""Plain pages of text as a PDF, drawn with the embedded typing font: for papers that are made in a moment and are no
form, such as a receipt (回执). Nothing of the machine's is needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from forms.geometry import MM_PER_PT
from generator.output.typesetting import broken_lines, typing_face
from generator.output.typing_fonts import TypingFont, copied_fonts

_WIDTH_PT, _HEIGHT_PT = 210 / MM_PER_PT, 297 / MM_PER_PT
_MARGIN_PT = 25 / MM_PER_PT
_LABEL_PT = 84.0
_LEADING = 1.6


@dataclass(frozen=True, slots=True)
class TextRow:
    """A paragraph, or a value beside its ``label``. ``ruled``: a rule is drawn above it; ``centred``: a heading."""

    text: str
    label: str = ""
    size_pt: float = 11.0
    ruled: bool = False
    centred: bool = False


def text_pages(title: str, rows: Iterable[TextRow]) -> bytes:
    """The rows from top to bottom, on as many A4 pages as they take, each with its number."""
    pages = list(_pages(rows))
    with pikepdf.new() as pdf:
        fonts = copied_fonts(pdf, [TypingFont.TEXT])
        for number, drawn in enumerate(pages, 1):
            foot = _line(f"第{number}页，共{len(pages)}页", 9, _MARGIN_PT / 2, centred=True)
            page = pdf.add_blank_page(page_size=(_WIDTH_PT, _HEIGHT_PT))
            page.Resources = Dictionary(Font=fonts)
            page.Contents = pdf.make_stream("\n".join([*drawn, foot]).encode("ascii"))
            page.MediaBox = Array([0, 0, round(_WIDTH_PT, 2), round(_HEIGHT_PT, 2)])
        pdf.docinfo["/Title"] = title
        pdf.Root.Lang = String("zh-CN")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseNone
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _pages(rows: Iterable[TextRow]) -> Iterator[list[str]]:
    y, drawn = _HEIGHT_PT - _MARGIN_PT, list[str]()
    for row in rows:
        lines, step = _set(row), row.size_pt * _LEADING
        above = step * (0.6 if row.ruled else 0.15)
        if drawn and y - above - step * len(lines) < _MARGIN_PT:
            yield drawn
            y, drawn = _HEIGHT_PT - _MARGIN_PT, []
        y -= above
        if row.ruled:
            rule = f"{_MARGIN_PT:.1f} {y:.1f} m {_WIDTH_PT - _MARGIN_PT:.1f} {y:.1f} l"
            drawn.append(f"q 0.5 w 0.6 G {rule} S Q")
        first = y - row.size_pt * 1.2
        if row.label:
            drawn.append(_line(row.label, row.size_pt, first, grey=0.35))
        for line in lines:
            y -= step
            left = _MARGIN_PT + (_LABEL_PT if row.label else 0.0)
            drawn.append(_line(line, row.size_pt, first, left=left, centred=row.centred))
            first -= step
    yield drawn


def _set(row: TextRow) -> Sequence[str]:
    face = typing_face(TypingFont.TEXT)
    room = _WIDTH_PT - 2 * _MARGIN_PT - (_LABEL_PT if row.label else 0.0)
    return list(broken_lines(face, face.drawable(row.text), row.size_pt, room))


def _line(
    text: str, size_pt: float, y: float, *, left: float = _MARGIN_PT, centred: bool = False, grey: float = 0
) -> str:
    face = typing_face(TypingFont.TEXT)
    shown = face.drawable(text)
    x = (_WIDTH_PT - face.width_pt(shown, size_pt)) / 2 if centred else left
    return f"BT {grey:g} g {face.name} {size_pt:g} Tf {x:.2f} {y:.2f} Td {face.encoded(shown)} Tj ET"
