"""What sheets and columns of a table that others laid out may be: proposed by their names, for a person to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openpyxl.utils import get_column_letter

from cases.model.fields import nearest_name
from cases.roster.cells import unescape
from cases.roster.importing.mapping import LEFT_OUT, UNDECIDED, ImportMapping
from cases.roster.layout.definition import RosterLayout, RosterSheet
from cases.roster.layout.names import fold_heading, without_brackets
from cases.roster.reading.headings import HEADER_WITHIN
from cases.roster.reading.workbook import RosterWorkbook

_SAMPLE_ROWS = 50
_LONGEST_HEADING = 40
_SHOWN = 16  # characters of an example
_ENOUGH = 2  # headings by which a sheet is known for what it is


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sheet (``heading`` empty) or column of a workbook. ``where``: its cell; ``example``: what stands first in it;
    ``sheet``: the roster's sheet that it is of; ``meant``: what it is, or may be; ``is_nameless``: it has no heading,
    so that nobody can say what it is.
    """

    title: str
    heading: str
    where: str
    example: str
    sheet: str
    meant: str
    is_nameless: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide it."""
        return self.meant.startswith(UNDECIDED)

    @property
    def note(self) -> str:
        """Where it stands and what is in it, for people."""
        return f"{self.where}，例如“{self.example}”" if self.example else self.where


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    cell: str
    example: str


def proposals(book: RosterWorkbook, layout: RosterLayout, mapping: ImportMapping) -> tuple[Proposal, ...]:
    """Every sheet and column with anything in it, each with what it was decided to be or may be."""
    return tuple(_of_sheets(book, layout, mapping))


def with_proposals(mapping: ImportMapping, found: tuple[Proposal, ...]) -> ImportMapping:
    """A mapping with what was found now beside what it knew before."""
    sheets = dict(mapping.sheets)
    columns = {sheet: dict(names) for sheet, names in mapping.columns.items()}
    for one in found:
        if not one.heading:
            _put(sheets, one.title, one.meant)
        elif one.sheet != LEFT_OUT and not one.is_nameless:
            _put(columns.setdefault(one.sheet, {}), one.heading, one.meant)
    return ImportMapping(sheets, columns, mapping.prefix)


def notes_of(found: tuple[Proposal, ...]) -> Mapping[tuple[str, str], str]:
    """What stands beside each line of a mapping file."""
    return {(one.sheet, one.heading): one.note for one in found if one.heading}


def _put(names: dict[str, str], written: str, meant: str) -> None:
    key = fold_heading(written)
    same = next((name for name in names if fold_heading(name) == key), written)
    names[same] = meant


def _of_sheets(book: RosterWorkbook, layout: RosterLayout, mapping: ImportMapping) -> Iterator[Proposal]:
    tables = {title: columns for title in book.sheet_names if (columns := _columns(book, title))}
    own = {layout.guide.title, layout.choices_title}
    for title, columns in tables.items():
        if title in own:
            continue
        meant = mapping.sheet(title) or _meant_sheet(layout, title, columns, alone=len(tables) == 1)
        sheet = meant.removeprefix(UNDECIDED)
        yield Proposal(title, "", title, "", sheet, meant)
        target = next((one for one in layout.sheets if one.title == sheet), None)
        if target is not None:
            yield from _of_columns(title, columns, target, mapping)


def _of_columns(
    title: str, columns: list[_Column], sheet: RosterSheet, mapping: ImportMapping
) -> Iterator[Proposal]:
    """What each column is: as decided; else by its very name; else by a like name that no other column has."""
    nameless = [one for one in columns if not one.heading]
    columns = [one for one in columns if one.heading]
    meant = {one.heading: mapping.column(sheet.title, one.heading) for one in columns}
    names = _names(sheet, vague=False)
    for one in columns:
        if meant[one.heading] is None:
            meant[one.heading] = names.get(fold_heading(one.heading)) or names.get(
                without_brackets(one.heading)
            )
    taken = {found for found in meant.values() if found is not None}
    for one in columns:
        found = meant[one.heading]
        if found is None:
            near = _alike(one.heading, sheet)
            found = UNDECIDED + (near if near is not None and near not in taken else LEFT_OUT)
            taken.add(found.removeprefix(UNDECIDED))
        yield Proposal(title, one.heading, f"{title}!{one.cell}", one.example, sheet.title, found)
    for one in nameless:
        where = f"{title}!{one.cell}"
        yield Proposal(title, "（没有表头）", where, one.example, sheet.title, LEFT_OUT, is_nameless=True)


def _meant_sheet(layout: RosterLayout, title: str, columns: list[_Column], *, alone: bool) -> str:
    names = {fold_heading(name): one.title for one in layout.sheets for name in (one.title, *one.aliases)}
    if fold_heading(title) in names:
        return names[fold_heading(title)]
    counts = {one.title: _known_count(one, columns) for one in layout.sheets}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= _ENOUGH or (alone and counts[best]):
        return UNDECIDED + best
    return UNDECIDED + (layout.case_sheet.title if alone else LEFT_OUT)


def _known_count(sheet: RosterSheet, columns: list[_Column]) -> int:
    names = _names(sheet) | _similar(sheet)
    return len({names[key] for one in columns if (key := fold_heading(one.heading)) in names})


def _names(sheet: RosterSheet, *, vague: bool = True) -> dict[str, str]:
    return {
        fold_heading(name): column.heading
        for column in sheet.columns
        for name in (column.heading, *column.aliases)
        if vague or not column.vague
    }


def _similar(sheet: RosterSheet) -> dict[str, str]:
    return {fold_heading(name): column.heading for column in sheet.columns for name in column.similar}


def _alike(heading: str, sheet: RosterSheet) -> str | None:
    """The roster's column that a heading may mean: one that is known to be called so elsewhere, else by the letters.
    A vague one is left to a person: what others keep under 备注 is mostly not for a form.
    """
    similar = _similar(sheet)
    known = similar.get(fold_heading(heading)) or similar.get(without_brackets(heading))
    if known is not None:
        return known
    columns = [column for column in sheet.columns if not column.vague]
    everything = {column.heading: column.heading for column in columns}
    everything |= {name: column.heading for column in columns for name in (*column.aliases, *column.similar)}
    near = nearest_name(heading, everything)
    return everything[near] if near is not None else None


def _columns(book: RosterWorkbook, title: str) -> list[_Column]:
    """The columns of a sheet by heading, those with something in them and no heading too.

    The headings are, of the first rows, the one with most different texts without digits, and what stands over its
    blanks.
    """
    rows = list(islice(book.rows(title), HEADER_WITHIN + _SAMPLE_ROWS))
    best, place = 0, -1
    headings: dict[int, str] = {}
    above: dict[int, str] = {}
    for number, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        own = dict(_texts(cells))
        count = len({text for text in own.values() if _may_be_heading(text)})
        if count > best:
            best, place, headings = count, number, {**above, **own}
        above = own if len(own) > 1 else {}
    if place < 0:
        return []
    below = rows[place + 1 :]
    indices = sorted({*headings, *(index for _, cells in below for index, _ in _texts(cells))})
    row = rows[place][0]
    return [
        _Column(headings.get(index, ""), f"{get_column_letter(index + 1)}{row}", _example(below, index))
        for index in indices
    ]


def _may_be_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not any(one.isdigit() for one in text)


def _example(rows: list[tuple[int, tuple[Any, ...]]], index: int) -> str:
    for _, cells in rows:
        found = dict(_texts(cells)).get(index)
        if found:
            return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
    return ""


def _texts(cells: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
    for index, cell in enumerate(cells):
        text = "" if cell.value is None else " ".join(unescape(str(cell.value)).split())
        if text:
            yield index, text
