"""Nearest-name suggestions for ids and keys that were mistyped."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6, ignore_case: bool = False) -> str | None:
    """The known name most like ``name``, or None if none is near enough to be worth asking about.

    :param cutoff: how alike the two must be, from 0 (anything) to 1 (equal).
    """
    spellings = {(item.casefold() if ignore_case else item): item for item in known}
    found = get_close_matches(name.casefold() if ignore_case else name, spellings, n=1, cutoff=cutoff)
    return spellings[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """Advice in Chinese (是否指“…”？), or ``otherwise``."""
    found = nearest(name, known)
    return f"是否指“{found}”？" if found else otherwise
