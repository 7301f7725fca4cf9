"""Where the original may lie in a raster, before its print was looked at: from page marks, from the sheet."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from extractors.model import PX_PER_MM, CodeSighting, MarkCorner, OriginalPage, Sighting
from extractors.register.warp import FloatArray, project
from forms.geometry import Box
from forms.page_mark import mark_boxes

_CORNERS: tuple[MarkCorner, MarkCorner] = ("top-right", "bottom-left")


def from_marks(sighting: Sighting, original: OriginalPage, affine_rms_mm: float) -> Iterator[FloatArray]:
    """Homographies, original px → raster px, likelier first; none without marks."""
    boxes = dict(zip(_CORNERS, mark_boxes(original.width_mm, original.height_mm), strict=True))
    if len(sighting.codes) >= 2:
        for assigned in _assignments(sighting.codes[:2]):
            source = np.concatenate([_corners(boxes[corner]) for corner, _ in assigned])
            target = np.concatenate([code.corners for _, code in assigned])
            yield from _by_eight(source, target, affine_rms_mm * PX_PER_MM)
    for code in sighting.codes:
        for corner in (code.corner,) if code.corner else _CORNERS:
            source, target = _corners(boxes[corner]), code.corners
            yield _similarity(source, target)


def sheet_scale(sighting: Sighting, raster_shape: tuple[int, ...], original: OriginalPage) -> float:
    """Raster px per original px, roughly: by the marks' size, else as if the sheet filled the raster."""
    if sighting.codes:
        box = mark_boxes(original.width_mm, original.height_mm)[0]
        sides = [code.corners - np.roll(code.corners, 1, axis=0) for code in sighting.codes]
        length = float(np.mean(np.linalg.norm(np.concatenate(sides), axis=1)))
        return length / (box.width * PX_PER_MM)
    long, short = max(raster_shape[:2]), min(raster_shape[:2])
    height, width = original.grey.shape
    return float(max(min(long / max(height, width), short / min(height, width)), 1e-3))


def from_sheet(sighting: Sighting, raster_shape: tuple[int, ...], original: OriginalPage) -> FloatArray:
    """As if the raster were just the sheet, turned."""
    height, width = raster_shape[:2]
    raster = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) - 0.5
    page_height, page_width = original.grey.shape
    page = np.array([[0, 0], [page_width, 0], [page_width, page_height], [0, page_height]], np.float64) - 0.5
    # A raster to be turned clockwise has its upright top left corner further back around the sheet.
    upright = np.roll(raster, sighting.turn // 90, axis=0)
    matrix = cv2.getPerspectiveTransform(page.astype(np.float32), upright.astype(np.float32))
    return np.asarray(matrix, np.float64)


def _corners(box: Box) -> FloatArray:
    corners = [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]
    return np.array(corners) * PX_PER_MM - 0.5


def _assignments(codes: tuple[CodeSighting, ...]) -> list[tuple[tuple[MarkCorner, CodeSighting], ...]]:
    """Which code is which: as identified; where that is not known, both ways."""
    ways = (_CORNERS, _CORNERS[::-1])
    return [
        tuple(zip(way, codes, strict=True))
        for way in ways
        if all(code.corner in (None, corner) for corner, code in zip(way, codes, strict=True))
    ]


def _by_eight(source: FloatArray, target: FloatArray, affine_rms_px: float) -> Iterator[FloatArray]:
    """Two marks: a flat scan is affine almost exactly; where it is not, it has perspective."""
    affine = _affine(source, target)
    misfit = project(affine, source) - target
    rms = float(np.sqrt(np.mean(np.sum(misfit**2, axis=1)))) / np.sqrt(abs(np.linalg.det(affine[:2, :2])))
    homography, _ = cv2.findHomography(source, target, 0)
    tilted = [] if homography is None else [np.asarray(homography, np.float64)]
    yield from [affine, *tilted] if rms <= affine_rms_px else [*tilted, affine]


def _affine(source: FloatArray, target: FloatArray) -> FloatArray:
    design = np.hstack([source, np.ones((len(source), 1))])
    solution, *_ = np.linalg.lstsq(design, target, rcond=None)
    return np.vstack([solution.T, [0, 0, 1]])


def _similarity(source: FloatArray, target: FloatArray) -> FloatArray:
    """Scale, turn and place only: all that one small code can tell over the length of a page."""
    first, second = source - source.mean(axis=0), target - target.mean(axis=0)
    square = float(np.sum(first**2))
    along = float(np.sum(first * second)) / square
    across = float(np.sum(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])) / square
    turn = np.array([[along, -across], [across, along]])
    place = target.mean(axis=0) - turn @ source.mean(axis=0)
    return np.vstack([np.hstack([turn, place[:, None]]), [0, 0, 1]])
