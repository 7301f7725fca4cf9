"""One document's return: planned, written, spoilt, fed into a machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.model import IssuedDocument
from simulator.filling import Writer, fill
from simulator.planning import Plan, complete_plan
from simulator.scanning import Shot, capture, pick_look, turned
from simulator.sheets import Sheet, sheets_of
from simulator.truth import (
    DocumentTruth,
    Expected,
    Ground,
    PageTruth,
    SimulatedDocument,
    SimulatedPage,
    Tier,
    Written,
)


@dataclass(slots=True, eq=False)
class Job:
    """A return in the making; whoever spoils it changes it here and notes what should be found."""

    document: IssuedDocument
    ground: Ground
    rng: np.random.Generator
    tier: Tier
    plan: Plan = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    look: str = ""

    def expect(
        self, code: str, field_id: str | None = None, page: int | None = None, *, also: tuple[str, ...] = ()
    ) -> None:
        """Note a finding a reader should make."""
        self.expected.append(Expected(code, field_id, page, also))

    def sheet(self, number: int) -> Sheet:
        """The sheet of that page number."""
        return next(sheet for sheet in self.sheets if sheet.number == number)


def simulate(
    document: IssuedDocument,
    rng: np.random.Generator,
    ground: Ground,
    *,
    defects: Sequence[str] = (),
    tier: Tier = "A",
    turns: bool = True,
) -> SimulatedDocument:
    """A returned copy of an issued document, as pictures, with the truth.

    ``defects``: names of :data:`simulator.spoiling.DEFECTS`; each must fit the document.
    ``turns``: let pages be fed in sideways or upside down now and then.

    :raises ValueError: an unknown defect, or one that does not fit this document.
    """
    from simulator.spoiling import chosen

    assert document.pdf is not None
    spoilers = chosen(defects, document)
    old = document.superseded_by is not None
    job = Job(document, ground, rng, tier, look=pick_look(tier, rng))
    if old:
        job.expect("superseded-issue")
    job.plan = complete_plan(document, ground, rng)
    for spoiler in spoilers:
        spoiler.plan(job)
    job.sheets = sheets_of(document.pdf)
    for spoiler in spoilers:
        spoiler.paper(job)
    job.written = fill(job.sheets, job.plan, Writer(rng, ground))
    for spoiler in spoilers:
        spoiler.after(job)
    pages = tuple(_picture(job, sheet, turns=turns) for sheet in job.sheets)
    for spoiler in spoilers:
        pages = spoiler.pictures(job, pages)
    truth = DocumentTruth(
        issue=document.number,
        case=document.case_id,
        form=document.form_id,
        pages=document.pages,
        complete=not old and all(spoiler.harmless for spoiler in spoilers),
        defects=tuple(defects),
        expected=tuple(job.expected),
        written=tuple(job.written),
    )
    return SimulatedDocument(pages, truth)


def _picture(job: Job, sheet: Sheet, *, turns: bool) -> SimulatedPage:
    shot = capture(sheet, job.tier, job.rng, job.look)
    quarters = 0
    if turns and job.rng.random() < 0.2:
        quarters = int(job.rng.integers(1, 4))
        shot = turned(shot, quarters)
    return SimulatedPage(
        shot.pixels, page_truth(job, sheet, shot, quarters), shot.dpi, shot.bitonal, shot.jpeg
    )


def page_truth(job: Job, sheet: Sheet, shot: Shot, quarters: int) -> PageTruth:
    """The truth of one picture of one sheet; number 0 is a back, a negative one a foreign page."""
    issued = sheet.number > 0
    matrix = None if shot.matrix is None else tuple(tuple(map(float, row)) for row in shot.matrix)
    return PageTruth(
        kind="issued" if issued else "back" if sheet.number == 0 else "foreign",
        tier=job.tier,
        look=shot.look,
        issue=job.document.number if issued else None,
        case=job.document.case_id if issued else None,
        form=job.document.form_id if issued else None,
        page=sheet.number if issued else None,
        pages=job.document.pages if issued else None,
        turn=90 * quarters,
        marks_whole=sheet.marks_whole,
        colour=shot.pixels.ndim == 3,
        homography=matrix,
        defects=tuple(sheet.defects),
    )
