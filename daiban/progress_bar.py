"""A progress bar for a person who is watching, and nothing for anybody else.

The bar is drawn on stderr, only when that is a terminal and the caller did not ask for JSON; stdout always
stays clean for results.
"""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class ProgressBar:
    """``with ProgressBar(400, "生成", enabled=not as_json) as bar: bar.advance()``.

    ``total`` is the count of units of work; ``advance`` may be called from any thread.
    """

    def __init__(self, total: int, label: str, *, enabled: bool = True) -> None:
        self._bar: Progress | None = None
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


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("已用"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    )
