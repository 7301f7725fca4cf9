"""YAML read as what people typed: every scalar is text, every key knows its line.

YAML's own types damage case data: ``001`` becomes 1, ``2026-03-05`` a date, ``no`` false, an
18-digit code a number. Here nothing is coerced; only an empty value, ``~`` and ``null`` mean nothing. Keys
given twice are problems, not last-one-wins. Read from parser events, without recursion and without
constructing objects, so neither deep nesting nor an alias bomb nor a ``!!python`` tag can do harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from cases.values.paths import Loc

MAX_DEPTH = 32
MAX_NODES = 2_000_000  # values after aliases are followed; about 10,000 full cases
_NULLS = {"", "~", "null", "Null", "NULL"}
_TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """A text that is not the YAML that is read here; ``line`` from 1, None where it is unknown."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A key given twice in one group: its place and both lines."""

    loc: Loc
    first_line: int
    line: int


@dataclass(slots=True)
class ParsedYaml:
    """The data, the line of every key and entry (from 1), and the keys given twice."""

    data: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    repeated: list[RepeatedKey] = field(default_factory=list)


@dataclass(slots=True)
class _OpenCollection:
    """A mapping or sequence still being read."""

    value: dict[str, Any] | list[Any]
    loc: Loc
    anchor: str | None
    weight: int = 1
    key: str | None = None
    key_line: int = 0


def parse_yaml(text: str) -> ParsedYaml:
    """One YAML document. Errors: YamlError when it is not YAML, or deeper or larger than any case."""
    builder = _TreeBuilder()
    for event in _events(text):
        builder.take(event)
    return builder.parsed


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
        raise YamlError("含有不可见的控制字符", line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError("不是合格的 YAML", mark.line + 1 if mark else None) from None
    except yaml.YAMLError:
        raise YamlError("不是合格的 YAML") from None


class _TreeBuilder:
    """Builds data from parser events; ``take`` them in order."""

    def __init__(self) -> None:
        self.parsed = ParsedYaml()
        self._stack: list[_OpenCollection] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event of the parser."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise YamlError("一个文件里有几段以“---”分开的 YAML；几个案件请写成一个列表", line)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _scalar(self, event: Any, line: int) -> None:
        if event.tag not in _TEXT_TAGS:
            raise YamlError(f"不用“{event.tag}”这样的类型标记", line)
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event.value, line)
            return
        value = None if event.implicit[0] and event.value in _NULLS else event.value
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, line, 1)

    def _key(self, top: _OpenCollection, key: str, line: int) -> None:
        loc = (*top.loc, key)
        assert isinstance(top.value, dict)
        if key in top.value:
            self.parsed.repeated.append(RepeatedKey(loc, self.parsed.lines.get(loc, line), line))
        top.key, top.key_line = key, line

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self._anchors:
            raise YamlError(f"引用“*{anchor}”没有对应的“&{anchor}”", line)
        value, weight = self._anchors[anchor]
        self._put(value, line, weight)

    def _open(self, event: Any, line: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise YamlError(f"嵌套超过{MAX_DEPTH}层", line)
        if event.tag not in {None, "!"}:
            raise YamlError(f"不用“{event.tag}”这样的类型标记", line)
        loc = self._next_loc(line)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_OpenCollection(value, loc, event.anchor))

    def _close(self) -> None:
        closed = self._stack.pop()
        if closed.anchor:
            self._anchors[closed.anchor] = (closed.value, closed.weight)
        self._put(closed.value, 0, closed.weight)

    def _next_loc(self, line: int) -> Loc:
        """Where the next value goes; notes its line."""
        if not self._stack:
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            loc: Loc = (*top.loc, len(top.value))
        elif top.key is None:
            raise YamlError("键应为文字", line)
        else:
            loc, line = (*top.loc, top.key), top.key_line
        self.parsed.lines.setdefault(loc, line)
        return loc

    def _put(self, value: Any, line: int, weight: int) -> None:
        if not self._stack:
            self.parsed.data = value
            return
        top = self._stack[-1]
        self._next_loc(line)
        top.weight += weight
        if top.weight > MAX_NODES:
            raise YamlError("内容太多（或引用“*”层层展开）", line or None)
        if isinstance(top.value, list):
            top.value.append(value)
            return
        assert top.key is not None
        top.value.setdefault(top.key, value)
        top.key = None
