"""Puts a packet together: which forms, the guide, one PDF of all of it, one ZIP of the single files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf

from cases.workspace_cases import load_cases
from daiban.documents.binding import Binder
from daiban.lookup import case_named, opened_registry
from daiban.packing.guide import make_guide
from daiban.packing.todos import PacketForm, packet_form
from daiban.registry import IssueRecord
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from foundation.errors import CaseDataError, Problem, UnreadableError
from foundation.writing import writing
from generator.output.acroform import OpenField, add_form

GUIDE_NAME = "签署指引"
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f“”]')


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that was made: its two files, and what is in it."""

    case: str
    pdf: Path
    zip: Path
    forms: tuple[PacketForm, ...]
    problems: tuple[Problem, ...]

    def to_json(self, root: Path) -> dict[str, Any]:
        """case, pdf, zip (relative to the workspace), forms with their todos, problems."""
        return {
            "case": self.case,
            "pdf": self.pdf.relative_to(root).as_posix(),
            "zip": self.zip.relative_to(root).as_posix(),
            "forms": [
                {
                    "form": form.form.id,
                    "issue": form.record.number,
                    "pages": form.record.pages,
                    "todos": [
                        {"page": page.page, "number": todo.number, "todo": todo.text}
                        for page in form.pages
                        for todo in page.todos
                    ],
                }
                for form in self.forms
            ],
            "problems": [problem.to_json() for problem in self.problems],
        }


def make_packet(workspace: Workspace, case_id: str) -> Packet:
    """Make ``packets/<case>.pdf`` and ``packets/<case>.zip`` of what has been issued for a case.

    :raises UsageError: no such case.
    :raises CaseDataError: the case was refused, or nothing of it is out that an enterprise gets.
    :raises ToolMissingError, ToolFailedError: LibreOffice. :raises UnreadableError: an issued PDF is gone or changed.
    """
    cases = load_cases(workspace.path)
    case = case_named(cases, case_id)
    catalogue = Catalogue.load(workspace.forms)
    with workspace.lock(), workspace.staging() as staging:
        records = [record for record in _records(workspace, case_id) if record.pdf is not None]
        forms = tuple(_packet_forms(records, catalogue))
        if not forms:
            advice = f"先运行 daiban generate {workspace.path} --case {case_id}"
            raise CaseDataError(Problem(case_id, "还没有可以交给项目单位的文书", advice=advice))
        for form in forms:
            _require_issued(workspace, form.record)
        binder = Binder(workspace.settings, cases)
        guide = make_guide(binder.tree(case), forms, workspace.path, workspace.settings, staging)
        whole, archive = staging / "packet.pdf", staging / "packet.zip"
        with writing(workspace.packets):
            _join(guide, forms, workspace.path, whole)
            _zip(guide, forms, workspace.path, archive)
        target = workspace.packets / f"{case_id}.pdf"
        workspace.publish(whole, target)
        workspace.publish(archive, target.with_suffix(".zip"))
    return Packet(
        case_id, target, target.with_suffix(".zip"), forms, tuple(_left_out(records, forms, catalogue))
    )


def _records(workspace: Workspace, case_id: str) -> Iterable[IssueRecord]:
    registry = opened_registry(workspace)
    if registry is None:
        return
    with registry:
        for summary in registry.issues(case_id):
            if summary.superseded_by is None and summary.published_at is not None:
                record = registry.find(summary.number)
                if record is not None:
                    yield record


def _packet_forms(records: Sequence[IssueRecord], catalogue: Catalogue) -> Iterable[PacketForm]:
    known = {record.form_id: record for record in records}
    for form in catalogue.forms:
        if form.id in known:
            found = packet_form(form, known[form.id])
            if found is not None:
                yield found


def _left_out(
    records: Sequence[IssueRecord], forms: Sequence[PacketForm], catalogue: Catalogue
) -> Iterable[Problem]:
    """What is out and not in the packet, since departments or 项目长 fill it."""
    inside = {form.form.id for form in forms}
    titles = {form.id: form.title for form in catalogue.forms}
    for record in records:
        if record.form_id not in inside:
            title = titles.get(record.form_id, record.form_id)
            yield Problem(
                record.case_id,
                f"《{title}》由业务科室或项目长填写，不在给项目单位的材料包里",
                severity="warning",
            )


def _require_issued(workspace: Workspace, record: IssueRecord) -> None:
    if record.pdf is None or not (workspace.path / record.pdf).is_file():
        problem = Problem(str(record.pdf), "出具的 PDF 不见了", advice="运行 daiban generate 会重新出具")
        raise UnreadableError(problem)


def _join(guide: Path, forms: Sequence[PacketForm], root: Path, target: Path) -> None:
    """Guide and forms as one PDF, fillable as the single files are; a field two forms share is filled once."""
    with pikepdf.open(guide) as whole:
        fields: list[OpenField] = []
        for form in forms:
            before = len(whole.pages)
            with pikepdf.open(root / str(form.record.pdf)) as issued:
                for page in issued.pages:
                    if "/Annots" in page.obj:
                        del page.obj["/Annots"]
                whole.pages.extend(issued.pages)
            fields += _open_fields(form, before)
        add_form(whole, fields)
        whole.docinfo["/Title"] = f"{forms[0].record.case_id} 材料包"
        whole.save(target, deterministic_id=True)


def _open_fields(form: PacketForm, before: int) -> Iterable[OpenField]:
    for area in form.record.areas:
        definition = form.form.field(area.id)
        if area.is_open and definition is not None:
            yield OpenField(replace(area, page=area.page + before), definition)


def _zip(guide: Path, forms: Sequence[PacketForm], root: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(guide, f"0-{GUIDE_NAME}.pdf")
        for number, form in enumerate(forms, 1):
            name = f"{number}-{_UNFIT.sub('', form.form.title)}.pdf"
            archive.write(root / str(form.record.pdf), name)
