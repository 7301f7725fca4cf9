"""What the roster workbook (花名册) consists of: its sheets, their columns, and where in a case each value goes.

These are the models of ``cases/roster/sheets/*.toml``, loaded by :mod:`cases.roster.layout.loading`. Reader and writer
follow them and know no sheet or heading by themselves. The keys of a TOML file are the attributes below.

One sheet has a row per case (项目); the others add to those cases, joined by 编号.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from cases.values.stages import Stage, find_stage
from cases.values.text import fold_code
from foundation.frozen_model import FrozenModel

CASE_ID = "id"
"""The field of the 编号 column, on every sheet."""
VALUE = "value"
"""The field of the one text that a row of a ``value`` sheet holds."""
STAGE, CATEGORY = "stage", "category"
"""The fields of the columns that say where under a sheet's target a row goes, and their names in the target."""

CellValue = str | dt.date | None
"""What a cell holds once read, or is to hold when written."""
CellKind = Literal["text", "id", "code", "phone", "date", "lines"]
"""What a column holds. ``id``, ``code`` and ``phone`` are text that a spreadsheet must not take for a number; ``lines``
is a list of texts, an entry a line of its cell.
"""
RowKind = Literal["case", "fields", "entry", "value", "texts"]
"""What a row of a sheet is:

- ``case``: a case, its columns fields of it;
- ``fields``: more fields of a case, at most one row per case;
- ``entry``: a group of fields in the list at the sheet's target;
- ``value``: one text in the list at the target, or one more line of the text there;
- ``texts``: texts of the group at the target, each one more line of what other rows say.
"""
Name = Annotated[str, Field(min_length=1)]


class RosterColumn(FrozenModel):
    """One column of a sheet.

    - ``field``: where its value goes: a field id on ``case`` and ``fields`` sheets, a path below an entry on ``entry``
      and ``texts`` sheets, :data:`VALUE` on ``value`` sheets; or :data:`STAGE` or :data:`CATEGORY`, where the sheet's
      target has a place for it.
    - ``required``: ``heading``: the sheet must have the column; ``value``: and every row a value in it.
    - ``width``: in characters. ``note``: shown at the heading and in the guide. ``example``: in the example row.
    - ``aliases``: other headings by which it is recognised; ``similar``: headings of other people's tables that may
      mean it, proposed when one is imported; ``vague``: another table may mean something else by this very heading.
    - ``choices``: what its drop-down offers; ``choices_from``: the same by the name of a list of
      :mod:`cases.roster.layout.choices`, or ``categories``. ``strict``: the spreadsheet accepts nothing else.
    - ``documents``: whose forms use it, all of them where none is named. ``usual``: whether a roster made for no
      document in particular has it.
    """

    heading: Name
    field: Name
    kind: CellKind = "text"
    required: Literal["heading", "value"] | None = None
    width: StrictInt = Field(default=16, ge=1, le=255)
    note: str = ""
    example: CellValue = None
    aliases: tuple[Name, ...] = ()
    similar: tuple[Name, ...] = ()
    vague: StrictBool = False
    choices: tuple[Name, ...] = ()
    choices_from: Name | None = None
    strict: StrictBool = False
    documents: tuple[Name, ...] = ()
    usual: StrictBool = True

    @model_validator(mode="after")
    def _choices_come_from_one_place(self) -> RosterColumn:
        if self.choices and self.choices_from:
            raise ValueError("choices and choices_from exclude each other")
        return self


class RosterSheet(FrozenModel):
    """One sheet of the workbook.

    - ``purpose``: what it is for, in the guide. ``aliases``: other titles by which it is recognised.
    - ``target``: the place in a case its rows go to (``plan.{stage}.items``); none for ``case`` and ``fields``.
    - ``categories``: for ``{category}`` of the target: each category's name and the path it stands for;
      ``category_aliases``: other spellings of the names.
    - ``documents``, ``usual``: as of a column.
    - ``renamed``: headings of an imported table, folded, and the field of each; an empty one is not to be read.
    """

    title: Annotated[str, Field(pattern=r"^[^\[\]:*?/\\]{1,31}$")]
    purpose: str
    rows: RowKind
    columns: tuple[RosterColumn, ...]
    target: str = ""
    aliases: tuple[Name, ...] = ()
    categories: dict[str, str] = Field(default_factory=dict)
    category_aliases: dict[str, str] = Field(default_factory=dict)
    renamed: dict[str, str] = Field(default_factory=dict)
    documents: tuple[Name, ...] = ()
    usual: StrictBool = True

    @property
    def root(self) -> str:
        """The part of a case that holds every place of the target."""
        return self.target.partition("{")[0].rstrip(".")

    def with_example(self, field: str, example: CellValue) -> RosterSheet:
        """The same sheet with another example in the column of a field."""
        columns = tuple(
            column.model_copy(update={"example": example}) if column.field == field else column
            for column in self.columns
        )
        return self.model_copy(update={"columns": columns})

    def is_placing(self, column: RosterColumn) -> bool:
        """Whether a column says where under the target a row goes, and is no value of the row itself."""
        return f"{{{column.field}}}" in self.target

    def path_of(self, column: RosterColumn, written: str) -> str | None:
        """The path that a text in a placing column stands for: a stage or category; None when it is neither."""
        if column.field == STAGE:
            stage = find_stage(written)
            return stage.value if stage else None
        if written in self.categories:  # nearly every row: drop-downs write the names as they are
            return self.categories[written]
        names = {fold_code(name): path for name, path in self.categories.items()}
        aliases = {fold_code(alias): self.categories[name] for alias, name in self.category_aliases.items()}
        return (names | aliases).get(fold_code(written))

    def places(self) -> Iterator[tuple[Mapping[str, str], str]]:
        """Every place the sheet has rows of: what its placing columns say there, and the place as a field id."""
        for stage in list(Stage) if f"{{{STAGE}}}" in self.target else [None]:
            for category, path in self.categories.items() or [("", "")]:
                names = {STAGE: stage.label if stage else "", CATEGORY: category}
                place = self.target.format(stage=stage, category=path)
                yield {field: name for field, name in names.items() if name}, place


class IdNotes(FrozenModel):
    """The notes at the heading 编号, by what the rows of a sheet are."""

    case: str
    fields: str
    others: str


class IdColumn(FrozenModel):
    """The 编号 column, which every sheet begins with."""

    heading: Name
    example: Name
    width: StrictInt
    aliases: tuple[Name, ...] = ()
    similar: tuple[Name, ...] = ()
    notes: IdNotes


class RosterGuide(FrozenModel):
    """The last sheet, for people: its title, the heading above it, and its lines."""

    title: Name
    heading: str
    lines: tuple[str, ...]


class RosterLayout(FrozenModel):
    """The whole workbook. ``choices_title``: the hidden sheet of drop-downs; ``example_id``: 编号 of example rows;
    ``ignored``: titles of sheets of an imported workbook that are not to be read.
    """

    sheets: tuple[RosterSheet, ...]
    guide: RosterGuide
    choices_title: Name
    example_id: Name
    ignored: tuple[Name, ...] = ()

    @property
    def case_sheet(self) -> RosterSheet:
        """The sheet with a row per case."""
        return self.sheets[0]

    def sheets_for(
        self, documents: Collection[str], held: Iterable[tuple[RosterSheet, Collection[str]]] = ()
    ) -> tuple[RosterSheet, ...]:
        """The sheets of a workbook for these documents, or the usual ones without any, each with the columns it uses.

        A roster can hold the data of every document, more than any one office needs.

        :param held: what is to be written in any case: sheets that have rows, with the fields that have values there.
        """
        fields: dict[str, set[str]] = {}
        for sheet, used in held:
            fields.setdefault(sheet.title, set()).update(used)
        return tuple(
            _with_columns(sheet, documents, fields.get(sheet.title, set()))
            for sheet in self.sheets
            if sheet.title in fields or _is_for(sheet, documents)
        )


def _with_columns(sheet: RosterSheet, documents: Collection[str], used: Collection[str]) -> RosterSheet:
    columns = (column for column in sheet.columns if column.field in used or _is_for(column, documents))
    return sheet.model_copy(update={"columns": tuple(columns)})


def _is_for(item: RosterSheet | RosterColumn, documents: Collection[str]) -> bool:
    """Whether a sheet or column belongs to these documents; without any, whether it is a usual one."""
    if not documents:
        return item.usual
    return not item.documents or not set(item.documents).isdisjoint(documents)
