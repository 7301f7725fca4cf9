"""Moving a registry from one database to another (迁移登记库), every row of it compared afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Connection, MetaData, Table, TypeDecorator, delete, func, insert, select

from daiban.registry.tables import meta, metadata
from foundation.errors import Problem, UnreadableError, UsageError

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class MovedTable:
    """``name``: of the table; ``rows``: how many it has, in both databases."""

    name: str
    rows: int


def copy_tables(source: Connection, target: Connection, place: str) -> tuple[MovedTable, ...]:
    """Copy every row of a registry into another whose tables have just been made, and compare them.

    Rows go as they lie in the database: nothing is read into values of the program and written anew.

    :raises UsageError: the other registry holds something already.
    :raises UnreadableError: what stands there afterwards is not the same, row by row.
    """
    tables = [_plain(table) for table in metadata.sorted_tables]
    for table in tables:
        if table.name != meta.name and target.scalar(select(func.count()).select_from(table)):
            problem = "那边的登记库里已经有记录，不能搬进去"
            raise UsageError(Problem(place, problem, advice="请另建一个空的数据库"))
    moved = []
    for table in tables:
        target.execute(delete(table))
        for rows in _rows(source, table):
            target.execute(insert(table), rows)
        _continue_numbers(target, table)
        here, there = _sum(source, table), _sum(target, table)
        if here != there:
            problem = f"搬过去的登记库与原来的对不上：{table.name}，原有 {here[0]} 行，那边 {there[0]} 行"
            raise UnreadableError(
                Problem(place, problem, advice="原来的登记库没有动，请另建一个空的数据库再试")
            )
        moved.append(MovedTable(table.name, here[0]))
    return tuple(moved)


def _plain(table: Table) -> Table:
    """The table with its columns as the database has them, without the program's own types."""
    columns = []
    for column in table.columns:
        kept = column.type
        plain = kept.impl_instance if isinstance(kept, TypeDecorator) else kept
        columns.append(Column(column.name, plain, primary_key=column.primary_key))
    return Table(table.name, MetaData(), *columns)


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    result = connection.execute(select(table), execution_options={"yield_per": _AT_ONCE})
    for part in result.partitions():
        yield [dict(row._mapping) for row in part]


def _sum(connection: Connection, table: Table) -> tuple[int, int]:
    """How many rows there are, and a sum of their digests: databases do not sort text alike."""
    count = total = 0
    for rows in _rows(connection, table):
        for row in rows:
            count += 1
            total += int.from_bytes(
                hashlib.sha256(repr(sorted(row.items())).encode("utf-8", "replace")).digest()
            )
    return count, total % (1 << 256)


def _continue_numbers(target: Connection, table: Table) -> None:
    """Let numbers that the database gives go on after those that came with the rows."""
    keys = list(table.primary_key.columns)
    if target.dialect.name == "postgresql" and len(keys) == 1 and keys[0].type.python_type is int:
        sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, keys[0].name)))
        last = target.scalar(select(func.max(keys[0])))
        if sequence and last:
            target.execute(select(func.setval(sequence, last)))
