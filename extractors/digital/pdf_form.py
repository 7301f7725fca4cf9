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
from pypdf.generic import DictionaryObject

from extractors.digital.answers import FieldAnswer, is_unwritten
from foundation.errors import Problem, UnreadableError

# What pypdf repairs in a file is nothing that a person at the terminal can act on.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_DEEPEST = 32  # a file whose fields are their own ancestors would never end


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a PDF's form says on one page. ``answers``: full field name → answer, of the fields drawn on it;
    ``media_box``: left, bottom, right, top of the sheet in its own points, before it is cropped or turned.
    """

    answers: Mapping[str, FieldAnswer]
    media_box: tuple[float, float, float, float]


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
        found = {number: _page(reader.pages[number - 1]) for number in pages}
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
    return {name: str(value) for name, kind, value in values if kind != "/Sig" and value is not None}


@contextmanager
def _reader(path: Path) -> Iterator[PdfReader]:
    try:
        with path.open("rb") as stream:
            yield PdfReader(stream, strict=False)
    except Exception as error:
        problem = Problem(str(path), f"PDF 读不出来：{error}", advice="请重新导出或扫描")
        raise UnreadableError(problem) from error


def _page(page: PageObject) -> FormPage:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return FormPage(dict(_drawn(page)), (left, bottom, right, top))


def _drawn(page: PageObject) -> Iterator[tuple[str, FieldAnswer]]:
    """The fields drawn on a page."""
    for reference in page.annotations or ():
        annotation = reference.get_object()
        if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/Widget":
            yield _full_name(annotation), _answer(annotation)


def _answers(reader: PdfReader) -> Iterator[tuple[str, FieldAnswer]]:
    return ((name, _answer(field)) for name, field in _fields(reader))


def _fields(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Every field of the form's own list that has a type, by full name; what has none only groups others."""
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
    return None if value is None or is_unwritten(str(value)) else str(value)


def _inherited(field: DictionaryObject, key: str) -> Any:
    return next((node[key] for node in _ancestry(field) if key in node), None)


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
