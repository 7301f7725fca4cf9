"""Which strokes of added ink a person may have written, and which come from elsewhere: dust, the print's own edges,
a bleed-through, a smudge, a fold or a stray line.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from extractors.layers.pieces import PieceTable
from extractors.layers.windows import InkWindow, chosen_in
from extractors.model import PX_PER_MM, Float64Array, Mask
from extractors.thresholds import InkThresholds
from forms.geometry import Box

#: An edge's course is its median over so much: some two characters written small.
_COURSE_MM = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class StrokeKinds:
    """One mask per kind over a patch's strokes; each stroke is of exactly one kind.

    ``pen``: written or typed. ``line``: straight and long, as a fold, a ruler or a slip of the pen leaves.
    ``faint``: paler than a pencil, as ink of the other side is. ``blob``: broader than any pen. ``bits``: dust,
    edges of the print and what is left of a red seal's ink where its colour was taken away.
    """

    pen: Mask
    line: Mask
    faint: Mask
    blob: Mask
    bits: Mask


def classify(patch: InkWindow, limits: InkThresholds) -> StrokeKinds:
    """Sort the strokes of a patch by kind."""
    strokes = patch.strokes
    dust = strokes.major < limits.dust_mm
    edge = (strokes.beside_print > limits.beside_share) & (strokes.width < limits.edge_mm)
    remnant = (strokes.redness >= limits.reddish) & (strokes.darkness < limits.remnant)
    bits = dust | edge | remnant | (strokes.on_red >= limits.on_red)
    faint = ~bits & (strokes.darkness < limits.faint)
    blob = ~bits & ~faint & (strokes.width > limits.blob_mm)
    line = ~bits & ~faint & ~blob & (strokes.major >= limits.line_mm) & is_smooth(patch, limits)
    line |= _go_on(patch, line, ~(bits | faint | blob | line), limits)
    return StrokeKinds(~(bits | faint | blob | line), line, faint, blob, bits)


def _go_on(patch: InkWindow, lines: Mask, others: Mask, limits: InkThresholds) -> Mask:
    """Which of the others are thin pieces on the course of a line, which the scan or print it crosses broke."""
    strokes = patch.strokes
    thin = others & (strokes.minor <= _slack(strokes, limits))
    found = np.zeros(len(lines), np.bool_)
    if not lines.any():
        return found
    pieces = [(index, _points(patch, index)) for index in np.flatnonzero(thin).tolist()]
    for line in np.flatnonzero(lines).tolist():
        points = _points(patch, line)
        middle = points.mean(axis=0)
        across = _directions(points - middle)[:, 0]
        for index, piece in pieces:
            found[index] |= float(np.abs((piece - middle) @ across).max()) <= limits.course_mm
    return found


def _slack(strokes: PieceTable, limits: InkThresholds) -> Float64Array:
    """How far a straight stroke reaches across its direction, mm, by its own width."""
    slack: Float64Array = strokes.width * 1.35 + limits.straight_mm
    return slack


def _directions(points: Float64Array) -> Float64Array:
    """Two unit vectors, in columns: across the main direction of points about their middle, shape (n, 2), and along."""
    directions: Float64Array = np.linalg.eigh(points.T @ points)[1]
    return directions


def _points(patch: InkWindow, index: int) -> Float64Array:
    """The pixels of a stroke, x and y in mm of the patch, shape (n, 2)."""
    left, top, right, bottom = patch.strokes.boxes[index]
    height, width = patch.labels.shape
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    rows, columns = np.nonzero(patch.labels[top:bottom, left:right] == index + 1)
    points: Float64Array = np.stack([columns + left, rows + top], axis=1) / PX_PER_MM
    return points


def is_smooth(patch: InkWindow, limits: InkThresholds) -> Mask:
    """Whether each stroke is one straight line, or one arc of a large circle (a fold in curled paper, a cup).

    A line across a frame is joined to the frame's own edges, where a scan made them thick: then what is free of them
    tells.
    """
    strokes = patch.strokes
    slack = _slack(strokes, limits)
    straight = strokes.minor <= slack + limits.straight_share * strokes.major
    straight |= _crossing(strokes, limits) & (
        strokes.free_minor <= slack + limits.straight_share * strokes.free_major
    )
    long = strokes.major >= limits.line_mm
    smooth: Mask = straight & ~_are_joined(patch, straight & long, limits)
    for index in np.nonzero(~straight & long)[0]:
        smooth[index] = _is_arc(patch, int(index), limits)
    return smooth


def _crossing(strokes: PieceTable, limits: InkThresholds) -> Mask:
    """Strokes that run long where no print is, and are joined to print they cross."""
    crossing: Mask = (strokes.free_major >= limits.line_mm) & (strokes.beside_print >= limits.crossing_share)
    return crossing


def _are_joined(patch: InkWindow, lines: Mask, limits: InkThresholds) -> Mask:
    """Which of these, each by itself, are a row of small characters that a broad pen ran together.

    Not what is as flat as a line where it is free of print: the frame whose edges it is joined to makes it deep.
    """
    strokes = patch.strokes
    found = lines & (windings(strokes) >= limits.joined_winding)
    found &= ~(_crossing(strokes, limits) & (strokes.free_minor < limits.joined_depth_mm))
    for index in np.nonzero(found)[0]:
        found[index] = is_joined(patch, np.arange(len(lines)) == index, limits)
    return found


def _is_arc(patch: InkWindow, index: int, limits: InkThresholds) -> bool:
    """Whether a stroke keeps to one circle (least squares on its pixels) within its width and a little."""
    x, y = _points(patch, index).T
    x, y = x - x.mean(), y - y.mean()
    terms = np.stack([x, y, np.ones_like(x)], axis=1)
    (a, b, c), *_ = np.linalg.lstsq(terms, x * x + y * y, rcond=None)
    radius = float(np.sqrt(max(c + (a * a + b * b) / 4, 0.0)))
    off = np.abs(np.hypot(x - a / 2, y - b / 2) - radius)
    thick = float(patch.strokes.width[index]) / 2 + limits.straight_mm
    return radius >= limits.arc_mm and float(np.percentile(off, 90)) <= thick


def windings(strokes: PieceTable) -> Float64Array:
    """How much longer each stroke is than it reaches: 1 for a line, 3 and more for a written character."""
    reach = np.hypot(strokes.major, strokes.minor)
    ratio: Float64Array = strokes.length / np.maximum(reach, 0.2)
    return ratio


def narrow_side(patch: InkWindow, chosen: Mask) -> float:
    """The narrower side, mm, of the smallest rectangle about the chosen strokes, turned any way; 0 for none."""
    rows, columns = np.nonzero(chosen_in(patch.labels, chosen))
    if not len(rows):
        return 0.0
    _, size, _ = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
    return (min(size) + 1) / PX_PER_MM


def place_of(patch: InkWindow, chosen: Mask) -> Box | None:
    """Where on paper the chosen strokes stand together, mm; None for none."""
    if not chosen.any():
        return None
    boxes = patch.strokes.boxes[chosen]
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    edges = (left + patch.left, top + patch.top, right + patch.left, bottom + patch.top)
    return Box(*(float(edge) / PX_PER_MM for edge in edges))


def is_joined(patch: InkWindow, chosen: Mask, limits: InkThresholds) -> bool:
    """Whether strokes that follow one direction, in one piece or several, are small characters run together.

    A line is as deep as the pen is wide, and even; a row of characters is deeper, and ragged at an edge, as strokes
    end, or hollow, and nearly level: what is steep is a line with a piece of the rule it crosses.
    """
    low, high, rise = _edges_of(patch, chosen)
    if not len(low) or rise > limits.joined_rise:
        return False
    depth = (float(np.median(high - low)) + 1.0) / PX_PER_MM
    if depth < limits.joined_depth_mm:
        return False
    ragged = max(raggedness_mm(low), raggedness_mm(high))
    hollow = depth / float(np.max(patch.strokes.width[chosen]))
    return ragged >= limits.joined_ragged_mm or hollow >= limits.joined_hollow


def _edges_of(patch: InkWindow, chosen: Mask) -> tuple[Float64Array, Float64Array, float]:
    """Where the chosen strokes begin and end across their common main direction, px, at each place along it that
    holds any; and how far that direction rises, per px of its own.
    """
    wanted = np.zeros(len(chosen) + 1, np.bool_)
    wanted[1:] = chosen
    rows, columns = np.nonzero(wanted[patch.labels])
    if len(rows) < 2:
        return np.zeros(0), np.zeros(0), 0.0
    points = np.stack([columns, rows], axis=1).astype(np.float64)
    points -= points.mean(axis=0)
    directions = _directions(points)
    along = np.round(points @ directions[:, 1]).astype(np.int64)
    across = points @ directions[:, 0]
    along -= along.min()
    low, high = np.full(along.max() + 1, np.inf), np.full(along.max() + 1, -np.inf)
    np.minimum.at(low, along, across)
    np.maximum.at(high, along, across)
    there = high >= low
    return low[there], high[there], float(abs(directions[1, 1]))


def raggedness_mm(edge: Float64Array) -> float:
    """How far an edge (px, one value for each px along it) lies off its own course over some millimetres, at all but
    a quarter of the places.
    """
    window = min(2 * round(_COURSE_MM * PX_PER_MM / 2) + 1, 2 * ((len(edge) - 1) // 2) + 1)
    around = np.pad(edge, window // 2, mode="reflect")
    course = np.median(sliding_window_view(around, window), axis=1)
    return float(np.percentile(np.abs(edge - course), 75)) / PX_PER_MM
