"""案件: one case with its documents, timetable, history and contradictions, and what can be done with it."""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.model.case import Case
from cases.values.documents import document_name
from daiban.board.kept_office import KeptOffice
from daiban.documents.issue_check import check_files
from daiban.handing_out.export import export
from daiban.history import case_history
from daiban.issuing.selection import Selector
from daiban.merging.run import settle
from daiban.planning.timetable import PlannedStep
from daiban.registry import IssueRecord
from daiban.status import FormStatus, workspace_status
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.configuration import private_folder
from daiban.web.current import current_board, current_folder
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.jobs.job_kinds import IssueArguments
from daiban.web.layout.templatetags.daiban import MarkedPlace
from daiban.web.staff.boards import name_of, office_of
from daiban.web.staff.job_kinds import PacketArguments, PrintArguments
from forms.definition import FormDefinition
from forms.describe import AUDIENCE_NAMES, FILLED_BY_NAMES
from foundation.errors import CaseDataError

_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_SHOWN_EVENTS = 100


@dataclass(frozen=True)
class DocumentPage:
    """One page of an issued document, with the places on it that are still open."""

    number: int
    size_mm: tuple[float, float]
    places: tuple[MarkedPlace, ...]


@dataclass(frozen=True)
class OpenPlace:
    """One place that is still open: on which page, its number there, what goes in it, who fills it, and whether it
    must be filled when the document comes back.
    """

    page: int
    number: int
    label: str
    by: str
    must: bool


@dataclass(frozen=True)
class CaseDocument:
    """One document of a case: where it stands, whom it is for, its pages, and what is open in it."""

    status: FormStatus
    audience: str
    pages: tuple[DocumentPage, ...]
    open_places: tuple[OpenPlace, ...]

    @property
    def wanted(self) -> int:
        """How many of the open places must be filled when it comes back."""
        return sum(place.must for place in self.open_places)

    @property
    def findings(self) -> tuple[tuple[str, int], ...]:
        """What was found wrong when it came back, the same words once, with how often."""
        found = self.status.returned.findings if self.status.returned else ()
        return tuple(Counter(finding.message for finding in found).items())


@needs_role(Role.STAFF)
@require_GET
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case."""
    office = office_of(case_id)
    if office.all_cases.rejected:
        problems = [problem for refused in office.all_cases.rejected for problem in refused.problems]
        return render(request, "staff/case_refused.html", {"case_id": case_id, "problems": problems})
    with office.registry_at_hand():
        return render(request, "staff/case.html", _shown(office, case_id))


@needs_role(Role.STAFF)
@require_GET
def readiness(request: HttpRequest, case_id: str) -> HttpResponse:
    """What would be made of a case now, and what stands in the way of the rest: a part of its page."""
    office = office_of(case_id)
    with office.registry_at_hand():
        selection = Selector(office, pdf_possible=True).select((case_id,), ())
    context: dict[str, object] = {
        "case_id": case_id,
        "planned": [(office.titles[item.form.id], item.planned()) for item in selection.to_make],
        "stopped": [(office.titles.get(item.form or "", ""), item.problems) for item in selection.failed],
        "waiting": [(office.titles.get(item.form, item.form), item.awaited) for item in selection.waiting],
        "held": [(office.titles.get(item.form or "", ""), item.problems) for item in selection.held],
    }
    return render(request, "staff/readiness.html", context)


@needs_role(Role.STAFF)
@require_GET
def document(request: HttpRequest, case_id: str, issue: str) -> HttpResponse:
    """One document of a case, its pages large, each open place numbered and named."""
    office = office_of(case_id)
    with office.registry_at_hand():
        for status in workspace_status(office).cases:
            for form in status.forms:
                if form.issue == issue:
                    shown = {"case_id": case_id, "name": status.name, "document": _document(office, form)}
                    return render(request, "staff/document.html", shown)
    raise Http404("这个案件没有这份文书，或者它已经作废")


@needs_role(Role.STAFF)
@require_GET
def download(request: HttpRequest, case_id: str, issue: str, kind: str) -> HttpResponseBase:
    """One issued file as it went out."""
    office = office_of(case_id)
    found = _record(office, issue)
    name = {"pdf": found.pdf, "docx": found.docx}.get(kind)
    digest = found.pdf_sha256 if kind == "pdf" else found.docx_sha256
    if name is None or digest is None:
        raise Http404("这份文书没有这种文件")
    checked = check_files(office.workspace.path, {name: digest})
    if checked.gone:
        raise Http404(f"登记为已出具，文件却不在：{name}。再出具一次会补上")
    if checked.altered and kind == "pdf":
        raise CaseDataError(f"{name} 出具以后被人改过，不能下载。移走这个文件再出具，会照原样补出")
    record(request, Action.DOWNLOADED, case=case_id, form=found.form_id, issue=issue, detail=name)
    form = office.forms.get(found.form_id)
    shown = f"{case_id}-{form.title if form else found.form_id}-{issue}.{kind}"
    return _attachment(office.workspace.path / name, shown, _MEDIA[kind])


@needs_role(Role.STAFF)
@require_GET
def download_all(request: HttpRequest, case_id: str) -> HttpResponseBase:
    """Everything that is out of a case, under names that people read, as one ZIP."""
    office = office_of(case_id)
    private = private_folder(current_folder())
    with tempfile.TemporaryDirectory(prefix="zip-", dir=private) as scratch:
        folder = Path(scratch) / "files"
        done = export(office, folder, [case_id])
        # Unlinked as soon as it is opened: nothing is left whatever becomes of the connection.
        packed = tempfile.TemporaryFile(dir=private)  # noqa: SIM115
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, file.relative_to(folder).as_posix())
    packed.seek(0)
    record(request, Action.DOWNLOADED, case=case_id, detail=f"全部文书，{len(done.files)} 个文件")
    return FileResponse(packed, as_attachment=True, filename=f"{case_id}.zip", content_type="application/zip")


@needs_role(Role.STAFF)
@require_POST
def make(request: HttpRequest, case_id: str) -> HttpResponse:
    """Issue what a case calls for, as a job."""
    office_of(case_id)
    arguments = IssueArguments(cases=(case_id,))
    return to_job(start_job(request, "generate", arguments, title=f"出具 {case_id} 的文书", case=case_id))


@needs_role(Role.STAFF)
@require_POST
def make_print(request: HttpRequest, case_id: str) -> HttpResponse:
    """One PDF of what is out, to print, as a job."""
    office_of(case_id)
    arguments = PrintArguments(cases=(case_id,))
    return to_job(start_job(request, "print-file", arguments, title=f"{case_id} 的打印文件", case=case_id))


@needs_role(Role.STAFF)
@require_POST
def make_packet(request: HttpRequest, case_id: str) -> HttpResponse:
    """The packet (材料包) for the enterprise, as a job."""
    office_of(case_id)
    arguments = PacketArguments(case=case_id, by=name_of(request))
    return to_job(start_job(request, "packet", arguments, title=f"{case_id} 的材料包", case=case_id))


@needs_role(Role.STAFF)
@require_GET
def made_file(request: HttpRequest, folder: str, name: str) -> HttpResponseBase:
    """A print file, or a packet, that a job made."""
    workspace = current_board().workspace
    root = {"prints": workspace.prints, "packets": workspace.packets}.get(folder)
    known = {path.name: path for path in root.iterdir() if path.is_file()} if root and root.is_dir() else {}
    path = known.get(name)
    if path is None or path.suffix not in (".pdf", ".zip"):
        raise Http404("没有这个文件")
    record(request, Action.DOWNLOADED, detail=f"{folder}/{name}")
    return _attachment(path, name, "application/pdf" if path.suffix == ".pdf" else "application/zip")


@needs_role(Role.STAFF)
@require_POST
def settle_contradiction(request: HttpRequest, case_id: str, number: int) -> HttpResponse:
    """Settle a contradiction of a case's merged 研判 with one click."""
    office = office_of(case_id)
    choice = request.POST.get("choice", "").strip() or None
    reason = request.POST.get("reason", "").strip() or None
    settle(office, case_id, number, choice=choice, by=name_of(request), reason=reason)
    record(
        request,
        Action.SETTLED,
        case=case_id,
        detail=f"第 {number} 处：{choice or '按文件里写的'} {reason or ''}",
    )
    current_board().changed([case_id])
    return HttpResponseRedirect(reverse("staff:case", args=[case_id]) + "#contradictions")


# -- what a page is made of --------------------------------------------------------------------------------


def _shown(office: KeptOffice, case_id: str) -> dict[str, object]:
    """What the page of a case shows of one that can be used."""
    (found,) = office.all_cases.cases
    (status,) = workspace_status(office).cases
    steps, step_problems = _steps(office, found)
    return {
        "case": found,
        "document_name": document_name(found.document),
        "status": status,
        "documents": [_document(office, form) for form in status.forms],
        "steps": steps,
        "problems": (*office.all_cases.problems_of(case_id), *step_problems),
        "contradictions": [
            (number, one) for number, one in enumerate(status.contradictions, 1) if one.settled is None
        ],
        "events": tuple(reversed(case_history(office, case_id).events))[:_SHOWN_EVENTS],
        "withdrawn": [
            (office.titles.get(issue.form_id, issue.form_id), issue)
            for issue in office.withdrawn.values()
            if issue.case_id == case_id and issue.key not in office.issues
        ],
        "has_documents": any(form.issue for form in status.forms),
    }


def _steps(office: KeptOffice, found: Case) -> tuple[tuple[PlannedStep, ...], tuple[object, ...]]:
    try:
        return office.deriver.timetable(found, office.today), ()
    except CaseDataError as error:
        return (), office.at_cell(error, found)


def _record(office: KeptOffice, issue: str) -> IssueRecord:
    """An issue of this office's case; another case's is answered as one that there is not."""
    found = office.record(issue)
    known = {case.id for case in office.all_cases.cases}
    if found is None or found.case_id not in known or found.published_at is None:
        raise Http404("这个案件没有这份文书")
    return found


def _document(office: KeptOffice, status: FormStatus) -> CaseDocument:
    form = office.forms.get(status.form)
    audience = AUDIENCE_NAMES[form.audience] if form else ""
    if (
        status.issue is None
        or status.pdf is None
        or (status.returned and status.returned.verdict == "complete")
    ):
        return CaseDocument(status, audience, (), ())
    issue = _record(office, status.issue)
    numbered = list(_open_places(issue, form))
    pages = tuple(
        DocumentPage(number, size, tuple(place for page, place, _ in numbered if page == number))
        for number, size in enumerate(issue.page_sizes, start=1)
    )
    return CaseDocument(status, audience, pages, tuple(said for _, _, said in numbered))


def _open_places(
    issue: IssueRecord, form: FormDefinition | None
) -> Iterator[tuple[int, MarkedPlace, OpenPlace]]:
    """The open fields of an issue that somebody must fill, page by page, numbered from 1 on each; ticks are not."""
    counts: dict[int, int] = {}
    for area in issue.areas:
        field = form.field(area.id) if form else None
        if not area.is_open or area.kind == "checkbox":
            continue
        number = counts[area.page] = counts.get(area.page, 0) + 1
        must = field is None or field.required == "return"
        said = OpenPlace(
            area.page,
            number,
            field.label if field else area.id,
            FILLED_BY_NAMES[field.filled_by] if field else "",
            must,
        )
        yield area.page, MarkedPlace(area.box, "doubt" if must else "plain", number), said


def _attachment(path: Path, name: str, media: str) -> HttpResponseBase:
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media)
