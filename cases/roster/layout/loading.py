"""Loading the layout of the roster from its data, ``cases/roster/sheets/*.toml``.

The data ships with the program, so a mistake in it is a mistake of whoever changed it: :class:`RosterLayoutError` says
file, sheet, column and key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from cases.roster.layout.checks import layout_errors
from cases.roster.layout.choices import CHOICES
from cases.roster.layout.definition import (
    CASE_ID,
    IdColumn,
    Name,
    RosterColumn,
    RosterGuide,
    RosterLayout,
    RosterSheet,
)
from cases.values.paths import Loc, dotted
from foundation.frozen_model import FrozenModel

SHIPPED = Path(__file__).parent.with_name("sheets")
COMMON = "roster.toml"
_BRACED = re.compile(r"\{(\w+)\}")
Model = TypeVar("Model", bound=FrozenModel)


class RosterLayoutError(ValueError):
    """The layout's data is wrong; a line for each mistake, which begins with its place."""


class CommonData(FrozenModel):
    """``roster.toml``: what the sheets share. ``files``: where they stand, in the order of the workbook."""

    files: tuple[Name, ...]
    choices_title: Name
    id_column: IdColumn
    phrases: dict[str, str]
    guide: RosterGuide


class SheetsData(FrozenModel):
    """A file of sheets."""

    sheets: tuple[RosterSheet, ...]


@cache
def shipped_layout() -> RosterLayout:
    """The layout that comes with the program. Raises: as :func:`load_layout`."""
    return load_layout(SHIPPED)


def load_layout(folder: Path) -> RosterLayout:
    """The layout that a folder's files declare.

    :raises RosterLayoutError: a file is no TOML, or declares what a roster cannot have; every mistake at once.
    """
    common = _read(folder / COMMON, CommonData)
    declared = [
        (name, sheet) for name in common.files for sheet in _read(folder / f"{name}.toml", SheetsData).sheets
    ]
    example = common.id_column.example
    guide_lines = tuple(_fill_in(line, {"example": example}) for line in common.guide.lines)
    layout = RosterLayout(
        sheets=tuple(_resolved(sheet, common) for _, sheet in declared),
        guide=common.guide.model_copy(update={"lines": guide_lines}),
        choices_title=common.choices_title,
        example_id=example,
    )
    files = {sheet.title: f"{name}.toml" for name, sheet in declared}
    errors = [f"{files.get(title, COMMON)}: {error}" for title, error in layout_errors(layout)]
    if errors:
        raise RosterLayoutError("\n".join(errors))
    return layout


def _read(path: Path, model: type[Model]) -> Model:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        return model.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise RosterLayoutError(f"{path.name}: {error}") from None
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        lines = [f"{path.name}: {_place(data, detail['loc'])}: {detail['msg']}" for detail in details]
        raise RosterLayoutError("\n".join(lines)) from None


def _place(data: Any, loc: Loc) -> str:
    """A place in a file's data with its sheets and columns by name: ``sheet 事项: column 审批权限: kind``."""
    names = []
    while len(loc) > 1 and loc[0] in ("sheets", "columns"):
        kind, number = str(loc[0]).removesuffix("s"), int(loc[1])
        data = data[loc[0]][number]
        known = data if isinstance(data, dict) else {}
        names.append(f"{kind} {known.get('title') or known.get('heading') or number + 1}")
        loc = loc[2:]
    return ": ".join([*names, dotted(loc)] if loc else names)


def _resolved(sheet: RosterSheet, common: CommonData) -> RosterSheet:
    """A sheet with its 编号 column, and every column with its own choices and the whole of its note.

    A name that stands for nothing is left as it is, for the checks to find.
    """
    lists = {**CHOICES, "categories": tuple(sheet.categories)}
    columns = [_id_column(sheet, common.id_column)]
    for column in sheet.columns:
        choices = lists.get(column.choices_from, ()) if column.choices_from else column.choices
        words = {**common.phrases, "choices": "、".join(choices)}
        note = _fill_in(column.note, words)
        columns.append(column.model_copy(update={"choices": choices, "note": note}))
    return sheet.model_copy(update={"columns": tuple(columns)})


def _fill_in(text: str, words: Mapping[str, str]) -> str:
    return _BRACED.sub(lambda match: words.get(match[1], match[0]), text)


def _id_column(sheet: RosterSheet, column: IdColumn) -> RosterColumn:
    note = {"case": column.notes.case, "fields": column.notes.fields}.get(sheet.rows, column.notes.others)
    return RosterColumn(
        heading=column.heading,
        field=CASE_ID,
        kind="id",
        required="heading",
        width=column.width,
        note=note,
        example=column.example,
        aliases=column.aliases,
        similar=column.similar,
    )
