"""Families: named writers, seals, marks and scanners, a fixed third of each pool held out from fitting.

The split depends on the names alone: a pool's names are ordered by their SHA-256 and the first third (at least one)
is held out. A figure counted on held-out families says how well the reader does on ink it was never fitted to.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

import numpy as np

Side = Literal["fitting", "held-out", "any"]


def held_out(names: Iterable[str]) -> frozenset[str]:
    """The third of a pool that nothing may be fitted to; of a single name none."""
    ordered = sorted(set(names), key=lambda name: sha256(name.encode()).hexdigest())
    return frozenset(ordered[: max(1, round(len(ordered) / 3))] if len(ordered) > 1 else ())


def of_side(names: Iterable[str], side: Side) -> tuple[str, ...]:
    """A pool's names on one side, sorted; a pool of one name is on both."""
    pool = sorted(set(names))
    apart = held_out(pool)
    if side == "any" or not apart:
        return tuple(pool)
    return tuple(name for name in pool if (name in apart) == (side == "held-out"))


def pick(names: Iterable[str], side: Side, rng: np.random.Generator) -> str:
    """One family of a pool, from that side.

    :raises ValueError: the pool is empty.
    """
    pool = of_side(names, side)
    if not pool:
        raise ValueError("an empty pool of families")
    return pool[int(rng.integers(len(pool)))]
