"""What runs in a worker process: one document generator, for as long as its parent process lives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foundation.forking import end_with_parent
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.model import Order, Result

_generator: DocumentGenerator | None = None


def start(settings: GeneratorSettings, profiles: Path) -> None:
    """Set the worker up; runs once in each. LibreOffice's profile is made in ``profiles`` and left there."""
    global _generator
    end_with_parent()
    _generator = DocumentGenerator(settings, profiles)


def run(orders: Sequence[Order], staging: Path) -> list[Result]:
    """Make one chunk of orders."""
    assert _generator is not None
    return list(_generator.run(orders, staging))
