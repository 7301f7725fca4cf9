"""Version 1: what was issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """The first tables of all."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "issue",
        sa.Column("number", sa.String(8), primary_key=True),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("form_id", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("blank", sa.JSON, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("docx", sa.String, nullable=False),
        sa.Column("pdf", sa.String),
        sa.Column("docx_sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("published_at", sa.DateTime),
        sa.Column("superseded_by", sa.String(8)),
        sa.Column("superseded_at", sa.DateTime),
        sa.Index("issue_of_case", "case_id", "form_id"),
    )
    op.create_table(
        "page",
        sa.Column("issue", sa.String(8), sa.ForeignKey("issue.number"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("width_mm", sa.Float, nullable=False),
        sa.Column("height_mm", sa.Float, nullable=False),
    )
