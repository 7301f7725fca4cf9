"""Ordinary returns for fitting: whole documents as people return them, each field labelled by what was put into it.

Half of them have the drawn ink of :mod:`simulator.simulate`, half real ink with its habits and look-alikes. What else
lies in a field is not known field by field: labels of look-alikes are unknown here, and those of neighbours' seals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bench.fitting.composing import LABELS, LabelledField
from bench.fitting.registering import PageRegistrar
from extractors.model import IssuedDocument, RegisteredPage
from forms.definition import FieldKind
from forms.geometry import FieldArea
from simulator.filling.planning import open_areas
from simulator.real_ink.defects import PLAIN, defect_named, ink_defects
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.returns import simulate_with_ink
from simulator.real_ink.signing import HABITS, Habit
from simulator.simulate import simulate
from simulator.truth import SimulatedDocument, Tier, WrittenField
from simulator.workspaces.issued import case_contexts

TODAY = date(2026, 11, 21)
_TIERS: tuple[Tier, ...] = ("A", "B", "C", "D")
_BOXES = 10  # of a page's boxes so many that stayed empty, and all that were ticked
_FORGOTTEN = tuple(name for name in PLAIN if name not in ("seal-elsewhere", "page-missing", "date-partial"))
#: What a way of filling leaves, as labels have it.
LABEL_OF = {
    "hand": "writing",
    "typed": "writing",
    "tick": "tick",
    "cross": "tick",
    "fill": "tick",
    "pen": "signature",
    "seal": "seal",
    "name-seal": "seal",
}
_FILLS = frozenset(LABEL_OF.values())
_OTHERS = frozenset(LABELS) - _FILLS


class OrdinaryMaker:
    """Simulates returns of a workspace's documents and registers their pages."""

    def __init__(self, folder: Path, library: InkLibrary, side: Side) -> None:
        self._registrar = PageRegistrar(folder)
        self._contexts = case_contexts(self._registrar.documents, TODAY)
        self._library, self._side = library, side

    def pages(self, rng: np.random.Generator) -> list[tuple[Tier, str, RegisteredPage, list[LabelledField]]]:
        """The registered pages of one return, with their fields."""
        documents = self._registrar.documents
        signed = [
            item for item in documents if any(area.kind == FieldKind.SIGNATURE for area in open_areas(item))
        ]
        if signed and rng.random() < 0.6:  # most forms have boxes and lines, few a place to sign
            documents = signed
        document = documents[int(rng.integers(len(documents)))]
        made = self._returned(document, _TIERS[int(rng.integers(len(_TIERS)))], rng)
        found = []
        for shot in made.pages:
            number = shot.truth.page
            if shot.truth.kind != "issued" or number is None:
                continue
            fields = list(_fields(document, number, made, rng))
            page = self._registrar.registered(document, number, shot.pixels, shot.dpi) if fields else None
            if page is not None:
                found.append((shot.truth.tier, shot.truth.look, page, fields))
        return found

    def _returned(self, document: IssuedDocument, tier: Tier, rng: np.random.Generator) -> SimulatedDocument:
        context, forgotten = self._contexts[document.number], rng.random() < 0.3
        if self._side != "held-out" and rng.random() < 0.5:
            defects = _one_of(_FORGOTTEN, document, rng) if forgotten else ()
            return simulate(document, rng, context, defects=defects, tier=tier)
        pool = (*_FORGOTTEN, *(name for name in ink_defects(harmless=False) if "-print-" not in name))
        if not forgotten:
            pool = tuple(ink_defects(harmless=True))
        defects = _one_of(pool, document, rng) if forgotten or rng.random() < 0.25 else ()
        habits: list[Habit] = list(HABITS)
        habit = habits[int(rng.integers(len(habits)))] if rng.random() < 0.5 else None
        return simulate_with_ink(
            document, rng, context, self._library, defects=defects, tier=tier, side=self._side, habit=habit
        )


def _one_of(names: tuple[str, ...], document: IssuedDocument, rng: np.random.Generator) -> tuple[str, ...]:
    able = [name for name in names if defect_named(name).fits(document)]
    return (able[int(rng.integers(len(able)))],) if able else ()


def _fields(
    document: IssuedDocument, number: int, made: SimulatedDocument, rng: np.random.Generator
) -> Iterator[LabelledField]:
    """The open fields of a page: of its boxes some that stayed empty."""
    written = {item.id: item for item in made.truth.written}
    by_kind: dict[FieldKind, list[FieldArea]] = defaultdict(list)
    for area in open_areas(document):
        if area.page == number and area.id in written:
            by_kind[FieldKind(area.kind)].append(area)
    for kind, areas in by_kind.items():
        empty = [area for area in areas if not written[area.id].marks]
        if kind is FieldKind.CHECKBOX:
            empty = [empty[int(index)] for index in rng.permutation(len(empty))[:_BOXES]]
        chosen = [*(area for area in areas if written[area.id].marks), *empty]
        yield from (_labelled(area, kind, written[area.id]) for area in chosen)


def _labelled(area: FieldArea, kind: FieldKind, written: WrittenField) -> LabelledField:
    labels = frozenset(LABEL_OF[mark] for mark in written.marks if mark in LABEL_OF)
    unknown = _OTHERS if kind is FieldKind.SIGNATURE else _OTHERS | {"seal", "signature"}
    if kind is FieldKind.SIGNATURE:  # a day may stand in it
        unknown |= {"writing"}
    marks = tuple(f"ordinary/{mark}" for mark in written.marks)
    return LabelledField(area.box, kind, labels, marks, frozenset(unknown) - labels)
