"""The rim of a seal (印章边框), followed exactly: ink that stands out of it is no seal's.

Where a scan took a seal's colour, what lies under the seal cannot be told from its own lettering. But a seal ends at
its rim, and a rim is even: its outer edge, followed all around, lies within a tenth of a millimetre of a smooth
course, wherever nothing was written across it. A digit that a rim runs through reaches beyond that course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Mask
from extractors.observe.ink import Sheet, as_image, disc
from extractors.observe.ink_pieces import as_bytes, components
from extractors.observe.outlines import Floats, Outline
from extractors.observe.patches import beside_in, cut
from extractors.observe.seals import RIM_MM, Found, hidden, zone
from extractors.thresholds import Rims
from forms.geometry import Box

_TURNS = 720
_STEP_MM = 0.1
_INWARDS_MM, _OUTWARDS_MM = 3.0, 4.0
#: How far, mm, inside and outside of the course the edge may lie to count for it, from fit to fit.
_ROUNDS = ((1.0, 0.6), (0.6, 0.4), (0.45, 0.3), (0.4, 0.25), (0.35, 0.2), (0.3, 0.2))
_WINDOW_MM = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Rim:
    """The outer edge of a seal's rim. ``course``: how far it lies outside the fitted outline, mm, as a constant, cosine
    and sine of the angle and of its double; ``thick``: the rim's width, mm; ``followed``: the share of the turn on
    which the edge keeps to its course; ``spread``: how far it lies off it there, mm, root mean square.
    """

    outline: Outline
    course: Floats
    thick: float
    followed: float
    spread: float

    def beyond(self, x: Floats, y: Floats) -> Floats:
        """How far points (mm of the page) lie outside the rim, mm; below 0 on it and within."""
        at, away = _polar(self.outline, x, y)
        beyond: Floats = away - _waves(at) @ self.course
        return beyond


@dataclass(frozen=True, slots=True, eq=False)
class Pressed:
    """What seals without colour do to a page. ``under``: where they lie, and strokes cannot be told from theirs;
    ``edge``: where the rims of those lie whose ink was told by its darkness; ``out``: ink that comes off their rims,
    and is none of theirs.
    """

    under: Mask
    edge: Mask
    out: Mask


def pressed(sheet: Sheet, found: Sequence[Found], areas: Sequence[Box], limits: Rims) -> Pressed | None:
    """Where seals hide what is written, and what of it shows all the same; None on a page without such seals.

    ``areas``: the rims of seals that reach into one of them are followed.
    """
    under = hidden(sheet, found)
    if under is None:
        return None
    grey = [item for item in found if not item.seal.red and item.outline is not None]
    edge = zone(grey, under.shape, RIM_MM) & ~zone(grey, under.shape, -RIM_MM)
    out = np.zeros_like(under)
    for item in grey:
        if item.certain and any(item.seal.box.overlap_mm2(area) > 0 for area in areas):
            others = [other for other in grey if other is not item]
            _note(sheet, item, zone(others, under.shape, RIM_MM), areas, (under, out), limits)
    return Pressed(under, edge, out)


def _note(
    sheet: Sheet, item: Found, others: Mask, areas: Sequence[Box], masks: tuple[Mask, Mask], limits: Rims
) -> None:
    """Add to two masks of the page where a seal lies to the edge of its rim, and what comes off it."""
    under, out = masks
    patch = cut(sheet, item.seal.box.all_round(_WINDOW_MM))
    ink = patch.labels > 0
    window = slice(patch.top, patch.top + ink.shape[0]), slice(patch.left, patch.left + ink.shape[1])
    rim = follow(ink, (patch.left / PX_PER_MM, patch.top / PX_PER_MM), item, limits)
    if rim is None:
        return
    at = np.indices(ink.shape)
    beyond = rim.beyond((at[1] + patch.left) / PX_PER_MM, (at[0] + patch.top) / PX_PER_MM)
    under[window] |= beyond <= limits.clear_mm
    free = ink & ~others[window] & (beside_in(sheet, patch) == 0)
    home = np.zeros_like(ink)
    for area in areas:
        home[patch.pixels(area)] = True
    out[window] |= _from_rim(free, beyond, rim, home, limits)


def follow(ink: Mask, corner: tuple[float, float], item: Found, limits: Rims) -> Rim | None:
    """The rim of a round or oval seal in a mask of ink whose top left stands at ``corner``, mm; None where its edge
    cannot be followed far and evenly enough.
    """
    if item.outline is None or item.outline.shape == "square":
        return None
    angles = np.linspace(-np.pi, np.pi, _TURNS, endpoint=False)
    away = np.arange(-_INWARDS_MM, _OUTWARDS_MM, _STEP_MM)
    inner, outer = _edges(_profiles(ink, corner, item.outline, angles, away), away)
    waves = _waves(angles)
    course, kept = _course(waves, outer)
    if kept.mean() < limits.followed:
        return None
    spread = float(np.sqrt(np.mean((outer - waves @ course)[kept] ** 2)))
    if spread > limits.spread_mm:
        return None
    thick = float(np.median((outer - inner)[kept]))
    return Rim(item.outline, course, thick, float(kept.mean()), spread)


def _profiles(ink: Mask, corner: tuple[float, float], outline: Outline, angles: Floats, away: Floats) -> Mask:
    """Whether there is ink so far (mm, rows) outside the outline at each angle (columns)."""
    cos, sin = np.cos(outline.turn), np.sin(outline.turn)
    x = (outline.width / 2 + away[:, None]) * np.cos(angles)
    y = (outline.height / 2 + away[:, None]) * np.sin(angles)
    columns = (x * cos - y * sin + outline.x - corner[0]) * PX_PER_MM
    rows = (x * sin + y * cos + outline.y - corner[1]) * PX_PER_MM
    found = cv2.remap(
        as_image(ink) * 255, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR
    )
    mask: Mask = found > 127
    return mask


def _edges(profiles: Mask, away: Floats) -> tuple[Floats, Floats]:
    """Where the ink nearest to the outline begins and ends, mm outside it, at each angle; nan where there is none."""
    # A single sample without ink is no gap.
    closed = profiles.copy()
    closed[1:-1] |= profiles[:-2] & profiles[2:]
    near = closed & (np.abs(away) <= 1.0)[:, None]
    index = np.arange(len(away))[:, None]
    start = np.where(near, index, -1).max(axis=0)
    after = np.where(~closed & (index > start), index, len(away)).min(axis=0)
    before = np.where(~closed & (index < start), index, -1).max(axis=0)
    none = start < 0
    outer = np.where(none, np.nan, away[np.clip(after - 1, 0, len(away) - 1)])
    inner = np.where(none, np.nan, away[np.clip(before + 1, 0, len(away) - 1)])
    return inner, outer


def _course(waves: Floats, edge: Floats) -> tuple[Floats, Mask]:
    """The smooth course of an edge, and where the edge keeps to it: what juts out or is dry counts no more."""
    there = np.isfinite(edge)
    course: Floats = np.zeros(waves.shape[1])
    kept = np.zeros(len(edge), np.bool_)
    if not there.any():
        return course, kept
    course[0] = float(np.median(edge[there]))
    # A little weight against bending lets half a rim tell no more than half a rim can.
    weight = len(edge) / 100 * np.diag([0.0, 0.03, 0.03, 3.0, 3.0])
    for inside, outside in _ROUNDS:
        off = np.where(there, edge - waves @ course, np.inf)
        kept = (off > -inside) & (off < outside)
        if not kept.any():
            break
        solved = np.linalg.solve(waves[kept].T @ waves[kept] + weight, waves[kept].T @ edge[kept])
        course = solved.astype(np.float64)
    off = np.where(there, edge - waves @ course, np.inf)
    return course, (off > -_ROUNDS[-1][0]) & (off < _ROUNDS[-1][1])


def _waves(angles: Floats) -> Floats:
    """What a course is made of, at each angle; one more axis at the end, of five."""
    ones = np.ones_like(angles)
    waves: Floats = np.stack(
        [ones, np.cos(angles), np.sin(angles), np.cos(2 * angles), np.sin(2 * angles)], axis=-1
    )
    return waves


def _polar(outline: Outline, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The angle of points (mm of the page) on an outline, and how far outside it they lie, mm."""
    cos, sin = np.cos(outline.turn), np.sin(outline.turn)
    along = (x - outline.x) * cos + (y - outline.y) * sin
    across = (y - outline.y) * cos - (x - outline.x) * sin
    half = outline.width / 2, outline.height / 2
    angles: Floats = np.arctan2(across / half[1], along / half[0])
    reach = np.hypot(half[0] * np.cos(angles), half[1] * np.sin(angles))
    return angles, np.hypot(along, across) - reach


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The pieces of ink on one side of a rim, label 1 at place 0. ``areas`` in mm²; ``sizes``: the longer of width and
    height, mm, ``heights`` the height; they begin ``near`` and end ``far`` from where the rim's own ink may reach, mm.
    """

    labels: NDArray[np.int32]
    areas: Floats
    sizes: Floats
    heights: Floats
    near: Floats
    far: Floats

    def chosen(self, which: Mask) -> Mask:
        """The pixels of some pieces."""
        mask: Mask = np.concatenate([[False], which])[self.labels]
        return mask


def _side(ink: Mask, away: Floats) -> _Side:
    """``away``: how far each pixel lies from the rim on this side, mm; below 0 on the rim and on the other side."""
    count, labels, stats, _ = components(as_bytes(ink & (away > 0)))
    at = np.flatnonzero(labels)
    own, reach = labels.ravel()[at] - 1, away.ravel()[at]
    near, far = np.full(count - 1, np.inf), np.zeros(count - 1)
    np.minimum.at(near, own, reach)
    np.maximum.at(far, own, reach)
    width, height = stats[1:, 2] / PX_PER_MM, stats[1:, 3] / PX_PER_MM
    return _Side(labels, stats[1:, 4] / PX_PER_MM**2, np.maximum(width, height), height, near, far)


def _from_rim(ink: Mask, beyond: Floats, rim: Rim, home: Mask, limits: Rims) -> Mask:
    """The ink that comes off a rim, outwards or inwards: it begins at the rim's edge and is as large as the end of a
    digit; a longer stroke on either side is a signature's, or a line.

    ``home``: where dates are written. Inwards only of a seal of which nothing comes off the rim elsewhere: there its
    lettering stands clear of it.
    """
    outside, inside = _side(ink, beyond - limits.clear_mm), _side(ink, -beyond - rim.thick - limits.clear_mm)
    outwards = (outside.near <= limits.touch_mm) & (outside.far >= limits.out_mm)
    outwards &= (outside.areas >= limits.out_mm2) & (outside.heights >= limits.high_mm)
    outwards &= outside.sizes <= limits.long_mm
    for piece in np.flatnonzero(outwards).tolist():
        outwards[piece] = (
            _longest(inside, _around(outside.labels == piece + 1, rim, limits)) <= limits.long_mm
        )
    mask = outside.chosen(outwards)
    off = (inside.near <= limits.touch_mm) & (inside.sizes >= limits.letter_mm)
    at_home = np.bincount(inside.labels[home], minlength=len(off) + 1)[1:] / PX_PER_MM**2 > 0.5 * inside.areas
    if not (off & ~at_home).any():
        inwards = off & (inside.far >= limits.in_mm) & (inside.sizes <= limits.long_mm)
        mask |= inside.chosen(inwards)
    return mask


def _around(piece: Mask, rim: Rim, limits: Rims) -> Mask:
    """A piece and what lies across the rim from it."""
    reach = round((rim.thick + 3 * limits.clear_mm) * PX_PER_MM)
    return np.asarray(cv2.dilate(as_bytes(piece), disc(reach)) > 0)


def _longest(side: _Side, where: Mask) -> float:
    """The size of the longest piece that has a pixel there, mm."""
    touched = np.unique(side.labels[where])
    return float(np.max(side.sizes[touched[touched > 0] - 1], initial=0.0))
