"""Puts a packet together: which forms, the guide, one PDF of all of it, one ZIP of the single files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf

from cases.model.case import Case
from daiban.access_codes import NewAccessCode, make_code
from daiban.converter import generator_settings
from daiban.documents.issue_check import IssueCheck
from daiban.office import Office
from daiban.packing.guide import ReturnTerms, make_guide
from daiban.packing.todos import PacketForm, packet_form
from daiban.registry import IssueRecord
from forms.catalogue import Catalogue
from forms.definition import Audience, FormDefinition
from foundation.errors import CaseDataError, Problem, UnreadableError
from foundation.frozen_model import FrozenModel
from foundation.writing import writing
from generator.document_generator import GeneratorSettings
from generator.output.acroform import FillableField, add_form

GUIDE_NAME = "签署指引"
_TO_ISSUE_AGAIN = "运行 daiban generate 会重新出具"
_ALTERED = "出具以后被人改过或填过，不能放进材料包"
_TO_SET_ASIDE = f"还要用的改动请另存，把这个文件移走，再{_TO_ISSUE_AGAIN}"
_IS_COMPLETE = "已交回齐全，不用再签，没有放进材料包"
_TO_GIVE_IT = "要给项目单位的，在它的 form.toml 里写 audience = “enterprise”"
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f“”]')


class PacketTodo(FrozenModel):
    """One thing the enterprise has to do: on which page (from 1), its number there, and what, in Chinese."""

    page: int
    number: int
    todo: str


class PacketFormResult(FrozenModel):
    """One form of a packet, under its issue number; without ``todos`` it is to be kept."""

    form: str
    title: str
    issue: str
    pages: int
    todos: tuple[PacketTodo, ...]


class PacketResult(FrozenModel):
    """A packet that was made: its two files, relative to the workspace, and what is in it. ``code``: the access code
    (访问码) printed in its guide, where the office has a page and something of the packet is to come back.
    """

    case: str
    pdf: str
    zip: str
    forms: tuple[PacketFormResult, ...]
    problems: tuple[Problem, ...]
    code: NewAccessCode | None = None


def make_packet(office: Office, case_id: str, *, by: str = "") -> PacketResult:
    """Make ``packets/<case>.pdf`` and ``packets/<case>.zip`` of what has been issued for a case.

    ``by``: who makes it, on record with the access code (访问码) that its guide prints.

    :raises UsageError: no such case.
    :raises CaseDataError: the case was refused, or nothing of it is out that an enterprise gets.
    :raises ToolMissingError, ToolFailedError: LibreOffice.
    :raises UnreadableError: issued PDFs that are gone or were changed; all of them at once.
    """
    case = office.case(case_id)
    workspace = office.workspace
    with workspace.lock(), workspace.staging() as staging:
        records = list(_records(office, case))
        complete = [record for record in records if office.issue_check.is_complete(record)]
        forms = tuple(packet_forms([item for item in records if item not in complete], office.catalogue))
        if not forms:
            raise CaseDataError(_nothing_to_pack(office, case_id, complete))
        _require_as_issued(forms, office.issue_check)
        data = office.binder.data(case)
        code = _access_code(office, case_id, forms, by)
        guide = make_guide(data, forms, _terms(office, code), workspace.path, _settings(office), staging)
        whole, archive = staging / "packet.pdf", staging / "packet.zip"
        with writing(workspace.packets):
            _join(guide, forms, workspace.path, whole)
            _zip(guide, forms, workspace.path, archive)
        target = workspace.packets / f"{case_id}.pdf"
        workspace.publish(whole, target)
        workspace.publish(archive, target.with_suffix(".zip"))
    return PacketResult(
        case=case_id,
        pdf=workspace.relative(target),
        zip=workspace.relative(target.with_suffix(".zip")),
        forms=tuple(map(_form_result, forms)),
        problems=(*_left_out(records, complete, forms, office.forms), *_without_address(office)),
        code=code,
    )


def _access_code(office: Office, case_id: str, forms: Sequence[PacketForm], by: str) -> NewAccessCode | None:
    """A code for the page, where there is one and the enterprise has something to do."""
    if not office.settings.page.address or not any(form.pages for form in forms):
        return None
    with office.registry() as registry:
        assert registry is not None, "what is packed is on record"
        return make_code(office, registry, case_id, by=by, reason="印在材料包的签署指引上")


def _terms(office: Office, code: NewAccessCode | None) -> ReturnTerms:
    """Until when and where to the packet is to be brought back, by the office's settings and calendar."""
    days = office.settings.packet.days
    due = office.deriver.calendar.add(office.today, days).day if days else None
    return ReturnTerms(office.today, due, office.settings.agency.address, code)


def _without_address(office: Office) -> Iterator[Problem]:
    if not office.settings.agency.address:
        problem = "没有写 [agency] address，签署指引上没有交回的地址"
        yield Problem("daiban.toml", problem, advice="写上以后再做一次材料包", severity="warning")


def _nothing_to_pack(office: Office, case_id: str, complete: Sequence[IssueRecord]) -> Problem:
    if complete:
        titles = "、".join(f"《{_title(record, office.forms)}》" for record in complete)
        return Problem(case_id, f"没有要交给项目单位的文书：{titles}已交回齐全")
    advice = f"先运行 daiban generate {office.workspace.path} --case {case_id}"
    return Problem(case_id, "还没有可以交给项目单位的文书", advice=advice)


def _settings(office: Office) -> GeneratorSettings:
    with office.registry() as registry:
        assert registry is not None, "what is packed is on record"
        return generator_settings(office.settings, registry.mark_key())


def _form_result(form: PacketForm) -> PacketFormResult:
    return PacketFormResult(
        form=form.form.id,
        title=form.form.title,
        issue=form.record.number,
        pages=form.record.pages,
        todos=tuple(
            PacketTodo(page=page.page, number=todo.number, todo=todo.text)
            for page in form.pages
            for todo in page.todos
        ),
    )


def _records(office: Office, case: Case) -> Iterable[IssueRecord]:
    """The issues of a case that are out with a PDF, whole; of papers that exist per stage, those of the present one."""
    for form_id in dict.fromkeys(issue.form_id for issue in office.issues_of_case.get(case.id, ())):
        summary = office.published(case, form_id)
        if summary is not None and summary.pdf is not None:
            record = office.record(summary.number)
            if record is not None:
                yield record


def packet_forms(records: Sequence[IssueRecord], catalogue: Catalogue) -> Iterable[PacketForm]:
    """What of some issues an enterprise gets, in the catalogue's order."""
    known = {record.form_id: record for record in records}
    for form in catalogue.forms:
        if form.id in known:
            found = packet_form(form, known[form.id])
            if found is not None:
                yield found


def _left_out(
    records: Sequence[IssueRecord],
    complete: Sequence[IssueRecord],
    packed: Sequence[PacketForm],
    forms: Mapping[str, FormDefinition],
) -> Iterable[Problem]:
    """What is out and not in the packet: what is back complete, and what is not for the enterprise."""
    inside = {form.form.id for form in packed}
    for record in records:
        if record.form_id not in inside:
            form = forms.get(record.form_id)
            why = _IS_COMPLETE if record in complete else _not_theirs(form)
            advice = _TO_GIVE_IT if form is not None and form.stated_audience is None else None
            problem = f"《{_title(record, forms)}》{why}"
            yield Problem(record.case_id, problem, advice=advice, severity="warning")


def _not_theirs(form: FormDefinition | None) -> str:
    if form is None:
        return "已经没有这种表单，没有放进材料包"
    whose = "给部门的" if form.audience is Audience.DEPARTMENT else "内部使用的"
    return f"是{whose}，不在给项目单位的材料包里"


def _title(record: IssueRecord, forms: Mapping[str, FormDefinition]) -> str:
    form = forms.get(record.form_id)
    return form.title if form else record.form_id


def _require_as_issued(forms: Iterable[PacketForm], check: IssueCheck) -> None:
    """Raises UnreadableError unless every issued PDF is there, byte for byte as it went out."""
    problems: list[Problem] = []
    for form in forms:
        found = check.pdf_file(form.record)
        problems += (Problem(name, "出具的 PDF 不见了", advice=_TO_ISSUE_AGAIN) for name in found.gone)
        problems += (Problem(name, _ALTERED, advice=_TO_SET_ASIDE) for name in found.altered)
    if problems:
        raise UnreadableError(*problems)


def _join(guide: Path, forms: Sequence[PacketForm], root: Path, target: Path) -> None:
    """Guide and forms as one PDF, fillable as the single files are; a field two forms share is filled once."""
    with pikepdf.open(guide) as whole:
        fields: list[FillableField] = []
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


def _open_fields(form: PacketForm, before: int) -> Iterable[FillableField]:
    for area in form.record.areas:
        definition = form.form.field(area.id)
        if area.is_open and definition is not None:
            yield FillableField(replace(area, page=area.page + before), definition)


def _zip(guide: Path, forms: Sequence[PacketForm], root: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(guide, f"0-{GUIDE_NAME}.pdf")
        for number, form in enumerate(forms, 1):
            name = f"{number}-{_UNFIT.sub('', form.form.title)}.pdf"
            archive.write(root / str(form.record.pdf), name)
