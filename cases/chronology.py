"""Dates of a case that lie before the day the case began (起算日): no document or meeting of a case can be that old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from cases.model.case import Case
from cases.values.dates import format_date
from cases.values.paths import Loc

#: The groups of a case whose dates all come after its beginning.
_GROUPS = ("progress", "handover", "review", "joint_meeting", "supervision")


def dates_before_start(case: Case) -> Iterator[tuple[Loc, str]]:
    """Every date that lies before the case began: its place in the tree, and what is wrong, in Chinese."""
    began = case.progress.began
    if began is None:
        return
    for group in _GROUPS:
        for loc, title, day in _dates(getattr(case, group), (group,)):
            if day < began:
                yield loc, f"{title}（{format_date(day)}）早于起算日（{format_date(began)}）"


def _dates(value: Any, loc: Loc) -> Iterator[tuple[Loc, str, dt.date]]:
    """Each date of a value with its place and title."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _dates(item, (*loc, index))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            found = getattr(value, name)
            if isinstance(found, dt.date):
                yield (*loc, name), field.title or name, found
            else:
                yield from _dates(found, (*loc, name))
