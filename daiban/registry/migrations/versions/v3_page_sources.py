"""Version 3: what a returned page is stands in two columns, the hash of its file and the page in it.

Until then one column held both as text, ``<sha256>:<page>``, beside ``source_page``, which is the same page.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

_HASH_LENGTH = 64


def upgrade() -> None:
    """The column gets its new name, and the page is cut off what it holds."""
    op.alter_column("return_page", "content", new_column_name="source_sha256")
    hashes = sa.table("return_page", sa.column("source_sha256", sa.String))
    cut = sa.func.substr(hashes.c.source_sha256, 1, _HASH_LENGTH)
    op.execute(hashes.update().values(source_sha256=cut))
    with op.batch_alter_table("return_page") as batch:
        batch.alter_column(
            "source_sha256",
            existing_type=sa.String(80),
            type_=sa.String(_HASH_LENGTH),
            existing_nullable=False,
        )
