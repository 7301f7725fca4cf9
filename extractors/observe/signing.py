"""Signing areas (签字或盖章处): strokes of a pen, a seal, both or neither.

A seal may be pressed partly beside its area, over the printed label or the date; it counts for the signing area
nearest to its middle, and only for that one. A signature is several connected strokes of some length and
extent; a smudge, a fold, a staple, a neighbour's stroke or the print's own edges are none. In doubt: unsure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import seen_share
from extractors.layers.windows import InkWindow, chosen_in, cut
from extractors.model import PX_PER_MM, Mask, Measure, Seal, SignatureObservation
from extractors.observe.field_readings import FieldReading, OpenField, certainty, observation, unseen
from extractors.observe.seals.found import SealCandidate, zone
from extractors.observe.seals.outlines import InkMap
from extractors.observe.seals.squares import sides
from extractors.observe.specks import crowd
from extractors.observe.strokes import classify, narrow_side, place_of, windings
from extractors.thresholds import SigningThresholds
from forms.geometry import Box

#: Specks so near to strokes lie among them.
_AMONG_MM = 1.0
_SHAPES = {"round": "圆章", "oval": "椭圆章", "square": "方章"}


@dataclass(frozen=True, slots=True)
class PenInk:
    """What pens left in a signing area: mm of stroke, and of the longest; number of strokes, the most winding; mm close
    by, of faint strokes, and away from the area's sides; the narrower side of the smallest rectangle about them, turned
    any way, mm; the place on paper, None where nothing is.
    """

    length: float
    longest: float
    strokes: int
    winding: float
    beside: float
    faint: float
    inner: float
    narrow: float
    place: Box | None


def distance(box: Box, point: tuple[float, float]) -> float:
    """How far a point lies outside a box, mm; 0 inside."""
    across = max(box.x0 - point[0], 0.0, point[0] - box.x1)
    down = max(box.y0 - point[1], 0.0, point[1] - box.y1)
    return math.hypot(across, down)


def credited(
    found: Sequence[SealCandidate], box: Box, areas: Sequence[Box], limits: SigningThresholds
) -> tuple[SealCandidate, ...]:
    """The seals that count for one of the page's signing areas: near enough, and nearer to no other."""
    return tuple(
        item
        for item in found
        if distance(box, item.centre) <= limits.seal_margin_mm
        and (distance(box, item.centre), math.dist(box.centre, item.centre))
        == min((distance(area, item.centre), math.dist(area.centre, item.centre)) for area in areas)
    )


def observe_signing(
    prepared: PageLayers,
    field: OpenField,
    found: Sequence[SealCandidate],
    signing_areas: Sequence[Box],
    others: Sequence[Box],
    limits: SigningThresholds,
) -> SignatureObservation:
    """What stands in one signing area. ``others``: the page's other open areas, whose writing is not a signature."""
    share = seen_share(prepared.page, field.box)
    near = credited(found, field.box, signing_areas, limits)
    aside = [item for item in near if item.certain and _is_aside(item, field.box, limits)]
    near = tuple(item for item in near if item not in aside)
    pen = _pen(prepared, field.box, found, others, limits)
    signed = _is_signature(pen, limits)
    seals = tuple(item.seal for item in near if item.certain)
    if share < limits.seen:
        reading = unseen(field.label, share, limits.seen)
    else:
        reading = _reading(field.label, near, aside, pen, signed, limits)
        plain = pen.longest >= limits.longest_plain_mm or any(
            _is_plain(prepared, item, limits) for item in near
        )
        if prepared.page.bitonal and reading.state != "unsure" and not plain:
            reading = _dotted(prepared, field, pen, reading, limits)
    seen = observation(SignatureObservation, prepared.page, field, reading)
    return replace(seen, seals=seals, pen=signed)


def _is_aside(item: SealCandidate, box: Box, limits: SigningThresholds) -> bool:
    """Whether a seal lies beside an area by chance: too far off, or a slice of a 骑缝章."""
    return item.cut or distance(box, item.centre) > limits.seal_near_mm


def _pen(
    prepared: PageLayers,
    box: Box,
    found: Sequence[SealCandidate],
    others: Sequence[Box],
    limits: SigningThresholds,
) -> PenInk:
    margin = limits.window_mm
    patch = cut(prepared, box.all_round(margin))
    kinds = classify(patch, prepared.limits)
    pen = kinds.pen & ~_elsewhere(patch, others)
    pen &= ~_of_seals(prepared, patch, found, limits)
    grow = limits.grow_mm
    grown = box.all_round(grow)
    share, length = patch.share_in(grown), patch.length_in(grown)
    home: Mask = pen & (share >= limits.home)
    return PenInk(
        length=float(length[home].sum()),
        longest=float(np.max(patch.strokes.length[home], initial=0.0)),
        strokes=int((patch.strokes.length[home] > 1.5).sum()),
        winding=float(np.max(windings(patch.strokes)[home], initial=0.0)),
        beside=float(patch.strokes.length[pen & ~home].sum()),
        faint=float(length[kinds.faint & (share >= limits.home)].sum()),
        inner=float(patch.length_in(_inner(box, limits))[home].sum()),
        narrow=narrow_side(patch, home),
        place=place_of(patch, home),
    )


def _inner(box: Box, limits: SigningThresholds) -> Box:
    """The area without its sides, where the end of a signature beside it reaches in."""
    aside = min(limits.side_mm, limits.side_share * box.width)
    return box.grown(left=-aside, right=-aside)


def _elsewhere(patch: InkWindow, others: Sequence[Box]) -> Mask:
    """Strokes that have their place in another field."""
    result = np.zeros(len(patch.strokes), dtype=np.bool_)
    for other in others:
        result |= patch.share_in(other) > 0.5
    return result


def _of_seals(
    prepared: PageLayers, patch: InkWindow, found: Sequence[SealCandidate], limits: SigningThresholds
) -> Mask:
    """Strokes that are a seal's own ink, where the scan took its colour; or may be: pieces of half a rim that took
    little ink. A stroke as long as most signatures have is none of those.
    """
    grey = [item for item in found if not item.seal.red]
    certain = _within(prepared, patch, [item for item in grey if item.certain])
    doubtful = _within(
        prepared, patch, [item for item in grey if not item.certain and _has_rim(item, limits)]
    )
    covered: Mask = certain | (doubtful & (patch.strokes.length < limits.longest_plain_mm))
    return covered


def _within(prepared: PageLayers, patch: InkWindow, found: Sequence[SealCandidate]) -> Mask:
    """Strokes that lie mostly within seals."""
    if not found or not len(patch.strokes):
        return np.zeros(len(patch.strokes), dtype=np.bool_)
    inside: Mask = patch.share_of(patch.cropped(zone(found, prepared.dark.shape))) > 0.5
    return inside


def _has_rim(item: SealCandidate, limits: SigningThresholds) -> bool:
    return item.seal.shape != "square" and item.score >= limits.rim


def _is_signature(pen: PenInk, limits: SigningThresholds) -> bool:
    written = pen.longest >= limits.longest_mm  # the ridges of a thumb are many and all short
    written &= pen.strokes >= limits.strokes or pen.winding >= limits.winding
    place = pen.place
    # A staple that dots made winding is a bar all the same, however it slants.
    large = place is not None and place.width >= limits.width_mm and pen.narrow >= limits.narrow_mm
    return bool(pen.length >= limits.filled_mm and pen.inner >= limits.inner_mm and written and large)


def _reading(
    label: str,
    near: Sequence[SealCandidate],
    aside: Sequence[SealCandidate],
    pen: PenInk,
    signed: bool,
    limits: SigningThresholds,
) -> FieldReading:
    measures = (
        Measure("pen", round(pen.length, 1), limits.filled_mm, "mm"),
        Measure("beside", round(pen.beside, 1), limits.beside_mm, "mm"),
        Measure("seal", round(max((item.score for item in near), default=0.0), 2), None, ""),
    )
    certain = [item for item in near if item.certain and _is_whole(item, limits)]
    if certain or signed:
        what = [_named(item.seal) for item in certain] + (["签字"] if signed else [])
        sure = max([item.score for item in certain] + [_sure(pen, limits) if signed else 0.0])
        return FieldReading("filled", max(sure, 0.5), f"“{label}”处有{'、'.join(what)}", measures)
    doubt = _doubt(label, near, aside, pen, limits)
    if doubt:
        return FieldReading("unsure", 0.5, doubt, measures)
    return FieldReading(
        "blank", 1.0 - 0.5 * pen.length / limits.blank_mm, f"“{label}”处没有签字，也没有盖章", measures
    )


def _is_whole(item: SealCandidate, limits: SigningThresholds) -> bool:
    """Whether most of a red company seal is to be seen: where a lamp's glare burnt half of it out, nobody knows what
    else stood there. Over a name seal signatures lie.
    """
    return not item.seal.red or item.seal.shape == "square" or item.score >= limits.whole


def _is_plain(prepared: PageLayers, item: SealCandidate, limits: SigningThresholds) -> bool:
    """Whether specks about a seal are its own dry lettering: the dots of a smudge come to no clear outline, nor to
    one so large, nor to one of long strokes.
    """
    if not item.certain:
        return False
    large = item.seal.diameter_mm >= limits.no_smudge_mm
    return item.score >= limits.outline or large or _is_framed(prepared, item, limits)


def _is_framed(prepared: PageLayers, item: SealCandidate, limits: SigningThresholds) -> bool:
    """Whether long thin strokes follow a name seal's two best sides, however a signature lies across the others."""
    if item.outline is None or item.seal.shape != "square":
        return False
    patch = cut(prepared, item.seal.box.all_round(limits.frame_reach_mm + 1))
    kinds = classify(patch, prepared.limits)
    long = (kinds.pen | kinds.line) & (patch.strokes.length >= limits.longest_mm)
    ink_map = InkMap(chosen_in(patch.labels, long).astype(np.uint8), 1 / PX_PER_MM)
    x, y = item.outline.x - patch.left / PX_PER_MM, item.outline.y - patch.top / PX_PER_MM
    best = sides(ink_map, replace(item.outline, x=x, y=y), limits.frame_reach_mm)[2:]
    return bool(best.mean() >= limits.framed)


def _dotted(
    prepared: PageLayers, field: OpenField, pen: PenInk, reading: FieldReading, limits: SigningThresholds
) -> FieldReading:
    """As it was read, unless many more specks lie there than elsewhere on the page: a seal whose ink the threshold
    lost, where it was blank; a smudge whose grey became dots that run together, where it looked signed. On a dusty page
    such specks crowd only among its strokes.
    """
    enough = limits.specks if reading.state == "blank" else limits.specks_signed
    found = crowd(prepared, field.box, enough, limits.specks_times)
    if found is None and reading.state == "filled" and pen.place is not None:
        found = crowd(prepared, pen.place.all_round(_AMONG_MM), enough, limits.specks_times)
    if found is None:
        return reading
    also = "" if reading.state == "blank" else "，也可能是污迹"
    reason = f"“{field.label}”处有一片细点，可能是扫描时没有扫清的印章{also}，不能确定"
    return FieldReading("unsure", 0.5, reason, (*reading.measures, found))


def _sure(pen: PenInk, limits: SigningThresholds) -> float:
    return certainty(pen.length, limits.blank_mm, limits.filled_mm)


def _named(seal: Seal) -> str:
    colour = "红色" if seal.red else "（扫描件上无颜色的）"
    return f"{colour}{_SHAPES[seal.shape]}，直径约{seal.diameter_mm:.0f}毫米"


def _doubt(
    label: str,
    near: Sequence[SealCandidate],
    aside: Sequence[SealCandidate],
    pen: PenInk,
    limits: SigningThresholds,
) -> str:
    if aside and aside[0].cut:
        return f"“{label}”旁边有半枚{_named(aside[0].seal)}，像是骑缝章，不能确定是否盖在这里"
    if aside:
        return f"“{label}”旁边有{_named(aside[0].seal)}，大部分在外面，不能确定是否盖在这里"
    if near:
        return f"“{label}”处有像印章的痕迹，但轮廓不完整，不能确定是印章"
    if pen.length > limits.blank_mm:
        return f"“{label}”处有少量笔迹（约{pen.length:.0f}毫米），不能确定是签字"
    if pen.faint > limits.filled_mm:
        return f"“{label}”处只有极淡的痕迹，不能确定是签字还是背面透过来的"
    if pen.beside > limits.beside_mm:
        return f"“{label}”旁边有笔迹，不能确定是否签在这里"
    return ""
