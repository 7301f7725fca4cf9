"""Everything that can lie at a place without filling it, by what it is and by family."""

from __future__ import annotations

import numpy as np

from forms.geometry import Box
from simulator.paper.sheets import PaperSheet
from simulator.real_ink.families import Side, pick
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.lookalikes.fingerprints import FINGERS
from simulator.real_ink.lookalikes.liquids import BLOTS, stains
from simulator.real_ink.lookalikes.paper import (
    CREASES,
    SMUDGES,
    STAPLES,
    STICKERS,
    Laying,
    shadows,
    show_through,
)
from simulator.real_ink.lookalikes.stamps import STAMPS
from simulator.real_ink.strokes import SCRIBBLES, SLIPS, draw_at

KINDS = (
    "fingerprint",
    "stain",
    "blot",
    "smudge",
    "crease",
    "staple",
    "shadow",
    "slip",
    "scribble",
    "stamp",
    "bleed-through",
    "sticker",
)


def lookalikes(library: InkLibrary, side: Side) -> dict[str, dict[str, Laying]]:
    """Per kind, its families: how each is laid onto a sheet."""
    return {
        "fingerprint": dict(FINGERS),
        "stain": stains(library),
        "blot": dict(BLOTS),
        "smudge": dict(SMUDGES),
        "crease": dict(CREASES),
        "staple": dict(STAPLES),
        "shadow": shadows(library),
        "slip": {name: draw_at(drawing, least=0.2, most=0.9) for name, drawing in SLIPS.items()},
        "scribble": {name: draw_at(drawing, least=0.4, most=1.0) for name, drawing in SCRIBBLES.items()},
        "stamp": dict(STAMPS),
        "bleed-through": show_through(library, side),
        "sticker": dict(STICKERS),
    }


def lay(
    kind: str, sheet: PaperSheet, box: Box, library: InkLibrary, side: Side, rng: np.random.Generator
) -> str:
    """Lay something of that kind into a place; the family it is of.

    Its middle lies in the place's inner part; its size goes with the place's lesser side, up to 40 mm.

    :raises KeyError: no such kind.
    """
    pool = lookalikes(library, side)[kind]
    family = pick(pool, side, rng)
    size = min(40.0, 0.6 * min(box.width, box.height) + 0.2 * max(box.width, box.height))
    x = box.centre[0] + rng.uniform(-0.32, 0.32) * box.width
    y = box.centre[1] + rng.uniform(-0.28, 0.28) * box.height
    pool[family](sheet, (float(x), float(y)), size, rng)
    return f"{kind}/{family}"
