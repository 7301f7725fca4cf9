"""Cells and rows of the Markdown tables that reports of a look are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def share(hits: NDArray[np.bool_]) -> str:
    """How many of all, as a percentage and a count."""
    return f"{100 * hits.mean():.1f} % ({int(hits.sum())}/{len(hits)})" if len(hits) else "–"


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"
