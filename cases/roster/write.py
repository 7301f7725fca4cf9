"""Writing a roster workbook: cases so that :mod:`cases.roster.read` reads them back, or an empty one for staff.

The empty workbook is meant to be used without a manual: drop-downs, a note on every heading that needs one, text format
where a spreadsheet would spoil a code, an example row on each sheet, and a guide at the end.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from openpyxl import Workbook

from cases.model.case import Case
from cases.roster.cells import escape
from cases.roster.layout.definition import CellValue, RosterLayout, RosterSheet
from cases.roster.layout.loading import shipped_layout
from cases.roster.writing.guide import add_choices_sheet, add_guide_sheet
from cases.roster.writing.rows import rows_of, used_fields
from cases.roster.writing.sheet_writer import SPARE_CASES, DropDowns, Needed, SheetWriter
from cases.values.documents import document_name
from foundation.errors import CaseDataError, NotWritableError, Problem
from foundation.os_errors import reason_of
from foundation.writing import DISK_FULL, not_writable, write_atomically

MAX_CELL = 32_767  # characters; openpyxl would cut the rest off silently
Choices = Mapping[str, Sequence[str] | Mapping[str, Sequence[str]]]
"""Drop-down entries from outside, by ``sheet.heading`` (``材料.材料``) or by heading alone (``事项``); as a mapping,
those of each stage by its label.
"""
NOTHING_NEEDED: Needed = {}


def write_roster(
    path: Path,
    cases: Iterable[Case],
    choices: Choices | None = None,
    *,
    documents: Collection[str] = (),
    needed: Needed = NOTHING_NEEDED,
    overwrite: bool = False,
    layout: RosterLayout | None = None,
) -> None:
    """Write cases as a roster that reads back equal to them.

    :param documents: whose sheets it has, the usual ones without any; besides them every sheet the cases have rows on.
    :param needed: what a case at its stage is to have filled, shown by colour while it is blank.
    :param layout: what sheets there are; the program's own by default.
    :raises NotWritableError: the place cannot be written or, without ``overwrite``, is taken.
    :raises CaseDataError: a value is longer than a cell can hold.
    """
    layout = layout or shipped_layout()
    members = tuple(cases)
    held = (item for case in members for item in used_fields(layout, case))
    content = _Content(layout, layout.sheets_for(documents, held), members, examples=False, needed=needed)
    _write(path, content, choices or {}, overwrite=overwrite)


def new_roster(
    path: Path,
    choices: Choices | None = None,
    *,
    documents: Collection[str] = (),
    needed: Needed = NOTHING_NEEDED,
    overwrite: bool = False,
    layout: RosterLayout | None = None,
) -> None:
    """Write an empty roster with an example row on each sheet. Parameters and errors: as :func:`write_roster`."""
    layout = layout or shipped_layout()
    sheets = _with_example_of(documents, layout.sheets_for(documents))
    content = _Content(layout, sheets, (), examples=True, needed=needed)
    _write(path, content, choices or {}, overwrite=overwrite)


def _with_example_of(documents: Collection[str], sheets: Iterable[RosterSheet]) -> tuple[RosterSheet, ...]:
    """Sheets whose example rows are of the documents a roster is made for."""
    names = [document_name(document) for document in documents]
    if not names:
        return tuple(sheets)
    return tuple(
        sheet.with_example("document", names[0]) if sheet.rows == "case" else sheet for sheet in sheets
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What goes into a workbook; ``examples``: whether each sheet begins with an example row."""

    layout: RosterLayout
    sheets: tuple[RosterSheet, ...]
    cases: tuple[Case, ...]
    examples: bool
    needed: Needed = field(default_factory=dict)


def _write(path: Path, content: _Content, choices: Choices, *, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise NotWritableError(Problem(str(path), "文件已存在，不覆盖", advice="换一个文件名，或先移走它"))
    book = Workbook(write_only=True)
    try:
        _fill(book, content, choices)
        saved = io.BytesIO()
        book.save(saved)
        write_atomically(saved.getvalue(), path)
    except OSError as error:  # while filling too: openpyxl spools sheets to the disk
        if error.errno in DISK_FULL:
            raise not_writable(path, error) from error
        advice = "检查文件夹是否存在、有无写权限；文件若在 Excel 里打开，先关闭"
        reason = f"写不进去：{reason_of(error)}"
        raise NotWritableError(Problem(str(path), reason, advice=advice)) from error
    finally:
        _close(book)


def _fill(book: Any, content: _Content, choices: Choices) -> None:
    layout = content.layout
    entries, by_stage = _outside_entries(content.sheets, choices)
    case_rows = len(content.cases) + SPARE_CASES
    drop_downs = DropDowns(layout.choices_title, layout.case_sheet.title, entries, case_rows, by_stage)
    writers = [SheetWriter(book, sheet, drop_downs, max(len(content.cases), 1)) for sheet in content.sheets]
    for writer in writers:
        if writer.sheet.rows == "case":
            writer.mark_needed(content.needed)
    if content.examples:
        for writer in writers:
            writer.write_example()
    for case in content.cases:
        tree = case.tree()
        for writer in writers:
            for values in rows_of(writer.sheet, tree):
                _check_lengths(writer.sheet, case, values)
                writer.write(values)
    add_choices_sheet(book, drop_downs)
    add_guide_sheet(book, content.layout.guide, content.sheets)


def _close(book: Any) -> None:
    """End the sheets that an error left open; openpyxl would warn of them whenever they are garbage-collected."""
    for page in book.worksheets:
        if not page.closed:
            page.close()
            page._writer.cleanup()


def _outside_entries(
    sheets: Iterable[RosterSheet], choices: Choices
) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[str, str], dict[str, tuple[str, ...]]]]:
    """The entries given for each column by (sheet, heading), each once, and those of them by stage; strict columns keep
    to their own choices.
    """
    entries: dict[tuple[str, str], tuple[str, ...]] = {}
    by_stage: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for sheet in sheets:
        for column in sheet.columns:
            given = choices.get(f"{sheet.title}.{column.heading}", choices.get(column.heading, ()))
            stages = {stage: _once(names) for stage, names in given.items()} if _is_staged(given) else {}
            once = _once(name for names in stages.values() for name in names) if stages else _once(given)
            if once and not column.strict:
                entries[sheet.title, column.heading] = once
                by_stage[sheet.title, column.heading] = {
                    name: found for name, found in stages.items() if found
                }
    return entries, by_stage


def _is_staged(given: Sequence[str] | Mapping[str, Sequence[str]]) -> TypeGuard[Mapping[str, Sequence[str]]]:
    return isinstance(given, Mapping)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _check_lengths(sheet: RosterSheet, case: Case, values: Mapping[str, CellValue]) -> None:
    for column in sheet.columns:
        value = values.get(column.field)
        if isinstance(value, str) and len(escape(value)) > MAX_CELL:
            reason = f"“{column.heading}”有{len(value)}个字符，一个单元格最多{MAX_CELL}个"
            field = sheet.target.split(".")[0] or column.field
            raise CaseDataError(Problem(case.id, reason, field, "改用 cases/ 里的案件文件"))
