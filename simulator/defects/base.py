"""What a defect (毛病) of a return is, and the return in the making that it changes.

A defect works at one of four moments: on the plan before anything is written, on the blank sheets, on the written
sheets, or on the pictures. A *harmless* one leaves a complete return complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from extractors.model import IssuedDocument
from simulator.filling.planning import ReturnPlan
from simulator.paper.sheets import PaperSheet
from simulator.truth import CaseContext, ExpectedFinding, SimulatedPage, Tier, WrittenField


@dataclass(slots=True, eq=False)
class ReturnDraft:
    """A return in the making. A defect changes it and records the findings that a reader should report.

    ``look``: how its pictures will be made, a name from :data:`simulator.scanning.captures.LOOKS`.
    """

    document: IssuedDocument
    context: CaseContext
    rng: np.random.Generator
    tier: Tier
    plan: ReturnPlan = field(default_factory=dict)
    sheets: list[PaperSheet] = field(default_factory=list)
    written: list[WrittenField] = field(default_factory=list)
    expected: list[ExpectedFinding] = field(default_factory=list)
    look: str = ""

    def expect(
        self, code: str, field_id: str | None = None, page: int | None = None, *, also: tuple[str, ...] = ()
    ) -> None:
        """Record a finding that a reader should report."""
        self.expected.append(ExpectedFinding(code, field_id, page, also))

    def sheet(self, number: int) -> PaperSheet:
        """The sheet of that page number."""
        return next(sheet for sheet in self.sheets if sheet.number == number)


class Defect:
    """A defect that does nothing yet; subclasses override the moment at which they work."""

    name = ""
    title = ""  # in Chinese, for people
    harmless = False

    def fits(self, document: IssuedDocument) -> bool:
        """Whether this document can have it."""
        return True

    def change_plan(self, draft: ReturnDraft) -> None:
        """Before anything is written."""

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """On the sheets as they were issued."""

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """On the filled sheets; sheets may be added, doubled or taken away."""

    def change_pictures(
        self, draft: ReturnDraft, pages: tuple[SimulatedPage, ...]
    ) -> tuple[SimulatedPage, ...]:
        """On the pictures."""
        return pages
