"""The five-pointed star (五角星) in the middle of a round seal: no cup, thumb or pen leaves one."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.observe.seals.outlines import InkMap, SealOutline

_STAR_MM = np.arange(5.0, 8.1, 0.5)  # from its middle to a point, as seals of 38 to 45 mm have it
_STAR_OFF_MM = 1.5  # how far its middle may lie off the outline's, fitted to half a rim
_TURNS = 9  # of a fifth of the whole turn, after which a star is itself again
_JOINT = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))  # joins specks up to 2 mm apart

ShapeStack = NDArray[np.float32]


# Called twice for one outline: whether it may be a seal's, and whether it surely is.
@lru_cache(maxsize=4)
def starred(ink_map: InkMap, outline: SealOutline) -> float:
    """How well the ink in the middle of a round outline is a five-pointed star, 0..1: intersection over union of ink
    and star, at the best place, size and turn; 0 for what a disc fits as well. A scan that kept specks only has them
    joined first.
    """
    if outline.shape != "round":
        return 0.0
    reach = round((_STAR_MM[-1] + 2 * _STAR_OFF_MM) / ink_map.mm)
    x, y = round(outline.x / ink_map.mm), round(outline.y / ink_map.mm)
    around = cv2.copyMakeBorder(ink_map.ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    middle = around[max(0, y) : y + 2 * reach + 1, max(0, x) : x + 2 * reach + 1]
    if min(middle.shape) <= 2 * reach:
        return 0.0
    joined, off = _joined(middle), round(_STAR_OFF_MM / ink_map.mm)
    star = max(_most_shared(joined, shapes, off) for shapes in _stars(ink_map.mm))
    disc = max(_most_shared(joined, shapes, off) for shapes in _discs(ink_map.mm))
    return star if star > disc else 0.0


def _most_shared(ink: MatLike, shapes: ShapeStack, off: int) -> float:
    """What ink and one of some shapes of a size share of what either covers, at best, up to so many px off."""
    size = shapes.shape[-1]
    first = (len(ink) - size) // 2 - off
    near = ink[first : first + size + 2 * off, first : first + size + 2 * off]
    windows = np.lib.stride_tricks.sliding_window_view(near, (size, size)).reshape(-1, size * size)
    both = windows @ shapes.reshape(len(shapes), -1).T
    either = windows.sum(axis=1)[:, None] + shapes.sum(axis=(1, 2)) - both
    return float((both / np.maximum(either, 1.0)).max())


def place_of_star(ink_map: InkMap) -> tuple[float, float]:
    """Where the ink is a star most, mm: sought roughly, :func:`starred` says whether it is one."""
    joined, stars = _joined(ink_map.ink), _rough_stars(ink_map.mm)
    margin = max(map(len, stars))
    sides = tuple(cv2.getOptimalDFTSize(side + margin) for side in joined.shape)
    spectrum = _spectrum(joined, sides, margin // 2)
    best, place = -1.0, (0, 0)
    for star, turned in zip(stars, _spectra(ink_map.mm, sides), strict=True):
        product = cv2.mulSpectrums(spectrum, turned, 0, conjB=True)
        first = margin // 2 - len(star) // 2
        view = (slice(first, first + joined.shape[0]), slice(first, first + joined.shape[1]))
        both = cv2.idft(product, flags=cv2.DFT_SCALE)[view]
        there = cv2.boxFilter(joined, -1, star.shape, normalize=False, borderType=cv2.BORDER_CONSTANT)
        shared = both / np.maximum(there + float(star.sum()) - both, 1.0)
        _, most, _, at = cv2.minMaxLoc(shared)
        if most > best:
            best, place = most, (int(at[0]), int(at[1]))
    return place[0] * ink_map.mm, place[1] * ink_map.mm


def _spectrum(picture: MatLike, sides: tuple[int, ...], off: int) -> MatLike:
    """The spectrum of a picture that lies so many px off the left upper corner of a field of zeros of those sides."""
    whole = np.zeros(sides, np.float32)
    whole[off : off + picture.shape[0], off : off + picture.shape[1]] = picture
    return cv2.dft(whole)


@lru_cache(maxsize=1)  # some 10 MB
def _spectra(mm: float, sides: tuple[int, ...]) -> tuple[MatLike, ...]:
    return tuple(_spectrum(star, sides, 0) for star in _rough_stars(mm))


def _joined(ink: MatLike) -> MatLike:
    return cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _JOINT).astype(np.float32)


def _rough_stars(mm: float) -> tuple[ShapeStack, ...]:
    """Some of all stars, enough to find one by."""
    return tuple(star for sized in _stars(mm) for star in sized)[:: _TURNS // 2]


@lru_cache(maxsize=2)
def _stars(mm: float) -> tuple[ShapeStack, ...]:
    """Stars on pixels of so many mm: per size, those of every turn, shape (turns, side, side)."""
    found = []
    for radius in _STAR_MM:
        half = round(radius / mm) + 1
        stars = np.zeros((_TURNS, 2 * half + 1, 2 * half + 1), np.uint8)
        for star, turn in zip(stars, np.deg2rad(np.arange(_TURNS) * 72 / _TURNS), strict=True):
            angles = turn - np.pi / 2 + np.arange(10) * np.pi / 5
            away = np.where(np.arange(10) % 2, 0.382, 1.0) * radius / mm
            points = np.stack([half + away * np.cos(angles), half + away * np.sin(angles)], axis=1)
            cv2.fillPoly(star, [np.round(points * 16).astype(np.int32)], 1, shift=4)
        found.append(stars.astype(np.float32))
    return tuple(found)


@lru_cache(maxsize=2)
def _discs(mm: float) -> tuple[ShapeStack, ...]:
    """Discs of every size at which a star might be taken for one, on pixels of so many mm; each as one of its size."""
    found = []
    for radius in np.arange(0.5 * _STAR_MM[0], 0.8 * _STAR_MM[-1], 0.5):
        half = round(radius / mm) + 1
        disc = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
        cv2.circle(disc, (half, half), round(radius / mm), 1, -1)
        found.append(disc.astype(np.float32)[None])
    return tuple(found)
