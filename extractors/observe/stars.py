"""The five-pointed star (五角星) in the middle of a round seal: no cup, thumb or pen leaves one."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.observe.outlines import Field, Outline

_STAR_MM = np.arange(5.0, 8.1, 0.5)  # from its middle to a point, as seals of 38 to 45 mm have it
_JOINT = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))  # joins specks up to 2 mm apart
_TURNS = 9  # of a fifth of the whole turn, after which a star is itself again
_STAR_OFF_MM = 1.5  # how far its middle may lie off the outline's, fitted to half a rim


def starred(field: Field, outline: Outline) -> float:
    """How well the ink in the middle of a round outline is a five-pointed star, 0..1: what both share of what either
    covers, at the best place, size and turn; 0 for what a disc fits as well. A scan that kept specks only has them
    joined first.
    """
    if outline.shape != "round":
        return 0.0
    reach = round((_STAR_MM[-1] + 2 * _STAR_OFF_MM) / field.mm)
    x, y = round(outline.x / field.mm), round(outline.y / field.mm)
    around = cv2.copyMakeBorder(field.ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    middle = around[max(0, y) : y + 2 * reach + 1, max(0, x) : x + 2 * reach + 1]
    if min(middle.shape) <= 2 * reach:
        return 0.0
    joined = _joined(middle)
    off = round(_STAR_OFF_MM / field.mm)
    near = (slice(reach - off, reach + off + 1),) * 2
    star = max(float(_shared(joined, shape)[near].max()) for shape in _stars(field.mm))
    disc = max(float(_shared(joined, shape)[near].max()) for shape in _discs(field.mm))
    return star if star > disc else 0.0


def place_of_star(field: Field) -> tuple[float, float]:
    """Where the ink is a star most, mm: sought roughly, :func:`starred` says whether it is one."""
    joined = _joined(field.ink)
    found = (cv2.minMaxLoc(_shared(joined, shape)) for shape in _stars(field.mm)[:: _TURNS // 2])
    _, _, _, (x, y) = max(found, key=lambda item: item[1])
    return x * field.mm, y * field.mm


def _joined(ink: MatLike) -> MatLike:
    return cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _JOINT).astype(np.float32)


def _shared(ink: MatLike, shape: MatLike) -> MatLike:
    """What ink and a shape about each place share of what either covers there, 0..1."""
    border = cv2.BORDER_CONSTANT
    both = cv2.filter2D(ink, -1, shape, borderType=border)
    there = cv2.boxFilter(ink, -1, shape.shape[::-1], normalize=False, borderType=border)
    either = np.maximum(there + float(shape.sum()) - both, 1.0)
    return np.asarray(both / either, np.float32)


@lru_cache(maxsize=2)
def _stars(mm: float) -> tuple[NDArray[np.float32], ...]:
    """Stars of every size and turn, on pixels of so many mm."""
    found = []
    for radius in _STAR_MM:
        half = round(radius / mm) + 1
        for turn in np.deg2rad(np.arange(_TURNS) * 72 / _TURNS):
            angles = turn - np.pi / 2 + np.arange(10) * np.pi / 5
            away = np.where(np.arange(10) % 2, 0.382, 1.0) * radius / mm
            points = np.stack([half + away * np.cos(angles), half + away * np.sin(angles)], axis=1)
            star = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
            cv2.fillPoly(star, [np.round(points * 16).astype(np.int32)], 1, shift=4)
            found.append(star.astype(np.float32))
    return tuple(found)


@lru_cache(maxsize=2)
def _discs(mm: float) -> tuple[NDArray[np.float32], ...]:
    """Discs of every size at which a star might be taken for one, on pixels of so many mm."""
    found = []
    for radius in np.arange(0.5 * _STAR_MM[0], 0.8 * _STAR_MM[-1], 0.5):
        half = round(radius / mm) + 1
        disc = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
        cv2.circle(disc, (half, half), round(radius / mm), 1, -1)
        found.append(disc.astype(np.float32))
    return tuple(found)
