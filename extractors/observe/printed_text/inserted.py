"""Words and characters put in where none were printed: between the lines, across a frame line, beside a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from extractors.layers.text_lines import page_number, pieces
from extractors.model import PX_PER_MM, Alteration, Measure, RegisteredPage
from extractors.observe.printed_text.added_ink import AddedInk, mark_zone
from extractors.observe.printed_text.alterations import DOUBTFUL, alteration, box_of, confidence, doubted
from extractors.observe.printed_text.ink_pieces import InkCluster
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box
from forms.page_mark import mark_boxes

#: So far a page's number and its marks may lie off at a curled foot.
_ADRIFT_MM = 6.0


def inserted(
    page: RegisteredPage, added_ink: AddedInk, limits: PrintedThresholds, known: Sequence[Box]
) -> list[Alteration]:
    """Words put in between; in many places of a black-and-white scan at once they may be the other side's, whose
    paleness is lost there: a person looks.
    """
    firm = [one for one in added_ink.clusters if one.solid >= limits.word_solid]
    found = list(_words(page, firm, limits, known))
    rows = sum(_is_as_large_as_words(one, limits) for one in added_ink.clusters)
    if page.bitonal and max(len(found), rows) >= limits.through_words:
        found = doubted(found)
    return [*found, *_faint_words(page, added_ink, limits, [*known, *(one.box for one in found)])]


def _faint_words(
    page: RegisteredPage, added_ink: AddedInk, limits: PrintedThresholds, known: Sequence[Box]
) -> list[Alteration]:
    """Words as pale as pencil or the other side's, or of which a hard threshold left dots, in so few places that they
    are hardly the other side: a copy made them so.
    """
    rows = [
        one
        for one in (*added_ink.clusters, *added_ink.pale)
        if one.solid >= limits.word_solid_faint and one.box.width >= limits.pale_long * one.box.height
    ]
    found = list(_words(page, rows, limits, known))
    return doubted(found) if len(found) < limits.through_words else []


def _words(
    page: RegisteredPage, clusters: Sequence[InkCluster], limits: PrintedThresholds, known: Sequence[Box]
) -> Iterator[Alteration]:
    """Words where none were printed, near text."""
    likely = [
        (cluster, sure)
        for cluster in (*_astride(clusters, limits), *clusters)
        if (sure := _sure(page, cluster, limits)) is not None
    ]
    if not likely:
        return
    lines = [Box(*(edge / PX_PER_MM for edge in piece.rectangle)) for piece in pieces(page.original)]
    known_boxes = list(known)
    for cluster, sure in likely:
        box, ink = cluster.box, cluster.ink_mm2
        if not _is_by_text(box, lines, limits) or any(box.overlap_mm2(one) > 0 for one in known_boxes):
            continue
        known_boxes.append(box)
        if _may_be_adrift(page, box):
            sure = min(sure, DOUBTFUL)
        measures = (Measure("ink-between-lines", ink, limits.word_ink_mm2, "mm²"),)
        reason = f"第{page.original.number}页印刷的文字之间多出了字迹"
        yield alteration(page, box, "added", "", sure, reason, measures)


def _sure(page: RegisteredPage, cluster: InkCluster, limits: PrintedThresholds) -> float | None:
    """How surely ink is a word; None where it is none.

    What a frame line leaves of small words is for a person, and so is what is smaller than a word on a coarse picture:
    it loses thin strokes, and with them a word's middle.
    """
    box = cluster.box
    if _is_ruled(cluster, limits) or box.width < box.height:
        return None
    if _is_as_large_as_words(cluster, limits):
        return confidence(cluster.ink_mm2 / limits.word_ink_mm2, limits)
    is_rest = limits.word_rest_mm <= box.height <= limits.word_high_mm
    is_rest = is_rest and cluster.ragged_mm >= limits.rule_ragged_mm
    is_long = limits.word_min_mm <= box.width and cluster.ink_mm2 >= limits.word_ink_mm2
    is_fragment = limits.fragment_mm <= box.width and cluster.ink_mm2 >= limits.fragment_ink_mm2
    return DOUBTFUL if is_rest and (is_long or (is_fragment and page.dpi < limits.coarse_dpi)) else None


def _is_as_large_as_words(cluster: InkCluster, limits: PrintedThresholds) -> bool:
    box = cluster.box
    is_high = limits.word_low_mm <= box.height <= limits.word_high_mm
    return limits.word_min_mm <= box.width and is_high and cluster.ink_mm2 >= limits.word_ink_mm2


def _astride(clusters: Sequence[InkCluster], limits: PrintedThresholds) -> Iterator[InkCluster]:
    """What is left of words above and below a frame line that runs through them, put together again."""
    ragged = [
        cluster
        for cluster in clusters
        if cluster.ragged_mm >= limits.rule_ragged_mm and cluster.box.height >= limits.half_word_mm
    ]
    for upper, lower in permutations(ragged, 2):
        above, below = upper.box, lower.box
        shared = min(above.x1, below.x1) - max(above.x0, below.x0)
        if (
            0 < below.y0 - above.y1 <= limits.astride_mm
            and shared >= min(above.width, below.width) * limits.astride_share
        ):
            yield InkCluster(
                box=above.union(below),
                ink_mm2=upper.ink_mm2 + lower.ink_mm2,
                ragged_mm=min(upper.ragged_mm, lower.ragged_mm),
                solid=min(upper.solid, lower.solid),
            )


def _may_be_adrift(page: RegisteredPage, box: Box) -> bool:
    """Whether ink at the foot may be the page's number or a mark's letters, which stand outside the 版心 with nothing
    around that holds them in place on curled paper, or under a slip.
    """
    number = np.flatnonzero(page_number(page.original)).tolist()
    places = [mark_zone(mark) for mark in mark_boxes(page.original.width_mm, page.original.height_mm)]
    places += [box_of(page, number)] if number else []
    return any(box.within(place.all_round(_ADRIFT_MM)) for place in places)


def _is_ruled(cluster: InkCluster, limits: PrintedThresholds) -> bool:
    """Whether it is a frame line that stands a little off its place."""
    box = cluster.box
    is_even = cluster.ragged_mm < limits.rule_ragged_mm / 2
    thick = limits.rule_even_mm if is_even else limits.rule_thick_mm
    thin = cluster.ink_mm2 < thick * box.width and cluster.ragged_mm < limits.rule_ragged_mm
    long = box.width > limits.rule_long * box.height
    return thin and (box.height < limits.rule_low_mm or (long and box.height < limits.rule_high_mm))


def _is_by_text(box: Box, lines: list[Box], limits: PrintedThresholds) -> bool:
    """Whether a place is close to a printed line, or in a gap between two, as above and under a title."""
    near = box.grown(left=6, right=6, up=limits.word_near_mm, down=limits.word_near_mm)
    if any(near.overlap_mm2(line) > 0 for line in lines):
        return True
    reach = limits.word_between_mm
    return any(box.y0 - reach < line.y1 <= box.y0 for line in lines) and any(
        box.y1 <= line.y0 < box.y1 + reach for line in lines
    )


def appended(
    page: RegisteredPage, added_ink: AddedInk, limits: PrintedThresholds, known: Sequence[Box]
) -> Iterator[Alteration]:
    """A character or two right before or after a number: smaller than a word, and an amount is another by it."""
    ends = [box for piece in pieces(page.original) for box in _number_ends(page, piece.glyphs, limits)]
    for cluster in added_ink.clusters:
        box, ink = cluster.box, cluster.ink_mm2
        small = box.width < limits.word_min_mm and limits.digit_low_mm <= box.height <= limits.digit_high_mm
        if not small or ink < limits.digit_ink_mm2 or any(box.overlap_mm2(one) > 0 for one in known):
            continue
        if not any(end.y0 <= box.centre[1] <= end.y1 and end.x0 < box.x1 and box.x0 < end.x1 for end in ends):
            continue
        measures = (Measure("ink-beside-number", ink, limits.digit_ink_mm2, "mm²"),)
        reason = f"第{page.original.number}页印刷的数字旁边多出了笔迹"
        yield alteration(page, box, "added", "", DOUBTFUL, reason, measures)


def _number_ends(page: RegisteredPage, glyphs: tuple[int, ...], limits: PrintedThresholds) -> Iterator[Box]:
    """Where a character could be put to a piece of line that begins or ends with a digit, a letter or a 元."""
    around = box_of(page, glyphs)
    first, last = (page.original.glyphs[index].text for index in (glyphs[0], glyphs[-1]))
    if _counts(last):
        yield Box(around.x1, around.y0, around.x1 + limits.digit_near_mm, around.y1)
    if _counts(first):
        yield Box(around.x0 - limits.digit_near_mm, around.y0, around.x0, around.y1)


def _counts(text: str) -> bool:
    return (text.isascii() and text.isalnum()) or text in "元万亿"
