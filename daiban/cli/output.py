"""What commands print: results on stdout, everything else on stderr.

Terminals here may be GBK, pipes may close early, disks behind a redirection may be full. Characters a
terminal cannot show become ``?``; a reader that went away is not an error, and must not change the exit
code of work that is done; a stdout that cannot take the result is.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len

from foundation.errors import DaibanError, NotWritableError, Problem
from foundation.showing import bounded, plain, plain_json
from foundation.writing import not_writable

if TYPE_CHECKING:
    from pydantic import BaseModel


def prepare() -> None:
    """Make both streams take any character. Call once, at the start."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "") -> None:
    """A result for people, on stdout.

    :raises NotWritableError: stdout cannot take it (a full disk behind a redirection).
    """
    _write(sys.stdout, plain(text))


def note(text: str) -> None:
    """A remark for people, on stderr; never an error itself."""
    try:
        _write(sys.stderr, plain(text))
    except NotWritableError:
        return


def say_json(model: BaseModel) -> None:
    """The one JSON object of a ``--json`` run, on stdout; escaped where stdout is not Unicode."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    text = json.dumps(model.model_dump(mode="json"), ensure_ascii=not encoding.startswith("utf"), indent=2)
    _write(sys.stdout, plain_json(text))


def say_error(error: DaibanError | Iterable[Problem], *, as_json: bool) -> None:
    """What went wrong: on stderr for people, and with ``--json`` as ``{"problems": […]}`` on stdout as well."""
    problems = tuple(error.problems if isinstance(error, DaibanError) else error)
    note(problem_lines(problems))
    if as_json:
        from daiban.cli.error_report import ErrorReport  # pydantic is only loaded when it is needed

        say_json(ErrorReport(problems=problems))


def problem_lines(problems: Iterable[Problem]) -> str:
    """Problems for people, one a line; warnings marked 存疑, what is awaited 尚缺."""
    marks = {"error": "✗", "warning": "存疑", "awaited": "尚缺"}
    return "\n".join(f"{marks[problem.severity]} {bounded(str(problem))}" for problem in problems)


def day_of(time: datetime) -> str:
    """The day of a time, by the machine's clock: ``2026-03-05``."""
    return time.astimezone().date().isoformat()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table in aligned columns; Chinese characters count two columns."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(_table_line(line, widths) for line in lines)


def _table_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        raise not_writable("结果输出", error) from error


def _silence(stream: TextIO) -> None:
    """Redirect a stream whose reader is gone to nothing, so that flushing its buffer at exit does no harm."""
    try:
        descriptor = stream.fileno()
    except OSError:
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
