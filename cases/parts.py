"""The parts of a case that a mistake concerns: a bad value costs what is drawn from it, not the whole case.

A part is a field id (``contact.phone``). Of a list it is the whole list (``ledger``): with one entry wrong nobody knows
what it should say as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.values.paths import Loc, dotted, loc_of
from foundation.errors import Problem

_WITHOUT_WHICH_NONE = ("id", "document", "stage", "project", "enterprise")
_NAMES = ("project.name", "enterprise.name")


@dataclass(frozen=True, slots=True)
class FlawedPart:
    """A part of a case that cannot be used, by its field id, and what is wrong with it."""

    field: str
    problem: Problem


def part_at(loc: Loc) -> str:
    """The part that a place lies in: up to the first list."""
    index = next((at for at, name in enumerate(loc) if isinstance(name, int)), len(loc))
    return dotted(loc[:index])


def part_of(problem: Problem) -> str:
    """The part that a problem's field lies in; empty where it has none."""
    return part_at(loc_of(problem.field)) if problem.field else ""


def costs_the_case(part: str) -> bool:
    """Whether there is no case without this part: who it is, which forms it calls for, and the two names."""
    return not part or part in _WITHOUT_WHICH_NONE or part in _NAMES


def without_parts(tree: dict[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    """A raw tree without these parts; the tree itself stays as it is."""
    for part in parts:
        tree = _without(tree, part.split("."))
    return tree


def _without(tree: dict[str, Any], path: list[str]) -> dict[str, Any]:
    first, *rest = path
    if first not in tree:
        return tree
    below = tree[first]
    if rest and isinstance(below, dict):
        return {**tree, first: _without(below, rest)}
    return {name: value for name, value in tree.items() if name != first}
