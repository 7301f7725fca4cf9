"""Form fields, page frames and attachments of a PDF: the one place of reading back that knows pypdf.

pypdf bounds its own walks (cycles, depth, number of entries); what hostile objects make it raise cannot be listed, so
whatever it raises says that the file cannot be taken apart. It is loaded only for files that are no scans.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, PdfObject, StreamObject

from extractors.digital.answers import FieldAnswer, is_unwritten
from extractors.digital.as_stored import WRITES
from foundation.errors import Problem, UnreadableError

# What pypdf repairs in a file is nothing that a person at the terminal can act on.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

Rectangle = tuple[float, float, float, float]
_DEEPEST = 32  # a file whose fields are their own ancestors would never end


@dataclass(frozen=True, slots=True)
class FormWidget:
    """A form field as it is drawn on a page. ``answer``: what the field says; ``is_drawn``: it has an
    appearance, or asks viewers for one; ``has_text``: its appearance has text;
    ``is_ticked``: a check box's appearance is that of a ticked one; ``is_plain``: its value is of the type that
    belongs to it; ``rect``: left, bottom, right, top in points, None where it has no place.
    """

    name: str
    is_signature: bool
    answer: FieldAnswer
    is_drawn: bool
    has_text: bool
    is_ticked: bool
    is_plain: bool
    rect: Rectangle | None


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a PDF's form says on one page. ``widgets``: its form fields, as they are drawn on it, by full name;
    ``media_box``: left, bottom, right, top of the sheet in its own points, before it is cropped or turned;
    ``is_layered``: form fields or annotations belong to a layer, which some programs show and others do not.
    """

    widgets: Mapping[str, tuple[FormWidget, ...]]
    media_box: tuple[float, float, float, float]
    is_layered: bool


@dataclass(frozen=True, slots=True)
class PdfForm:
    """The pages asked for, by number (from 1), and the names of the files that are attached to the PDF."""

    pages: Mapping[int, FormPage]
    attachments: tuple[str, ...]


def read_pdf_form(path: Path, pages: Iterable[int]) -> PdfForm:
    """What a PDF's form says, page by page.

    By the fields drawn on each page and not by the form's own list of names: where two documents were put into one
    file their fields have the same names.

    :raises UnreadableError: it cannot be taken apart.
    """
    with _reader(path) as reader:
        is_asked = _asks_to_be_drawn(reader)
        found = {number: _page(reader.pages[number - 1], is_asked) for number in pages}
        return PdfForm(found, tuple(dict.fromkeys(reader.attachments)))


def read_pdf(path: Path) -> Mapping[str, FieldAnswer]:
    """The answers of a PDF's form fields, by full name.

    :raises UnreadableError: it cannot be taken apart.
    """
    with _reader(path) as reader:
        return dict(_answers(reader))


def written_values(content: bytes) -> Mapping[str, str]:
    """Full name → value as text, of every field with one but signatures, of a PDF or of an earlier revision of it: the
    bytes up to that revision's end.

    Raises whatever pypdf does for what is no PDF.
    """
    reader = PdfReader(BytesIO(content), strict=False)
    values = ((name, _inherited(field, "/FT"), _inherited(field, "/V")) for name, field in _fields(reader))
    return {name: _text(value) for name, kind, value in values if kind != "/Sig" and value is not None}


@contextmanager
def _reader(path: Path) -> Iterator[PdfReader]:
    try:
        with path.open("rb") as stream:
            yield PdfReader(stream, strict=False)
    except Exception as error:
        problem = Problem(str(path), "PDF 读不出来，可能已损坏", advice="请重新导出或扫描")
        raise UnreadableError(problem) from error


def _asks_to_be_drawn(reader: PdfReader) -> bool:
    """Whether viewers are to draw the form's fields anew."""
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    return isinstance(form, DictionaryObject) and form.get("/NeedAppearances") == BooleanObject(True)


def _page(page: PageObject, is_asked: bool) -> FormPage:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    widgets: dict[str, tuple[FormWidget, ...]] = {}
    for widget in _drawn(page, is_asked):
        widgets[widget.name] = (*widgets.get(widget.name, ()), widget)
    return FormPage(widgets, (left, bottom, right, top), any("/OC" in one for one in _annotations(page)))


def _drawn(page: PageObject, is_asked: bool) -> Iterator[FormWidget]:
    """The fields drawn on a page; what has no name is nobody's field."""
    for annotation in _annotations(page):
        if annotation.get("/Subtype") != "/Widget":
            continue
        name, rect = _full_name(annotation), _rect(annotation)
        if name:
            yield _widget(annotation, name, rect, is_asked)


def _annotations(page: PageObject) -> Iterator[DictionaryObject]:
    found = (reference.get_object() for reference in page.annotations or ())
    return (one for one in found if isinstance(one, DictionaryObject))


def _widget(field: DictionaryObject, name: str, rect: Rectangle | None, is_asked: bool) -> FormWidget:
    kind, value = _inherited(field, "/FT"), _inherited(field, "/V")
    return FormWidget(
        name=name,
        is_signature=kind == "/Sig",
        answer=_answer(field),
        is_drawn=is_asked or "/AP" in field,
        has_text=_has_text(field),
        is_ticked=kind == "/Btn" and field.get("/AS", "/Off") != "/Off",
        is_plain=kind != "/Btn" or value is None or isinstance(value, NameObject),
        rect=rect,
    )


def _rect(annotation: DictionaryObject) -> Rectangle | None:
    sides = annotation.get("/Rect", None)
    sides = sides.get_object() if sides is not None else None
    if not isinstance(sides, ArrayObject) or len(sides) != 4:
        return None
    x0, y0, x1, y1 = (float(side.get_object()) for side in sides)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _has_text(field: DictionaryObject) -> bool:
    """Whether the appearance that is drawn writes anything."""
    appearances = field.get("/AP")
    drawn = appearances.get_object().get("/N") if appearances is not None else None
    drawn = drawn.get_object() if drawn is not None else None
    if not isinstance(drawn, StreamObject):
        return False
    return WRITES.search(drawn.get_data()) is not None


def _answers(reader: PdfReader) -> Iterator[tuple[str, FieldAnswer]]:
    return ((name, _answer(field)) for name, field in _fields(reader))


def _fields(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Every field of the form's own list that has a type, by full name; what has none only groups others."""
    form = reader.root_object.get("/AcroForm")
    if form is None or "/Fields" not in form.get_object():
        return  # a form without a list: its fields are found on the pages
    for name, field in (reader.get_fields() or {}).items():
        node = field.indirect_reference.get_object() if field.indirect_reference else field
        if _inherited(node, "/FT") is not None:
            yield name, node


def _answer(field: DictionaryObject) -> FieldAnswer:
    """What one field says; its type and value may stand with an ancestor."""
    kind, value = _inherited(field, "/FT"), _inherited(field, "/V")
    if kind == "/Btn":
        return value is not None and value != "/Off"
    if kind == "/Sig":
        return value is not None or None
    text = _text(value)
    return None if is_unwritten(text) else text


def _text(value: Any) -> str:
    """A value as text; long ones may be held in a stream."""
    if isinstance(value, StreamObject):
        data = value.get_data()
        for encoding in (
            ("utf-16", "utf-8", "gb18030") if data[:2] in (b"\xfe\xff", b"\xff\xfe") else ("utf-8", "gb18030")
        ):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
        return data.decode("latin-1")
    return "" if value is None else str(value)


def _inherited(field: DictionaryObject, key: str) -> Any:
    found = next((node[key] for node in _ancestry(field) if key in node), None)
    return found.get_object() if isinstance(found, PdfObject) else found


def _full_name(field: DictionaryObject) -> str:
    """Partial names from the root, joined by dots."""
    names = [str(node["/T"]) for node in _ancestry(field) if "/T" in node]
    return ".".join(reversed(names))


def _ancestry(field: DictionaryObject) -> Iterator[DictionaryObject]:
    """A field and its ancestors, nearest first."""
    node: Any = field
    for _ in range(_DEEPEST):
        if not isinstance(node, DictionaryObject):
            return
        yield node
        node = node.get("/Parent", None)
        node = node.get_object() if node is not None else None
