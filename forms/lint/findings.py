"""What a check of a form finds: problems, most of them made where they are found."""

from __future__ import annotations

from foundation.errors import Problem


def warning(place: str, problem: str, advice: str) -> Problem:
    """A deviation that stops nothing (存疑)."""
    return Problem(place, problem, advice=advice, severity="warning")
