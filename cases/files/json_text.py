"""JSON read for case data: numbers keep their digits as text, keys given twice are found.

An 18-digit code written as a number would lose its last digits in a float; read as text it loses none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from cases.values.paths import Loc


class JsonError(Exception):
    """A text that is not JSON; ``line`` from 1, None where it is unknown."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class _JsonObject(dict[str, Any]):
    """A JSON object that remembers which keys came twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__()
        self.repeated: list[str] = []
        for key, value in pairs:
            if key in self:
                self.repeated.append(key)
            self.setdefault(key, value)


def parse_json(text: str) -> tuple[Any, list[Loc]]:
    """The data, and the places of keys given twice. Errors: JsonError."""
    try:
        data = json.loads(
            text, object_pairs_hook=_JsonObject, parse_int=str, parse_float=str, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        raise JsonError("不是合格的 JSON", error.lineno) from None
    except RecursionError:
        raise JsonError("嵌套太深") from None
    return data, list(_repeated(data, ()))


def _no_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} 不是 JSON 的值")


def _repeated(value: Any, loc: Loc) -> Iterator[Loc]:
    """Depth is bounded by the parser's own recursion."""
    if isinstance(value, _JsonObject):
        yield from ((*loc, key) for key in value.repeated)
        for key, item in value.items():
            yield from _repeated(item, (*loc, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeated(item, (*loc, index))
