"""Whatever is wrong with a setting, or with a form's definition, is said in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from daiban.settings import Settings, load_settings
from forms.definition import (
    AnyOf,
    Content,
    DateRule,
    FieldDefinition,
    FormDefinition,
    ListDefinition,
    StatedFact,
)
from forms.definition_file import read_form
from foundation.errors import FormError, UsageError

_WRONG = (
    "3.5",
    "-1",
    "true",
    '"？"',
    "[]",
    "[3]",
    "{}",
    "{ unknown = 1 }",
    "2026-01-01",
    "99999999999999999999",
)
#: English is words in a row, beside names of keys and values, which stand in the file.
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,;:'’]+[A-Za-z]{2,})+")
_NAMES = re.compile(r"可用的键：[\w、.-]+|“[^”]*”|'[^']*'|\{[^}]*\}|form\.toml.*?(?= )")


def _sections(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, info in model.model_fields.items():
        below = info.annotation
        if isinstance(below, type) and issubclass(below, BaseModel):
            yield from _sections(below, (*path, name))
        else:
            yield (*path, name)


def _is_chinese(told: str) -> bool:
    return not _ENGLISH.findall(_NAMES.sub("", told)) and bool(re.search(r"[\u4e00-\u9fff]", told))


@pytest.mark.parametrize("path", list(_sections(Settings)), ids=".".join)
def test_wrong_settings_are_told_in_chinese(path: tuple[str, ...], tmp_path: Path) -> None:
    """A setting of the wrong kind is refused, or read, without a word of English."""
    *sections, key = path
    for value in _WRONG:
        head = f"[{'.'.join(sections)}]\n" if sections else ""
        (tmp_path / "daiban.toml").write_text(f"{head}{key} = {value}\n", "utf-8")
        try:
            load_settings(tmp_path / "daiban.toml")
        except UsageError as error:
            for problem in error.problems:
                assert _is_chinese(f"{problem.problem} {problem.advice or ''}"), problem


_FORM = """id = "test-form"
title = "测试"
kind = "drafted"
document = "test"
[source]
number = "一"
title = "二"
file = "三"
place = "四"
"""
_PARTS: dict[str, type[BaseModel]] = {
    "": FormDefinition,
    "field": FieldDefinition,
    "list": ListDefinition,
    "any_of": AnyOf,
    "fact": StatedFact,
    "dates": DateRule,
    "content": Content,
}


@pytest.mark.parametrize("part", _PARTS)
def test_wrong_definitions_are_told_in_chinese(part: str, tmp_path: Path) -> None:
    """A key of a form.toml with a wrong value is refused, or read, without a word of English."""
    for name, info in _PARTS[part].model_fields.items():
        for value in _WRONG:
            line = f"{info.alias or name} = {value}\n"
            head = "" if not part else f"[{part}]\n" if part == "content" else f"[[{part}]]\n"
            text = f"{_FORM}{head}{line}" if part else f"{line}{_FORM}"
            (tmp_path / "form.toml").write_text(text, "utf-8")
            try:
                read_form(tmp_path)
            except FormError as error:
                for problem in error.problems:
                    assert _is_chinese(f"{problem.problem} {problem.advice or ''}"), problem
