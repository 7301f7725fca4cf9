"""The fitted decisions, one per kind of mark, and how sure they must be for a stated risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from extractors.decide.trees import BoostedTrees
from extractors.model import EvidenceRecord, Float64Array, PageEvidence

FILE = Path(__file__).parent / "decisions.npz"
#: The model that decides each mark: the three slots of a date have one.
ROWS: Mapping[str, str] = {
    "text": "text",
    "year": "slot",
    "month": "slot",
    "day": "slot",
    "tick": "tick",
    "pen": "pen",
    "seal": "seal",
}


def row_of(evidence: EvidenceRecord, page: PageEvidence) -> Float64Array:
    """The numbers a model is asked with."""
    return np.concatenate([evidence.vector(), page.vector()])


#: Below this, a witness says no; from one less it on, yes. Between, the other one's word counts as well.
_NO = 0.2
#: Nothing counts as there that is not likelier than not, whatever the risk allows.
_EVEN = 0.5


def joined(chances: Float64Array, looks: Float64Array) -> tuple[Float64Array, Float64Array]:
    """What both witnesses vouch for, 0..1: that a mark is there, and the same for telling that it is not.

    Where neither contradicts the other, the mean of their logarithms of odds; else the word of the one that
    contradicts: the lower chance for what is there, the higher one for what is not. ``looks``: NaN where nobody looked,
    since nothing lies there: then the evidence stands alone, and vouches for no mark.
    """
    alone = np.isnan(looks)
    looks = np.where(alone, chances, looks)
    both = 1 / (1 + np.exp(-(_odds(chances) + _odds(looks)) / 2))
    there = np.where(np.minimum(chances, looks) >= _NO, both, np.minimum(chances, looks))
    gone = np.where(np.maximum(chances, looks) <= 1 - _NO, both, np.maximum(chances, looks))
    return np.where(alone, 0.0, there), gone


def _odds(chances: Float64Array) -> Float64Array:
    kept = np.clip(chances, 1e-4, 1 - 1e-4)
    result: Float64Array = np.log(kept / (1 - kept))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class DecisionModels:
    """``trees``: by kind of mark. ``empty``, ``filled``: what was held back from fitting to tell how sure is sure: the
    joint chances (:func:`joined`) that places which hold something else are filled, and that places which are filled
    are not, the highest first; with how many there were in all.
    """

    trees: Mapping[str, BoostedTrees]
    empty: Mapping[str, tuple[Float64Array, int]]
    filled: Mapping[str, tuple[Float64Array, int]]

    @classmethod
    def load(cls, file: Path = FILE) -> DecisionModels:
        """The models of a file.

        :raises OSError: there is none.
        """
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        kinds = sorted({name.partition(".")[0] for name in arrays})

        def held(side: str) -> dict[str, tuple[Float64Array, int]]:
            return {
                kind: (
                    np.asarray(arrays[f"{kind}.{side}"], np.float64),
                    int(np.asarray(arrays[f"{kind}.{side}-all"])),
                )
                for kind in kinds
            }

        return cls(
            {kind: BoostedTrees.of(arrays, f"{kind}.") for kind in kinds}, held("empty"), held("filled")
        )

    def filled_from(self, kind: str, risk: float) -> float:
        """The joint chance from which a mark counts as there, so that of places that hold something else no larger
        share than ``risk`` passes: conformal risk control, exact for places drawn as those that were held back.
        """
        chances, count = self.empty[kind]
        most = int(np.floor(risk * (count + 1))) - 1
        if most < 0:
            return 1.1  # too few were held back to promise that: nothing is sure
        return max(_EVEN, float(chances[most]) + 1e-9 if most < len(chances) else 0.0)

    def blank_to(self, kind: str, risk: float) -> float:
        """Likewise the joint chance up to which a mark counts as not there, for places that are filled."""
        chances, count = self.filled[kind]
        most = int(np.floor(risk * (count + 1))) - 1
        if most < 0:
            return -0.1
        return min(1 - _EVEN, 1 - float(chances[most]) - 1e-9 if most < len(chances) else 1.0)


@cache
def decision_models() -> DecisionModels:
    """The models this program ships."""
    return DecisionModels.load()
