"""What runs in a worker process: one press, for as long as the process that wants its work is there."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from generator.model import Order, Result
from generator.press import Press, PressSettings

_press: Press | None = None


def start(settings: PressSettings, profiles: Path) -> None:
    """Set the worker up; runs once in each. LibreOffice's profile is made in ``profiles`` and left there."""
    global _press
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _press = Press(settings, profiles)


def run(orders: Sequence[Order], staging: Path) -> list[Result]:
    """Make one chunk of orders."""
    assert _press is not None
    return list(_press.run(orders, staging))


def _end_with(parent: int) -> None:
    """End this worker when its parent is gone: a killed run must leave nobody working behind it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
