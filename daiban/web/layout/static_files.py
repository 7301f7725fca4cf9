"""Addresses of static files, each with the digest of its content: browsers may keep a file until it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class DigestedStaticFiles(StaticFilesStorage):
    """Static files as they ship, in no folder of their own: nothing is collected or built."""

    def __init__(self) -> None:
        super().__init__(location=str(Path(__file__).parent / "static"))

    def url(self, name: str | None) -> str:
        """``/static/layout/page.css?v=1f2e3d4c5b6a``."""
        return f"{super().url(name)}?v={_digest(name or '')}"


@cache
def _digest(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"no static file {name}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
