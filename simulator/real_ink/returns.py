"""One document's return with real ink: the same shapes as :mod:`simulator.simulate` gives, with the families used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from simulator.filling.entries import Writers, fill
from simulator.filling.planning import PlannedEntry, complete_plan
from simulator.ink import handwriting
from simulator.paper.sheets import PaperSheet, sheets_of
from simulator.real_ink.defects import chosen
from simulator.real_ink.drafts import InkDraft
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.scanners import pick_scanner, scanned
from simulator.real_ink.signing import Habit, InkWriter
from simulator.scanning.captures import turned
from simulator.simulate import page_truth
from simulator.truth import CaseContext, DocumentTruth, SimulatedDocument, SimulatedPage, Tier, WrittenField


@dataclass(frozen=True, slots=True)
class InkDocument(SimulatedDocument):
    """A returned document and its families. ``habit``: what is unusual, and valid, about its ink."""

    families: tuple[str, ...] = ()
    side: Side = "any"
    habit: Habit | None = None


def simulate_with_ink(
    document: IssuedDocument,
    rng: np.random.Generator,
    context: CaseContext,
    library: InkLibrary,
    *,
    defects: Sequence[str] = (),
    tier: Tier = "A",
    side: Side = "any",
    habit: Habit | None = None,
) -> InkDocument:
    """A returned copy of an issued document, signed and sealed with ink of one side's families.

    ``defects``: names from :data:`simulator.real_ink.defects.INK_DEFECTS`, or from the catalogue of
    :mod:`simulator.defects.catalogue`.

    :raises ValueError: an unknown defect, or one that does not fit this document.
    """
    assert document.pdf is not None
    spoilt = chosen(defects, document)
    look = pick_scanner(library, tier, side, rng)
    draft = InkDraft(document, context, rng, tier, look=look, library=library, side=side, habit=habit)
    draft.families.append(f"scanner/{look}")
    draft.plan = complete_plan(document, context, rng)
    for defect in spoilt:
        defect.change_plan(draft)
    draft.sheets = sheets_of(document.pdf)
    for defect in spoilt:
        defect.change_blank_sheets(draft)
    draft.written = filled(draft)
    for defect in spoilt:
        defect.change_written_sheets(draft)
    pages = tuple(_picture(draft, sheet) for sheet in draft.sheets)
    for defect in spoilt:
        pages = defect.change_pictures(draft, pages)
    truth = DocumentTruth(
        issue=document.number,
        case=document.case_id,
        form=document.form_id,
        pages=document.pages,
        complete=all(defect.harmless for defect in spoilt),
        defects=tuple(defects),
        expected=tuple(draft.expected),
        written=tuple(draft.written),
    )
    return InkDocument(pages, truth, tuple(sorted(set(draft.families))), side, habit)


def filled(draft: InkDraft) -> list[WrittenField]:
    """Everything planned: written by drawn hands, signed and sealed with real ink."""
    writer = InkWriter(draft.library, draft.side, draft.rng, draft.habit)
    own = {key: item for key, item in draft.plan.items() if _is_own(item, draft.habit)}
    rest = {key: item for key, item in draft.plan.items() if key not in own}
    hands = {
        office: replace(handwriting.pick_handwriting(draft.rng), pen=writer.pen(small=True))
        for office in (False, True)
    }
    done = {item.id: item for item in fill(draft.sheets, rest, Writers(draft.rng, draft.context, hands))}
    for key, item in sorted(own.items(), key=lambda pair: "pen" not in pair[1].methods):
        sheet = draft.sheet(item.area.page)
        if item.area.kind == FieldKind.CHECKBOX:
            done[key] = writer.tick(sheet, item)
        else:
            done[key], used = writer.sign(sheet, item)
            draft.families += used
    return [done[key] for key in draft.plan]


def _is_own(item: PlannedEntry, habit: Habit | None) -> bool:
    if item.area.kind == FieldKind.SIGNATURE:
        return bool(item.methods)
    return habit == "long-armed-ticks" and item.methods == ("tick",)


def _picture(draft: InkDraft, sheet: PaperSheet) -> SimulatedPage:
    shot = scanned(sheet, draft.library, draft.tier, draft.look, draft.rng)
    quarters = int(draft.rng.integers(1, 4)) if draft.rng.random() < 0.15 else 0
    shot = turned(shot, quarters)
    truth = page_truth(draft, sheet, shot, quarters)
    return SimulatedPage(shot.pixels, truth, shot.dpi, shot.bitonal, shot.jpeg)
