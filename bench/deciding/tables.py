"""Tables of evidence with the truth, one per kind of mark: what :mod:`bench.deciding.fitting` fits models to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.deciding.pages import LabelledPage, LabelledPlace, kept
from extractors.decide.looks import looks_at
from extractors.decide.models import ROWS, row_of
from extractors.layers.page_layers import page_layers
from extractors.observe.places import Mark, measure_places
from extractors.thresholds import load_thresholds

#: Which labels of a place mean that it holds a mark of that name.
HOLDS = {"text": "writing", "slot": "writing", "tick": "tick", "pen": "signature", "seal": "seal"}
_SLOTS = ("year", "month", "day")


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceTable:
    """``rows``: the evidence, shape (n, numbers); ``looks``: what the learned look says, NaN where nobody asked;
    ``truth``: 1 where the mark is there; ``bare``: 1 where nothing at all lies there. Per row its tier, source, the
    page it is from and what lies there.
    """

    rows: NDArray[np.float64]
    looks: NDArray[np.float64]
    truth: NDArray[np.bool_]
    bare: NDArray[np.bool_]
    tiers: NDArray[np.str_]
    sources: NDArray[np.str_]
    pages: NDArray[np.str_]
    labels: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class _Row:
    numbers: NDArray[np.float64]
    look: float
    truth: bool
    bare: bool
    tier: str
    source: str
    page: str
    labels: str


def tables(pages: Iterable[tuple[str, LabelledPage]]) -> dict[str, EvidenceTable]:
    """The tables of labelled pages, each with a name."""
    thresholds = load_thresholds()
    found: dict[str, list[_Row]] = defaultdict(list)
    for name, labelled in pages:
        layers = page_layers(labelled.page, thresholds.ink)
        page, places = measure_places(layers, [item.area for item in labelled.places], thresholds)
        for place, looks, truth in zip(places, looks_at(labelled.page, places), labelled.places, strict=True):
            for mark, look in zip(place.marks, looks, strict=True):
                kind = ROWS[mark.name]
                held = _holds(mark, truth)
                if held is None:
                    continue
                found[kind].append(
                    _Row(
                        row_of(mark.evidence, page),
                        np.nan if look is None else look.chance,
                        held,
                        not truth.labels,
                        labelled.tier,
                        labelled.source,
                        f"{name}:{truth.area.id}",
                        "+".join(sorted(truth.labels)),
                    )
                )
    return {kind: _together(rows) for kind, rows in found.items()}


def of_folder(folder: Path) -> dict[str, EvidenceTable]:
    """The tables of all pages that :func:`bench.deciding.pages.keep` left in a folder."""
    return tables(kept(folder))


def _holds(mark: Mark, truth: LabelledPlace) -> bool | None:
    """Whether a mark is there; None where the truth does not say: a slot of a date written as one string, a place where
    something is wrong though what should be there is.
    """
    kind = ROWS[mark.name]
    if kind == "slot":
        return truth.slots[_SLOTS.index(mark.name)] if truth.slots else None
    is_there = HOLDS[kind] in truth.labels
    if kind == "tick" and "slip" in truth.labels and not is_there:
        return None  # one stroke in a box: nobody can tell it from a tick
    return None if is_there and truth.spoilt else is_there


def _together(rows: list[_Row]) -> EvidenceTable:
    return EvidenceTable(
        np.stack([row.numbers for row in rows]),
        np.array([row.look for row in rows]),
        np.array([row.truth for row in rows]),
        np.array([row.bare for row in rows]),
        *(np.array([getattr(row, name) for row in rows]) for name in ("tier", "source", "page", "labels")),
    )


def write(found: dict[str, EvidenceTable], file: Path) -> None:
    """Keep tables in one file."""
    arrays = {
        f"{kind}.{name}": getattr(table, name)
        for kind, table in found.items()
        for name in EvidenceTable.__dataclass_fields__
    }
    np.savez_compressed(file, **arrays)


def load(*files: Path) -> dict[str, EvidenceTable]:
    """The tables of files, those of one kind one after the other."""
    parts: dict[str, list[dict[str, NDArray[np.generic]]]] = defaultdict(list)
    for file in files:
        with np.load(file, allow_pickle=False) as stored:
            for kind in {name.partition(".")[0] for name in stored.files}:
                parts[kind].append(
                    {name: stored[f"{kind}.{name}"] for name in EvidenceTable.__dataclass_fields__}
                )
    return {
        kind: EvidenceTable(
            **{
                name: np.concatenate([part[name] for part in of])
                for name in EvidenceTable.__dataclass_fields__
            }
        )
        for kind, of in parts.items()
    }
