"""What can be wrong with a value: it is invalid, or only doubtful.

:class:`InvalidValue` is raised where a text, date, stage or id is read, and says why and what to do. :class:`Flaw` is
what the identifier modules return, because an identifier can have several at once, and some are only warnings:
rejecting a right value is worse than accepting a doubtful one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


class InvalidValue(Exception):
    """A value that cannot be used. ``reason`` says why, ``advice`` what to do; both in Chinese."""

    def __init__(self, reason: str, advice: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing about an identifier: an ``error`` (it is wrong) or a ``warning`` (存疑)."""

    severity: Literal["error", "warning"]
    reason: str
    advice: str | None = None


def errors_of(flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """Only what is certainly wrong."""
    return tuple(flaw for flaw in flaws if flaw.severity == "error")


def warnings_of(flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """Only what is doubtful."""
    return tuple(flaw for flaw in flaws if flaw.severity == "warning")
