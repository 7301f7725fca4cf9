"""Whether a picture is black and white and nothing between: told from its own pixels, before anything is resampled.

Where light meets dark, a two-level picture jumps from pixel to pixel; any scan in grey, any picture made smaller and
any photograph passes through levels between. So those are counted against the jumps: a dark lid or table changes
neither. JPEG's noise about two levels adds a few.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.model import Image

_DARK, _LIGHT = 60, 195  # JPEG leaves dark below the one, light from the other on
_EACH = 7  # every so many rows are looked at; not the side of a JPEG's blocks
#: Times as many levels between as in a two-level picture are left of one that was made up to four times smaller.
_RESAMPLED = 80


def has_two_levels(pixels: Image, between: float) -> bool:
    """Whether a picture, grey or RGB, has at most so many pixels between black and white per jump from one to the
    other, along its rows.
    """
    rows = np.ascontiguousarray(pixels[::_EACH])
    luma = rows if rows.ndim == 2 else np.asarray(cv2.cvtColor(rows, cv2.COLOR_RGB2GRAY), np.uint8)
    dark, light = luma < _DARK, luma >= _LIGHT
    jumps = np.count_nonzero(dark[:, 1:] & light[:, :-1]) + np.count_nonzero(light[:, 1:] & dark[:, :-1])
    middle = luma.size - np.count_nonzero(dark) - np.count_nonzero(light)
    return bool(jumps and middle <= between * jumps)


def may_have_had_two_levels(pixels: Image, between: float) -> bool:
    """Whether a resampled picture can come from one of two levels, so that its source is worth a look."""
    return has_two_levels(pixels, _RESAMPLED * between)
