"""Whether what was printed still stands as it was issued: character by character, and between the lines.

What the office filled in is print too: an altered name, code or date counts like an altered clause. Two
levels: a confident alteration, and a doubtful one that a person should look at (its ``confidence`` tells).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.text_lines import (
    character_pixels,
    open_glyphs,
    page_number,
    pieces,
    rectangles,
    typed_over_glyphs,
)
from extractors.model import Alteration, Float32Array, Mask, Measure, RegisteredPage
from extractors.observe.printed_text.added_ink import AddedInk, classify_ink
from extractors.observe.printed_text.alterations import alteration, box_of, confidence, doubted
from extractors.observe.printed_text.inserted import appended, inserted
from extractors.observe.printed_text.print_compare import PrintComparison, compare, grown
from extractors.observe.printed_text.print_limits import PrintLikeness, altered_ratio, likeness, limit
from extractors.observe.printed_text.rivals import is_latin, is_line, rivalry
from extractors.observe.printed_text.striking import struck
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box

_PAUSES = frozenset("。，、；：")
#: Of these nothing hangs on one that other ink hides.
_MARKS = _PAUSES | frozenset("（）()“”《》")
_HOW = {
    "changed": "处的印刷文字与原件不一致，可能被改动",
    "struck": "被划掉",
    "removed": "被涂盖、擦除或裁掉",
}


def observe_print(layers: PageLayers, thresholds: PrintedThresholds) -> tuple[Alteration, ...]:
    """Every place of a registered page where print does not stand as issued, the surest first; none where nothing can
    be said (:func:`unseen_print` tells).
    """
    page = layers.page
    if not page.original.glyphs:
        return ()
    look = inspect_print(layers, thresholds)
    if look.like.usual > thresholds.illegible:
        return ()
    found = [*_altered(page, look, thresholds)]
    # So many differences come from a bad registration, not from a person: they are reported as doubtful.
    if page.residual_mm > thresholds.uneven_mm or len(found) >= thresholds.many_places:
        found = doubted(found)
    known = [one.box for one in found]
    found += inserted(page, look.added_ink, thresholds, known)
    found += appended(page, look.added_ink, thresholds, [one.box for one in found])
    return tuple(sorted(found, key=lambda one: -one.confidence))


def unseen_print(layers: PageLayers, thresholds: PrintedThresholds) -> tuple[Box, ...]:
    """Boxes (mm) of print that cannot be seen: off the picture, burnt out, or lost under other ink; all of it where a
    copy left so little of each character that no change would show.
    """
    page = layers.page
    if not page.original.glyphs:
        return ()
    look = inspect_print(layers, thresholds)
    if look.like.usual > thresholds.illegible:
        return (box_of(page, range(len(page.original.glyphs))),)
    compared = look.compared
    lost = (look.covered > thresholds.covered_share) & (compared.agreement < thresholds.covered_agreement)
    lost &= np.array([glyph.text not in _MARKS for glyph in page.original.glyphs])
    hidden = (compared.seen < thresholds.seen_share) | (lost & ~open_glyphs(page.original))
    hidden &= ~page_number(page.original)
    return tuple(box_of(page, run) for run in runs(page, hidden))


@dataclass(frozen=True, slots=True, eq=False)
class PrintInspection:
    """What is seen of a page's print before anything is said of it. ``covered``: per character, the share of its box
    that lies under other ink. Where half of all characters hardly look like what was printed (``like.usual``), no
    single one can be called altered.
    """

    compared: PrintComparison
    added_ink: AddedInk
    covered: Float32Array
    like: PrintLikeness


@lru_cache(maxsize=1)
def inspect_print(layers: PageLayers, thresholds: PrintedThresholds) -> PrintInspection:
    """A page's print beside its original's; kept until :func:`release`."""
    page, compared = layers.page, compare(layers, thresholds)
    added_ink = classify_ink(layers, compared, thresholds)
    covered = _share(added_ink.covered, page)
    return PrintInspection(compared, added_ink, covered, likeness(page, compared, covered, thresholds))


def release() -> None:
    """Free what is cached of the last page: it is as large as the page itself."""
    inspect_print.cache_clear()


# -- characters ----------------------------------------------------------------------------------------


def _altered(page: RegisteredPage, look: PrintInspection, limits: PrintedThresholds) -> Iterator[Alteration]:
    """Characters that are not what they were, run by run."""
    signs, compared = _signs(page, look, limits), look.compared
    # A coarse picture may hide the rest of a change; a sharp one comes this near to the threshold by itself.
    least = limits.doubt if page.dpi < limits.coarse_dpi else 1.0
    for run in runs(page, signs.strongest >= least):
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
        sure = confidence(float(signs.strongest[indices].max()), limits)
        yield alteration(page, box_of(page, run), how, text, sure, reason, signs.measures(indices))


@dataclass(frozen=True, slots=True, eq=False)
class _Signs:
    """Per character, each sign that it was altered, as a ratio to its threshold: ink that is missing or added, unlike
    what was printed; a line through it; more like another character than itself. ``strongest``: all signs together.
    """

    missing: Float32Array
    added: Float32Array
    unlike: Float32Array
    struck: Float32Array
    another: Float32Array
    strongest: Float32Array

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


def _signs(page: RegisteredPage, look: PrintInspection, limits: PrintedThresholds) -> _Signs:
    """Every sign, of every character of a page."""
    compared, added_ink = look.compared, look.added_ink
    in_field, seen = open_glyphs(page.original), compared.seen >= limits.seen_share
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs])
    like = replace(look.like, unlike=look.like.unlike * (seen & ~in_field))
    missing = compared.missing / limit(compared.missing, limits.missing, limits) * seen
    # A character that still looks like itself only lost some blackness; a comma can only be there or not.
    missing[letters & (like.unlike < limits.unlike_enough) & (compared.agreement > 1 - limits.unlike)] = 0
    missing[~letters] = compared.missing[~letters] / limits.missing_in_field * seen[~letters]
    if page.bitonal:
        # A full stop is as thin as what a threshold loses, and nothing hangs on it; a decimal point is no pause.
        missing[[glyph.text in _PAUSES for glyph in page.original.glyphs]] = 0
    missing[in_field] = compared.missing[in_field] / limits.missing_in_field
    missing[typed_over_glyphs(page.original)] = 0
    at = character_pixels(page.original, 1)
    foreign = np.asarray(at.sums(at.pixels(added_ink.foreign)) / compared.ink, np.float32)
    added = foreign / limit(foreign, limits.added, limits) * seen * ~in_field
    added[~letters] = foreign[~letters] / limits.missing_in_field * seen[~letters] * ~in_field[~letters]
    crossed = (
        struck(page, compared, added_ink, grown(rectangles(page.original), 1, page.original), limits)
        * ~in_field
    )
    latin = is_latin(page.original)
    suspect = latin | (like.unlike >= limits.suspect)
    held = rivalry(page.original, compared, like.readable & seen & ~in_field & suspect)
    another = np.asarray(held.times / np.where(latin, limits.another, limits.another_han), np.float32)
    altered = altered_ratio(missing, added, like, limits)
    # Roughened by the scan, and no more like any other character than before.
    itself = (held.rivals >= limits.enough_rivals) & (held.times < limits.itself)
    itself &= (missing < limits.itself_missing) & (added < 1) & (like.unlike < limits.itself_unlike)
    rough = (held.rivals >= limits.enough_rivals) & (held.times < limits.itself)
    rough &= (np.maximum(missing, added) < limits.itself_ink) & (like.unlike < limits.itself_unlike_plainly)
    altered[itself | rough] = 0
    # Nothing is missing nor added, and a tick reaches into it, or it is a mere line: what is unlike there is the
    # tick's, or the blur's.
    excused = (look.covered > 0) | is_line(page.original)
    excused &= (np.maximum(missing, added) < limits.itself_ink) & (like.unlike < limits.itself_unlike_plainly)
    altered[excused] = 0
    # Ink over a character adds to it and takes nothing away: what is missing under it was another character's; but a
    # rough scan takes strokes everywhere.
    under = letters & ~like.readable & seen & ~in_field & (compared.agreement < limits.under_agreement)
    altered[under & (missing >= limits.under_missing) & (like.usual < limits.rough)] = 1
    strongest = np.maximum(np.maximum(altered, crossed), another) * ~page_number(page.original)
    return _Signs(missing, added, like.unlike, crossed, another, np.asarray(strongest, np.float32))


def _share(mask: Mask, page: RegisteredPage) -> Float32Array:
    boxes = rectangles(page.original)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1)
    at = character_pixels(page.original)
    return np.asarray(at.sums(at.pixels(mask)) / area, np.float32)


def runs(page: RegisteredPage, flagged: Mask) -> Iterator[tuple[int, ...]]:
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
