"""Bounds on rendering a template for one document: how often its loops go round, how much it prints, how long it takes.

An office's own template may come from anywhere, and what it says in a few words can go on for ever: loops in loops over
a long list. :mod:`forms.template.language` refuses what needs no data to grow; here is counted what data make of the
rest. The first bound that is met ends the document, with the tag where it was met; other documents go on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateRuntimeError, nodes

#: The longest list of a city's projects in a table of twenty columns goes round 20,000 times and prints 10 MB.
MOST_ROUNDS = 100_000
MOST_CHARACTERS = 16 * 2**20
LONGEST_TEXT = 2**20
DEADLINE_S = 30.0
_EVERY = 256  # rounds and pieces between two looks at the clock


class BoundsError(TemplateRuntimeError):
    """A template asks for more than any form needs; the message is one Chinese clause."""


@dataclass(slots=True)
class _Budget:
    """What one document has used so far."""

    until: float = field(default_factory=lambda: time.monotonic() + DEADLINE_S)
    rounds: int = 0
    characters: int = 0
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps % _EVERY == 0 and time.monotonic() > self.until:
            raise BoundsError(f"填这张表用了 {DEADLINE_S:.0f} 秒还没有填完，已停止")


_budget: ContextVar[_Budget | None] = ContextVar("rendering_budget", default=None)


@contextmanager
def rendering_bounded() -> Iterator[None]:
    """Whatever is rendered in this block, in this thread or task, counts as one document."""
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


def bound_loops(tree: nodes.Template) -> None:
    """Have every loop of a template counted, and every text it computes measured."""
    for loop in tree.find_all(nodes.For):
        loop.iter = _through("counted", loop.iter)
    for assignment in tree.find_all(nodes.Assign):
        assignment.node = _through("measured", assignment.node)
    for applied in tree.find_all(nodes.Filter):
        if applied.node is not None:
            applied.node = _through("measured", applied.node)


def _through(name: str, value: nodes.Node) -> nodes.Call:
    call = nodes.Call(nodes.EnvironmentAttribute(name), [value], [], None, None)
    call.set_lineno(value.lineno)
    return call


def counted(items: Iterable[Any]) -> Iterable[Any]:
    """The items of a loop, each a round of it."""
    budget = _budget.get()
    return items if budget is None else _rounds(iter(items), budget)


def _rounds(items: Iterator[Any], budget: _Budget) -> Iterator[Any]:
    for item in items:
        budget.rounds += 1
        if budget.rounds > MOST_ROUNDS:
            raise BoundsError(f"循环超过 {MOST_ROUNDS} 次，已停止")
        budget.step()
        yield item


def measured(value: Any) -> Any:
    """A value on its way through a filter or into a name: no text of a form is longer than a book."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise BoundsError(f"算出的文字超过 {LONGEST_TEXT} 个字，已停止")
    return value


def bounded_output(pieces: Iterable[str]) -> Iterator[str]:
    """What a template prints, piece by piece."""
    budget = _budget.get() or _Budget()
    for piece in pieces:
        budget.characters += len(piece)
        if budget.characters > MOST_CHARACTERS:
            raise BoundsError(f"填出来超过 {MOST_CHARACTERS >> 20} MB，已停止")
        budget.step()
        yield piece
