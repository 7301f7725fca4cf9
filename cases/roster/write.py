"""Writing a roster workbook: cases into the layout that :mod:`cases.roster.read` reads, or an empty one for
staff.

The empty workbook is meant to be used without a manual: drop-downs, a note on every heading that needs one,
text format where a spreadsheet would spoil a code, an example row on each sheet, and a guide at the end.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from cases.model.case import Case
from cases.roster.cells import escape
from cases.roster.layout import CASE, VALUE, Sheet, Value
from cases.roster.sheets import SHEETS, sheets_for
from cases.roster.style import Lists, Painter, add_choices_sheet, add_guide_sheet
from cases.values.stages import Stage
from foundation.errors import CaseDataError, NotWritableError, Problem
from foundation.writing import write_atomically

MAX_CELL = 32_767  # characters; openpyxl would cut the rest off without a word
Choices = Mapping[str, Sequence[str]]
"""Drop-down entries from outside, by ``sheet.heading`` (``材料.材料``) or by heading alone (``事项``)."""


def write_roster(
    path: Path,
    cases: Iterable[Case],
    choices: Choices | None = None,
    *,
    documents: Collection[str] = (),
    overwrite: bool = False,
) -> None:
    """Cases as a roster that reads back equal to them: the sheets of ``documents`` (the usual ones without any), and
    every sheet the cases have rows on.

    Errors: NotWritableError when the place cannot be written or, without ``overwrite``, is taken;
    CaseDataError for a value longer than a cell can hold.
    """
    members = tuple(cases)
    held = (item for case in members for item in _held(case))
    content = _Content(sheets_for(documents, held), members, examples=False)
    _write(path, content, choices or {}, overwrite=overwrite)


def new_roster(
    path: Path,
    choices: Choices | None = None,
    *,
    documents: Collection[str] = (),
    overwrite: bool = False,
) -> None:
    """An empty roster with one row marked 示例 on each sheet; ``documents`` as above. Errors: NotWritableError."""
    _write(path, _Content(sheets_for(documents), (), examples=True), choices or {}, overwrite=overwrite)


def rows_of(sheet: Sheet, tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows a case, as its tree, has on a sheet, as values by column key."""
    if sheet.rows in ("case", "fields"):
        values = {column.key: _cell(_get(tree, column.key)) for column in sheet.columns}
        if sheet.rows == "case" or any(value for key, value in values.items() if key != CASE):
            yield values
        return
    for names, path in _targets(sheet):
        for values in _entries(sheet, _get(tree, path)):
            yield {CASE: tree[CASE], **names, **values}


def _targets(sheet: Sheet) -> Iterator[tuple[dict[str, str], str]]:
    """What a row says of its place, and the place: every stage and category that the sheet's target has."""
    stages = list(Stage) if "{stage}" in sheet.target else [None]
    categories: list[str | None] = [*sheet.categories] or [None]
    for stage in stages:
        for category in categories:
            names = {"stage": stage.label if stage else None, "category": category}
            group = ".".join(sheet.categories[category]) if category else ""
            path = sheet.target.format(stage=stage.value if stage else "", category=group)
            yield {key: name for key, name in names.items() if name}, path


def _entries(sheet: Sheet, found: Any) -> Iterator[dict[str, Any]]:
    if sheet.rows == "texts":
        texts = {column.key: found.get(column.key) for column in sheet.columns if column.key in found}
        if any(texts.values()):
            yield texts
    elif isinstance(found, list):
        yield from (_flat(sheet, item) if sheet.rows == "group" else {VALUE: item} for item in found)
    elif found is not None:
        yield {VALUE: found}


def _flat(sheet: Sheet, entry: Any) -> dict[str, Any]:
    """An entry's values by column key; a key may be a path below it."""
    keys = [column.key for column in sheet.columns if f"{{{column.key}}}" not in sheet.target]
    return {key: _get(entry, key) for key in keys if key != CASE}


def _held(case: Case) -> Iterator[tuple[Sheet, set[str]]]:
    """Each sheet a case has rows on, with the columns that have values there."""
    tree = case.tree()
    for sheet in SHEETS:
        for values in rows_of(sheet, tree):
            yield sheet, {key for key, value in values.items() if value is not None}


def _cell(value: Any) -> Value:
    """A list as the lines of one cell; an empty one is a blank."""
    text: Value = "\n".join(value) or None if isinstance(value, list) else value
    return text


def _get(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree


@dataclass(frozen=True, slots=True)
class _Content:
    """What goes into a workbook; ``examples``: with a row marked 示例 on each sheet."""

    sheets: tuple[Sheet, ...]
    cases: tuple[Case, ...]
    examples: bool


def _write(path: Path, content: _Content, choices: Choices, *, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise NotWritableError(Problem(str(path), "文件已存在，不覆盖", advice="换一个文件名，或先移走它"))
    book = Workbook(write_only=True)
    try:
        _fill(book, content, _lists(content.sheets, choices))
        saved = io.BytesIO()
        book.save(saved)
        write_atomically(saved.getvalue(), path)
    except OSError as error:  # while filling too: openpyxl spools sheets to the disk
        advice = "检查文件夹是否存在、有无写权限、磁盘是否已满；文件若在 Excel 里打开，先关闭"
        reason = f"写不进去：{error.strerror or error}"
        raise NotWritableError(Problem(str(path), reason, advice=advice)) from error
    finally:
        _close(book)


def _fill(book: Any, content: _Content, lists: Lists) -> None:
    painters = [(sheet, Painter(book, sheet, lists, max(len(content.cases), 1))) for sheet in content.sheets]
    if content.examples:
        for _, painter in painters:
            painter.example()
    for case in content.cases:
        tree = case.tree()
        for sheet, painter in painters:
            for values in rows_of(sheet, tree):
                _check_lengths(sheet, case, values)
                painter.row(values)
    add_choices_sheet(book, lists)
    add_guide_sheet(book, content.sheets)


def _close(book: Any) -> None:
    """Ends the sheets that an error left open; openpyxl would complain of them whenever they are collected."""
    for page in book.worksheets:
        if not page.closed:
            page.close()
            page._writer.cleanup()


def _lists(sheets: Iterable[Sheet], choices: Choices) -> Lists:
    """Drop-down entries by (sheet, heading), each once and in order."""
    lists: dict[tuple[str, str], tuple[str, ...]] = {}
    for sheet in sheets:
        for column in sheet.columns:
            given = choices.get(f"{sheet.name}.{column.heading}", choices.get(column.heading, ()))
            entries = tuple(dict.fromkeys(filter(None, given)))
            if entries and not column.strict:
                lists[sheet.name, column.heading] = entries
    return lists


def _check_lengths(sheet: Sheet, case: Case, values: Mapping[str, Value]) -> None:
    for column in sheet.columns:
        value = values.get(column.key)
        if isinstance(value, str) and len(escape(value)) > MAX_CELL:
            reason = f"“{column.heading}”有{len(value)}个字符，一个单元格最多{MAX_CELL}个"
            field = sheet.target.split(".")[0] or column.key
            raise CaseDataError(Problem(case.id, reason, field, "改用 cases/ 里的案件文件"))
