"""The whole error contract: problems, exceptions and exit codes.

This module is the floor of the house: every room may import it, and it imports none of them.

A *problem* is a value, not an exception: rooms collect all of them and hand them on, so that a person sees
everything that is wrong at once. An exception is for what stops a whole operation::

    DaibanError                 base; carries problems and an exit code
    ├── UsageError              wrong command line, wrong workspace            2
    ├── CaseDataError           a roster or case file cannot be used          20
    ├── FormError               a form definition or template is wrong        21
    ├── UnreadableError         an input file cannot be read at all           30
    ├── ToolMissingError        converter, font or OCR is not installed       40
    ├── ToolFailedError         the converter failed, hung or returned rubbish 41
    └── NotWritableError        an output place cannot be written, disk full  50

Anything else that escapes is a bug and exits 1 with its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Literal


class ExitCode(IntEnum):
    """What the process tells its caller."""

    OK = 0
    BUG = 1
    USAGE = 2
    INCOMPLETE = 10
    REVIEW = 11
    CASE_DATA = 20
    FORM = 21
    UNREADABLE = 30
    TOOL_MISSING = 40
    TOOL_FAILED = 41
    NOT_WRITABLE = 50
    INTERRUPTED = 130


_WORST_FIRST = (
    ExitCode.BUG,
    ExitCode.NOT_WRITABLE,
    ExitCode.TOOL_FAILED,
    ExitCode.TOOL_MISSING,
    ExitCode.UNREADABLE,
    ExitCode.FORM,
    ExitCode.CASE_DATA,
    ExitCode.INCOMPLETE,
    ExitCode.REVIEW,
    ExitCode.OK,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The code a batch exits with: the worst of its members, in the contract's order; ``OK`` for none."""
    present = set(codes)
    return next((code for code in _WORST_FIRST if code in present), ExitCode.OK)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, said to a person in Chinese.

    ``where`` is a place a person can go to (``roster.xlsx 项目!C5``, ``第1页``, ``表1 第3行 第2格``);
    ``problem`` says what and why; ``advice`` what to do; ``field`` is the field id, if there is one.
    A *warning* (存疑) does not stop anything; an *error* stops its document or case. What is *awaited* (尚缺) holds its
    document back as well, but nothing is wrong: the case has not come so far.
    """

    where: str
    problem: str
    field: str | None = None
    advice: str | None = None
    severity: Literal["error", "warning", "awaited"] = "error"

    def __str__(self) -> str:
        """One line for a person."""
        text = f"{self.where}：{self.problem}" if self.where else self.problem
        return f"{text}（{self.advice}）" if self.advice else text


class DaibanError(Exception):
    """Base of every error a person is meant to read."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            Problem(where="", problem=item) if isinstance(item, str) else item for item in problems
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


def error_of(exit_code: ExitCode, problems: Iterable[Problem]) -> DaibanError:
    """The exception with which a command gives this exit code."""
    kinds = (kind for kind in DaibanError.__subclasses__() if kind.exit_code is exit_code)
    return next(kinds, DaibanError)(*problems)


class UsageError(DaibanError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class CaseDataError(DaibanError):
    """A roster or case file cannot be used as a whole."""

    exit_code = ExitCode.CASE_DATA


class FormError(DaibanError):
    """A form definition or its template is wrong."""

    exit_code = ExitCode.FORM


class UnreadableError(DaibanError):
    """An input file cannot be read at all."""

    exit_code = ExitCode.UNREADABLE


class ToolMissingError(DaibanError):
    """A program or font this work needs is not on the machine."""

    exit_code = ExitCode.TOOL_MISSING


class ToolFailedError(DaibanError):
    """A program was there but failed, hung or returned rubbish."""

    exit_code = ExitCode.TOOL_FAILED


class NotWritableError(DaibanError):
    """An output place cannot be written: permissions, a full disk, a lock held elsewhere."""

    exit_code = ExitCode.NOT_WRITABLE
