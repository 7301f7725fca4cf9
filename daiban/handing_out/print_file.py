"""One PDF to print (打印文件): every paper begins on a sheet of its own, whichever way the printer is set.

A paper with an odd number of pages is followed by an empty page, so that printing on both sides puts no two papers on
one sheet. Form fields are left out: what is printed is filled by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pikepdf
from pydantic import Field

from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.handing_out.papers import UNFIT_FOR_NAMES, Paper, handout
from daiban.office import Office
from foundation.errors import CaseDataError, ExitCode, Problem, worst
from foundation.frozen_model import FrozenModel
from foundation.writing import writing

By = Literal["case", "form"]


class PrintedPaper(FrozenModel):
    """One paper in the file: its case, form and issue, whom it is ``recipient`` for (empty: nobody in particular),
    and where it is: from page ``first`` (from 1) of the file, so many ``pages``, an empty one behind it not counted.
    """

    case: str
    form: str
    title: str
    issue: str
    recipient: str
    first: int
    pages: int


class PrintResult(FrozenModel):
    """The file, relative to the workspace, with its number of pages and sheets (printed on both sides)."""

    file: str
    by: By
    pages: int
    sheets: int
    papers: tuple[PrintedPaper, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


def make_print_file(
    office: Office,
    case_ids: Sequence[str] = (),
    form_ids: Sequence[str] = (),
    by: By = "case",
    wanted: CaseFilter = EVERY_CASE,
) -> PrintResult:
    """Make ``prints/<day>-….pdf`` of what is out and not back complete.

    ``by``: all of a case together, in the order of cases; or all of a form together.

    :raises UsageError: a case or form that there is not. :raises CaseDataError: there is nothing to print.
    """
    found = handout(office, case_ids, form_ids, wanted)
    if not found.papers:
        advice = f"先运行 daiban generate {office.workspace.path}；已交回齐全的不再打印"
        raise CaseDataError(*found.problems, Problem("", "没有可以打印的文书", advice=advice))
    order = [form.id for form in office.catalogue.forms]
    papers = list(found.papers)
    if by == "form":
        papers.sort(key=lambda paper: order.index(paper.form.id))
    target = office.workspace.prints / f"{_name(papers, case_ids, form_ids, by, office.today)}.pdf"
    with office.workspace.lock(), office.workspace.staging() as staging:
        whole = staging / "print.pdf"
        with writing(office.workspace.prints):
            printed, pages = _join(papers, office.workspace.path, whole)
        office.workspace.publish(whole, target)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    return PrintResult(
        file=office.workspace.relative(target),
        by=by,
        pages=pages,
        sheets=pages // 2,
        papers=tuple(printed),
        problems=found.problems,
        exit_code=worst([ExitCode.UNREADABLE] if errors else []),
    )


def _name(
    papers: Sequence[Paper], case_ids: Sequence[str], form_ids: Sequence[str], by: By, today: dt.date
) -> str:
    """``2026-03-05-按案件``; what was asked for stands in it where it is one case or one form."""
    parts = [today.isoformat(), {"case": "按案件", "form": "按表单"}[by]]
    parts += case_ids if len(case_ids) == 1 else ()
    parts += form_ids if len(form_ids) == 1 else ()
    return UNFIT_FOR_NAMES.sub("", "-".join(parts))


def _join(papers: Sequence[Paper], root: Path, target: Path) -> tuple[list[PrintedPaper], int]:
    """Write the file; the papers with their places in it, and how many pages it has."""
    printed: list[PrintedPaper] = []
    with pikepdf.new() as whole:
        for paper in papers:
            first = len(whole.pages) + 1
            _append(whole, paper, root)
            printed.append(
                PrintedPaper(
                    case=paper.record.case_id,
                    form=paper.form.id,
                    title=paper.form.title,
                    issue=paper.record.number,
                    recipient=paper.recipient,
                    first=first,
                    pages=paper.pages,
                )
            )
        whole.docinfo["/Title"] = target.stem
        with whole.open_outline() as outline:
            outline.root.extend(
                pikepdf.OutlineItem(
                    "　".join(filter(None, (item.case, item.title, item.recipient))), item.first - 1
                )
                for item in printed
            )
        whole.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return printed, len(whole.pages)


def _append(whole: pikepdf.Pdf, paper: Paper, root: Path) -> None:
    """The paper's pages without their form fields, and an empty one where they are odd."""
    with pikepdf.open(root / str(paper.record.pdf)) as issued:
        for page in list(issued.pages)[paper.first - 1 : paper.last]:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
            whole.pages.append(page)
            _, _, width, height = (float(side) for side in page.mediabox)
        if paper.pages % 2:
            whole.add_blank_page(page_size=(width, height))
