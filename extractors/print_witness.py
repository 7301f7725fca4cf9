"""Two witnesses to print: what the comparison passes goes to a person where a learned look says it was altered.

Print is compared with its original by rules (:mod:`extractors.observe.printed`), and every character that differs at
all is looked at by the network of :mod:`extractors.witness.print_look`. What the rules name stays as they named it.
What only the look names is doubtful: a person decides. What it said is kept with each alteration, as ``print-look``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extractors.model import Alteration, Float32Array, Mask, Measure, RegisteredPage
from extractors.observe.added_ink import classify_ink
from extractors.observe.alterations import DOUBTFUL, alteration, box_of
from extractors.observe.print_compare import compare
from extractors.observe.printed import runs
from extractors.observe.text_lines import open_glyphs, page_number
from extractors.thresholds import PrintedThresholds, PrintLookThresholds
from extractors.witness.characters import ComparedPrint
from extractors.witness.print_look import LABELS, print_look
from forms.geometry import Box

_HOW = {"struck": "struck", "removed": "removed", "inserted": "added"}
_SAID = {
    "changed": "看起来被改写过",
    "struck": "看起来被划掉",
    "removed": "看起来被涂盖或擦除",
    "added": "旁边看起来多出了字迹",
}


def compared_print(page: RegisteredPage, limits: PrintedThresholds) -> ComparedPrint | None:
    """What the rules compare, as the look is shown it; None where so little is left of the print that nothing can be
    said of it.
    """
    if not page.original.glyphs:
        return None
    compared = compare(page, limits)
    if 1 - float(np.median(compared.agreement)) > limits.illegible:
        return None
    covered = classify_ink(page, compared, limits).covered
    return ComparedPrint(compared.printed, compared.found, covered, compared.agreement)


def witnessed(
    page: RegisteredPage,
    compared: ComparedPrint | None,
    found: tuple[Alteration, ...],
    limits: PrintLookThresholds,
) -> tuple[Alteration, ...]:
    """The alterations that the rules found, with what the look says of each, and those that only the look sees.

    ``compared``: None where nothing can be said of the page's print. Where the look names many places it has seen the
    scan's own roughness: the rules' word stands alone.
    """
    if compared is None:
        return found
    said = print_look().look(page, compared, limits.least_change)
    said[open_glyphs(page.original) | page_number(page.original)] = 0
    known = tuple(_measured(page, one, said, limits) for one in found)
    fresh = said[:, 0] >= _limit(page, limits)
    fresh &= ~_touching(page, [one.box for one in found], limits.beside_mm)
    places = list(runs(page, fresh))
    if len(places) > limits.most_places:
        return known
    return (*known, *(_doubtful(page, np.array(run), said, limits) for run in places))


def _limit(page: RegisteredPage, limits: PrintLookThresholds) -> float:
    return limits.altered_bitonal if page.bitonal else limits.altered


def _touching(page: RegisteredPage, boxes: Sequence[Box], beside_mm: float) -> Mask:
    """Which characters lie in or beside one of these boxes."""
    near = [box.all_round(beside_mm) for box in boxes]
    return np.array(
        [any(glyph.box.overlap_mm2(box) > 0 for box in near) for glyph in page.original.glyphs], np.bool_
    )


def _measured(
    page: RegisteredPage, one: Alteration, said: Float32Array, limits: PrintLookThresholds
) -> Alteration:
    """With what the look says of the characters there."""
    of = _touching(page, [one.box], 0.0)
    return replace(one, measures=(*one.measures, _measure(page, said[of, 0], limits))) if of.any() else one


def _measure(page: RegisteredPage, chances: Float32Array, limits: PrintLookThresholds) -> Measure:
    return Measure("print-look", round(float(chances.max()), 4), _limit(page, limits))


def _doubtful(
    page: RegisteredPage, run: NDArray[np.int64], said: Float32Array, limits: PrintLookThresholds
) -> Alteration:
    """What only the look sees."""
    kind = LABELS[1 + int(said[run, 1:].max(axis=0).argmax())]
    how = _HOW.get(kind, "changed")
    text = "".join(page.original.glyphs[index].text for index in run.tolist())
    reason = f"第{page.original.number}页“{text}”{_SAID[how]}，与原件比对没有发现明显不同"
    measure = _measure(page, said[run, 0], limits)
    return alteration(page, box_of(page, run.tolist()), how, text, DOUBTFUL, reason, (measure,))
