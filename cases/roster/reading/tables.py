"""The sheets of a roster as they were found in a workbook, and the cells that hold the fields of a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from cases.roster.layout.definition import CASE_ID, VALUE, RosterLayout, RosterSheet
from cases.values.paths import Loc, dotted


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet found in a workbook: its title there, the row of its headings (from 1), the column index (from 0) of each
    field, and the styles of cells that are struck out.
    """

    sheet: RosterSheet
    title: str
    header_row: int
    columns: dict[str, int]
    struck_styles: frozenset[int] = frozenset()

    def cell(self, field_path: str, row: int) -> str:
        """``项目!C5``: the cell of a field, or of 编号 where the sheet has no such column."""
        index = self.columns.get(field_path, self.columns.get(CASE_ID, 0))
        return f"{self.title}!{get_column_letter(index + 1)}{row}"


@dataclass(frozen=True, slots=True)
class RosterTables:
    """The tables of one roster by the titles the layout gives them; ``label``: how places name the file."""

    label: str
    layout: RosterLayout
    by_title: dict[str, SheetTable]

    @property
    def cases(self) -> SheetTable:
        """The table with a row per case."""
        return self.by_title[self.layout.case_sheet.title]

    def where(self, table: SheetTable, field_path: str, row: int) -> str:
        """``roster.xlsx 项目!C5``."""
        return f"{self.label} {table.cell(field_path, row)}"


@dataclass(slots=True)
class RosterOrigin:
    """Where one case stands in a roster: its own row, and by place the sheet and row of what other sheets add."""

    tables: RosterTables
    row: int
    entries: dict[Loc, tuple[str, int]] = field(default_factory=dict)

    def where(self, loc: Loc) -> str:
        """The cell of a field; the case's 编号 cell for what has none."""
        for end in range(len(loc), 0, -1):
            entry = self.entries.get(loc[:end])
            if entry is not None:
                table = self.tables.by_title[entry[0]]
                # A column's field is a field id, a path below an entry, or the last part of one.
                paths = (dotted(loc), dotted(loc[:end]), dotted(loc[end:]), str(loc[-1]))
                path = next((path for path in paths if path in table.columns), VALUE)
                return self.tables.where(table, path, entry[1])
        return self.tables.where(self.tables.cases, dotted(loc), self.row)
