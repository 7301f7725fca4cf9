"""Runs of ``verify`` that have been reported, so that the same run again finds its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from daiban.registry.connecting import Connect
from daiban.registry.tables import batch


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBatch:
    """One run of ``verify`` that has been reported. ``digest``: over what went in and what came out; ``sources``:
    names of its inputs; ``reports``: paths of its reports, relative to the workspace.
    """

    name: str
    digest: str
    checked_at: datetime
    sources: tuple[str, ...]
    reports: tuple[str, ...]


class Batches:
    """The registry's part on runs of ``verify``; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect, writing: Connect) -> None:
        self._reading = reading
        self._writing = writing

    def latest(self, digest: str) -> VerifiedBatch | None:
        """The latest batch that put the same in and got the same out."""
        query = select(batch).where(batch.c.digest == digest).order_by(batch.c.checked_at.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        return VerifiedBatch(**row._mapping) if row is not None else None

    def record(self, done: VerifiedBatch) -> None:
        """Note that a batch has been checked and reported."""
        with self._writing() as connection:
            connection.execute(delete(batch).where(batch.c.name == done.name))
            connection.execute(
                insert(batch), [{column.name: getattr(done, column.name) for column in batch.c}]
            )
