"""Defects of the set of pages: pages that are missing, scanned twice, foreign or blank."""

from __future__ import annotations

from dataclasses import replace

from extractors.model import IssuedDocument
from simulator.defects.base import Defect, ReturnDraft
from simulator.defects.foreign_pages import cover_letter, id_card
from simulator.paper.sheets import empty_sheet
from simulator.truth import SimulatedPage


class PageMissing(Defect):
    """One page did not come back."""

    name = "page-missing"
    title = "少了一页"

    def fits(self, document: IssuedDocument) -> bool:
        """One page of one is not a return at all."""
        return document.pages > 1

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Remove a page, and what was written on it."""
        gone = draft.sheets.pop(int(draft.rng.integers(len(draft.sheets)))).number
        draft.written = [item for item in draft.written if item.page != gone]
        draft.expect("page-missing", None, gone)


class PageDuplicate(Defect):
    """One page was scanned twice."""

    name = "page-duplicate"
    title = "有一页重复"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Add a copy of it at the end."""
        sheet = draft.sheets[int(draft.rng.integers(len(draft.sheets)))]
        draft.sheets.append(sheet.copy())
        draft.expect("page-duplicate", None, sheet.number)

    def change_pictures(
        self, draft: ReturnDraft, pages: tuple[SimulatedPage, ...]
    ) -> tuple[SimulatedPage, ...]:
        """Number the last picture as the second copy."""
        last = pages[-1]
        return (
            *pages[:-1],
            SimulatedPage(last.pixels, replace(last.truth, copy=2), last.dpi, last.bitonal, last.jpeg),
        )


class BlankBacks(Defect):
    """Scanned on both sides: every back is there, blank, with the front showing through."""

    name = "blank-backs"
    title = "双面扫描，夹有空白背面"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Add a back after every front."""
        sheets = []
        for sheet in draft.sheets:
            back = empty_sheet(sheet)
            if draft.rng.random() < 0.5:
                faint = (255 - sheet.pixels[:, ::-1].astype("int16")) * float(draft.rng.uniform(0.02, 0.07))
                back.pixels = (255 - faint).astype("uint8")
            sheets += [sheet, back]
        draft.sheets = sheets


class ForeignPages(Defect):
    """An identity card's copy or a cover letter among the pages."""

    name = "foreign-pages"
    title = "夹有身份证复印件或便函"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Insert one or both at random positions."""
        like = draft.sheets[0]
        for make in (id_card, cover_letter):
            if draft.rng.random() < 0.6:
                draft.sheets.insert(int(draft.rng.integers(len(draft.sheets) + 1)), make(like, draft.rng))
