"""What seals pressed over dates (骑年盖月) hide, and what can be seen nevertheless, in a scan without colour.

Writing under such a seal cannot be distinguished from the seal's own lettering. But the seal ends at its rim, and its
lettering does not touch the rim: a stroke that continues from the rim, outwards or inwards, belongs to a digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import disc
from extractors.layers.windows import InkWindow, chosen_in, cut
from extractors.model import PX_PER_MM, Float64Array, Mask
from extractors.observe.printed_text.ink_pieces import as_bytes, components
from extractors.observe.seals.found import RIM_MM, SealCandidate, hidden, zone
from extractors.observe.seals.rims import SealRim, follow
from extractors.thresholds import RimThresholds
from forms.geometry import Box

#: How far around a seal its surroundings are looked at, mm.
_WINDOW_MM = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class SealOverlap:
    """Where seals without colour lie on a page. ``under``: where strokes cannot be distinguished from a seal's;
    ``edge``: on the rims of seals with an outline; ``out``: ink that continues from a rim and is not the seal's.
    """

    under: Mask
    edge: Mask
    out: Mask


def seal_overlap(
    prepared: PageLayers, found: Sequence[SealCandidate], areas: Sequence[Box], limits: RimThresholds
) -> SealOverlap | None:
    """Where seals hide what is written, and what of it shows all the same; None on a page without such seals or dates.

    ``areas``: of dates; the rims of seals that reach into one of them are followed.
    """
    under = hidden(prepared, found) if areas else None
    if under is None:
        return None
    grey = [item for item in found if not item.seal.red and item.outline is not None]
    edge = zone(grey, under.shape, RIM_MM) & ~zone(grey, under.shape, -RIM_MM)
    out = np.zeros_like(under)
    for item in grey:
        reaches_in = item.certain and any(item.seal.box.overlap_mm2(area) > 0 for area in areas)
        seen = _around(prepared, item, limits) if reaches_in else None
        if seen is not None:
            others = zone([other for other in grey if other is not item], under.shape, RIM_MM)
            under[seen.window] |= seen.beyond <= limits.clear_mm
            out[seen.window] |= _from_rim(seen, others[seen.window], seen.home(areas), limits)
    return SealOverlap(under, edge, out)


@dataclass(frozen=True, slots=True, eq=False)
class _Surroundings:
    """A seal whose rim was followed, and what is around it. ``free``: added ink away from print; ``beyond``: how far
    each place lies outside the rim, mm.
    """

    patch: InkWindow
    rim: SealRim
    free: Mask
    beyond: Float64Array

    @property
    def window(self) -> tuple[slice, slice]:
        """Its rows and columns on the page."""
        (height, width), top, left = self.free.shape, self.patch.top, self.patch.left
        return slice(top, top + height), slice(left, left + width)

    def home(self, areas: Sequence[Box]) -> Mask:
        """Where dates are written."""
        home = np.zeros_like(self.free)
        for area in areas:
            home[self.patch.pixels(area)] = True
        return home


def _around(prepared: PageLayers, item: SealCandidate, limits: RimThresholds) -> _Surroundings | None:
    assert item.outline is not None
    patch = cut(prepared, item.seal.box.all_round(_WINDOW_MM))
    ink = patch.labels > 0
    left, top = patch.left / PX_PER_MM, patch.top / PX_PER_MM
    rim = follow(ink, (left, top), item.outline, limits)
    if rim is None:
        return None
    at = np.indices(ink.shape)
    beyond = rim.beyond((at[1] + patch.left) / PX_PER_MM, (at[0] + patch.top) / PX_PER_MM)
    return _Surroundings(patch, rim, ink & (patch.cropped(prepared.beside_print) == 0), beyond)


@dataclass(frozen=True, slots=True, eq=False)
class _RimSide:
    """The pieces of ink on one side of a rim, label 1 at place 0. ``areas`` in mm²; ``sizes``: the longer of width and
    height, mm, ``heights`` the height; they begin ``near`` and end ``far`` from where the rim's own ink may reach, mm.
    """

    labels: NDArray[np.int32]
    areas: Float64Array
    sizes: Float64Array
    heights: Float64Array
    near: Float64Array
    far: Float64Array


def _side(ink: Mask, away: Float64Array) -> _RimSide:
    """``away``: how far each pixel lies from the rim on this side, mm; below 0 on the rim and on the other side."""
    count, labels, stats, _ = components(as_bytes(ink & (away > 0)))
    at = np.flatnonzero(labels)
    own, reach = labels.ravel()[at] - 1, away.ravel()[at]
    near, far = np.full(count - 1, np.inf), np.zeros(count - 1)
    np.minimum.at(near, own, reach)
    np.maximum.at(far, own, reach)
    width, height = stats[1:, 2] / PX_PER_MM, stats[1:, 3] / PX_PER_MM
    return _RimSide(labels, stats[1:, 4] / PX_PER_MM**2, np.maximum(width, height), height, near, far)


def _from_rim(seen: _Surroundings, others: Mask, home: Mask, limits: RimThresholds) -> Mask:
    """The ink that comes off a rim, outwards or inwards: it begins at the rim's edge and is as large as the end of a
    digit; a longer stroke on either side is a signature's, or a line.

    ``others``: where other seals lie; ``home``: where dates are written. Inwards only of a seal of which nothing comes
    off the rim elsewhere: there its lettering stands clear of it.
    """
    ink, beyond, rim = seen.free & ~others, seen.beyond, seen.rim
    outside, inside = _side(ink, beyond - limits.clear_mm), _side(ink, -beyond - rim.thick - limits.clear_mm)
    outwards = (outside.near <= limits.touch_mm) & (outside.far >= limits.out_mm)
    outwards &= (outside.areas >= limits.out_mm2) & (outside.heights >= limits.high_mm)
    outwards &= outside.sizes <= limits.long_mm
    for piece in np.flatnonzero(outwards).tolist():
        outwards[piece] = (
            _longest(inside, _across(outside.labels == piece + 1, rim, limits)) <= limits.long_mm
        )
    mask = chosen_in(outside.labels, outwards)
    off = (inside.near <= limits.touch_mm) & (inside.sizes >= limits.letter_mm)
    at_home = np.bincount(inside.labels[home], minlength=len(off) + 1)[1:] / PX_PER_MM**2 > 0.5 * inside.areas
    if not (off & ~at_home).any():
        inwards = off & (inside.far >= limits.in_mm) & (inside.sizes <= limits.long_mm)
        mask |= chosen_in(inside.labels, inwards)
    return mask


def _across(piece: Mask, rim: SealRim, limits: RimThresholds) -> Mask:
    """A piece and what lies across the rim from it."""
    reach = round((rim.thick + 3 * limits.clear_mm) * PX_PER_MM)
    return np.asarray(cv2.dilate(as_bytes(piece), disc(reach)) > 0)


def _longest(side: _RimSide, where: Mask) -> float:
    """The size of the longest piece that has a pixel there, mm."""
    touched = np.unique(side.labels[where])
    return float(np.max(side.sizes[touched[touched > 0] - 1], initial=0.0))
