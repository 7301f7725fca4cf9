"""What a model says of crops it was not fitted to: confusion, and how often what is none counts as a signature."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.fitting.crops import Crops, load
from extractors.witness.crops import CropSize
from extractors.witness.network import WitnessModel

#: What fills a field, by the size of its crop; everything else fills none.
FILLING: dict[CropSize, tuple[str, ...]] = {
    "signature": ("signature", "seal"),
    "entry": ("writing", "tick", "signature"),
}
_LEVELS = (0.5, 0.8, 0.95, 0.99)


def report(model_file: Path, crops_file: Path) -> str:
    """Markdown tables of both sizes of crops."""
    model = WitnessModel.load(model_file)
    lines = [f"`{model_file.name}`, {model_file.stat().st_size / 1000:.0f} kB, on `{crops_file.name}`", ""]
    for size, crops in load(crops_file).items():
        start = time.perf_counter()
        scores = np.concatenate(
            [model.scores(layers[None].astype(np.float32) / 255) for layers in crops.layers]
        )
        each = 1000 * (time.perf_counter() - start) / len(scores)
        chances = model.probabilities(scores)
        lines += [f"## {size}: {len(scores)} crops, {each:.1f} ms each", ""]
        lines += [*_accepted(model, size, crops, chances), "", *_confusion(model, crops, chances), ""]
        lines += [*_calibration(model, size, crops, chances), ""]
    return "\n".join(lines)


def filled_chance(model: WitnessModel, size: CropSize, chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest probability of what fills a field, per crop."""
    places = [model.labels.index(label) for label in FILLING[size]]
    return np.asarray(chances[:, places].max(axis=1), np.float32)


def _is_filled(model: WitnessModel, size: CropSize, crops: Crops) -> NDArray[np.bool_]:
    places = [model.labels.index(label) for label in FILLING[size]]
    return np.asarray(crops.labels[:, places].any(axis=1))


def _accepted(model: WitnessModel, size: CropSize, crops: Crops, chances: NDArray[np.float32]) -> list[str]:
    """Per tier: how many crops count as filled at each level, of those that are and of those that are not."""
    chance, filled = filled_chance(model, size, chances), _is_filled(model, size, crops)
    heads = [f"{what} ≥ {level:g}" for what in ("filled", "not filled") for level in _LEVELS]
    lines = [_row(["tier", *heads]), "|" + "---|" * (1 + len(heads))]
    for tier in (*sorted(set(crops.tiers.tolist())), "all"):
        of = np.ones(len(filled), np.bool_) if tier == "all" else crops.tiers == tier
        cells = [
            _share(chance[of & (filled == what)] >= level) for what in (True, False) for level in _LEVELS
        ]
        lines.append(_row([tier, *cells]))
    return lines


def _confusion(model: WitnessModel, crops: Crops, chances: NDArray[np.float32]) -> list[str]:
    """Per thing that lay there alone: what the model took it for, the likeliest of its answers."""
    lines = [_row(["what lay there alone", "crops", "taken for"]), "|---|---|---|"]
    single = crops.labels.sum(axis=1)
    guess = np.where(chances.max(axis=1) >= 0.5, chances.argmax(axis=1), -1)
    for index in (*range(len(model.labels)), -1):
        of = (single == 0) if index < 0 else (single == 1) & (crops.labels[:, max(index, 0)] == 1)
        if not of.any():
            continue
        names, counts = np.unique(guess[of], return_counts=True)
        order = np.argsort(-counts)
        said = ", ".join(f"{_name(model, int(names[i]))} {counts[i]}" for i in order)
        lines.append(_row([_name(model, index), str(int(of.sum())), said]))
    return lines


def _calibration(
    model: WitnessModel, size: CropSize, crops: Crops, chances: NDArray[np.float32]
) -> list[str]:
    """Of crops called filled with such a probability, how many were."""
    chance, filled = filled_chance(model, size, chances), _is_filled(model, size, crops)
    lines = [_row(["called filled with", "crops", "mean", "were filled"]), "|---|---|---|---|"]
    edges = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0001)
    for low, high in itertools.pairwise(edges):
        of = (chance >= low) & (chance < high)
        if of.any():
            cells = [f"{low:g}–{min(high, 1):g}", str(int(of.sum())), f"{chance[of].mean():.3f}"]
            lines.append(_row([*cells, f"{filled[of].mean():.3f}"]))
    return lines


def _name(model: WitnessModel, index: int) -> str:
    return "empty" if index < 0 else model.labels[index]


def _share(hits: NDArray[np.bool_]) -> str:
    return f"{100 * hits.mean():.1f} % ({int(hits.sum())}/{len(hits)})" if len(hits) else "–"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
