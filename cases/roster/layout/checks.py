"""What a roster layout must fulfil beyond the shape of its data: names that are clear, and places that a case has.

Every check yields its findings as (sheet title, what is wrong there); :mod:`cases.roster.layout.loading` adds the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import get_args

from pydantic.fields import FieldInfo

from cases.model.fields import field_at, is_list, model_in
from cases.roster.layout.definition import (
    CASE_ID,
    CATEGORY,
    STAGE,
    VALUE,
    RosterColumn,
    RosterLayout,
    RosterSheet,
)
from cases.roster.layout.names import fold_heading
from cases.values.case_ids import is_example
from cases.values.documents import DOCUMENTS
from cases.values.paths import loc_of

MAX_CHOICES_LENGTH = 250  # a drop-down written into its rule holds 255 characters
_BRACED = re.compile(r"\{(\w*)\}")


def layout_errors(layout: RosterLayout) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a layout."""
    kinds = [sheet.rows for sheet in layout.sheets]
    if kinds[:1] != ["case"] or kinds.count("case") != 1:
        yield "", 'the first sheet, and no other, has rows = "case"'
    if not is_example(layout.example_id):
        yield "", f"id_column: example: {layout.example_id} would be read as a case"
    reserved = (layout.guide.title, layout.choices_title)
    titles = [*reserved, *(name for sheet in layout.sheets for name in (sheet.title, *sheet.aliases))]
    yield from (("", f"two sheets are known as {name}") for name in _repeated(titles))
    for sheet in layout.sheets:
        for error in sheet_errors(sheet):
            yield sheet.title, f"sheet {sheet.title}: {error}"


def sheet_errors(sheet: RosterSheet) -> Iterator[str]:
    """What is wrong with one sheet and its columns."""
    headings = [name for column in sheet.columns for name in (column.heading, *column.aliases)]
    yield from (f"two columns are known as {name}" for name in _repeated(headings))
    yield from (f"two columns have the field {name}" for name in _repeated(c.field for c in sheet.columns))
    yield from _documents(sheet)
    target = list(_target(sheet))
    yield from target
    for column in sheet.columns:
        errors = [*_documents(column), *_drop_down(column)]
        if column.field != CASE_ID and not target:
            errors += _placing(column) if sheet.is_placing(column) else _field(sheet, column)
        yield from (f"column {column.heading}: {error}" for error in errors)


def _repeated(names: Iterable[str]) -> list[str]:
    folded = [fold_heading(name) for name in names]
    return sorted({name for name in folded if folded.count(name) > 1})


def _documents(item: RosterSheet | RosterColumn) -> Iterator[str]:
    unknown = set(item.documents) - set(DOCUMENTS.values())
    yield from (f"documents: there is no document {name}" for name in sorted(unknown))


def _drop_down(column: RosterColumn) -> Iterator[str]:
    if column.choices_from and not column.choices:
        yield f"choices_from: there is no list {column.choices_from}"
    if column.strict and not column.choices:
        yield "strict: there are no choices"
    if isinstance(column.example, dt.date) != (column.kind == "date") and column.example is not None:
        yield f"example: does not suit a column of kind {column.kind}"
    if len(",".join(column.choices)) > MAX_CHOICES_LENGTH:
        yield f"choices: longer than the {MAX_CHOICES_LENGTH} characters that a rule can hold"
    yield from (f"note: there is no phrase {name}" for name in _BRACED.findall(column.note))


def _target(sheet: RosterSheet) -> Iterator[str]:
    """Whether a sheet has the target its rows need, and the columns its target needs."""
    if (sheet.rows in ("case", "fields")) != (not sheet.target):
        yield f"target: rows of kind {sheet.rows} have " + ("none" if sheet.target else "one")
    wanted = set(_BRACED.findall(sheet.target))
    yield from (
        f"target: only {STAGE} and {CATEGORY} can be braced, not {name}"
        for name in wanted - {STAGE, CATEGORY}
    )
    fields = {column.field for column in sheet.columns}
    yield from (f"target: there is no column with the field {name}" for name in sorted(wanted - fields))
    if (CATEGORY in wanted) != bool(sheet.categories):
        yield "categories: a sheet has them if and only if its target names {category}"
    unknown = set(sheet.category_aliases.values()) - set(sheet.categories)
    yield from (f"category_aliases: there is no category {name}" for name in sorted(unknown))
    if sheet.rows == "value" and VALUE not in fields:
        yield f"columns: rows of kind value need a column with the field {VALUE}"


def _placing(column: RosterColumn) -> Iterator[str]:
    if column.required != "value":
        yield 'required: a row without it has no place; it must be "value"'


def _field(sheet: RosterSheet, column: RosterColumn) -> Iterator[str]:
    """Whether a case has the column's field, of its kind, at every place of the sheet; the first mistake only."""
    errors = (_field_at(sheet, column, target) for _, target in sheet.places())
    yield from islice(filter(None, errors), 1)


def _field_at(sheet: RosterSheet, column: RosterColumn, target: str) -> str | None:
    path = ".".join(filter(None, (target, column.field if column.field != VALUE else "")))
    field = field_at(loc_of(path))
    if field is None or model_in(field.annotation):
        return f"field: a case has no value {path}"
    if target and (sheet.rows == "entry") != _is_list_of_groups(target):
        return f"field: {target} is not what rows of kind {sheet.rows} go to"
    if not _suits(sheet, column, field):
        return f"kind: {path} does not hold what a column of kind {column.kind} does"
    return None


def _is_list_of_groups(target: str) -> bool:
    field = field_at(loc_of(target))
    return field is not None and is_list(field) and model_in(field.annotation) is not None


def _suits(sheet: RosterSheet, column: RosterColumn, field: FieldInfo) -> bool:
    """Lists are written in one cell as ``lines``, or over the rows of a ``value`` sheet; dates are ``date``."""
    holds_date = dt.date in (field.annotation, *get_args(field.annotation))
    lines = column.kind == "lines" or sheet.rows == "value"
    return holds_date == (column.kind == "date") and (lines or not is_list(field))
