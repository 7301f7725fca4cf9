"""Simulates the return of one document: planned, filled, changed by its defects, turned into pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.model import IssuedDocument
from simulator.defects.base import ReturnDraft
from simulator.defects.catalogue import defects_named
from simulator.filling.entries import Writers, fill
from simulator.filling.planning import complete_plan
from simulator.paper.sheets import PaperSheet, sheets_of
from simulator.scanning.captures import CapturedPage, capture, pick_look, turned
from simulator.truth import CaseContext, DocumentTruth, PageTruth, SimulatedDocument, SimulatedPage, Tier


def simulate(
    document: IssuedDocument,
    rng: np.random.Generator,
    context: CaseContext,
    *,
    defects: Sequence[str] = (),
    tier: Tier = "A",
    turns: bool = True,
) -> SimulatedDocument:
    """A returned copy of an issued document, as pictures, with the truth.

    ``defects``: names from :data:`simulator.defects.catalogue.DEFECTS`; each must fit the document.
    ``turns``: let some pages be fed in sideways or upside down.

    :raises ValueError: an unknown defect, or one that does not fit this document.
    """
    assert document.pdf is not None
    chosen = defects_named(defects, document)
    superseded = document.is_void
    draft = ReturnDraft(document, context, rng, tier, look=pick_look(tier, rng))
    if superseded:
        draft.expect("superseded-issue")
    draft.plan = complete_plan(document, context, rng)
    for defect in chosen:
        defect.change_plan(draft)
    draft.sheets = sheets_of(document.pdf)
    for defect in chosen:
        defect.change_blank_sheets(draft)
    draft.written = fill(draft.sheets, draft.plan, Writers(rng, context))
    for defect in chosen:
        defect.change_written_sheets(draft)
    pages = tuple(_picture(draft, sheet, turns=turns) for sheet in draft.sheets)
    for defect in chosen:
        pages = defect.change_pictures(draft, pages)
    truth = DocumentTruth(
        issue=document.number,
        case=document.case_id,
        form=document.form_id,
        pages=document.pages,
        complete=not superseded and all(defect.harmless for defect in chosen),
        defects=tuple(defects),
        expected=tuple(draft.expected),
        written=tuple(draft.written),
    )
    return SimulatedDocument(pages, truth)


def _picture(draft: ReturnDraft, sheet: PaperSheet, *, turns: bool) -> SimulatedPage:
    captured = capture(sheet, draft.tier, draft.rng, draft.look)
    quarter_turns = 0
    if turns and draft.rng.random() < 0.2:
        quarter_turns = int(draft.rng.integers(1, 4))
        captured = turned(captured, quarter_turns)
    truth = page_truth(draft, sheet, captured, quarter_turns)
    return SimulatedPage(captured.pixels, truth, captured.dpi, captured.bitonal, captured.jpeg)


def page_truth(
    draft: ReturnDraft, sheet: PaperSheet, captured: CapturedPage, quarter_turns: int
) -> PageTruth:
    """The truth of one picture of one sheet; number 0 is a back, a negative one a foreign page."""
    issued = sheet.number > 0
    matrix = None if captured.matrix is None else tuple(tuple(map(float, row)) for row in captured.matrix)
    return PageTruth(
        kind="issued" if issued else "back" if sheet.number == 0 else "foreign",
        tier=draft.tier,
        look=captured.look,
        issue=draft.document.number if issued else None,
        case=draft.document.case_id if issued else None,
        form=draft.document.form_id if issued else None,
        page=sheet.number if issued else None,
        pages=draft.document.pages if issued else None,
        turn=90 * quarter_turns,
        marks_whole=sheet.marks_whole,
        colour=captured.pixels.ndim == 3,
        homography=matrix,
        defects=tuple(sheet.defects),
    )
