"""What runs in a worker process: one press, for as long as the process that wants its work is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foundation.forking import end_with_parent
from generator.layout.press import Press, PressSettings
from generator.model import Order, Result

_press: Press | None = None


def start(settings: PressSettings, profiles: Path) -> None:
    """Set the worker up; runs once in each. LibreOffice's profile is made in ``profiles`` and left there."""
    global _press
    end_with_parent()
    _press = Press(settings, profiles)


def run(orders: Sequence[Order], staging: Path) -> list[Result]:
    """Make one chunk of orders."""
    assert _press is not None
    return list(_press.run(orders, staging))
