"""Open fields as PDF form fields (ISO 32000-1, 12.7), named by their ids.

A fully qualified name is built of partial names joined by dots, so ``authorisation.date`` is the child ``date`` of
``authorisation``. Fields begin with an appearance that draws nothing, so the page prints as the form; what is typed is
drawn by the viewer from the default appearance, whose font is embedded (:mod:`generator.output.typing_fonts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from forms.definition import FieldDefinition, FieldKind
from forms.geometry import MM_PER_PT, FieldArea
from generator.output.typing_fonts import TypingFont, copied_fonts

_REQUIRED = 1 << 1
_MULTILINE = 1 << 12
_PRINT = 4
_LINE_MM = 12.0  # areas higher than this take several lines of typing
#: An appearance that draws nothing; not an empty stream, which some programs take for a fault.
_DRAWS_NOTHING = b"/Tx BMC EMC"
_TYPED_PT = 12
_DATE_EXAMPLE = "2026年1月5日"
#: Entries of the field itself, written once; the others belong to each of its places on a page.
_OF_FIELD = frozenset({"/T", "/TU", "/FT", "/Ff", "/V", "/DA", "/Parent"})


@dataclass(frozen=True, slots=True)
class FillableField:
    """One field to be written into a PDF: its area and its definition."""

    area: FieldArea
    definition: FieldDefinition


def add_form(pdf: pikepdf.Pdf, fields: Iterable[FillableField]) -> None:
    """Write the open fields into a document whose pages are already in place."""
    writer = _AcroFormWriter(pdf)
    for field in fields:
        writer.add(field)
    writer.finish()


def takes_several_lines(field: FillableField) -> bool:
    """Whether a text may be broken into lines."""
    return field.definition.multiline or field.area.box.height > _LINE_MM


class _AcroFormWriter:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.top: list[pikepdf.Object] = []
        self.branches: dict[str, pikepdf.Object] = {}
        self.fields: dict[str, pikepdf.Object] = {}
        self.annotations: dict[int, list[pikepdf.Object]] = {}
        self.ticks: dict[tuple[float, float], Mapping[str, pikepdf.Object]] = {}
        self.empty: dict[tuple[float, float], pikepdf.Object] = {}
        self.fonts: set[TypingFont] = set()

    def add(self, field: FillableField) -> None:
        page = self.pdf.pages[field.area.page - 1]
        rect = field.area.box.to_pdf(float(page.mediabox[3]))
        parent_path, _, name = field.area.id.rpartition(".")
        widget = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            F=_PRINT,
            P=page.obj,
            Rect=Array([*rect]),
            T=String(name),
            TU=String(_hint(field.definition)),
            **self._kind(field),
        )
        parent = self._branch(parent_path)
        if parent is not None:
            widget.Parent = parent
        widget = self.pdf.make_indirect(widget)
        if field.area.id in self.fields:
            self._share(field.area.id, widget)
        else:
            self.fields[field.area.id] = widget
            (parent.Kids if parent is not None else self.top).append(widget)
        self.annotations.setdefault(field.area.page - 1, []).append(widget)

    def _share(self, field_id: str, widget: pikepdf.Object) -> None:
        """Add a second place of the same field: what is typed in one shows in both (12.7.3.2)."""
        field = self.fields[field_id]
        if "/Kids" not in field:
            first = self.pdf.make_indirect(Dictionary({key: field[key] for key in set(field.keys())}))
            for key in _OF_FIELD & set(first.keys()):
                del first[key]
            for key in set(field.keys()) - _OF_FIELD:
                del field[key]
            field.Kids = Array([first])
            self._swap(field, first)
        for key in _OF_FIELD & set(widget.keys()):
            del widget[key]
        widget.Parent = field
        field.Kids.append(widget)

    def _swap(self, field: pikepdf.Object, widget: pikepdf.Object) -> None:
        """Put the widget in the place of the field it was merged with, on its page."""
        widget.Parent = field
        for widgets in self.annotations.values():
            for index, one in enumerate(widgets):
                if one.objgen == field.objgen:
                    widgets[index] = widget

    def finish(self) -> None:
        for page_index, widgets in self.annotations.items():
            page = self.pdf.pages[page_index].obj
            page.Annots = self.pdf.make_indirect(Array(_in_reading_order(widgets)))
            page.Tabs = Name.R
        if self.top:
            form = Dictionary(Fields=Array(self.top))
            if self.fonts:
                form.DA = String(_typed_in(min(self.fonts), _TYPED_PT))
                form.DR = Dictionary(Font=copied_fonts(self.pdf, self.fonts))
            self.pdf.Root.AcroForm = self.pdf.make_indirect(form)

    def _branch(self, path: str) -> pikepdf.Object | None:
        if not path:
            return None
        if path not in self.branches:
            parent_path, _, name = path.rpartition(".")
            parent = self._branch(parent_path)
            node = Dictionary(T=String(name), Kids=Array())
            if parent is not None:
                node.Parent = parent
            self.branches[path] = self.pdf.make_indirect(node)
            (parent.Kids if parent is not None else self.top).append(self.branches[path])
        return self.branches[path]

    def _kind(self, field: FillableField) -> dict[str, Any]:
        kind = field.definition.kind
        if kind is FieldKind.SIGNATURE:
            return {"FT": Name.Sig, "Ff": _required(field), "AP": self._blank_appearance(field)}
        if kind is FieldKind.CHECKBOX:
            return self._checkbox(field)
        several_lines = takes_several_lines(field)
        size = _TYPED_PT if several_lines else 0  # 0: the viewer fits the size to a single line
        font = TypingFont.DATE if kind is FieldKind.DATE else TypingFont.TEXT
        self.fonts.add(font)
        text: dict[str, Any] = {
            "FT": Name.Tx,
            "Ff": _required(field) | (_MULTILINE if several_lines else 0),
            "DA": String(_typed_in(font, size)),
            # Its own: programs that draw what was typed into the stream that is there would show it in every field.
            "AP": Dictionary(N=_form(self.pdf, *_size_pt(field), _DRAWS_NOTHING)),
        }
        if kind is FieldKind.DATE:
            # The page prints 年 月 日 there for a pen; what is typed must cover it, not run through it.
            text["MK"] = Dictionary(BG=Array([1, 1, 1]))
        return text

    def _blank_appearance(self, field: FillableField) -> Dictionary:
        return Dictionary(N=self._nothing(*_size_pt(field)))

    def _checkbox(self, field: FillableField) -> dict[str, Any]:
        width, height = _size_pt(field)
        if (width, height) not in self.ticks:
            yes = _form(self.pdf, width, height, _tick(width, height))
            self.ticks[width, height] = {"/Yes": yes, "/Off": self._nothing(width, height)}
        return {
            "FT": Name.Btn,
            "Ff": _required(field),
            "V": Name.Off,
            "AS": Name.Off,
            "AP": Dictionary(N=Dictionary(self.ticks[width, height])),
            "MK": Dictionary(CA=String("4")),
        }

    def _nothing(self, width: float, height: float) -> pikepdf.Object:
        """An appearance that draws nothing, for fields that nobody types into."""
        if (width, height) not in self.empty:
            self.empty[width, height] = _form(self.pdf, width, height, _DRAWS_NOTHING)
        return self.empty[width, height]


def _size_pt(field: FillableField) -> tuple[float, float]:
    """Width and height of an area in points, coarse enough that like boxes share their appearances."""
    return round(field.area.box.width / MM_PER_PT, 1), round(field.area.box.height / MM_PER_PT, 1)


def _required(field: FillableField) -> int:
    """The flag by which viewers ask for what must be there on return."""
    return _REQUIRED if field.definition.required == "return" else 0


def _hint(definition: FieldDefinition) -> str:
    """What a viewer says of a field that is pointed at."""
    if definition.kind is FieldKind.DATE:
        return f"{definition.label}（写全年、月、日，如 {_DATE_EXAMPLE}）"
    return definition.label


def _typed_in(font: TypingFont, size_pt: int) -> str:
    return f"{font} {size_pt} Tf 0 g"


def _in_reading_order(widgets: Iterable[pikepdf.Object]) -> list[pikepdf.Object]:
    """Line by line from the top, each from the left: what begins above a line's middle stands in that line."""
    lines: list[list[pikepdf.Object]] = []
    middle = 0.0
    for widget in sorted(widgets, key=lambda widget: -float(widget.Rect[3])):
        bottom, top = float(widget.Rect[1]), float(widget.Rect[3])
        if not lines or top <= middle:
            lines.append([])
            middle = (bottom + top) / 2
        lines[-1].append(widget)
    return [widget for line in lines for widget in sorted(line, key=lambda widget: float(widget.Rect[0]))]


def _form(pdf: pikepdf.Pdf, width: float, height: float, content: bytes) -> pikepdf.Object:
    stream = pdf.make_stream(content)
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, width, height])
    stream.Resources = Dictionary()
    return stream


def _tick(width: float, height: float) -> bytes:
    """√ as strokes, inside the box."""
    side = min(width, height)
    left, low = (width - side) / 2, (height - side) / 2
    points = [(left + side * x, low + side * y) for x, y in ((0.22, 0.5), (0.42, 0.25), (0.8, 0.78))]
    path = " ".join(f"{x:.2f} {y:.2f} {operator}" for (x, y), operator in zip(points, "mll", strict=True))
    return f"q 0 G {max(0.9, side * 0.09):.2f} w 1 J 1 j {path} S Q".encode("ascii")
