"""What a bound case looks like to a template: a tree of nodes whose leaves print as their value or as a blank.

``{{ project.name }}`` in a template reaches a :class:`Leaf`. A filled leaf prints its value; an open one prints a blank
of no-break spaces, which do not hang over a line end as ideographic ones do, so that its underline stays as long as the
definition wants it. (A blank or a date that LibreOffice breaks nevertheless is put on a line of its own.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

DocumentValue = str | bool | dt.date | None

BLANK = "\u00a0"
EMPTY_BOX = "□"  # U+25A1
TICKED_BOX = "☑"  # U+2611
#: Widths of a date's three open slots, in no-break spaces (half an em each): 年 wide, 月 and 日 narrower.
_SLOTS = {"year": 6, "month": 4, "day": 4}


def written(value: DocumentValue) -> str:
    """A value as it is printed: dates in Arabic digits without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    if value is None or value is False:
        return ""
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return TICKED_BOX if value is True else value


class Leaf:
    """One field's value, or its blank. Its truth value: whether it is filled."""

    __slots__ = ("blank", "value")

    def __init__(self, value: DocumentValue, blank_em: int) -> None:
        self.value = value
        self.blank = BLANK * (2 * blank_em)

    def __str__(self) -> str:
        return written(self.value) or self.blank

    def __bool__(self) -> bool:
        return self.value is not None and self.value is not False and self.value != ""

    @property
    def year(self) -> str:
        """年: the year's digits, or its open slot."""
        return self._slot("year")

    @property
    def month(self) -> str:
        """月."""
        return self._slot("month")

    @property
    def day(self) -> str:
        """日."""
        return self._slot("day")

    def _slot(self, name: str) -> str:
        if isinstance(self.value, dt.date):
            return str(getattr(self.value, name))
        return BLANK * _SLOTS[name]


class CheckBoxLeaf(Leaf):
    """A check box: ☑ or □."""

    __slots__ = ()

    def __str__(self) -> str:
        return TICKED_BOX if self.value else EMPTY_BOX


class Node:
    """A branch of the tree: children by name or index; iterating gives the indexed ones in order.

    Not a dict, because field names such as ``items`` must win over methods.
    """

    __slots__ = ("_children",)

    def __init__(self) -> None:
        self._children: dict[str, Node | Leaf] = {}

    def __getattr__(self, name: str) -> Node | Leaf:
        try:
            return self._children[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, key: str | int) -> Node | Leaf:
        return self._children[str(key)]

    def __iter__(self) -> Iterator[Node | Leaf]:
        indices = sorted(int(name) for name in self._children if name.isdigit())
        return iter([self._children[str(index)] for index in indices])

    def __len__(self) -> int:
        return sum(name.isdigit() for name in self._children)

    def __bool__(self) -> bool:
        return any(self._children.values())

    def put(self, path: str, leaf: Leaf) -> None:
        """Put a leaf at a dotted id, making the branches on the way."""
        *branches, last = path.split(".")
        node = self
        for name in branches:
            child = node._children.setdefault(name, Node())
            assert isinstance(child, Node), f"{path}: {name} is a field and a branch at once"
            node = child
        node._children[last] = leaf

    def branch(self, path: str) -> None:
        """Make a branch where there is none, so that a loop over an empty list is not an unknown name."""
        node = self
        for name in path.split("."):
            child = node._children.setdefault(name, Node())
            assert isinstance(child, Node)
            node = child

    def roots(self) -> Mapping[str, Node | Leaf]:
        """The top names: what a template's expressions begin with."""
        return dict(self._children)
