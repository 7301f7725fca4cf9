"""The rim of a seal (印章边框), followed exactly: where a seal ends.

An outline is fitted on a coarse picture, to half a millimetre. But a rim is even: its outer edge, followed all
around, lies within a tenth of a millimetre of a smooth course, wherever nothing was written across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.pictures import as_image
from extractors.model import PX_PER_MM, Float64Array, Mask
from extractors.observe.seals.outlines import SealOutline
from extractors.thresholds import RimThresholds

_TURNS = 720
_STEP_MM = 0.1
_INWARDS_MM, _OUTWARDS_MM = 3.0, 4.0
#: How far, mm, inside and outside of the course the edge may lie to count for it, from fit to fit.
_ROUNDS = ((1.0, 0.6), (0.6, 0.4), (0.45, 0.3), (0.4, 0.25), (0.35, 0.2), (0.3, 0.2))


@dataclass(frozen=True, slots=True, eq=False)
class SealRim:
    """The outer edge of a seal's rim. ``course``: how far it lies outside the fitted outline, mm, as a constant, cosine
    and sine of the angle and of its double; ``thick``: the rim's width, mm.
    """

    outline: SealOutline
    course: Float64Array
    thick: float

    def beyond(self, x: Float64Array, y: Float64Array) -> Float64Array:
        """How far points (mm of the page) lie outside the rim, mm; below 0 on it and within."""
        at, away = _polar(self.outline, x, y)
        beyond: Float64Array = away - _waves(at) @ self.course
        return beyond


def follow(
    ink: Mask, corner: tuple[float, float], outline: SealOutline, limits: RimThresholds
) -> SealRim | None:
    """The rim of a round or oval seal in a mask of ink whose top left stands at ``corner``, mm; None where its edge
    cannot be followed far and evenly enough.
    """
    if outline.shape == "square":
        return None
    angles = np.linspace(-np.pi, np.pi, _TURNS, endpoint=False)
    away = np.arange(-_INWARDS_MM, _OUTWARDS_MM, _STEP_MM)
    inner, outer = _edges(_profiles(ink, corner, outline, angles, away), away)
    waves = _waves(angles)
    course, kept = _course(waves, outer)
    if kept.mean() < limits.followed:
        return None
    spread = float(np.sqrt(np.mean((outer - waves @ course)[kept] ** 2)))
    if spread > limits.spread_mm:
        return None
    thick = float(np.median((outer - inner)[kept]))
    return SealRim(outline, course, thick)


def _profiles(
    ink: Mask, corner: tuple[float, float], outline: SealOutline, angles: Float64Array, away: Float64Array
) -> Mask:
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


def _edges(profiles: Mask, away: Float64Array) -> tuple[Float64Array, Float64Array]:
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


def _course(waves: Float64Array, edge: Float64Array) -> tuple[Float64Array, Mask]:
    """The smooth course of an edge, and where the edge keeps to it: what juts out or is dry counts no more."""
    there = np.isfinite(edge)
    course: Float64Array = np.zeros(waves.shape[1])
    kept = np.zeros(len(edge), np.bool_)
    if not there.any():
        return course, kept
    course[0] = float(np.median(edge[there]))
    # A little weight against bending keeps half a rim from determining all of the course.
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


def _waves(angles: Float64Array) -> Float64Array:
    """What a course is made of, at each angle; one more axis at the end, of five."""
    ones = np.ones_like(angles)
    waves: Float64Array = np.stack(
        [ones, np.cos(angles), np.sin(angles), np.cos(2 * angles), np.sin(2 * angles)], axis=-1
    )
    return waves


def _polar(outline: SealOutline, x: Float64Array, y: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The angle of points (mm of the page) on an outline, and how far outside it they lie, mm."""
    cos, sin = np.cos(outline.turn), np.sin(outline.turn)
    along = (x - outline.x) * cos + (y - outline.y) * sin
    across = (y - outline.y) * cos - (x - outline.x) * sin
    half = outline.width / 2, outline.height / 2
    angles: Float64Array = np.arctan2(across / half[1], along / half[0])
    reach = np.hypot(half[0] * np.cos(angles), half[1] * np.sin(angles))
    return angles, np.hypot(along, across) - reach
