"""How far a long run has come, for a person who is watching, and nothing for anybody else.

An operation is given a :class:`Progress` and asks it for a bar per stage of its work; who watches decides what becomes
of that. On a terminal the bar is drawn on stderr; stdout always stays clean for results.
"""

from __future__ import annotations

import sys
from types import TracebackType

from rich import progress as rich_progress
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Progress:
    """Nobody watches. What watches gives bars of its own."""

    def bar(self, total: int, label: str) -> ProgressBar:
        """The bar of a stage: ``with progress.bar(400, "生成") as bar: bar.advance()``."""
        return ProgressBar(total, label, enabled=False)

    def waiting(self, text: str) -> None:
        """The run waits for something: one Chinese sentence."""
        print(text, file=sys.stderr, flush=True)


class TerminalProgress(Progress):
    """A person at a terminal watches."""

    def bar(self, total: int, label: str) -> ProgressBar:
        """A bar on stderr, where that is a terminal."""
        return ProgressBar(total, label)


class ProgressBar:
    """``with ProgressBar(400, "生成", enabled=not as_json) as bar: bar.advance()``.

    ``total`` is the count of units of work; ``advance`` may be called from any thread.
    """

    def __init__(self, total: int, label: str, *, enabled: bool = True) -> None:
        self._bar: rich_progress.Progress | None = None
        if enabled and sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(label, total=total)

    def advance(self, count: int = 1) -> None:
        """Say that ``count`` more units are done."""
        if self._bar is not None:
            self._bar.advance(self._task, count)

    def extend(self, count: int) -> None:
        """Say that there are ``count`` more units to do than was known."""
        if self._bar is not None:
            total = self._bar.tasks[self._task].total or 0
            self._bar.update(self._task, total=total + count)

    def __enter__(self) -> ProgressBar:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> rich_progress.Progress:
    return rich_progress.Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("已用"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    )
