"""Outlines of seals in a mask of ink: a circle, an ellipse or a square that ink follows and no ink crosses.

Fitted on a small picture (some 0.5 mm a pixel). An outline's *trace* is the share of its length that has ink
on it; its *fringe* the share that has ink just outside, where a seal has none and a scribble does; the score
is their difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from extractors.model import Float64Array, Image
from extractors.thresholds import SealThresholds

_TURNS = 120
_CORE = 0.4  # of a round seal's radius: the star reaches so far
_CORE_SHARE = 0.5  # ink there says less than ink where letters stand


@dataclass(frozen=True, slots=True)
class SealOutline:
    """A fitted shape; all in mm of the mask's frame. ``width`` ≥ ``height``; ``turn`` in radians.

    ``content``: share of its inside that is inked, between its rim and nothing: a ring alone has none.
    """

    shape: Literal["round", "oval", "square"]
    x: float
    y: float
    width: float
    height: float
    turn: float
    trace: float
    score: float
    content: float

    def along(self, outwards: float = 0.0) -> Float64Array:
        """Points on it, moved outwards by so many mm, shape (n, 2)."""
        sizes = np.array([self.width / 2 + outwards, self.height / 2 + outwards])
        return _placed(self, sizes, np.array([self.x, self.y]))


def _placed(outline: SealOutline, sizes: Float64Array, places: Float64Array) -> Float64Array:
    """Points on outlines of one's shape and turn, of those half sizes at those places, mm; shape (…, n, 2)."""
    local = _UNIT[outline.shape] * sizes
    if outline.turn:
        cos, sin = np.cos(outline.turn), np.sin(outline.turn)
        local = local @ np.array([[cos, sin], [-sin, cos]])
    points: Float64Array = local + places
    return points


def _unit_square() -> Float64Array:
    side = np.linspace(-1, 1, _TURNS // 4, endpoint=False)
    ones = np.ones_like(side)
    sides = ((side, -ones), (ones, side), (-side, ones), (-ones, -side))
    return np.concatenate([np.stack(pair, axis=1) for pair in sides])


_ANGLES = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
_UNIT_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
_UNIT = {"round": _UNIT_CIRCLE, "oval": _UNIT_CIRCLE, "square": _unit_square()}


class InkMap:
    """A mask of ink with what fitting asks of it: how far each place is from ink."""

    def __init__(self, ink: Image, mm: float) -> None:
        """``ink``: 0 or not; ``mm``: the size of a pixel."""
        self.mm = mm
        self.ink = (ink > 0).astype(np.uint8)
        self.away = cv2.distanceTransform(1 - self.ink, cv2.DIST_L2, 3) * mm

    def near(self, points: Float64Array, reach: float) -> float:
        """The share of the points (mm) with ink within reach; points off the picture have none."""
        return float(self._shares(points[None], reach)[0])

    def _shares(self, points: Float64Array, reach: float) -> Float64Array:
        """Per outline, the share of its points with ink within reach; shape (outlines, points, 2)."""
        places = np.round(points / self.mm).astype(np.int64)
        columns, rows = places[..., 0], places[..., 1]
        height, width = self.ink.shape
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        hits = np.zeros(inside.shape, np.bool_)
        hits[inside] = self.away[rows[inside], columns[inside]] <= reach
        shares: Float64Array = hits.sum(axis=1) / points.shape[1]
        return shares

    def rate(self, outline: SealOutline, limits: SealThresholds) -> SealOutline:
        """The outline with its trace and score as this mask has them."""
        sizes, places = np.array([[outline.width, outline.height]]) / 2, np.array([[outline.x, outline.y]])
        trace, fringe = self._traced(outline, sizes, places, limits)
        return replace(outline, trace=float(trace[0]), score=float(trace[0] - fringe[0]))

    def _traced(
        self, like: SealOutline, sizes: Float64Array, places: Float64Array, limits: SealThresholds
    ) -> tuple[Float64Array, Float64Array]:
        """Trace and fringe of outlines of one's shape and turn, of those half sizes at those places, shape (n, 2)."""

        def share(outwards: float, reach: float) -> Float64Array:
            return self._shares(_placed(like, (sizes + outwards)[:, None], places[:, None]), reach)

        return share(0.0, limits.trace_mm), share(limits.fringe_mm, limits.trace_mm * 0.7)

    def first_better(
        self, outline: SealOutline, moves: Float64Array, limits: SealThresholds
    ) -> tuple[int, SealOutline | None]:
        """Of changes of x, y, width and height, shape (n, 4), the first that scores more than the outline does: its
        number and the outline changed; None where none does.
        """
        moved = np.array([outline.x, outline.y, outline.width, outline.height]) + moves
        trace, fringe = self._traced(outline, moved[:, 2:] / 2, moved[:, :2], limits)
        better = np.flatnonzero(trace - fringe > outline.score + 1e-9)
        if not len(better):
            return 0, None
        first = int(better[0])
        x, y, width, height = moved[first].tolist()
        rated = float(trace[first]), float(trace[first] - fringe[first])
        found = replace(outline, x=x, y=y, width=width, height=height, trace=rated[0], score=rated[1])
        return first, found

    def filled(self, outline: SealOutline) -> SealOutline:
        """The outline with its content as this mask has it."""
        inner = [outline.along(-depth) for depth in np.arange(2.5, min(outline.height / 2, 12.0), 1.0)]
        content = self.near(np.concatenate(inner), self.mm * 0.6) if inner else 0.0
        return replace(outline, content=max(content, _CORE_SHARE * self._core(outline)))

    def _core(self, outline: SealOutline) -> float:
        """The share of the middle that is inked: a round seal's star, where its lettering is all but dry."""
        if outline.shape != "round":
            return 0.0
        reach = round(_CORE * outline.width / 2 / self.mm)
        x, y = round(outline.x / self.mm), round(outline.y / self.mm)
        core = self.ink[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        return float(core.sum() / (2 * reach + 1) ** 2) if reach else 0.0


# -- circles -----------------------------------------------------------------------------------------


def best_circle(ink_map: InkMap, limits: SealThresholds) -> SealOutline | None:
    """The circle that ink follows best, by votes of the ink's edges for its centre."""
    centres = _voted_centres(ink_map, limits)
    best: SealOutline | None = None
    for x, y in centres:
        found = circle_about(ink_map, x, y, limits)
        if best is None or found.score > best.score:
            best = found
    return best


def circle_about(ink_map: InkMap, x: float, y: float, limits: SealThresholds) -> SealOutline:
    """The circle that ink follows best with its middle near a place, mm."""
    radius = _best_radius(ink_map, x, y, limits)
    return refined(ink_map, SealOutline("round", x, y, 2 * radius, 2 * radius, 0.0, 0, 0, 0), limits)


def _voted_centres(ink_map: InkMap, limits: SealThresholds, count: int = 4) -> list[tuple[float, float]]:
    soft = cv2.GaussianBlur(ink_map.ink.astype(np.float32), (0, 0), 1.0)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    size = np.hypot(gx, gy)
    rows, columns = np.divmod(np.flatnonzero(size > 0.6), size.shape[1])
    if len(rows) < 20:
        return []
    if len(rows) > 6000:
        step = len(rows) // 6000 + 1
        rows, columns = rows[::step], columns[::step]
    nx, ny = gx[rows, columns] / size[rows, columns], gy[rows, columns] / size[rows, columns]
    radii = np.arange(limits.round_least_mm / 2, limits.round_most_mm / 2, ink_map.mm) / ink_map.mm
    height, width = ink_map.ink.shape
    grown = round(limits.off_page_mm / ink_map.mm)
    votes = np.zeros((height + 2 * grown) * (width + 2 * grown))
    for sign in (1.0, -1.0):
        x = np.round(columns[:, None] + sign * nx[:, None] * radii + grown).astype(np.int64)
        y = np.round(rows[:, None] + sign * ny[:, None] * radii + grown).astype(np.int64)
        inside = (x >= 0) & (x < width + 2 * grown) & (y >= 0) & (y < height + 2 * grown)
        votes += np.bincount(y[inside] * (width + 2 * grown) + x[inside], minlength=votes.size)
    table = cv2.GaussianBlur(votes.reshape(height + 2 * grown, -1).astype(np.float32), (0, 0), 1.5)
    found = []
    for _ in range(count):
        _, best, _, place = cv2.minMaxLoc(table)
        if best <= 0:
            break
        found.append(((place[0] - grown) * ink_map.mm, (place[1] - grown) * ink_map.mm))
        cv2.circle(table, (int(place[0]), int(place[1])), round(2.5 / ink_map.mm), 0, -1)
    return found


def _best_radius(ink_map: InkMap, x: float, y: float, limits: SealThresholds) -> float:
    """The radius (mm) whose circle about a centre has most ink on it and least just outside."""
    radii = np.arange(limits.round_least_mm / 2, limits.round_most_mm / 2, 0.5)
    unit = SealOutline("round", 0, 0, 2, 2, 0, 0, 0, 0).along()
    points = unit[None] * radii[:, None, None] + (x, y)
    columns = np.round(points[..., 0] / ink_map.mm).astype(np.int64)
    rows = np.round(points[..., 1] / ink_map.mm).astype(np.int64)
    height, width = ink_map.ink.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    away = np.where(inside, ink_map.away[rows.clip(0, height - 1), columns.clip(0, width - 1)], 99.0)
    trace = (away <= limits.trace_mm).mean(axis=1)
    steps = round(limits.fringe_mm / 0.5)
    fringe = np.concatenate([(away <= limits.trace_mm * 0.7).mean(axis=1)[steps:], np.zeros(steps)])
    return float(radii[int(np.argmax(trace - fringe))])


def refined(ink_map: InkMap, start: SealOutline, limits: SealThresholds) -> SealOutline:
    """Move centre and size a little, as long as the score grows."""
    best = ink_map.rate(start, limits)
    for step in (0.8, 0.4):
        moves = _MOVES[start.shape] * step
        improved = True
        while improved:
            improved, after = False, 0
            while after < len(moves):
                # All that are left at once: few of them are better, and one by one they take twice as long.
                better, found = ink_map.first_better(best, moves[after:], limits)
                if found is None:
                    break
                best, improved, after = found, True, after + better + 1
    return ink_map.filled(best)


#: Tried in this order: x, y, width, height.
_EACH_WAY = [(1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 0, 0), (0, -1, 0, 0)]
_EACH_SIDE = [*_EACH_WAY, (0, 0, 1, 0), (0, 0, -1, 0), (0, 0, 0, 1), (0, 0, 0, -1)]
_MOVES = {
    "round": np.array([*_EACH_WAY, (0, 0, 1, 1), (0, 0, -1, -1)], np.float64),
    "oval": np.array(_EACH_SIDE, np.float64),
    "square": np.array(_EACH_SIDE, np.float64),
}


# -- ellipses and squares ----------------------------------------------------------------------------


def best_other(ink_map: InkMap, limits: SealThresholds) -> list[SealOutline]:
    """The ellipse and the square that the outside of all this ink comes to; rated, best first."""
    rim = _rim(ink_map)
    if len(rim) < 24:
        return []
    found = [
        item for item in (_ellipse(ink_map, rim, limits), _square(ink_map, rim, limits)) if item is not None
    ]
    return sorted(found, key=lambda item: -item.score)


def _rim(ink_map: InkMap) -> Float64Array:
    """The outermost ink at every third degree about the middle of what the ink spans, mm."""
    rows, columns = np.nonzero(ink_map.ink)
    if len(rows) < 30:
        return np.zeros((0, 2))
    x, y = columns * ink_map.mm, rows * ink_map.mm
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
    away = np.hypot(x - middle[0], y - middle[1])
    ray = np.floor((np.arctan2(y - middle[1], x - middle[0]) + np.pi) / (2 * np.pi) * _TURNS).astype(np.int64)
    order = np.lexsort((-away, ray))
    _, first = np.unique(ray[order], return_index=True)
    rim: Float64Array = np.stack([x[order][first], y[order][first]], axis=1)
    return rim


def _ellipse(ink_map: InkMap, rim: Float64Array, limits: SealThresholds) -> SealOutline | None:
    points = rim
    found: SealOutline | None = None
    for _ in range(4):
        if len(points) < 16:
            break
        (x, y), (first, second), degrees = cv2.fitEllipseDirect(points.astype(np.float32))
        if not np.isfinite([x, y, first, second]).all():
            break
        turn = np.deg2rad(degrees + (0 if first >= second else 90))
        found = SealOutline("oval", x, y, max(first, second), min(first, second), turn, 0, 0, 0)
        off = np.abs(_to_ellipse(found, rim))
        points = rim[off < max(0.8, float(np.percentile(off, 70)))]
    if found is None or not _oval_size(found, limits):
        return None
    rated = refined(ink_map, found, limits)
    return rated if _oval_size(rated, limits) else None


def _to_ellipse(outline: SealOutline, points: Float64Array) -> Float64Array:
    """About how far points lie outside an ellipse, mm."""
    cos, sin = np.cos(outline.turn), np.sin(outline.turn)
    local = (points - (outline.x, outline.y)) @ np.array([[cos, -sin], [sin, cos]])
    a, b = max(outline.width / 2, 0.1), max(outline.height / 2, 0.1)
    off: Float64Array = (np.hypot(local[:, 0] / a, local[:, 1] / b) - 1) * (a + b) / 2
    return off


def _oval_size(outline: SealOutline, limits: SealThresholds) -> bool:
    aspect = outline.height / max(outline.width, 0.1)
    return limits.oval_least_mm <= outline.width <= limits.round_most_mm and aspect >= 0.5


def _square(ink_map: InkMap, rim: Float64Array, limits: SealThresholds) -> SealOutline | None:
    (x, y), (width, height), degrees = cv2.minAreaRect(rim.astype(np.float32))
    if min(width, height) < limits.square_least_mm or max(width, height) > limits.square_most_mm:
        return None
    if min(width, height) / max(width, height) < limits.square_aspect:
        return None
    return refined(ink_map, SealOutline("square", x, y, width, height, np.deg2rad(degrees), 0, 0, 0), limits)
