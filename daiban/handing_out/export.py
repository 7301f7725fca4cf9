"""Issued files under names that people read (项目名称-表单), with a manifest that says what each of them is.

Each case has a folder of its own. A document that is several papers comes out as one PDF for each recipient, so that it
can be sent singly.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pikepdf
from pydantic import Field

from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.handing_out.papers import UNFIT_FOR_NAMES, Paper, handout
from daiban.office import Office
from foundation.digests import sha256_of_file
from foundation.errors import CaseDataError, ExitCode, NotWritableError, Problem, worst
from foundation.frozen_model import FrozenModel
from foundation.writing import writing
from generator.output.acroform import FillableField, add_form

MANIFEST = "清单.csv"
_LONGEST = 60  # characters of a project's name in a file's name
_HEADINGS = ("文件", "案件编号", "项目名称", "表单", "发给", "编号", "页数", "出具日期", "SHA-256")


class ExportedFile(FrozenModel):
    """One file, relative to the folder; ``recipient``: whom it is for, empty for nobody in particular."""

    file: str
    case: str
    project: str
    form: str
    title: str
    recipient: str
    issue: str
    pages: int
    issued_on: str
    sha256: str


class ExportResult(FrozenModel):
    """The ``folder`` with its ``manifest``, absolute, and the files in it."""

    folder: str
    manifest: str
    files: tuple[ExportedFile, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


def export(
    office: Office,
    folder: Path,
    case_ids: Sequence[str] = (),
    form_ids: Sequence[str] = (),
    wanted: CaseFilter = EVERY_CASE,
) -> ExportResult:
    """Copy what is out into a new or empty ``folder``.

    :raises UsageError: a case or form that there is not. :raises CaseDataError: nothing is out.
    :raises NotWritableError: the folder holds other things, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotWritableError(
            Problem(str(folder), "文件夹里已有别的内容", advice="请换一个新名称或空文件夹")
        )
    found = handout(office, case_ids, form_ids, wanted, with_complete=True)
    if not found.papers:
        advice = f"先运行 daiban generate {office.workspace.path}"
        raise CaseDataError(*found.problems, Problem("", "没有可以导出的文书", advice=advice))
    with _whole_or_not(folder), writing(folder):
        files = [
            item for paper in found.papers for item in _export_paper(paper, office.workspace.path, folder)
        ]
        _write_manifest(folder / MANIFEST, files)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    return ExportResult(
        folder=str(folder),
        manifest=str(folder / MANIFEST),
        files=tuple(files),
        problems=found.problems,
        exit_code=worst([ExitCode.UNREADABLE] if errors else []),
    )


@contextmanager
def _whole_or_not(folder: Path) -> Iterator[None]:
    """Where an export cannot be finished (a full disk), nothing of it stays: the same folder can be asked for again."""
    is_new = not folder.exists()
    try:
        yield
    except BaseException:
        for made in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        if is_new and folder.is_dir():
            folder.rmdir()
        raise


def _export_paper(paper: Paper, root: Path, folder: Path) -> Iterator[ExportedFile]:
    """The PDF of a paper; of a whole document its DOCX too."""
    place = folder / paper.record.case_id
    place.mkdir(parents=True, exist_ok=True)
    name = "-".join(filter(None, (paper.project[:_LONGEST], paper.form.title, paper.recipient)))
    pdf = _free(place, UNFIT_FOR_NAMES.sub("", name), ".pdf")
    if paper.is_whole:
        shutil.copyfile(root / str(paper.record.pdf), pdf)
        yield _entry(paper, pdf, folder)
        docx = root / paper.record.docx
        if docx.is_file() and sha256_of_file(docx) == paper.record.docx_sha256:
            copy = pdf.with_suffix(".docx")
            shutil.copyfile(docx, copy)
            yield _entry(paper, copy, folder)
        return
    _write_part(paper, root, pdf)
    yield _entry(paper, pdf, folder)


def _write_part(paper: Paper, root: Path, target: Path) -> None:
    """The paper's pages of its document, fillable as they are in it."""
    with pikepdf.open(root / str(paper.record.pdf)) as issued, pikepdf.new() as single:
        for page in list(issued.pages)[paper.first - 1 : paper.last]:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
            single.pages.append(page)
        add_form(single, list(_open_fields(paper)))
        single.docinfo["/Title"] = target.stem
        single.save(target, deterministic_id=True)


def _open_fields(paper: Paper) -> Iterator[FillableField]:
    for area in paper.record.areas:
        definition = paper.form.field(area.id)
        if area.is_open and definition is not None and paper.first <= area.page <= paper.last:
            yield FillableField(replace(area, page=area.page - paper.first + 1), definition)


def _free(place: Path, name: str, suffix: str) -> Path:
    """The first of ``name``, ``name-2``, … that is not taken."""
    number, target = 1, place / f"{name}{suffix}"
    while target.exists():
        number += 1
        target = place / f"{name}-{number}{suffix}"
    return target


def _entry(paper: Paper, file: Path, folder: Path) -> ExportedFile:
    published = paper.record.published_at
    return ExportedFile(
        file=file.relative_to(folder).as_posix(),
        case=paper.record.case_id,
        project=paper.project,
        form=paper.form.id,
        title=paper.form.title,
        recipient=paper.recipient,
        issue=paper.record.number,
        pages=paper.pages,
        issued_on=published.astimezone().date().isoformat() if published else "",
        sha256=sha256_of_file(file),
    )


def _write_manifest(target: Path, files: Sequence[ExportedFile]) -> None:
    """The manifest as Excel and WPS open it: UTF-8 with its mark, a row per file."""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(_HEADINGS)
        for item in files:
            # Excel would run text that begins like a formula.
            texts = (item.file, item.case, item.project, item.title, item.recipient, item.issue)
            safe = [f"'{text}" if text[:1] in "=+-@" and text else text for text in texts]
            rows.writerow([*safe, item.pages, item.issued_on, item.sha256])
