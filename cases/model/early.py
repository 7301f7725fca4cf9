"""Dates before the case began: a document or meeting dated before it cannot be meant (起算日, ``progress.start``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from cases.model.case import Case
from cases.values.dates import format_date

#: The groups of a case whose dates all come after its beginning; those of ``progress`` are told by itself.
_GROUPS = ("handover", "review", "joint_meeting", "supervision")


def too_early(case: Case) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every date that lies before the case began: its place in the tree, and what is wrong, in Chinese."""
    for place, told in case.progress.too_early():
        yield ("progress", *place), told
    began = case.progress.began
    if began is None:
        return
    for group in _GROUPS:
        for loc, title, day in _days(getattr(case, group), (group,)):
            if day < began:
                yield loc, f"{title}（{format_date(day)}）早于起算日（{format_date(began)}）"


def _days(value: Any, loc: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, dt.date]]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _days(item, (*loc, index))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            found = getattr(value, name)
            if isinstance(found, dt.date):
                yield (*loc, name), field.title or name, found
            else:
                yield from _days(found, (*loc, name))
