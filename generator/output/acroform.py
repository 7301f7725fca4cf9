"""Open fields as PDF form fields (ISO 32000-1, 12.7), named by their ids.

A fully qualified name is built of partial names joined by dots, so ``authorisation.date`` is the child ``date`` of
``authorisation``. Text fields begin with an empty appearance, so the page prints as the form; what is typed is
drawn by the viewer from the default appearance, whose font every viewer can draw Chinese with (STSong-Light of the
Adobe-GB1 collection).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from forms.definition import FieldDefinition, FieldKind
from forms.geometry import MM_PER_PT, FieldArea

_FONT = "/SongGB"
_MULTILINE = 1 << 12
_PRINT = 4
_LINE_MM = 12.0  # areas higher than this take several lines of typing
_TYPED_PT = 12
#: Entries of the field itself, written once; the others belong to each of its places on a page.
_OF_FIELD = frozenset({"/T", "/TU", "/FT", "/Ff", "/V", "/DA", "/Parent"})


def _identity_map() -> bytes:
    """A ToUnicode map from each UTF-16 code to itself.

    True of the encoding already; but libraries that fill forms (pypdf) believe a Type 0 font can write only what such a
    map lists, and write garbage otherwise.
    """
    rows = [row for row in range(256) if not 0xD8 <= row <= 0xDF]  # surrogates stand for nothing alone
    ranges = [f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in rows]
    blocks = [ranges[start : start + 100] for start in range(0, len(ranges), 100)]
    listed = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Identity-UTF16 def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{listed}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


_IDENTITY_MAP = _identity_map()


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


class _AcroFormWriter:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.top: list[pikepdf.Object] = []
        self.branches: dict[str, pikepdf.Object] = {}
        self.fields: dict[str, pikepdf.Object] = {}
        self.annotations: dict[int, list[pikepdf.Object]] = {}
        self.ticks: dict[tuple[float, float], Mapping[str, pikepdf.Object]] = {}
        self.empty: dict[tuple[float, float], pikepdf.Object] = {}

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
            TU=String(field.definition.label),
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
            self.pdf.pages[page_index].obj.Annots = self.pdf.make_indirect(Array(widgets))
        if self.top:
            self.pdf.Root.AcroForm = self.pdf.make_indirect(
                Dictionary(
                    Fields=Array(self.top),
                    DA=String(f"{_FONT} {_TYPED_PT} Tf 0 g"),
                    DR=Dictionary(Font=Dictionary({_FONT: self._song(), "/Helv": self._helvetica()})),
                )
            )

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
            return {"FT": Name.Sig}
        if kind is FieldKind.CHECKBOX:
            return self._checkbox(field)
        height = field.area.box.height
        several_lines = field.definition.multiline or height > _LINE_MM
        size = _TYPED_PT if several_lines else 0  # 0: the viewer fits the size to a single line
        text: dict[str, Any] = {
            "FT": Name.Tx,
            "Ff": _MULTILINE if several_lines else 0,
            "DA": String(f"{_FONT} {size} Tf 0 g"),
            "AP": Dictionary(N=self._nothing(*_size_pt(field))),
        }
        if kind is FieldKind.DATE:
            # The page prints 年 月 日 there for a pen; what is typed must cover it, not run through it.
            text["MK"] = Dictionary(BG=Array([1, 1, 1]))
        return text

    def _checkbox(self, field: FillableField) -> dict[str, Any]:
        width, height = _size_pt(field)
        if (width, height) not in self.ticks:
            yes = _form(self.pdf, width, height, _tick(width, height))
            self.ticks[width, height] = {"/Yes": yes, "/Off": self._nothing(width, height)}
        return {
            "FT": Name.Btn,
            "V": Name.Off,
            "AS": Name.Off,
            "AP": Dictionary(N=Dictionary(self.ticks[width, height])),
            "MK": Dictionary(CA=String("4")),
        }

    def _nothing(self, width: float, height: float) -> pikepdf.Object:
        if (width, height) not in self.empty:
            self.empty[width, height] = _form(self.pdf, width, height, b"")
        return self.empty[width, height]

    def _song(self) -> pikepdf.Object:
        """STSong-Light of the Adobe-GB1 collection: in every viewer's Chinese support, never embedded."""
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/STSong-Light"),
            Flags=6,
            FontBBox=Array([-25, -254, 1000, 880]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=880,
            StemV=93,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0,
            BaseFont=Name("/STSong-Light"),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4),
            FontDescriptor=self.pdf.make_indirect(descriptor),
            DW=1000,
            W=Array(
                [
                    1,
                    Array([207, 270, 342, 467, 462, 797, 710, 239, 374, 374, 423, 605, 238, 375, 238, 334]),
                    17,
                    26,
                    462,
                ]
            ),
        )
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/STSong-Light-UniGB-UTF16-H"),
                Encoding=Name("/UniGB-UTF16-H"),
                DescendantFonts=Array([self.pdf.make_indirect(descendant)]),
                ToUnicode=self.pdf.make_stream(_IDENTITY_MAP),
            )
        )

    def _helvetica(self) -> pikepdf.Object:
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
            )
        )


def _size_pt(field: FillableField) -> tuple[float, float]:
    """Width and height of an area in points, coarse enough that like boxes share their appearances."""
    return round(field.area.box.width / MM_PER_PT, 1), round(field.area.box.height / MM_PER_PT, 1)


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
