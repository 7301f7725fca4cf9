"""Signing areas (签字或盖章处): strokes of a pen, and the seal that counts for the area, measured.

A seal may be pressed partly beside its area, over the printed label or the date; it counts for the signing area
nearest to its middle, and only for that one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.windows import InkWindow, cut, red_in
from extractors.model import NO_SEAL, Mask, PenEvidence, SealEvidence
from extractors.observe.seals import SealCandidate, zone
from extractors.observe.specks import specks
from extractors.observe.strokes import classify, narrow_side, place_of, windings
from extractors.observe.text import weighted
from extractors.thresholds import SigningThresholds
from forms.geometry import Box


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


def doubt_of(item: SealCandidate, box: Box, limits: SigningThresholds) -> str:
    """Why a seal, however clear, is for a person: it lies beside the place by chance, as a slice of a 骑缝章 does, or a
    lamp's glare burnt half of a red one out and nobody knows what else stood there. Empty where nothing is to be said.
    """
    if item.cut:
        return "旁边有半枚印章，像是骑缝章"
    if distance(box, item.centre) > limits.seal_near_mm:
        return "旁边有印章，大部分在外面"
    if item.seal.red and item.certain and item.seal.shape != "square" and item.score < limits.whole:
        return "印章只看得见一部分"
    return ""


def measure_seal(item: SealCandidate | None, box: Box) -> SealEvidence:
    """A seal that counts for a signing area."""
    if item is None:
        return NO_SEAL
    outline, seal = item.outline, item.seal
    return SealEvidence(
        trace=outline.trace if outline else 0.0,
        score=item.score,
        content=outline.content if outline else 0.0,
        star=item.star,
        width=outline.width if outline else seal.diameter_mm,
        height=outline.height if outline else min(seal.box.width, seal.box.height),
        square=float(seal.shape == "square"),
        oval=float(seal.shape == "oval"),
        red=float(seal.red),
        ink=item.ink_mm2,
        sides=item.sides,
        off=distance(box, item.centre),
        cut=float(item.cut),
        plain=float(item.certain),
    )


def measure_pen(
    prepared: PageLayers,
    box: Box,
    found: Sequence[SealCandidate],
    others: Sequence[Box],
    sealed: Mask | None,
    limits: SigningThresholds,
) -> PenEvidence:
    """What pens left in a signing area. ``found``: the page's seals; ``others``: the page's other open areas, whose
    writing is no signature; ``sealed``: where red seals lie.
    """
    patch = cut(prepared, box.all_round(limits.window_mm))
    kinds, strokes = classify(patch, prepared.limits), patch.strokes
    grey = [item for item in found if not item.seal.red]
    under = zone(grey, prepared.dark.shape) if grey else None
    pen = kinds.pen & ~_elsewhere(patch, others)
    if under is not None:
        certain = zone([item for item in grey if item.certain], prepared.dark.shape)
        pen &= ~(patch.share_of(patch.cropped(certain)) > 0.5)
    share, length = (
        patch.share_in(box.all_round(limits.grow_mm)),
        patch.length_in(box.all_round(limits.grow_mm)),
    )
    home: Mask = pen & (share >= limits.home)
    place = place_of(patch, home)
    dots, crowd = specks(prepared, box) if prepared.page.bitonal else (0, 0.0)
    weight = length * home
    blots = kinds.blob & (share >= limits.home)
    return PenEvidence(
        length=float(weight.sum()),
        longest=float(np.max(strokes.length[home], initial=0.0)),
        strokes=float((strokes.length[home] > 1.5).sum()),
        winding=float(np.max(windings(strokes)[home], initial=0.0)),
        inner=float(patch.length_in(_inner(box, limits))[home].sum()),
        narrow=narrow_side(patch, home),
        wide=place.width if place else 0.0,
        beside=float(strokes.length[pen & ~home].sum()),
        faint=float(length[kinds.faint & (share >= limits.home)].sum()),
        line=float(length[kinds.line].sum()),
        bits=float(length[kinds.bits & (share >= limits.home)].sum()),
        blot=float(np.max(strokes.major[blots], initial=0.0)),
        darkness=weighted(strokes.darkness, weight),
        thickness=weighted(strokes.width, weight),
        free=weighted(1 - strokes.beside_print, weight),
        red=red_in(prepared, box, sealed),
        specks=float(dots),
        crowd=crowd,
        covered=float(under[pixels_of(box)].mean()) if under is not None else 0.0,
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
