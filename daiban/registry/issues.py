"""What was issued, as the registry gives and takes it, and as rows.

Times are aware UTC ``datetime``; boxes and paper sizes are mm from the page's top left; ``page`` counts from 1; hashes
are lower-case hex SHA-256; ``docx`` and ``pdf`` are paths relative to the workspace, with ``/``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true

from daiban.registry.tables import issue
from forms.definition import FieldValue
from forms.geometry import FieldArea

_A4_MM = (210.0, 297.0)


class PaperKey(NamedTuple):
    """One paper of a case, of which one issue stands at a time. ``stage``: of a form that exists per stage, the stage's
    Chinese name; of one that exists per period, the period (``2026年11月30日至2026年12月6日``); None for all others.
    """

    case_id: str
    form_id: str
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSummary:
    """One issue without its bulk: what deciding, listing and counting need (60,000 of them fit in memory).

    ``digest`` is the hash of form, template and values: equal digests mean nothing changed.
    ``blank`` are the ids of the fields left open. ``published_at`` is None until both files are in place. An issue is
    void (作废) when a newer one superseded it, or a person withdrew it.
    """

    number: str
    case_id: str
    form_id: str
    digest: str
    pages: int
    docx: str
    pdf: str | None
    docx_sha256: str
    pdf_sha256: str | None
    created_at: datetime
    blank: tuple[str, ...] = ()
    published_at: datetime | None = None
    superseded_by: str | None = None
    superseded_at: datetime | None = None
    stage: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def key(self) -> PaperKey:
        """The paper it is an issue of."""
        return PaperKey(self.case_id, self.form_id, self.stage)

    @property
    def is_void(self) -> bool:
        """Whether it does not stand any more."""
        return self.superseded_by is not None or self.withdrawn_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord(IssueSummary):
    """A whole issue. ``page_sizes`` holds ``(width_mm, height_mm)`` per page, in order."""

    values: Mapping[str, FieldValue]
    areas: tuple[FieldArea, ...] = ()
    page_sizes: tuple[tuple[float, float], ...] = ()

    def page_size(self, number: int) -> tuple[float, float]:
        """Of a page, from 1: width and height in mm; those of A4 where they are not on record."""
        return self.page_sizes[number - 1] if number <= len(self.page_sizes) else _A4_MM


@dataclass(frozen=True, slots=True)
class PrintedValues:
    """What the pages of one issue say of its case; nothing of where they say it."""

    number: str
    form_id: str
    pages: int
    values: Mapping[str, FieldValue]


_SUMMARY_COLUMNS = [issue.c[item.name] for item in fields(IssueSummary)]


def summaries() -> Select[Any]:
    """The query for all issues without their bulk, from old to new."""
    return select(*_SUMMARY_COLUMNS).order_by(issue.c.created_at, issue.c.number)


def stands() -> ColumnElement[bool]:
    """The condition that an issue is not void."""
    return and_(issue.c.superseded_by.is_(None), issue.c.withdrawn_at.is_(None))


def of_cases(case_ids: Collection[str] | None) -> ColumnElement[bool]:
    """The condition that an issue is of one of these cases; any issue, where None are named."""
    return true() if case_ids is None else issue.c.case_id.in_(tuple(case_ids))


def issue_marks() -> Select[Any]:
    """The query for what changes of a case's issues when one is recorded, published, made void or withdrawn."""
    times = (issue.c.created_at, issue.c.published_at, issue.c.superseded_at, issue.c.withdrawn_at)
    changing = [aggregate(column) for column in times for aggregate in (func.count, func.max)]
    return select(issue.c.case_id, *changing).group_by(issue.c.case_id)


def is_of(key: PaperKey) -> ColumnElement[bool]:
    """The condition that an issue is of this paper."""
    return and_(
        issue.c.case_id == key.case_id,
        issue.c.form_id == key.form_id,
        issue.c.stage.is_not_distinct_from(key.stage),
    )


def summary_of(row: Row[Any]) -> IssueSummary:
    """A row of :func:`summaries`."""
    return IssueSummary(**row._mapping)


def record_of(row: Row[Any], page_sizes: tuple[tuple[float, float], ...]) -> IssueRecord:
    """A whole row of the table, and the sizes of its pages."""
    return IssueRecord(**row._mapping, page_sizes=page_sizes)


def row_of(record: IssueRecord) -> dict[str, Any]:
    """The row of an issue."""
    return {column.name: getattr(record, column.name) for column in issue.c}


def page_rows_of(record: IssueRecord) -> list[dict[str, Any]]:
    """The rows of an issue's pages."""
    return [
        {"issue": record.number, "number": number, "width_mm": width, "height_mm": height}
        for number, (width, height) in enumerate(record.page_sizes, start=1)
    ]
