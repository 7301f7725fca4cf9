"""Fits the decisions (:mod:`extractors.decide`) to tables of evidence.

Needs scikit-learn, which the program does not.

Trees are fitted to all pages; their calibration, and the chances that tell how sure is sure, come from trees that
were fitted without the page they are asked about (in five parts, by whole pages). Same tables and seed, same model.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.deciding.tables import EvidenceTable, load
from extractors.decide.models import joined
from extractors.decide.trees import BoostedTrees
from extractors.model import (
    BoxEvidence,
    EvidenceRecord,
    PageEvidence,
    PenEvidence,
    SealEvidence,
    SlotEvidence,
    TextEvidence,
)

RECORDS: dict[str, type[EvidenceRecord]] = {
    "text": TextEvidence,
    "slot": SlotEvidence,
    "tick": BoxEvidence,
    "pen": PenEvidence,
    "seal": SealEvidence,
}
#: What more of never makes a place emptier.
_RISING = {
    "text": ("length", "longest", "winding"),
    "slot": ("length", "height", "clear", "out"),
    "tick": ("inside", "share", "mark"),
    "pen": ("length", "longest", "inner", "winding"),
    "seal": ("star",),
}
_TREES, _LEAVES, _DEPTH = 150, 10, 5
_FOLDS = 5
_KEPT = 400  # chances kept of each side: enough for risks of some per cent


def fit(files: Sequence[Path], out: Path, *, seed: int = 1) -> None:
    """Fit all models to tables and write them."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for kind, table in sorted(load(*files).items()):
        arrays |= _fitted(kind, table, seed)
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]


def _fitted(kind: str, table: EvidenceTable, seed: int) -> dict[str, NDArray[np.generic]]:
    names = (*RECORDS[kind].names(), *PageEvidence.names())
    raw = np.zeros(len(table.truth))
    for out_of in range(_FOLDS):
        held = _fold(table.pages) == out_of
        raw[held] = _trees(_model(kind, table, ~held, names, seed), names).raw(table.rows[held])
    line = _logistic(raw, table.truth)
    trees = replace(
        _trees(_model(kind, table, np.ones(len(raw), np.bool_), names, seed), names),
        slope=line[0],
        offset=line[1],
    )
    chances = 1 / (1 + np.exp(-(line[0] * raw + line[1])))
    there, gone = joined(chances, table.looks)
    hard, filled = ~table.truth & ~table.bare, table.truth
    return {
        **trees.arrays(f"{kind}."),
        f"{kind}.empty": np.sort(there[hard])[::-1][:_KEPT].astype(np.float32),
        f"{kind}.empty-all": np.array(int(hard.sum())),
        f"{kind}.filled": np.sort(1 - gone[filled])[::-1][:_KEPT].astype(np.float32),
        f"{kind}.filled-all": np.array(int(filled.sum())),
    }


def _fold(pages: NDArray[np.str_]) -> NDArray[np.int64]:
    """Which part each row belongs to, by its page's name."""
    return np.array([zlib.crc32(name.partition(":")[0].encode()) % _FOLDS for name in pages])


def _model(
    kind: str, table: EvidenceTable, chosen: NDArray[np.bool_], names: tuple[str, ...], seed: int
) -> Any:
    """The trees of scikit-learn, fitted to the chosen rows."""
    ensemble: Any = importlib.import_module("sklearn.ensemble")
    model = ensemble.HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=0.08,
        max_leaf_nodes=_LEAVES,
        max_depth=_DEPTH,
        min_samples_leaf=15,
        l2_regularization=3.0,
        monotonic_cst=[int(name in _RISING[kind]) for name in names],
        random_state=seed,
        early_stopping=False,
    )
    truth = table.truth.astype(np.int64)
    weight = np.where(table.bare, 0.3, 1.0)  # empty places are easy and many
    # A mark beside its box: nobody can tell, so half of it counts as one.
    twice = chosen & (table.labels == "beside")
    model.fit(
        np.concatenate([table.rows[chosen], table.rows[twice]]),
        np.concatenate([truth[chosen], 1 - truth[twice]]),
        sample_weight=np.concatenate([weight[chosen], weight[twice]]),
    )
    return model


def _logistic(raw: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that make calibrated logarithms of odds of raw ones."""
    linear: Any = importlib.import_module("sklearn.linear_model")
    line = linear.LogisticRegression(C=100.0).fit(raw[:, None], truth)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _trees(model: Any, names: tuple[str, ...]) -> BoostedTrees:
    """The same trees as arrays; inner nodes get the mean of their leaves, by how many samples came to each."""
    nodes = [one[0].nodes for one in model._predictors]
    most = max(len(tree) for tree in nodes)
    shape = len(nodes), most
    feature, limit, value = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    left = np.tile(np.arange(most), (len(nodes), 1))
    right = left.copy()
    for at, tree in enumerate(nodes):
        for number in reversed(range(len(tree))):
            node = tree[number]
            if node["is_leaf"]:
                value[at, number] = node["value"]
                continue
            feature[at, number], limit[at, number] = node["feature_idx"], node["num_threshold"]
            left[at, number], right[at, number] = node["left"], node["right"]
            counts = [float(tree[int(node[side])]["count"]) for side in ("left", "right")]
            values = [value[at, int(node[side])] for side in ("left", "right")]
            value[at, number] = np.average(values, weights=counts)
    start = float(np.ravel(model._baseline_prediction)[0])
    # The first tree carries where all begins.
    value[0, : len(nodes[0])] += start
    return BoostedTrees(names, feature, limit, left, right, value, _DEPTH, 1.0, 0.0)
