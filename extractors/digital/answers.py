"""What a document that never was paper says, field by field: DOCX by its content controls, PDF by its form fields.

Both give the same shape: field id → text, ``True``/``False`` for a check box, ``None`` for a field left open. A blank
of spaces, and a date's 年 月 日 without a digit, are nothing written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pikepdf

from forms.template.controls import Control, read_controls
from foundation.errors import Problem, UnreadableError

FieldAnswer = str | bool | None

_UNWRITTEN = re.compile(r"[\s年月日]*")
_DEEPEST = 32  # a file whose fields are their own ancestors would never end


def read_docx(path: Path) -> Mapping[str, FieldAnswer]:
    """The answers of a DOCX. Raises UnreadableError if it is none."""
    return {control.tag: of_control(control) for control in read_controls(path) if control.tag}


def read_pdf(path: Path) -> Mapping[str, FieldAnswer]:
    """The answers of a PDF's form fields, by fully qualified name. Raises UnreadableError if it cannot be read."""
    try:
        with pikepdf.open(path) as pdf:
            form = pdf.Root.get("/AcroForm")
            return dict(_fields(form.Fields, "", 0)) if form is not None else {}
    except (OSError, pikepdf.PdfError) as error:
        raise UnreadableError(
            Problem(str(path), f"PDF 读不出来：{error}", advice="请重新导出或扫描")
        ) from error


def of_control(control: Control) -> FieldAnswer:
    """What one content control says."""
    if control.is_checkbox:
        return control.checked
    return None if _UNWRITTEN.fullmatch(control.text) else control.text


def answer_of(field: pikepdf.Object) -> FieldAnswer:
    """What one PDF form field says; its type and value may stand with an ancestor."""
    kind, value = _inherited(field, "/FT"), _inherited(field, "/V")
    if kind == pikepdf.Name.Btn:
        return value is not None and value != pikepdf.Name.Off
    if kind == pikepdf.Name.Sig:
        return value is not None or None
    return None if value is None or _UNWRITTEN.fullmatch(str(value)) else str(value)


def _inherited(field: pikepdf.Object, key: str) -> pikepdf.Object | None:
    node: pikepdf.Object | None = field
    for _ in range(_DEEPEST):
        if node is None or key in node:
            break
        node = node.get("/Parent")
    return None if node is None else node.get(key)


def _fields(siblings: pikepdf.Object, prefix: str, depth: int) -> list[tuple[str, FieldAnswer]]:
    found: list[tuple[str, FieldAnswer]] = []
    for field in list(siblings) if depth < _DEEPEST else ():
        name = f"{prefix}.{field.T}" if prefix else str(field.T)
        children = field.get("/Kids")
        if "/FT" not in field and children is not None:
            found.extend(_fields(children, name, depth + 1))
        else:
            found.append((name, answer_of(field)))
    return found
