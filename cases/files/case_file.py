"""Case files: one case, or a list of them, as YAML or JSON.

The tree is the field ids (see :mod:`cases.model.case`). Everything is read as text; see :mod:`cases.files.yaml_text`
for why.
"""

from __future__ import annotations

import codecs
import errno
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.case_set import CaseDraft, CaseSet, check_drafts, reject_repeated_ids
from cases.files.json_text import JsonError, parse_json
from cases.files.yaml_text import RepeatedKey, YamlError, parse_yaml
from cases.values.paths import Loc, dotted
from foundation.errors import CaseDataError, Problem, UnreadableError
from foundation.os_errors import reason_of
from foundation.reading import read_file

YAML_SUFFIXES = (".yaml", ".yml")
SUFFIXES = (*YAML_SUFFIXES, ".json")
MAX_BYTES = 64 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_YAML_ADVICE = "检查这一行：缩进用空格，冒号后留一个空格，含特殊符号的值加引号"


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """Where a case is in a file: ``root`` is ``()`` or its index in the list; ``lines`` by place, of the whole file."""

    label: str
    root: Loc
    lines: Mapping[Loc, int]

    def where(self, loc: Loc) -> str:
        """``cases/a.yaml 第12行 project.name``; without lines (JSON) the number of the case in the list."""
        line = next(
            (self.lines[place] for place in _from_inside_out(self.root + loc) if place in self.lines), None
        )
        place = f"第{line}行" if line else f"第{int(self.root[0]) + 1}个案件" if self.root else ""
        return " ".join(filter(None, (self.label, place, dotted(loc))))


def read_case_file(path: Path, label: str | None = None, *, documents: Collection[str] = ()) -> CaseSet:
    """Every case of a file; ``label`` is how places name the file (its name by default).

    ``documents``: those the office works with; a case need not name the only one.

    Errors: UnreadableError when the file cannot be read as text, CaseDataError when it is not YAML or JSON.
    """
    label = label or path.name
    text, general = _decode(_read(path, label), label)
    parsed = _parse_yaml(text, label) if path.suffix.lower() in YAML_SUFFIXES else _parse_json(text, label)
    data, lines, repeated = parsed
    if data is None:
        return CaseSet(general=(*general, Problem(label, "文件里没有案件", severity="warning")))
    if isinstance(data, dict):
        members: list[tuple[Loc, Any]] = [((), data)]
    elif isinstance(data, list):
        members = [((index,), item) for index, item in enumerate(data)]
    else:
        raise CaseDataError(Problem(label, "应为一个案件或案件的列表", advice="第一行写 id: 编号"))
    if len(documents) == 1:
        members = [(root, _with_document(raw, *documents)) for root, raw in members]
    drafts = [_draft(raw, FileOrigin(label, root, lines), repeated) for root, raw in members]
    return check_drafts(reject_repeated_ids(drafts), general)


def _with_document(raw: Any, document: str) -> Any:
    return {"document": document, **raw} if isinstance(raw, dict) else raw


def parse_file(path: Path, label: str) -> tuple[Any, Mapping[Loc, int]]:
    """A YAML file's data, every scalar as text, and the line of each key and entry.

    Errors: as :func:`read_case_file`; CaseDataError as well for a key that is given twice.
    """
    text, _ = _decode(_read(path, label), label)
    data, lines, repeated = _parse_yaml(text, label)
    if repeated:
        raise CaseDataError(*_draft(data, FileOrigin(label, (), lines), repeated).problems)
    return data, lines


def _draft(raw: Any, origin: FileOrigin, repeated: list[RepeatedKey]) -> CaseDraft:
    depth = len(origin.root)
    problems = tuple(
        Problem(
            where=f"{origin.label} 第{item.line}行 {dotted(item.loc[depth:])}"
            if item.line
            else origin.where(item.loc[depth:]),
            problem=f"键“{item.loc[-1]}”写了两次"
            + (f"，第{item.first_line}行已有" if item.first_line else ""),
            field=dotted(item.loc[depth:]),
            advice="只留一个",
        )
        for item in repeated
        if item.loc[:depth] == origin.root
    )
    return CaseDraft(raw, origin, problems)


def _from_inside_out(loc: Loc) -> list[Loc]:
    """A place, then the places around it, innermost first."""
    return [loc[:end] for end in range(len(loc), 0, -1)]


def _read(path: Path, label: str) -> bytes:
    try:
        return read_file(path, MAX_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            too_large = f"文件超过{MAX_BYTES // 1024 // 1024}MB"
            raise UnreadableError(Problem(label, too_large, advice="分成几个文件")) from error
        raise UnreadableError(Problem(label, f"文件读不出来：{reason_of(error)}")) from error


def _decode(content: bytes, label: str) -> tuple[str, tuple[Problem, ...]]:
    """The text, and a warning where its encoding had to be guessed."""
    if content.startswith(_UTF16):
        return _decode_as("utf-16", content, label), ()
    if b"\0" in content:
        raise UnreadableError(Problem(label, "不是文本文件", advice="案件文件应为 UTF-8 编码的 YAML 或 JSON"))
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = _decode_as("gb18030", content, label)
    warning = Problem(
        label, "文件不是 UTF-8 编码，已按 GBK 读取", advice="核对汉字，并另存为 UTF-8", severity="warning"
    )
    return text, (warning,)


def _decode_as(encoding: str, content: bytes, label: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        problem = Problem(
            label, "文件既不是 UTF-8 也不是 GBK 编码，读不出文字", advice="用编辑器另存为 UTF-8"
        )
        raise UnreadableError(problem) from None


def _parse_yaml(text: str, label: str) -> tuple[Any, Mapping[Loc, int], list[RepeatedKey]]:
    try:
        parsed = parse_yaml(text)
    except YamlError as error:
        raise CaseDataError(_broken(label, error.reason, error.line, _YAML_ADVICE)) from None
    return parsed.data, parsed.lines, parsed.repeated


def _parse_json(text: str, label: str) -> tuple[Any, Mapping[Loc, int], list[RepeatedKey]]:
    try:
        data, repeated = parse_json(text)
    except JsonError as error:
        raise CaseDataError(
            _broken(label, error.reason, error.line, "检查引号、逗号和括号是否成对")
        ) from None
    return data, {}, [RepeatedKey(loc, 0, 0) for loc in repeated]


def _broken(label: str, reason: str, line: int | None, advice: str) -> Problem:
    return Problem(f"{label} 第{line}行" if line else label, reason, advice=advice)
