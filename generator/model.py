"""What a document generator is given and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forms.geometry import FieldArea
from foundation.errors import DaibanError, ExitCode, Problem, error_of
from generator.bind import Bound


@dataclass(frozen=True, slots=True)
class Order:
    """One document to be made: its issue number and its values."""

    issue: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Produced:
    """One document made, checked and staged, not yet published.

    ``docx`` and ``pdf`` are staged files (``pdf`` None where this machine has no LibreOffice: ``problems`` then advises
    what to install); ``page_sizes`` in mm; ``blank``: ids of the open fields, in the form's order.
    """

    order: Order
    docx: Path
    docx_sha256: str
    pdf: Path | None = None
    pdf_sha256: str | None = None
    page_sizes: tuple[tuple[float, float], ...] = ()
    areas: tuple[FieldArea, ...] = ()
    blank: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """One document that was not made, and why."""

    order: Order
    problems: tuple[Problem, ...]
    exit_code: ExitCode

    def error(self) -> DaibanError:
        """The same as an exception, for who wanted this one document."""
        return error_of(self.exit_code, self.problems)


Result = Produced | Failed
