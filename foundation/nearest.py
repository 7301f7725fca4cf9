"""Nearest-name suggestions for ids and keys that were mistyped."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, or None if none is near enough to be worth asking about."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """Advice in Chinese (是否指“…”？), or ``otherwise``."""
    found = nearest(name, known)
    return f"是否指“{found}”？" if found else otherwise
