"""Whether what was printed still stands as it was issued: character by character, and between the lines.

What the office filled in is print too: an altered name, code or date counts like an altered clause. Two
levels: a confident alteration, and a doubtful one that a person should look at (its ``confidence`` tells).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Alteration, Mask, Measure, RegisteredPage
from extractors.observe.loose_ink import Cluster, LooseInk, sort_ink
from extractors.observe.print_compare import Comparison, Floats, compare, grown
from extractors.observe.print_limits import altered_ratio, likeness, limit
from extractors.observe.rivals import is_latin, rivalry
from extractors.observe.striking import struck
from extractors.observe.text_lines import (
    gathered,
    open_glyphs,
    page_number,
    pieces,
    rectangles,
    typed_over_glyphs,
)
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box

_DOUBTFUL = 0.6  # a person looks
_PAUSES = frozenset("。，、；：")
_HOW = {
    "changed": "处的印刷文字与原件不一致，可能被改动",
    "struck": "被划掉",
    "removed": "被涂盖、擦除或裁掉",
}


def observe_print(page: RegisteredPage, thresholds: PrintedThresholds) -> tuple[Alteration, ...]:
    """Every place of a registered page where print does not stand as issued, the surest first."""
    if not page.original.glyphs:
        return ()
    compared = compare(page, thresholds)
    loose = sort_ink(page, compared, thresholds)
    found = [*_altered(page, compared, loose, thresholds)]
    if page.residual_mm > thresholds.uneven_mm:
        found = _doubted(found)
    known = [one.box for one in found]
    found += _inserted_or_shown_through(page, loose, thresholds, known)
    found += _appended(page, loose, thresholds, [one.box for one in found])
    return tuple(sorted(found, key=lambda one: -one.confidence))


def unseen_print(page: RegisteredPage, thresholds: PrintedThresholds) -> tuple[Box, ...]:
    """Boxes (mm) of print that cannot be seen: off the picture, burnt out, or lost under other ink."""
    if not page.original.glyphs:
        return ()
    compared = compare(page, thresholds)
    covered = _share(sort_ink(page, compared, thresholds).covered, page)
    lost = (covered > thresholds.covered_share) & (compared.agreement < thresholds.covered_agreement)
    hidden = (compared.seen < thresholds.seen_share) | (lost & ~open_glyphs(page.original))
    hidden &= ~page_number(page.original)
    return tuple(_box(page, run) for run in _runs(page, hidden))


def release() -> None:
    """Let go of the page looked at last: what is kept between the two looks is as large as the page itself."""
    compare.cache_clear()
    sort_ink.cache_clear()


# -- characters ----------------------------------------------------------------------------------------


def _altered(
    page: RegisteredPage, compared: Comparison, loose: LooseInk, limits: PrintedThresholds
) -> Iterator[Alteration]:
    """Characters that are not what they were, run by run."""
    signs = _signs(page, compared, loose, limits)
    for run in _runs(page, signs.strongest >= 1):
        indices = np.array(run)
        how = "changed"
        if (
            signs.struck[indices].max() >= 1
            and float(np.median(compared.missing[indices])) < limits.missing * 2
        ):
            how = "struck"
        elif float(compared.there[indices].mean()) < limits.gone_level:
            how = "removed"
        text = "".join(page.original.glyphs[index].text for index in run)
        reason = f"第{page.original.number}页“{text}”{_HOW[how]}"
        sure = _confidence(float(signs.strongest[indices].max()), limits)
        yield _alteration(page, _box(page, run), how, text, sure, reason, signs.measures(indices))


@dataclass(frozen=True, slots=True, eq=False)
class _Signs:
    """Per character, each sign that it was altered, in thresholds: ink that is missing, added, unlike what was printed;
    a line through it; more like another character than itself. ``strongest``: what they come to together.
    """

    missing: Floats
    added: Floats
    unlike: Floats
    struck: Floats
    another: Floats
    strongest: Floats

    def measures(self, indices: NDArray[np.int64]) -> tuple[Measure, ...]:
        """The worst of some characters."""
        signs = {
            "print-missing": self.missing,
            "print-added": self.added,
            "print-unlike": self.unlike,
            "print-struck": self.struck,
            "print-another": self.another,
        }
        return tuple(Measure(name, float(sign[indices].max()), 1.0, "倍") for name, sign in signs.items())


def _signs(page: RegisteredPage, compared: Comparison, loose: LooseInk, limits: PrintedThresholds) -> _Signs:
    """Every sign, of every character of a page."""
    in_field, seen = open_glyphs(page.original), compared.seen >= limits.seen_share
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs])
    like = likeness(page, compared, _share(loose.covered, page), limits)
    like = replace(like, unlike=like.unlike * (seen & ~in_field))
    missing = compared.missing / limit(compared.missing, limits.missing, limits) * seen
    # A character that still looks like itself only lost some blackness; a comma can only be there or not.
    missing[letters & (like.unlike < limits.unlike_enough) & (compared.agreement > 1 - limits.unlike)] = 0
    missing[~letters] = compared.missing[~letters] / limits.missing_in_field * seen[~letters]
    if page.bitonal:
        # A full stop is as thin as what a threshold loses, and nothing hangs on it; a decimal point is no pause.
        missing[[glyph.text in _PAUSES for glyph in page.original.glyphs]] = 0
    missing[in_field] = compared.missing[in_field] / limits.missing_in_field
    missing[typed_over_glyphs(page.original)] = 0
    at = gathered(page.original, 1)
    foreign = np.asarray(at.sums(at.pixels(loose.foreign)) / compared.ink, np.float32)
    added = foreign / limit(foreign, limits.added, limits) * seen * ~in_field
    added[~letters] = foreign[~letters] / limits.missing_in_field * seen[~letters] * ~in_field[~letters]
    crossed = (
        struck(page, compared, loose, grown(rectangles(page.original), 1, page.original), limits) * ~in_field
    )
    latin = is_latin(page.original)
    suspect = latin | (like.unlike >= limits.suspect)
    held = rivalry(page.original, compared, like.told & seen & ~in_field & suspect)
    another = np.asarray(held.times / np.where(latin, limits.another, limits.another_han), np.float32)
    altered = altered_ratio(missing, added, like, limits)
    # Roughened by the scan, and no more like any other character than before.
    itself = (held.rivals >= limits.enough_rivals) & (held.times < limits.itself)
    itself &= (missing < limits.itself_missing) & (added < 1) & (like.unlike < limits.itself_unlike)
    rough = (held.rivals >= limits.enough_rivals) & (held.times < limits.itself)
    rough &= (np.maximum(missing, added) < limits.itself_ink) & (like.unlike < limits.itself_unlike_plainly)
    altered[itself | rough] = 0
    strongest = np.maximum(np.maximum(altered, crossed), another) * ~page_number(page.original)
    return _Signs(missing, added, like.unlike, crossed, another, np.asarray(strongest, np.float32))


def _confidence(ratio: float, limits: PrintedThresholds) -> float:
    """0.5 at the threshold, near 1 from ``sure_ratio`` on."""
    return float(np.clip(0.5 + 0.4 * (ratio - 1) / (limits.sure_ratio - 1), 0.5, 0.98))


def _share(mask: Mask, page: RegisteredPage) -> Floats:
    boxes = rectangles(page.original)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1)
    at = gathered(page.original)
    return np.asarray(at.sums(at.pixels(mask)) / area, np.float32)


def _runs(page: RegisteredPage, flagged: Mask) -> Iterator[tuple[int, ...]]:
    """Flagged characters that stand beside each other; one unflagged between two does not part them."""
    for piece in pieces(page.original):
        run: list[int] = []
        skipped = 0
        for index in piece.glyphs:
            if flagged[index]:
                run.append(index)
                skipped = 0
            elif run:
                skipped += 1
                if skipped > 1:
                    yield tuple(run)
                    run, skipped = [], 0
        if run:
            yield tuple(run)


def _box(page: RegisteredPage, run: tuple[int, ...]) -> Box:
    box = page.original.glyphs[run[0]].box
    for index in run[1:]:
        box = box.union(page.original.glyphs[index].box)
    return box


def _doubted(found: list[Alteration]) -> list[Alteration]:
    """The same, none of them sure any more: a person looks."""
    return [replace(one, confidence=min(one.confidence, _DOUBTFUL)) for one in found]


# -- between the characters ------------------------------------------------------------------------------


def _inserted_or_shown_through(
    page: RegisteredPage, loose: LooseInk, limits: PrintedThresholds, known: list[Box]
) -> list[Alteration]:
    """Words put in between; in many places of a black-and-white scan at once they may be the other side's, whose
    paleness is lost there: a person looks.
    """
    found = list(_inserted(page, loose, limits, known))
    if page.bitonal and len(found) >= limits.through_words:
        return _doubted(found)
    return found


def _inserted(
    page: RegisteredPage, loose: LooseInk, limits: PrintedThresholds, known: list[Box]
) -> Iterator[Alteration]:
    """Words where none were printed, near text."""
    lines = [Box(*(edge / PX_PER_MM for edge in piece.rectangle)) for piece in pieces(page.original)]
    for cluster in (*loose.clusters, *_astride(loose.clusters, limits)):
        box, ink = cluster.box, cluster.ink_mm2
        wordlike = limits.word_min_mm <= box.width and limits.word_low_mm <= box.height <= limits.word_high_mm
        wordlike = wordlike and cluster.solid >= limits.word_solid and not _is_ruled(cluster, limits)
        if not wordlike or ink < limits.word_ink_mm2 or box.width < box.height:
            continue
        if not _is_by_text(box, lines, limits) or any(box.overlap_mm2(one) > 0 for one in known):
            continue
        ratio = ink / limits.word_ink_mm2
        measures = (Measure("ink-between-lines", ink, limits.word_ink_mm2, "mm²"),)
        reason = f"第{page.original.number}页印刷的文字之间多出了字迹"
        yield _alteration(page, box, "added", "", _confidence(ratio, limits), reason, measures)


def _astride(clusters: Sequence[Cluster], limits: PrintedThresholds) -> Iterator[Cluster]:
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
            yield Cluster(
                box=above.union(below),
                ink_mm2=upper.ink_mm2 + lower.ink_mm2,
                ragged_mm=min(upper.ragged_mm, lower.ragged_mm),
                solid=min(upper.solid, lower.solid),
            )


def _is_ruled(cluster: Cluster, limits: PrintedThresholds) -> bool:
    """Whether it is a frame line that stands a little off its place."""
    box = cluster.box
    thin = cluster.ink_mm2 < limits.rule_thick_mm * box.width and cluster.ragged_mm < limits.rule_ragged_mm
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


def _appended(
    page: RegisteredPage, loose: LooseInk, limits: PrintedThresholds, known: list[Box]
) -> Iterator[Alteration]:
    """A character or two right before or after a number: smaller than a word, and an amount is another by it."""
    ends = [box for piece in pieces(page.original) for box in _number_ends(page, piece.glyphs, limits)]
    for cluster in loose.clusters:
        box, ink = cluster.box, cluster.ink_mm2
        small = box.width < limits.word_min_mm and limits.digit_low_mm <= box.height <= limits.digit_high_mm
        if not small or ink < limits.digit_ink_mm2 or any(box.overlap_mm2(one) > 0 for one in known):
            continue
        if not any(end.y0 <= box.centre[1] <= end.y1 and end.x0 < box.x1 and box.x0 < end.x1 for end in ends):
            continue
        measures = (Measure("ink-beside-number", ink, limits.digit_ink_mm2, "mm²"),)
        reason = f"第{page.original.number}页印刷的数字旁边多出了笔迹"
        yield _alteration(page, box, "added", "", _DOUBTFUL, reason, measures)


def _number_ends(page: RegisteredPage, glyphs: tuple[int, ...], limits: PrintedThresholds) -> Iterator[Box]:
    """Where a character could be put to a piece of line that begins or ends with a digit, a letter or a 元."""
    around = _box(page, glyphs)
    first, last = (page.original.glyphs[index].text for index in (glyphs[0], glyphs[-1]))
    if _counts(last):
        yield Box(around.x1, around.y0, around.x1 + limits.digit_near_mm, around.y1)
    if _counts(first):
        yield Box(around.x0 - limits.digit_near_mm, around.y0, around.x0, around.y1)


def _counts(text: str) -> bool:
    return (text.isascii() and text.isalnum()) or text in "元万亿"


def _alteration(
    page: RegisteredPage,
    box: Box,
    how: str,
    text: str,
    confidence: float,
    reason: str,
    measures: tuple[Measure, ...],
) -> Alteration:
    return Alteration(
        page=page.original.number,
        box=box,
        how=how,  # type: ignore[arg-type]
        text=text,
        confidence=round(confidence, 3),
        reason=reason,
        measures=measures,
        crop=_crop(page, box),
    )


def _crop(page: RegisteredPage, box: Box) -> bytes:
    """A picture of the place with its surroundings, PNG."""
    around = box.grown(left=8, right=8, up=5, down=5)
    x0, y0 = (max(0, round(edge * PX_PER_MM)) for edge in (around.x0, around.y0))
    piece = page.rgb[y0 : round(around.y1 * PX_PER_MM), x0 : round(around.x1 * PX_PER_MM)]
    _, data = cv2.imencode(".png", cv2.cvtColor(np.ascontiguousarray(piece), cv2.COLOR_RGB2BGR))
    return bytes(data)
