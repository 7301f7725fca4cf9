"""The original's print as this scanner gives it: as blurred, as thick and as black as the print on the page is.

Fitted once per page, on its longest pieces of line; every comparison of the page with its original is made with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.pictures import as_image
from extractors.layers.text_lines import LinePiece, pieces
from extractors.model import WORK_DPI, Float32Array, Image, RegisteredPage

_SAMPLE = 12  # pieces of line
_REACH = 4  # px that a piece may lie off while the fit is made
_SIGMA_PX = 0.45  # blur of a sharp picture, in px of its own
_COARSEST = 60.0  # dpi
_CORE = 170  # darkness of the middle of a stroke
_ENOUGH = 200  # px of such
_SIGMAS = (0.4, 0.7, 1.0, 1.4, 1.9)
_WEIGHTS = (-1, 0, 1)  # print thinner, as printed, thicker
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ScannedPrint:
    """``picture``: the original's darkness as the scan would show it, in the original's frame. ``gain``: the factor
    that makes the page's darkness this print's; ``contrast``: the factor that makes its print as dark as the
    original's, 1 and more.
    """

    picture: Image
    gain: float
    contrast: float


def scanned_print(page: RegisteredPage, dark: Image) -> ScannedPrint:
    """Fit blur, weight and blackness. ``dark``: the page's darkness without red ink, as it is."""
    wanted = as_image(cv2.bitwise_not(page.original.grey))
    pairs = list(_pairs(wanted, dark, pieces(page.original)))
    # Where no words tell: blurred as a picture of this resolution blurs it.
    sharp = 0, _SIGMA_PX * WORK_DPI / max(page.dpi, _COARSEST), 1.0
    weight, sigma, gain = _fitted(pairs) if pairs else sharp
    picture = as_image(_blurred(_thickened(wanted, weight), sigma))
    return ScannedPrint(picture, float(np.clip(gain, 0.5, 4.0)), _contrast(wanted, dark))


def _contrast(wanted: Image, dark: Image) -> float:
    """By how much the middles of broad strokes, which blur does not make pale, are paler than they were printed."""
    core = cv2.erode(wanted, _SQUARE)[::2, ::2] > _CORE
    if core.sum() < _ENOUGH:
        return 1.0
    found = float(np.percentile(dark[::2, ::2][core], 60))
    return max(1.0, float(np.median(wanted[::2, ::2][core])) / max(found, 1.0))


def _pairs(
    wanted: Image, dark: Image, lines: tuple[LinePiece, ...]
) -> Iterator[tuple[Float32Array, Float32Array]]:
    """The longest pieces of line: as printed, and as they are found on the page."""
    for piece in sorted(lines, key=lambda piece: -len(piece.glyphs))[:_SAMPLE]:
        pattern = piece.cut_from(wanted, 3).astype(np.float32)
        room = piece.cut_from(dark, 3 + _REACH).astype(np.float32)
        if room.shape[0] < pattern.shape[0] + 2 or room.shape[1] < pattern.shape[1] + 2:
            continue
        _, _, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED))
        yield pattern, room[y : y + pattern.shape[0], x : x + pattern.shape[1]]


def _fitted(pairs: list[tuple[Float32Array, Float32Array]]) -> tuple[int, float, float]:
    """Weight and blur with which print and page correlate best, and the factor between their darknesses."""
    there = np.concatenate([room.ravel() for _, room in pairs])
    other = there - there.mean()
    length = np.dot(other, other)
    best, found = -1.0, (0, 0.7, 1.0)
    for weight in _WEIGHTS:
        patterns = [_thickened(pattern, weight) for pattern, _ in pairs]
        before = -1.0
        for sigma in _SIGMAS:
            here = np.concatenate([_blurred(pattern, sigma).ravel() for pattern in patterns])
            one = here - here.mean()
            agreement = float(np.dot(one, other) / max(np.sqrt(np.dot(one, one) * length), 1e-6))
            if agreement > best:
                best = agreement
                found = weight, sigma, float(np.dot(here, here) / max(np.dot(here, there), 1e-6))
            if agreement < before:
                break  # more blur than the scan's: from here on it only falls
            before = agreement
    return found


def _thickened(picture: cv2.typing.MatLike, weight: int) -> cv2.typing.MatLike:
    if not weight:
        return picture
    changed = (cv2.dilate if weight > 0 else cv2.erode)(picture, _SQUARE)
    return cv2.addWeighted(picture, 0.5, changed, 0.5, 0)


def _blurred(picture: cv2.typing.MatLike, sigma: float) -> cv2.typing.MatLike:
    return cv2.GaussianBlur(picture, (0, 0), sigma)
