"""Version 6: periodical papers exist per period; until then a new week's 周调度记录 superseded last week's.

Which period an issue on record is of, it prints itself; of those that print none, the month in which it was made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"

#: Forms that exist per period, and the fields that say which.
_PRINTED = {
    "anshan-weekly-dispatch": ("listing.start", "listing.end"),
    "anshan-half-month-report": ("portfolio.start", "portfolio.end"),
    "anshan-progress-circular": ("circular.date",),
    "jinkai-weekly-summary": ("listing.start", "listing.end"),
    "jinkai-annual-projects": ("listing.year",),
    "jinkai-previous-year": ("listing.last_year",),
    "yangcheng-land-plan": ("listing.next_year",),
    "yangcheng-supervision-notice": ("supervision.date",),
    "yangcheng-meeting-minutes": ("joint_meeting.date",),
    "yangcheng-issue-list": ("joint_meeting.date",),
}
_MONTHLY = ("jiaocheng-progress-report", "jiaocheng-progress-statistics")


def upgrade() -> None:
    """Issues of forms that exist per period are given theirs."""
    issue = sa.table(
        "issue",
        sa.column("number", sa.String),
        sa.column("form_id", sa.String),
        sa.column("values", sa.JSON),
        sa.column("created_at", sa.DateTime),
        sa.column("stage", sa.String),
    )
    columns = (issue.c.number, issue.c.form_id, issue.c["values"], issue.c.created_at)
    query = sa.select(*columns).where(issue.c.form_id.in_((*_PRINTED, *_MONTHLY)), issue.c.stage.is_(None))
    for row in op.get_bind().execute(query).all():
        values = row._mapping["values"] or {}
        said = [str(values[field]) for field in _PRINTED.get(row.form_id, ()) if values.get(field)]
        month = f"{row.created_at.year}年{row.created_at.month}月"
        period = month if row.form_id in _MONTHLY else "至".join(said)[:40]
        if period:
            op.get_bind().execute(issue.update().where(issue.c.number == row.number).values(stage=period))
