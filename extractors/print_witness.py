"""Two witnesses to print: what the comparison passes goes to a person where a learned look says it was altered.

Print is compared with its original by rules (:mod:`extractors.observe.printed_text`); every character that differs at
all, and ink beside characters, is looked at by the network of :mod:`extractors.witness.print_look`. What the rules name
stays as they named it. What only the look names is doubtful: a person decides. What it said is kept with each
alteration, as ``print-look``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.text_lines import open_glyphs, page_number, pieces
from extractors.model import Alteration, Float32Array, Mask, Measure, OriginalPage, RegisteredPage
from extractors.observe.printed_text.alterations import DOUBTFUL, alteration, box_of
from extractors.observe.printed_text.printed import PrintInspection, inspect_print, runs
from extractors.observe.printed_text.rivals import is_latin
from extractors.thresholds import PrintedThresholds, PrintLookThresholds
from extractors.witness.characters import ComparedPrint, PrintPlaces
from extractors.witness.print_look import LABELS, print_look
from forms.geometry import Box

_HOW = {"struck": "struck", "removed": "removed", "inserted": "added"}
_SAID = {
    "changed": "看起来被改写过",
    "struck": "看起来被划掉",
    "removed": "看起来被涂盖或擦除",
    "added": "旁边看起来多出了字迹",
}


def witnessed(
    layers: PageLayers, found: tuple[Alteration, ...], printed: PrintedThresholds, limits: PrintLookThresholds
) -> tuple[Alteration, ...]:
    """The alterations that the rules found, with what the look says of each, and those that only the look sees; as the
    rules said where nothing can be said of a page's print.
    """
    page = layers.page
    if not page.original.glyphs:
        return found
    seen = inspect_print(layers, printed)
    if seen.like.usual > printed.illegible:
        return found
    places, said = print_look().look(page, as_shown(seen), not_looked_at(page.original))
    boxes = places.boxes(page)
    known = tuple(_measured(one, boxes, said, limits) for one in found)
    fresh = [*_characters(page, places, said, limits), *_beside(page, places, said, limits)]
    near = [one.box.all_round(limits.near_mm) for one in found]
    fresh = [one for one in fresh if not any(one.box.overlap_mm2(box) > 0 for box in near)]
    fresh.sort(key=lambda one: -one.measures[0].value)
    return (*known, *fresh[: limits.most_places])


def as_shown(seen: PrintInspection) -> ComparedPrint:
    """What the rules compared, as the look is shown it."""
    compared = seen.compared
    return ComparedPrint(compared.printed, compared.found, seen.added_ink.covered, compared.agreement)


def not_looked_at(original: OriginalPage) -> Mask:
    """The characters of which the look says nothing: those of open fields and the page number."""
    return open_glyphs(original) | page_number(original)


def _characters(
    page: RegisteredPage, places: PrintPlaces, said: Float32Array, limits: PrintLookThresholds
) -> Iterable[Alteration]:
    """Characters that the look says were altered, run by run."""
    chances = np.zeros((len(page.original.glyphs), len(LABELS)), np.float32)
    chances[places.characters] = said[: len(places.characters)]
    least = np.where(is_latin(page.original), limits.altered_figure, limits.altered)
    paired = _beside_another(page, chances[:, 0] >= limits.altered_pair)
    least[paired] = np.minimum(least[paired], limits.altered_pair)
    for run in runs(page, chances[:, 0] >= least):
        of = np.array(run)
        kind = LABELS[1 + int(chances[of, 1:].max(axis=0).argmax())]
        how = _HOW.get(kind, "changed")
        text = "".join(page.original.glyphs[index].text for index in run)
        reason = f"第{page.original.number}页“{text}”{_SAID[how]}，与原件比对没有发现明显不同"
        measure = _measure(chances[of, 0], float(least[of].min()))
        yield alteration(page, box_of(page, run), how, text, DOUBTFUL, reason, (measure,))


def _beside_another(page: RegisteredPage, altered: Mask) -> Mask:
    """Which of these characters stand next to another one of them: a scan's roughness takes one here and there, a pen
    strikes out several.
    """
    found = np.zeros(len(altered), np.bool_)
    for piece in pieces(page.original):
        for pair in pairwise(piece.glyphs):
            found[list(pair)] |= altered[list(pair)].all()
    return found


def _beside(
    page: RegisteredPage, places: PrintPlaces, said: Float32Array, limits: PrintLookThresholds
) -> Iterable[Alteration]:
    """Ink beside characters that the look says was put in; parts near each other are one place."""
    chances = said[len(places.characters) :, 0]
    groups: list[tuple[Box, list[int]]] = []
    for index in np.flatnonzero(chances >= limits.put_in).tolist():
        box, of = places.beside[index], [index]
        for other in [one for one in groups if one[0].all_round(limits.near_mm).overlap_mm2(box) > 0]:
            groups.remove(other)
            box, of = box.union(other[0]), of + other[1]
        groups.append((box, of))
    for box, of in groups:
        reason = f"第{page.original.number}页印刷的文字之间看起来多出了字迹，与原件比对没有发现明显不同"
        measure = _measure(chances[of], limits.put_in)
        yield alteration(page, box, "added", "", DOUBTFUL, reason, (measure,))


def _measured(
    one: Alteration, boxes: Sequence[Box], said: Float32Array, limits: PrintLookThresholds
) -> Alteration:
    """With what the look says of the places there."""
    of = np.array([box.overlap_mm2(one.box) > 0 for box in boxes], np.bool_)
    if not of.any():
        return one
    return replace(one, measures=(*one.measures, _measure(said[of, 0], limits.altered)))


def _measure(chances: NDArray[np.float32], limit: float) -> Measure:
    return Measure("print-look", round(float(chances.max()), 4), limit)
