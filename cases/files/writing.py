"""A case as the text of a case file: what it says, in the order of its fields, and nothing that it leaves open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml

from cases.model.case import Case

_WIDTH = 110


def case_text(case: Case, *, head: str = "") -> str:
    """YAML that reads as this very case. ``head``: lines of comment above it, without their marks."""
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment + yaml.safe_dump(_said(case.tree()), allow_unicode=True, sort_keys=False, width=_WIDTH)


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        members = {name: _said(item) for name, item in value.items()}
        return {name: item for name, item in members.items() if item not in (None, [], {})}
    if isinstance(value, list):
        return [_said(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
