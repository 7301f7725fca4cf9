"""Defects of the pile: pages that are missing, came twice, do not belong, or are blank."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.model import IssuedDocument
from simulator.foreign import cover_letter, id_card
from simulator.sheets import empty_sheet
from simulator.spoiling import Spoiler, defect
from simulator.truth import SimulatedPage

if TYPE_CHECKING:
    from simulator.simulate import Job


@defect
class PageMissing(Spoiler):
    """One page did not come back."""

    name = "page-missing"
    title = "少了一页"

    def fits(self, document: IssuedDocument) -> bool:
        """One page of one is not a return at all."""
        return document.pages > 1

    def after(self, job: Job) -> None:
        """Take one away, and with it what was written on it."""
        gone = job.sheets.pop(int(job.rng.integers(len(job.sheets)))).number
        job.written = [item for item in job.written if item.page != gone]
        job.expect("page-missing", None, gone)


@defect
class PageDuplicate(Spoiler):
    """One page came twice, the same sheet scanned again."""

    name = "page-duplicate"
    title = "有一页重复"
    harmless = True

    def after(self, job: Job) -> None:
        """Feed it again at the end."""
        sheet = job.sheets[int(job.rng.integers(len(job.sheets)))]
        job.sheets.append(sheet.copy())
        job.expect("page-duplicate", None, sheet.number)

    def pictures(self, job: Job, pages: tuple[SimulatedPage, ...]) -> tuple[SimulatedPage, ...]:
        """The second one is the second copy."""
        last = pages[-1]
        return (
            *pages[:-1],
            SimulatedPage(last.pixels, replace(last.truth, copy=2), last.dpi, last.bitonal, last.jpeg),
        )


@defect
class BlankBacks(Spoiler):
    """Scanned on both sides: every back is there, blank, with the front showing through."""

    name = "blank-backs"
    title = "双面扫描，夹有空白背面"
    harmless = True

    def after(self, job: Job) -> None:
        """A back after every front."""
        sheets = []
        for sheet in job.sheets:
            back = empty_sheet(sheet)
            if job.rng.random() < 0.5:
                faint = (255 - sheet.pixels[:, ::-1].astype("int16")) * float(job.rng.uniform(0.02, 0.07))
                back.pixels = (255 - faint).astype("uint8")
            sheets += [sheet, back]
        job.sheets = sheets


@defect
class ForeignPages(Spoiler):
    """An identity card's copy or a cover letter among the pages."""

    name = "foreign-pages"
    title = "夹有身份证复印件或便函"
    harmless = True

    def after(self, job: Job) -> None:
        """Put one or both somewhere."""
        like = job.sheets[0]
        for make in (id_card, cover_letter):
            if job.rng.random() < 0.6:
                job.sheets.insert(int(job.rng.integers(len(job.sheets) + 1)), make(like, job.rng))
