"""Whether a page is empty: the white back of a sheet that was scanned on both sides.

Empty paper is rarely white: print shines through, holes are punched, a staple throws its shadow, the scanner
shows its lid along an edge. What is left after those is ink.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.model import Image, Raster
from extractors.thresholds import IdentifyThresholds, load_thresholds

_DPI = 100
_PX_PER_MM = _DPI / 25.4
_LONG_SIDE_MM = 297


def is_blank(raster: Raster, limits: IdentifyThresholds | None = None) -> bool:
    """Whether nothing is written or printed on it; a page that is dark all over does not count as empty."""
    limits = limits or load_thresholds().identify
    grey = _reduced(raster)
    paper = _paper(grey)
    if float(np.median(paper)) < limits.blank_paper_min:
        return False
    ink = (grey.astype(np.float32) < paper.astype(np.float32) * (1 - limits.blank_contrast)).astype(np.uint8)
    return bool(_written_mm2(ink, limits) <= limits.blank_ink_mm2)


def _reduced(raster: Raster) -> Image:
    """The darkest channel at about 100 dpi, a sheet's long side taken for A4's: coloured ink is ink."""
    pixels = raster.pixels
    scale = _LONG_SIDE_MM * _PX_PER_MM / max(pixels.shape[:2])
    if scale < 1:
        pixels = np.asarray(
            cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    return np.asarray(pixels.min(axis=2) if pixels.ndim == 3 else pixels, dtype=np.uint8)


def _paper(grey: Image) -> Image:
    """What the paper would look like without ink: strokes closed over, shadows and the table kept."""
    side = round(8 * _PX_PER_MM) | 1
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (side, side)))
    return np.asarray(cv2.blur(closed, (side, side)), dtype=np.uint8)


def _written_mm2(ink: Image, limits: IdentifyThresholds) -> float:
    """The area of what counts as written."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    total = 0.0
    for x, y, across, down, area in stats[1:]:
        area_mm2 = area / _PX_PER_MM**2
        reach = (min(x, width - x - across) / _PX_PER_MM, min(y, height - y - down) / _PX_PER_MM)
        size = (across / _PX_PER_MM, down / _PX_PER_MM)
        if area_mm2 >= limits.blank_speck_mm2 and not _is_of_the_sheet(reach, size, area_mm2, limits):
            total += area_mm2
    return total


def _is_of_the_sheet(
    reach: tuple[float, float], size: tuple[float, float], area_mm2: float, limits: IdentifyThresholds
) -> bool:
    """A mark of handling: an edge's shadow, a punched hole, a staple. All in mm; reach: from the nearest edges."""
    from_edge, long, short = min(reach), max(size), min(size)
    if from_edge < limits.blank_edge_mm:
        return True
    is_round = long < 1.35 * short and area_mm2 > 0.6 * long * short
    if is_round and from_edge < limits.blank_hole_reach_mm and long <= limits.blank_hole_mm:
        return True
    return max(reach) < limits.blank_staple_reach_mm and long <= limits.blank_staple_mm
