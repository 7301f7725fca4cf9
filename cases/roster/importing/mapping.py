"""What an office has decided about other people's tables: which sheet and which column is which of the roster's.

Kept as TOML that a person can correct. Headings and titles are compared folded, so that a blank or a bracket more makes
no new question. What is not decided yet begins with a question mark.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field

import tomlkit

from cases.model.fields import nearest_name
from cases.roster.layout.definition import RosterLayout, RosterSheet
from cases.roster.layout.names import fold_heading
from foundation.errors import CaseDataError, Problem
from foundation.reading import TomlBoundsError, parse_toml

LEFT_OUT = "不导入"
"""What stands for a sheet or column that is not to be read."""
UNDECIDED = "？"
_SHEETS, _IDS, _PREFIX = "工作表", "编号", "前缀"
_NEW = f"""\
# 导入别的表格（daiban roster import）时，哪张工作表、哪一列对应花名册的哪一张、哪一列。
# 左边是来的表格里写的，右边是花名册的。
# 不要的写“不导入”。前面有“？”的还没有定：对的删去“？”，不对的改掉；改好再运行一次导入，以后不再问。
# 自己写的备注（“#”后面的）会留着。

# 来的表格只有序号、没有编号的，把序号对应到“编号”，这里写加在前面的字，如 JC-2026-。
["{_IDS}"]
"{_PREFIX}" = ""

["{_SHEETS}"]
"""


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """``sheets``: title as written → title of the roster's sheet, or :data:`LEFT_OUT`; ``columns``: by the roster's
    sheet, heading as written → heading of the roster's column, or :data:`LEFT_OUT`; undecided ones with their mark.

    ``prefix``: what is put before every 编号, of tables that only number their rows.
    """

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prefix: str = ""

    def sheet(self, title: str) -> str | None:
        """What a sheet was decided to be; None: nothing yet, or undecided."""
        return _decided(self.sheets, title)

    def column(self, sheet: str, heading: str) -> str | None:
        """The same of a column of a table that is the roster's ``sheet``."""
        return _decided(self.columns.get(sheet, {}), heading)

    @property
    def is_decided(self) -> bool:
        """Whether no question is left in it."""
        found = [
            *self.sheets.values(),
            *(value for names in self.columns.values() for value in names.values()),
        ]
        return not any(_is_open(value) for value in found)

    def accepted(self) -> ImportMapping:
        """The same with every proposal taken as it is."""
        return ImportMapping(
            _accepted(self.sheets),
            {sheet: _accepted(names) for sheet, names in self.columns.items()},
            self.prefix,
        )


def read_mapping(text: str, layout: RosterLayout, label: str) -> ImportMapping:
    """What a mapping file says.

    :raises CaseDataError: it is no TOML, or names sheets and columns that a roster does not have; all at once.
    """
    try:
        raw = parse_toml(text)
    except (tomllib.TOMLDecodeError, TomlBoundsError) as error:
        advice = "改正这一处，或移走这个文件重新导入"
        raise CaseDataError(Problem(label, f"不是正确的 TOML：{error}", advice=advice)) from None
    sheets = {sheet.title: sheet for sheet in layout.sheets}
    problems = [*_unknown(raw, sheets, label)]
    if problems:
        raise CaseDataError(*problems)
    ids = raw.get(_IDS, {})
    return ImportMapping(
        sheets=raw.get(_SHEETS, {}),
        columns={name: names for name, names in raw.items() if name in sheets},
        prefix=str(ids.get(_PREFIX, "")),
    )


def mapping_text(
    mapping: ImportMapping, notes: Mapping[tuple[str, str], str], before: str | None = None
) -> str:
    """A mapping as its file has it.

    ``notes``: by (sheet, heading), where that stands and what is in it; said beside a line that is new. ``before``:
    what the file says by now: whatever people wrote beside its lines, and between them, stays.
    """
    document = tomlkit.parse(_NEW if before is None else before)
    _set_names(document, _SHEETS, mapping.sheets, notes, "")
    for sheet, names in mapping.columns.items():
        _set_names(document, sheet, names, notes, sheet)
    _set_names(document, _IDS, {_PREFIX: mapping.prefix}, {}, "")
    return tomlkit.dumps(document)


def mapped_layout(layout: RosterLayout, mapping: ImportMapping) -> RosterLayout:
    """The roster's layout with the names that a decided mapping gives its sheets and columns."""
    sheets = tuple(_mapped_sheet(sheet, mapping) for sheet in layout.sheets)
    ignored = tuple(title for title, meant in mapping.sheets.items() if meant == LEFT_OUT)
    return layout.model_copy(update={"sheets": sheets, "ignored": ignored})


def _mapped_sheet(sheet: RosterSheet, mapping: ImportMapping) -> RosterSheet:
    titles = (title for title, meant in mapping.sheets.items() if meant == sheet.title)
    fields = {column.heading: column.field for column in sheet.columns} | {LEFT_OUT: ""}
    names = mapping.columns.get(sheet.title, {})
    renamed = {fold_heading(heading): fields[meant] for heading, meant in names.items() if meant in fields}
    return sheet.model_copy(update={"aliases": (*sheet.aliases, *titles), "renamed": renamed})


def _decided(names: Mapping[str, str], written: str) -> str | None:
    key = fold_heading(written)
    found = next((meant for name, meant in names.items() if fold_heading(name) == key), None)
    return None if found is None or _is_open(found) else found


def _is_open(meant: str) -> bool:
    return meant.strip().startswith((UNDECIDED, "?")) or not meant.strip()


def _accepted(names: Mapping[str, str]) -> dict[str, str]:
    return {name: meant.strip().lstrip(f"{UNDECIDED}?") or LEFT_OUT for name, meant in names.items()}


def _unknown(raw: Mapping[str, object], sheets: Mapping[str, RosterSheet], label: str) -> Iterator[Problem]:
    for name, names in raw.items():
        if not isinstance(names, dict):
            yield Problem(label, f"“{name}”应在一个 [表名] 下面", advice="照文件里原来的样子写")
        elif name == _SHEETS:
            yield from _wrong_names(names, sheets, f"{label} [{name}]", "工作表")
        elif name in sheets:
            headings = [column.heading for column in sheets[name].columns]
            yield from _wrong_names(names, headings, f"{label} [{name}]", "列")
        elif name != _IDS:
            near = nearest_name(name, sheets)
            yield Problem(label, f"花名册没有工作表“{name}”", advice=f"是不是“{near}”？" if near else None)


def _wrong_names(
    names: Mapping[str, object], known: Iterable[str], place: str, kind: str
) -> Iterator[Problem]:
    known = [*known, LEFT_OUT]
    for written, meant in names.items():
        if not isinstance(meant, str):
            yield Problem(
                f"{place} {written}", "右边要写成带引号的文字", advice=f"写{kind}的名称或“{LEFT_OUT}”"
            )
        elif not _is_open(meant) and meant not in known:
            near = nearest_name(meant, known)
            advice = f"是不是“{near}”？" if near else f"写花名册里{kind}的名称，或“{LEFT_OUT}”"
            yield Problem(f"{place} {written}", f"花名册没有{kind}“{meant}”", advice=advice)


def _set_names(
    document: tomlkit.TOMLDocument,
    title: str,
    names: Mapping[str, str],
    notes: Mapping[tuple[str, str], str],
    sheet: str,
) -> None:
    """Bring one table of the file up to date: what is the same stays as it is written."""
    if title not in document:
        document.add(tomlkit.nl())
        document.add(tomlkit.key(title), tomlkit.table())
    table = document[title]
    assert isinstance(table, MutableMapping)
    for written, meant in names.items():
        if table.get(written) == meant:
            continue
        value = tomlkit.string(meant)
        if written in table:
            value.trivia.comment = table[written].trivia.comment
            value.trivia.comment_ws = table[written].trivia.comment_ws
        elif note := notes.get((sheet, written)):
            value.comment(note)
        table[written] = value
