"""Dots that a black-and-white scan leaves of a pale seal, a pale pen or a smudge: none is a stroke, but many together
show that something was there.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from forms.geometry import Box


def specks(prepared: PageLayers, box: Box) -> tuple[int, float]:
    """How many separate specks of ink lie in a box, away from print, and how many times denser than on the page.

    The page's own density counts at least one speck, so that a clean sheet does not make one speck a crowd.
    """
    ink = (prepared.dark >= prepared.strong) & (prepared.beside_print == 0)
    rows, columns = pixels_of(box)
    inside = _pieces(ink[rows, columns])
    share = ink[rows, columns].size / ink.size
    outside = max(1, _pieces(ink) - inside)
    return inside, inside * (1 - share) / (outside * share) if share > 0 else 0.0


def _pieces(ink: np.typing.NDArray[np.bool_]) -> int:
    return int(cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)[0]) - 1 if ink.size else 0
