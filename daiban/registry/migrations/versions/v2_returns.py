"""Version 2: what came back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Tables are added; nothing on record changes."""
    op.create_table(
        "returned",
        *_key(),
        sa.Column("batch", sa.String(60), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("digital", sa.JSON, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("filed_at", sa.DateTime),
    )
    op.create_table(
        "return_page",
        *_key("number"),
        sa.Column("content", sa.String(80), nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("source_page", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        _of_return(),
    )
    op.create_table(
        "observation",
        *_key("place"),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        _of_return(),
    )
    op.create_table(
        "finding",
        *_key("place"),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("field", sa.String(200)),
        sa.Column("page", sa.Integer),
        sa.Column("weight", sa.String(20), nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("box", sa.JSON),
        _of_return(),
    )
    op.create_table(
        "batch",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("reports", sa.JSON, nullable=False),
        sa.Index("batch_of_inputs", "digest"),
    )


def _key(*more: str) -> list[sa.Column[Any]]:
    whose: list[sa.Column[Any]] = [
        sa.Column("issue", sa.String(8), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
    ]
    return [*whose, *(sa.Column(name, sa.Integer, primary_key=True) for name in more)]


def _of_return() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["issue", "generation"], ["returned.issue", "returned.generation"])
