"""Version 4: papers that exist per stage, issues that were withdrawn, and what people decided.

Until then an issue of the next stage's 委托书 superseded that of the stage before. Which stage an issue on record is
of, its printed stage says: of several the first of a 委托书, the last of a 办结单. One that prints none is of the
stage of the 委托书 that went out next to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"

_STAGES = ("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收")
_AUTHORISATIONS = ("jincheng-authorisation", "yangcheng-authorisation")
_COMPLETION = "jincheng-completion"
#: Forms that exist per stage.
_PER_STAGE = (*_AUTHORISATIONS, _COMPLETION, "jincheng-assessment", "jincheng-assessment-reference")


def upgrade() -> None:
    """Columns and a table are added, and issues of forms that exist per stage are given theirs."""
    with op.batch_alter_table("issue") as batch:
        batch.add_column(sa.Column("stage", sa.String(100)))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime))
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("decided_by", sa.String(100), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
    )
    op.create_index("decision_of_case", "decision", ["case_id"])
    _fill_stages()


def _fill_stages() -> None:
    issue = sa.table(
        "issue",
        sa.column("number", sa.String),
        sa.column("case_id", sa.String),
        sa.column("form_id", sa.String),
        sa.column("values", sa.JSON),
        sa.column("created_at", sa.DateTime),
        sa.column("stage", sa.String),
    )
    columns = (issue.c.number, issue.c.case_id, issue.c.form_id, issue.c["values"], issue.c.created_at)
    query = sa.select(*columns).where(issue.c.form_id.in_(_PER_STAGE)).order_by(issue.c.created_at)
    rows = op.get_bind().execute(query).all()
    printed = {row.number: _printed_stage(row) for row in rows}
    authorised: dict[str, list[tuple[datetime, str]]] = {}
    for row in rows:
        if row.form_id in _AUTHORISATIONS:
            authorised.setdefault(row.case_id, []).append((row.created_at, printed[row.number] or _STAGES[0]))
    for row in rows:
        stage = printed[row.number] or _nearest(authorised.get(row.case_id, ()), row)
        op.get_bind().execute(issue.update().where(issue.c.number == row.number).values(stage=stage))


def _printed_stage(row: Any) -> str | None:
    """The stage that an issue prints; None where it prints none of the four."""
    field = "handover.stage" if row.form_id == _COMPLETION else "authorisation.stage"
    printed = str((row._mapping["values"] or {}).get(field) or "")
    named = sorted((stage for stage in _STAGES if stage in printed), key=printed.index)
    if not named:
        return None
    return named[-1] if row.form_id == _COMPLETION else named[0]


def _nearest(authorised: Iterable[tuple[datetime, str]], row: Any) -> str:
    found: list[tuple[timedelta, str]] = [(abs(made - row.created_at), stage) for made, stage in authorised]
    if found:
        return min(found)[1]
    return _STAGES[-1] if row.form_id == _COMPLETION else _STAGES[0]
