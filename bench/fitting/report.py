"""What a model says of crops it was not fitted to: what it keeps, what it takes wrongly, what it takes things for."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.fitting.crops import UNKNOWN, Crops, load
from bench.fitting.tables import row, share
from bench.fitting.training import truth_of
from extractors.witness.network import WitnessModel
from forms.definition import FieldKind

_LEVELS = (0.1, 0.3, 0.5, 0.8, 0.95)
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A model's answers to crops. ``chances``: (n, labels); ``filled``: (n,); ``truth``: 0, 1 or unknown, (n,)."""

    crops: Crops
    chances: NDArray[np.float32]
    filled: NDArray[np.float32]
    truth: NDArray[np.uint8]


def report(model_file: Path, crops_files: Sequence[Path]) -> str:
    """Markdown tables of both sizes of crops, for each file."""
    model = WitnessModel.load(model_file)
    lines = [f"`{model_file.name}`, {model_file.stat().st_size / 1000:.0f} kB", ""]
    for file in crops_files:
        for size, crops in load(file).items():
            start = time.thread_time()
            looked = looked_at(model, crops)
            each = 1000 * (time.thread_time() - start) / len(crops.labels)
            lines += [f"## {file.stem}, {size}: {len(crops.labels)} crops, {each:.1f} ms each", ""]
            lines += [*_accepted(looked), "", *_by_thing(looked), "", *_confusion(model, looked), ""]
            lines += [*_calibration(looked), ""]
    return "\n".join(lines)


def looked_at(model: WitnessModel, crops: Crops) -> Looked:
    """A model's answers to crops, one after the other."""
    looks = [
        model.look(model.scores(layers[None].astype(np.float32) / 255)[0], FieldKind(str(kind)))
        for layers, kind in zip(crops.layers, crops.kinds, strict=True)
    ]
    chances = np.array([list(look.chances.values()) for look in looks], np.float32)
    filled = np.array([look.filled for look in looks], np.float32)
    return Looked(crops, chances, filled, truth_of(crops)[:, -1])


def _accepted(looked: Looked) -> list[str]:
    """Per tier and kind: how many count as filled at each level, of those that are and of those that are not."""
    heads = [f"{what} ≥ {level:g}" for what in ("filled", "not filled") for level in _LEVELS]
    lines = [row(["", *heads]), "|" + "---|" * (1 + len(heads))]
    crops = looked.crops
    groups: list[tuple[str, Flags]] = [("all", np.ones(len(looked.truth), np.bool_))]
    groups += [(f"tier {tier}", crops.tiers == tier) for tier in sorted(set(crops.tiers.tolist()))]
    kinds = sorted(set(crops.kinds.tolist()))
    groups += [(kind, crops.kinds == kind) for kind in kinds if len(kinds) > 1]
    for name, of in groups:
        cells = [
            share(looked.filled[of & (looked.truth == what)] >= level) for what in (1, 0) for level in _LEVELS
        ]
        lines.append(row([name, *cells]))
    return lines


def _by_thing(looked: Looked) -> list[str]:
    """Per family kind of what lay there alone: how many count as filled at each level."""
    lines = [
        row(["what lay there", *(f"≥ {level:g}" for level in _LEVELS)]),
        "|" + "---|" * (1 + len(_LEVELS)),
    ]
    things = np.array([_thing(families) for families in looked.crops.families])
    for thing in sorted(set(things.tolist())):
        for what, name in ((1, "filled"), (0, "not filled")):
            of = (things == thing) & (looked.truth == what)
            if of.any():
                lines.append(
                    row([f"{thing} ({name})", *(share(looked.filled[of] >= level) for level in _LEVELS)])
                )
    return lines


def _thing(families: str) -> str:
    """The pools of a crop's families, its scanner left out: ``stamp``, ``seal + writer``."""
    pools = {family.split("/")[0] for family in families.split(",")} - {"scanner"}
    return " + ".join(sorted(pools)) or "nothing"


def _confusion(model: WitnessModel, looked: Looked) -> list[str]:
    """Per thing that lay there alone: what the model took it for, the likeliest of its answers."""
    lines = [row(["what lay there alone", "crops", "taken for"]), "|---|---|---|"]
    labels, chances = looked.crops.labels, looked.chances
    single = (labels == 1).sum(axis=1)
    known = (labels != UNKNOWN).all(axis=1)
    guess = np.where(chances.max(axis=1) >= 0.5, chances.argmax(axis=1), -1)
    for index in (*range(len(model.labels)), -1):
        of = known & ((single == 0) if index < 0 else (single == 1) & (labels[:, max(index, 0)] == 1))
        if not of.any():
            continue
        names, counts = np.unique(guess[of], return_counts=True)
        said = ", ".join(f"{_name(model, int(names[i]))} {counts[i]}" for i in np.argsort(-counts))
        lines.append(row([_name(model, index), str(int(of.sum())), said]))
    return lines


def _calibration(looked: Looked) -> list[str]:
    """Of crops called filled with such a probability, how many were."""
    lines = [row(["called filled with", "crops", "mean", "were filled"]), "|---|---|---|---|"]
    edges = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0001)
    known = looked.truth != UNKNOWN
    for low, high in itertools.pairwise(edges):
        of = known & (looked.filled >= low) & (looked.filled < high)
        if of.any():
            cells = [f"{low:g}–{min(high, 1):g}", str(int(of.sum())), f"{looked.filled[of].mean():.3f}"]
            lines.append(row([*cells, f"{(looked.truth[of] == 1).mean():.3f}"]))
    return lines


def _name(model: WitnessModel, index: int) -> str:
    return "empty" if index < 0 else model.labels[index]
