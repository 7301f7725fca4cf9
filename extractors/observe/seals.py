"""Seals (印章) on a page: red, or grey or black where the scan took the colour; round, oval or square.

Red ink is gathered into clusters and each is compared with the outlines a seal can have. Where a scan kept no
colour, outlines are looked for in the added ink around the signing areas: a ring that has nothing in it (the
foot of a cup) or ink that follows no outline (a smear, a signature) is no seal. What looks like one but not
surely enough is *doubtful*, for a person to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.windows import chosen_in, cut
from extractors.model import PX_PER_MM, Image, Mask, Seal
from extractors.observe.outlines import InkMap, SealOutline, best_circle, best_other, circle_about
from extractors.observe.seam_slices import is_slice
from extractors.observe.squares import best_square, has_sides, sides
from extractors.observe.stars import place_of_star, starred
from extractors.thresholds import SealThresholds, SliceThresholds
from forms.geometry import Box

_DOWN = 3  # outlines are fitted at a third of the working resolution, 0.5 mm a pixel
_MM = _DOWN / PX_PER_MM
_INKED = 50  # of 255: how much of such a pixel must be inked, two of its nine
_SPECK = 20  # one of them
#: A seal reaches so far outside its fitted outline: half its rim; and where the fit lies off, as at a rim's inner edge.
ZONE_MM, RIM_MM = 1.0, 1.8


@dataclass(frozen=True, slots=True)
class SealCandidate:
    """A seal, or what may be one. ``outline`` in mm of the page; None for red ink without an outline.
    ``star``: how much of a star stands in the middle of a round one; ``sides``: how much of a square's second weakest
    side is inked; ``cut``: a slice of a 骑缝章, which ends at a straight line.
    """

    seal: Seal
    outline: SealOutline | None
    certain: bool
    score: float
    ink_mm2: float
    star: float = 0.0
    sides: float = 0.0
    cut: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, mm."""
        return self.seal.box.centre


def find_seals(
    prepared: PageLayers, windows: Sequence[Box], limits: SealThresholds, *, signed: bool = True
) -> tuple[SealCandidate, ...]:
    """Every seal on a page in colour, or in the windows (mm) of one without; best first. ``signed``: signatures may lie
    over name seals there, which then show by their sides only.
    """
    if prepared.red is not None:
        found = _red_seals(prepared.red, prepared.red_floor, limits)
    else:
        found = [item for window in windows for item in _grey_seals(prepared, window, limits, signed)]
    return tuple(_distinct(sorted(found, key=lambda item: (-item.certain, -item.score))))


def with_slices_marked(
    prepared: PageLayers, found: Sequence[SealCandidate], limits: SliceThresholds
) -> tuple[SealCandidate, ...]:
    """The seals, with ``cut`` set for those that are a slice of a 骑缝章."""
    return tuple(
        replace(item, cut=True)
        if item.certain and item.outline is not None and is_slice(prepared, item.outline, limits)
        else item
        for item in found
    )


def _distinct(found: Sequence[SealCandidate]) -> list[SealCandidate]:
    """Without those that lie on a better one."""
    kept: list[SealCandidate] = []
    for item in found:
        near = (item.seal.box.overlap_mm2(other.seal.box) for other in kept)
        smallest = max(1.0, item.seal.box.width * item.seal.box.height)
        if all(overlap < 0.5 * smallest for overlap in near):
            kept.append(item)
    return kept


# -- red ---------------------------------------------------------------------------------------------


def _red_seals(red: Image, floor: float, limits: SealThresholds) -> list[SealCandidate]:
    small = cv2.resize(red, None, fx=1 / _DOWN, fy=1 / _DOWN, interpolation=cv2.INTER_AREA)
    ink = (small >= floor * limits.small_share).astype(np.uint8)
    if int(ink.sum()) * _MM * _MM < limits.least_ink_mm2:
        return []
    reach = max(1, round(limits.cluster_mm / _MM))
    joined = cv2.dilate(ink, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        if max(width, height) * _MM < limits.square_least_mm:
            continue
        view = slice(max(0, top - 2), top + height + 2), slice(max(0, left - 2), left + width + 2)
        part = ink[view] * (labels[view] == label)
        found += _outlined(part.astype(np.uint8), view[1].start * _MM, view[0].start * _MM, True, limits)
    return found


def _outlined(ink: Image, left: float, top: float, red: bool, limits: SealThresholds) -> list[SealCandidate]:
    """The seals in one cluster of ink, whose top left stands at (left, top) mm; again in what each leaves over."""
    area = float(ink.sum()) * _MM * _MM
    if area < limits.least_ink_mm2:
        return []
    ink_map = InkMap(ink, _MM)
    best = _best(ink_map, limits)
    if best is None or best.score < limits.doubtful_score:
        return [_blot(ink, left, top, area, red)] if red and area >= limits.blot_mm2 else []
    certain = _is_certain(best, ink_map, red, limits)
    found = [_found(best, ink_map, left, top, area, red, certain, limits)]
    rest = _outside(ink, best)
    if float(rest.sum()) * _MM * _MM > limits.second_share * area and best.score >= limits.certain_score:
        found += [item for item in _outlined(rest, left, top, red, limits) if item.outline is not None]
    return found


def _best(ink_map: InkMap, limits: SealThresholds) -> SealOutline | None:
    """A circle, unless an ellipse or a square fits clearly better: most seals are round."""
    options = [
        item for item in (best_circle(ink_map, limits), *best_other(ink_map, limits)) if item is not None
    ]
    handicap = {"round": limits.round_bonus, "oval": 0.0, "square": 0.0}
    plausible = [
        item for item in options if _holds_something(item, limits) or _is_starred(item, ink_map, limits)
    ]
    return max(plausible or options, key=lambda item: item.score + handicap[item.shape], default=None)


def _is_starred(outline: SealOutline, ink_map: InkMap, limits: SealThresholds) -> bool:
    """Whether a star stands in the middle of a third of a rim at least."""
    return outline.score >= limits.starred_score and starred(ink_map, outline) >= limits.star


def _holds_something(outline: SealOutline, limits: SealThresholds) -> bool:
    """Whether something stands in an outline; a trace is enough in a clear oval: no cup leaves one."""
    is_clear = outline.shape == "oval" and outline.height < limits.oval_plain * outline.width
    is_clear &= outline.score >= limits.oval_clear
    return outline.content >= (limits.content_oval if is_clear else limits.content_least)


def _is_certain(best: SealOutline, ink_map: InkMap, red: bool, limits: SealThresholds) -> bool:
    """Whether an outline is surely a seal's; without colour a square must have its sides: a signature has none. A star
    in the middle of half a rim is a seal's, however dry its lettering.
    """
    least = limits.certain_score if red else limits.certain_grey_score
    holds = _holds_something(best, limits) and best.content <= limits.content_most
    whole = red or best.shape != "square" or has_sides(ink_map, best, limits)
    if best.score >= least and holds and whole:
        return True
    return _is_starred(best, ink_map, limits)


def _found(
    best: SealOutline,
    ink_map: InkMap,
    left: float,
    top: float,
    area: float,
    red: bool,
    certain: bool,
    limits: SealThresholds,
) -> SealCandidate:
    moved = replace(best, x=best.x + left, y=best.y + top)
    points = moved.along()
    box = Box(*(float(value) for value in (*points.min(axis=0), *points.max(axis=0))))
    round_enough = best.shape == "oval" and best.height / best.width > limits.oval_aspect
    shape = "round" if round_enough else best.shape
    seal = Seal(box, shape, round(best.width, 1), red)
    second = float(sides(ink_map, best, limits.side_reach_mm)[1]) if best.shape == "square" else 0.0
    return SealCandidate(seal, moved, certain, best.score, area, starred(ink_map, best), second)


def _blot(ink: Image, left: float, top: float, area: float, red: bool) -> SealCandidate:
    """Red ink of some extent that follows no outline: perhaps a seal pressed badly, perhaps a smear."""
    rows, columns = np.nonzero(ink)
    box = Box(
        left + float(columns.min()) * _MM,
        top + float(rows.min()) * _MM,
        left + float(columns.max()) * _MM,
        top + float(rows.max()) * _MM,
    )
    return SealCandidate(
        Seal(box, "round", round(max(box.width, box.height), 1), red), None, False, 0.0, area
    )


def _outside(ink: Image, outline: SealOutline) -> Image:
    rest = ink.copy()
    points = np.round(outline.along(1.0) / _MM).astype(np.int32)
    cv2.fillPoly(rest, [points], 0)
    return rest


# -- without colour ----------------------------------------------------------------------------------


def _grey_seals(
    prepared: PageLayers, window: Box, limits: SealThresholds, signed: bool
) -> list[SealCandidate]:
    patch = cut(prepared, window)
    kept = chosen_in(patch.labels, patch.strokes.beside_print < 0.97).astype(np.uint8)
    height, width = kept.shape
    if min(height, width) < 3 * _DOWN:
        return []
    small = cv2.resize(kept * 255, (width // _DOWN, height // _DOWN), interpolation=cv2.INTER_AREA)
    ink = (small > _INKED).astype(np.uint8)
    left, top = patch.left / PX_PER_MM, patch.top / PX_PER_MM
    whole = [item for item in _outlined(ink, left, top, False, limits) if item.outline is not None]
    if any(item.certain for item in whole):
        return whole
    reach = max(1, round(limits.cluster_mm / _MM))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(ink, np.ones((reach, reach), np.uint8))
    )
    for label in range(1, count):
        if max(stats[label, 2:4]) * _MM >= limits.square_least_mm:
            part = (ink * (labels == label)).astype(np.uint8)
            whole += [item for item in _outlined(part, left, top, False, limits) if item.outline is not None]
    if any(item.certain for item in whole):
        return whole
    stars = _about_star((small > _SPECK).astype(np.uint8), left, top, limits)
    if stars or not signed:
        return whole + stars
    squares = _under_signatures(ink, left, top, limits)
    return whole + [item for item in squares if not _is_made_up(item, whole, limits)]


def _about_star(ink: Image, left: float, top: float, limits: SealThresholds) -> list[SealCandidate]:
    """A seal of which a threshold left specks, too few to tell its rim by: its star says where that must be."""
    area = float(ink.sum()) * _MM * _MM
    if area < limits.least_ink_mm2:
        return []
    ink_map = InkMap(ink, _MM)
    best = circle_about(ink_map, *place_of_star(ink_map), limits)
    return (
        [_found(best, ink_map, left, top, area, False, True, limits)]
        if _is_starred(best, ink_map, limits)
        else []
    )


def _under_signatures(ink: Image, left: float, top: float, limits: SealThresholds) -> list[SealCandidate]:
    """A name seal whose outline only its sides tell: a signature lies over it."""
    area = float(ink.sum()) * _MM * _MM
    if area < limits.least_ink_mm2:
        return []
    ink_map = InkMap(ink, _MM)
    best = best_square(ink_map, limits)
    if best is None or not _is_certain(best, ink_map, False, limits):
        return []
    return [_found(best, ink_map, left, top, area, False, True, limits)]


def _is_made_up(square: SealCandidate, whole: Sequence[SealCandidate], limits: SealThresholds) -> bool:
    """Whether a piece of a round seal's rim and its letters come to a square: half a rim is there, and holds it.

    Not one with plain sides; and an oval about a square is what its corners come to.
    """
    if square.score >= limits.oval_clear:
        return False
    size = square.seal.box.width * square.seal.box.height
    return any(
        item.seal.shape == "round"
        and item.score >= limits.certain_score
        and item.seal.box.overlap_mm2(square.seal.box) > 0.5 * size
        for item in whole
    )


# -- what a seal hides -------------------------------------------------------------------------------


def zone(found: Sequence[SealCandidate], shape: tuple[int, int], outwards: float = ZONE_MM) -> Mask:
    """Where seals lie and so many mm around, as a mask of a whole page at the working resolution."""
    mask = np.zeros(shape, np.uint8)
    for item in found:
        if item.outline is not None:
            cv2.fillPoly(mask, [np.round(item.outline.along(outwards) * PX_PER_MM).astype(np.int32)], 1)
    return mask.astype(np.bool_)


def behind_seals(prepared: PageLayers, found: Sequence[SealCandidate]) -> PageLayers:
    """The sheet without the ink of seals whose colour the scan took: what is darker than they are stays.

    A black-and-white scan has one darkness only: there everything stays, and :func:`hidden` says where.
    """
    grey = [item for item in found if not item.seal.red and item.certain]
    if not grey or prepared.page.bitonal:
        return prepared
    dark = prepared.dark.copy()
    for item in grey:
        rows, columns = pixels_of(item.seal.box.all_round(3))
        inside = zone([item], prepared.dark.shape, RIM_MM)[rows, columns]
        level = _rim_level(prepared, item)
        view = dark[rows, columns]
        view[inside] = np.where(view[inside] > level, view[inside], 0)
    return replace(prepared, dark=dark)


def _rim_level(prepared: PageLayers, item: SealCandidate) -> float:
    """The darkest that the seal's own ink gets, read along its rim."""
    assert item.outline is not None
    points = np.round(np.concatenate([item.outline.along(step) for step in (-0.4, 0.0, 0.4)]) * PX_PER_MM)
    height, width = prepared.dark.shape
    columns, rows = points[:, 0].astype(np.int64), points[:, 1].astype(np.int64)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    values = prepared.dark[rows[inside], columns[inside]]
    return float(np.percentile(values, 85)) * 1.12 if values.size else 0.0


def hidden(prepared: PageLayers, found: Sequence[SealCandidate]) -> Mask | None:
    """Where a seal lies whose colour the scan took, and strokes cannot be distinguished from its ink; None where
    there is none.

    A doubtful outline counts too, but not one around a certain seal: that seal's ink, with what is written beside it,
    makes it up.
    """
    grey = [item for item in found if not item.seal.red]
    certain = [item.centre for item in grey if item.certain]
    grey = [item for item in grey if item.certain or not any(item.seal.box.holds(at) for at in certain)]
    return zone(grey, prepared.dark.shape) if grey else None
