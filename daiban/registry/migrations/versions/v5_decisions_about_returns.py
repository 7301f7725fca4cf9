"""Version 5: decisions about what came back, and pages that were in no document.

Until then nobody could decide about a return: what counts of the newest generation of every issue is the machine's
verdict. Pages in no document were only named in a run's reports, and are not known to the registry.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Columns, indices and a table are added; the newest generation of every issue stands as it was judged."""
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("generation", sa.Integer))
        batch.add_column(sa.Column("finding", sa.Integer))
        batch.add_column(sa.Column("digest", sa.String(64)))
        batch.add_column(sa.Column("file", sa.String))
        batch.add_column(sa.Column("file_sha256", sa.String(64)))
        batch.add_column(sa.Column("needed", sa.Integer, nullable=False, server_default="1"))
        batch.add_column(sa.Column("about", sa.Integer))
    op.create_index("decision_about", "decision", ["subject", "number"])
    with op.batch_alter_table("returned") as batch:
        batch.add_column(sa.Column("standing", sa.String(20)))
        batch.add_column(sa.Column("queue", sa.String(20)))
        batch.add_column(sa.Column("decided", sa.Integer))
    op.create_index("issue_standing", "issue", ["number", "superseded_by", "withdrawn_at"])
    op.create_index("returned_in_queue", "returned", ["queue", "recorded_at", "issue"])
    op.create_table(
        "unplaced_page",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("source_page", sa.Integer, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("batch", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("file", sa.String),
        sa.Column("file_sha256", sa.String(64)),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("issue", sa.String(8)),
        sa.Column("page", sa.Integer),
        sa.Column("taken_from", sa.String(8)),
        sa.Column("taken_page", sa.Integer),
        sa.Column("dismissed_at", sa.DateTime),
    )
    op.create_index("unplaced_by_content", "unplaced_page", ["source_sha256", "source_page"], unique=True)
    op.create_index("unplaced_open", "unplaced_page", ["issue", "dismissed_at", "number"])
    _state_newest()


def _state_newest() -> None:
    returned = sa.table(
        "returned",
        sa.column("issue", sa.String),
        sa.column("generation", sa.Integer),
        sa.column("verdict", sa.String),
        sa.column("standing", sa.String),
        sa.column("queue", sa.String),
    )
    other = returned.alias()
    newest = sa.select(sa.func.max(other.c.generation)).where(other.c.issue == returned.c.issue)
    is_newest = returned.c.generation == newest.scalar_subquery()
    queue = sa.case((returned.c.verdict == "review", "decide"), else_=returned.c.verdict)
    op.execute(returned.update().where(is_newest).values(standing=returned.c.verdict, queue=queue))
