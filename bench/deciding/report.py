"""How decisions do on places of families they were never fitted to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.bounds import upper
from bench.deciding.tables import EvidenceTable, load
from extractors.decide.models import DecisionModels, joined
from extractors.thresholds import load_thresholds

_RISKS = (0.01, 0.02, 0.03, 0.05)
_SOURCES = {"sheets made for fitting": ("composed", "dense"), "ordinary returns": ("drawn", "real")}


def report(models: Path, file: Path) -> str:
    """Markdown: per kind of mark and source, what is kept and what passes wrongly, at several risks."""
    fitted = DecisionModels.load(models)
    lines = [f"`{models.name}` on `{file.name}`"]
    for kind, table in sorted(load(file).items()):
        lines += ["", f"## {kind}", "", *_kind(fitted, kind, table)]
    return "\n".join(lines) + "\n"


def _kind(fitted: DecisionModels, kind: str, table: EvidenceTable) -> Iterator[str]:
    there, gone = joined(fitted.trees[kind].probabilities(table.rows), table.looks)
    to = fitted.blank_to(kind, load_thresholds().decisions.risk_blank)
    yield "| | promised | from | filled: there | filled: unsure | filled: gone | else: there |"
    yield "|---|---|---|---|---|---|---|"
    for source, names in _SOURCES.items():
        chosen = np.isin(table.sources, names)
        filled, hard = chosen & table.truth, chosen & ~table.truth & ~table.bare
        for risk in _RISKS:
            from_ = fitted.filled_from(kind, risk)
            is_there, is_gone = there >= from_, (there < from_) & (gone <= to)
            cells = [
                _share(is_there, filled),
                _share(~is_there & ~is_gone, filled),
                _share(is_gone, filled),
                _share(is_there, hard),
            ]
            yield f"| {source} | {risk:.0%} | {from_:.2f} | " + " | ".join(cells) + " |"


def _share(which: NDArray[np.bool_], among: NDArray[np.bool_]) -> str:
    count, whole = int((which & among).sum()), int(among.sum())
    return f"{count / whole:.1%} ({count}/{whole}), ≤ {upper(count, whole):.1%}" if whole else "–"
