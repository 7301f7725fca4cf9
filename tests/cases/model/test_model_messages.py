"""Whatever is wrong with a value of a case or of a definition is said in Chinese, whatever pydantic would say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cases.checking import check_case
from cases.model.case import Case
from cases.model.field_types import FieldGroup

_WRONG: tuple[Any, ...] = (3.5, -1, True, "？", [], [3], {}, {"unknown": 1}, [[]], "2026-13-45", 10**30)
#: English is words in a row; keys of a case file are English, each in quotation marks or alone.
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,;:'’]+[A-Za-z]{2,})+")
_KEYS = re.compile(r"daiban [a-z ]+|可用的键：[\w、.（）]+|是不是“\w+”|不认识的键“\w+”")


class _Place:
    def where(self, _loc: object) -> str:
        return "某处"


def _paths(model: type[FieldGroup], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, info in model.model_fields.items():
        yield (*path, name)
        below = info.annotation
        if isinstance(below, type) and issubclass(below, FieldGroup):
            yield from _paths(below, (*path, name))


def _with(path: tuple[str, ...], value: object) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "id": "A-1",
        "document": "jincheng",
        "project": {"name": "某项目"},
        "enterprise": {"name": "某公司"},
    }
    node = tree
    for name in path[:-1]:
        node = node.setdefault(name, {})
    node[path[-1]] = value
    return tree


@pytest.mark.parametrize("path", list(_paths(Case)), ids=".".join)
def test_wrong_values_are_told_in_chinese(path: tuple[str, ...]) -> None:
    """A value of the wrong kind at any place of a case is refused, or read, without a word of English."""
    for value in _WRONG:
        _, problems = check_case(_with(path, value), _Place())
        for problem in problems:
            told = f"{problem.problem} {problem.advice or ''}"
            assert _ENGLISH.findall(_KEYS.sub("", told)) == [], told
            assert re.search(r"[\u4e00-\u9fff]", problem.problem), told
