"""Column types: how a value of the program lies in a column of the database, and comes back as the same value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator

Value = TypeVar("Value")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as naive UTC: the one form all databases store and sort alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC; a naive time is a bug, since nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the registry must be aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware time in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class StrangersText(TypeDecorator[str]):
    """Text that came in from outside, of any length. What no database keeps is kept as U+FFFD: NUL, which PostgreSQL
    refuses, and halves of surrogate pairs, which are no characters.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as every database takes it."""
        if value is None or (value.isprintable() and value.isascii()):
            return value
        return value.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


class TypedJson(TypeDecorator[Value]):
    """A JSON column that takes and gives values of one type. ``dump``: value → what JSON can hold; ``load``: back.

    None is kept as JSON's ``null``, and neither function sees it.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, dump: Callable[[Value], Any], load: Callable[[Any], Value]) -> None:
        super().__init__()
        self.dump = dump
        self.load = load

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> Any:
        """What JSON can hold."""
        return None if value is None else self.dump(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Value | None:
        """The value it was made from."""
        return None if value is None else self.load(value)
