"""How sure a look must be for a stated risk: read off places whose truth is known, that nothing was fitted to.

Of places that hold something else than they should (a thumb where a signature belongs), some are called filled by the
physical evidence all the same. The look passes those from a chance on. That chance is chosen so that at most a share
``risk`` of all such places passes both: conformal risk control with the loss 0 or 1. The promise holds for places
drawn as those that were counted (``python -m bench.agreement``): the same mixture of look-alikes and scanners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from extractors.model import Float64Array
from forms.definition import FieldKind

FILE = Path(__file__).parent / "agreement.npz"


@dataclass(frozen=True, slots=True, eq=False)
class AgreementLimits:
    """Per kind of field: ``passed``, the chances that the look gave to places that hold something else and were called
    filled by the evidence, the highest first; ``count``, how many places held something else in all.
    """

    passed: Mapping[FieldKind, Float64Array]
    count: Mapping[FieldKind, int]

    @classmethod
    def load(cls, file: Path = FILE) -> AgreementLimits:
        """The limits of a file.

        :raises OSError: there is none.
        """
        with np.load(file, allow_pickle=False) as stored:
            passed = {kind: np.asarray(stored[f"{kind}.passed"], np.float64) for kind in FieldKind}
            count = {kind: int(stored[f"{kind}.count"]) for kind in FieldKind}
        return cls(passed, count)

    def filled_from(self, kind: FieldKind, risk: float) -> float:
        """The chance from which a look agrees that a field of a kind is filled; above 1 where so small a risk cannot be
        promised from so few places.
        """
        chances = self.passed[kind]
        allowed = int(np.floor(risk * (self.count[kind] + 1))) - 1
        if allowed < 0:
            return 1.1
        return float(np.nextafter(chances[allowed], 2.0)) if allowed < len(chances) else 0.0


@cache
def agreement_limits() -> AgreementLimits:
    """The limits this program ships."""
    return AgreementLimits.load()
