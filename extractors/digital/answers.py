"""What a field of a document that never was paper says: DOCX by its content controls, PDF by its form fields.

Both give the same shape: field id → text, ``True``/``False`` for a check box, ``None`` for a field left open. A blank
of spaces, and a date's 年 月 日 without a digit, are nothing written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from forms.template.controls import Control, read_controls

FieldAnswer = str | bool | None

_UNWRITTEN = re.compile(r"[\s年月日]*")


def read_docx(path: Path) -> Mapping[str, FieldAnswer]:
    """The answers of a DOCX. Raises UnreadableError if it is none."""
    return {control.tag: of_control(control) for control in read_controls(path) if control.tag}


def of_control(control: Control) -> FieldAnswer:
    """What one content control says."""
    if control.is_checkbox:
        return control.checked
    return None if is_unwritten(control.text) else control.text


def is_unwritten(text: str) -> bool:
    """Whether a field's text is only what was printed there: spaces, and 年 月 日 without a digit."""
    return _UNWRITTEN.fullmatch(text) is not None
