"""How findings name things to people: 第1页“联系电话”."""

from __future__ import annotations

import datetime as dt
import re

from cases.values.dates import format_date
from forms.definition import FormDefinition

_INDEX = re.compile(r"\.([0-9]+)(?=\.|$)")


def labelled(form: FormDefinition, field_id: str) -> str:
    """What the form prints beside a field, in quotes; of a list also which entry: “时间”（第3项）."""
    definition = form.field(field_id)
    if definition is None:
        return f"“{field_id}”"
    if "*" not in definition.id:
        return f"“{definition.label}”"
    numbers = _INDEX.findall(field_id)
    return f"“{definition.label}”（第{int(numbers[-1]) + 1}项）"


def on_page(page: int | None, what: str) -> str:
    """``第1页“联系电话”``."""
    return f"第{page}页{what}" if page else what


def day(value: dt.date) -> str:
    """``2026年3月5日``."""
    return format_date(value)
