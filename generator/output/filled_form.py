"""Types values into an issued PDF's form fields, drawn with the embedded fonts, so that every viewer and printer shows
the same.

The copy keeps everything else: page marks, places to sign, fields left open. It is made from the issued file, which
carries no signature; what somebody signed is never opened for writing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from forms.definition import FieldKind
from forms.geometry import MM_PER_PT
from foundation.errors import Problem, UnreadableError
from generator.output.acroform import FillableField, takes_several_lines
from generator.output.typesetting import SetLines, capacity, set_lines, typing_face
from generator.output.typing_fonts import TypingFont, copied_fonts

#: More than any field of a form takes; what is longer is not even measured.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text for one field, as it will be drawn."""

    field: str
    value: str
    drawn: SetLines


def typeset(field: FillableField, value: str) -> TypedText | Problem:
    """A value as it fits into its field, or why it cannot be typed there, said of that field."""
    font = TypingFont.DATE if field.definition.kind is FieldKind.DATE else TypingFont.TEXT
    face = typing_face(font)
    name = field.area.id
    several = takes_several_lines(field)
    width, height = field.area.box.width / MM_PER_PT, field.area.box.height / MM_PER_PT
    room = capacity(width, height, several=several)
    if len(value) > LONGEST:
        return _problem(field, f"有 {len(value)} 个字，太长了", f"这里大约写得下 {room} 个字")
    if lacking := face.lacking(value):
        return _problem(field, f"“{lacking[:10]}”打印不出来", "换一个字或写法；确实要用的，打印后用笔写")
    drawn = set_lines(face, value, width, height, several=several)
    if drawn is None:
        return _problem(field, "太长，格子里写不下", f"这里大约写得下 {room} 个字；打印后用笔写也可以")
    return TypedText(name, value, drawn)


def fill_form(issued: Path, texts: Iterable[TypedText], ticks: Mapping[str, bool]) -> bytes:
    """The issued PDF with these texts typed and these boxes ticked.

    :raises UnreadableError: it is gone, damaged, or has no such field.
    """
    typed = {text.field: text for text in texts}
    try:
        with pikepdf.open(issued) as pdf:
            fonts = _fonts(pdf, typed.values())
            left = {*typed, *ticks}
            for name, field in _fields(pdf):
                if name in typed:
                    _type(pdf, field, typed[name], fonts)
                elif name in ticks:
                    _tick(field, ticked=ticks[name])
                left.discard(name)
            if left:
                raise UnreadableError(Problem(str(issued), f"没有填写处 {'、'.join(sorted(left))}"))
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()
    except (pikepdf.PdfError, OSError) as error:
        raise UnreadableError(Problem(str(issued), f"出具的 PDF 读不出来：{error}")) from error


def _fonts(pdf: pikepdf.Pdf, texts: Iterable[TypedText]) -> Dictionary:
    """The fonts that texts are drawn with: the form's own, copied in where a form of an older program has none."""
    wanted = {text.drawn.face.name for text in texts}
    try:
        own = pdf.Root.AcroForm.DR.Font
        return Dictionary({name: own[name] for name in sorted(wanted)})
    except (AttributeError, KeyError):
        return copied_fonts(pdf, wanted)


def _problem(field: FillableField, problem: str, advice: str) -> Problem:
    return Problem(field.definition.label, problem, field=field.area.id, advice=advice)


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Every field with a type, by its full name."""
    if "/AcroForm" not in pdf.Root:
        return
    waiting = [("", field) for field in pdf.Root.AcroForm.Fields]
    while waiting:
        path, node = waiting.pop()
        name = f"{path}.{node.T}" if path else str(node.T)
        if "/FT" in node:
            yield name, node
        else:
            waiting += [(name, kid) for kid in node.Kids]


def _places(field: pikepdf.Object) -> list[pikepdf.Object]:
    """Where a field stands on pages: itself, or its kids where it stands in several places."""
    return list(field.Kids) if "/Kids" in field else [field]


def _type(pdf: pikepdf.Pdf, field: pikepdf.Object, text: TypedText, fonts: Dictionary) -> None:
    field.V = String(text.value)
    for place in _places(field):
        left, bottom, right, top = (float(side) for side in place.Rect)
        width, height = right - left, top - bottom
        # A date covers the 年 月 日 that the page prints for a pen.
        paper = f"1 g 0 0 {width:.2f} {height:.2f} re f " if "/MK" in place else ""
        content = f"/Tx BMC q {paper}{text.drawn.content()} Q EMC"
        stream = pdf.make_stream(content.encode("ascii"))
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = Array([0, 0, width, height])
        stream.Resources = Dictionary(Font=fonts)
        place.AP = Dictionary(N=stream)


def _tick(field: pikepdf.Object, *, ticked: bool) -> None:
    state = Name.Yes if ticked else Name.Off
    field.V = state
    for place in _places(field):
        place.AS = state
