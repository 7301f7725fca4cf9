"""The rows that a case has on each sheet: the reverse of reading them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cases.model.case import Case
from cases.roster.layout.definition import CASE_ID, VALUE, CellValue, RosterLayout, RosterSheet
from foundation.field_tree import FieldTree

RowValues = dict[str, CellValue]
"""A row by field; absent and None are blank."""


def rows_of(sheet: RosterSheet, tree: FieldTree) -> Iterator[RowValues]:
    """The rows a case, as its tree, has on a sheet."""
    if sheet.rows in ("case", "fields"):
        values = {column.field: _cell(_at(tree, column.field)) for column in sheet.columns}
        if sheet.rows == "case" or any(value for field, value in values.items() if field != CASE_ID):
            yield values
        return
    for names, place in sheet.places():
        for values in _entries(sheet, _at(tree, place)):
            yield {CASE_ID: _cell(tree[CASE_ID]), **names, **values}


def used_fields(layout: RosterLayout, case: Case) -> Iterator[tuple[RosterSheet, set[str]]]:
    """Each sheet a case has rows on, with the fields that have values there."""
    tree = case.tree()
    for sheet in layout.sheets:
        for values in rows_of(sheet, tree):
            yield sheet, {field for field, value in values.items() if value is not None}


def _entries(sheet: RosterSheet, found: Any) -> Iterator[RowValues]:
    """The rows of one place, whose part of the tree is ``found``: a list, a group of texts, or one text."""
    columns = [column for column in sheet.columns if column.field != CASE_ID and not sheet.is_placing(column)]
    if sheet.rows == "texts":
        texts = {column.field: found[column.field] for column in columns}
        if any(texts.values()):
            yield texts
    elif sheet.rows == "entry":
        for entry in found:
            yield {column.field: _cell(_at(entry, column.field)) for column in columns}
    elif isinstance(found, list):
        yield from ({VALUE: item} for item in found)
    elif found is not None:
        yield {VALUE: found}


def _cell(value: Any) -> CellValue:
    """A list as the lines of one cell; an empty one is a blank."""
    cell: CellValue = ("\n".join(value) or None) if isinstance(value, list) else value
    return cell


def _at(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree
