"""The queue, and deciding about one document after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daiban.deciding.decide import AnswerRequest, DecidedMeanwhileError, undo_answer
from daiban.deciding.decide import decide as decide_return
from daiban.deciding.queue import (
    PART_NAMES,
    QueuePart,
    QueueReport,
    QueueRequest,
    next_document,
    return_queue,
)
from daiban.deciding.sheet import DecisionSheet, SheetFinding, SheetPage, decision_sheet
from daiban.documents.person_answer import ANSWER_NAMES
from daiban.registry import Answer
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.clerk.forms import AnswerForm, UndoForm, say_errors, whole_number
from daiban.web.clerk.naming import person_of
from daiban.web.current import current_office
from daiban.web.layout.templatetags.daiban import MarkedPlace
from forms.geometry import Box
from foundation.errors import UsageError

_PER_PAGE = 50
_FRAME_MM = 1.2  # round a place: what is to be looked at, a single digit, is not covered by its own frame
_TONES = {"incomplete": "bad", "review": "doubt", "note": "plain"}


@needs_role(Role.CLERK)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """A part of the queue, those that came back first first."""
    wanted = _request(request.GET)
    number = whole_number(request.GET.get("page"), least=1)
    part = QueueRequest(part=wanted.part, text=wanted.text, limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
    found = return_queue(current_office(), part)
    context = {
        "found": found,
        "part": wanted.part,
        "parts": _parts(found),
        "text": wanted.text,
        "page": _page(found, number),
        "query": _query(wanted),
    }
    return render(request, "clerk/queue.html", context)


@needs_role(Role.CLERK)
@require_GET
def document(request: HttpRequest, issue: str) -> HttpResponse:
    """One document: its pages as they came beside our own, its findings, and what was decided."""
    office, wanted = current_office(), _request(request.GET)
    with office.registry_at_hand():
        try:
            sheet = decision_sheet(office, issue)
        except UsageError as error:
            raise Http404(str(error)) from error
        following = next_document(office, wanted, issue)
        counts = return_queue(office, QueueRequest(part=wanted.part, text=wanted.text, limit=1))
    chosen = _chosen(sheet, request.GET)
    shown = _shown(sheet, request.GET, chosen)
    return render(
        request,
        "clerk/document.html",
        {
            "sheet": sheet,
            "document": sheet.document,
            "shown": shown,
            "chosen": chosen,
            "findings": sheet.findings,
            "places": _places(sheet).get(shown.number, []) if shown is not None else [],
            "decided_findings": any(item.finding.decision for item in sheet.findings),
            "query": _query(wanted),
            "wanted": wanted,
            "following": following,
            "counts": counts,
            "part_name": PART_NAMES[wanted.part],
            "form": AnswerForm(
                initial={"seen": sheet.document.last, "generation": sheet.document.generation}
            ),
            "needs_second": office.settings.decisions.second_person,
        },
    )


@needs_role(Role.CLERK)
@require_POST
def decide(request: HttpRequest, issue: str) -> HttpResponse:
    """Record an answer, and go on: to the document's next finding, else to the next document."""
    form, wanted = AnswerForm(request.POST), _request(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return _to_document(issue, wanted)
    said = form.cleaned_data
    answer = AnswerRequest(
        issue=issue,
        answer=cast(Answer, said["answer"]),
        by=person_of(request),
        reason=said["reason"] or _usual_reason(said["answer"]),
        finding=said["finding"],
        seen=said["seen"],
        generation=said["generation"],
    )
    office = current_office()
    try:
        result = decide_return(office, answer)
    except DecidedMeanwhileError as error:
        messages.warning(request, str(error.problems[0].problem))
        return _to_document(issue, wanted)
    except UsageError as error:
        messages.error(request, str(error.problems[0].problem))
        return _to_document(issue, wanted)
    about = f"第{said['finding']}条 " if said["finding"] else ""
    record(
        request,
        Action.DECIDED,
        case=result.case,
        form=result.form,
        issue=issue,
        detail=f"{about}{result.done}：{answer.reason}",
    )
    waits = "，等第二个人复核" if not result.counts else ""
    messages.success(request, f"{issue} {about}{result.done}{waits}；现在的结论：{result.returned.label}")
    if said["finding"] and result.returned.verdict == "review":
        return _to_document(issue, wanted)
    following = next_document(office, wanted, issue)
    if following is None:
        return HttpResponseRedirect(f"{reverse('clerk:index')}?{_query(wanted)}")
    return _to_document(following.issue, wanted)


@needs_role(Role.CLERK)
@require_POST
def undo(request: HttpRequest, issue: str) -> HttpResponse:
    """Take back the latest decision about a document."""
    form, wanted = UndoForm(request.POST), _request(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"] or "在页面上撤销"
            result = undo_answer(
                current_office(), issue, by=person_of(request), reason=reason, seen=form.cleaned_data["seen"]
            )
            record(
                request, Action.UNDONE, case=result.case, form=result.form, issue=issue, detail=result.done
            )
            messages.success(request, f"{issue} {result.done}；现在的结论：{result.returned.label}")
        except UsageError as error:
            messages.warning(request, str(error.problems[0].problem))
    return _to_document(issue, wanted)


def _usual_reason(answer: str) -> str:
    return f"看过图片，{ANSWER_NAMES[answer]}"


def _request(query: QueryDict) -> QueueRequest:
    part = query.get("part", "todo")
    known: QueuePart = next((one for one in PART_NAMES if one == part), "todo")
    return QueueRequest(part=known, text=query.get("text", "")[:100])


def _query(wanted: QueueRequest) -> str:
    """What leads back to the same part of the queue."""
    found = QueryDict(mutable=True)
    found["part"] = wanted.part
    if wanted.text:
        found["text"] = wanted.text
    return found.urlencode()


def _to_document(issue: str, wanted: QueueRequest) -> HttpResponse:
    address = reverse("clerk:document", args=[issue])
    return HttpResponseRedirect(f"{address}?{_query(wanted)}")


def _parts(found: QueueReport) -> list[tuple[str, str, int | None]]:
    counts = found.counts
    numbers: Mapping[str, int] = {
        "todo": counts.todo,
        "incomplete": counts.incomplete,
        "complete": counts.complete,
        "all": counts.todo + counts.incomplete + counts.complete,
    }
    return [(part, name, numbers.get(part)) for part, name in PART_NAMES.items()]


def _page(found: QueueReport, number: int) -> Page[int]:
    """For the links to other pages; the database has chosen what is on this one."""
    return Paginator(range(found.total), _PER_PAGE).get_page(number)


def _chosen(sheet: DecisionSheet, query: QueryDict) -> SheetFinding | None:
    """The finding to look at: the one asked for, else the first that keeps the document from being complete."""
    number = whole_number(query.get("finding"), least=0)
    asked = next((item for item in sheet.findings if item.finding.number == number), None)
    open_ones = (item for item in sheet.findings if item.finding.weight != "note")
    return asked or next(open_ones, next(iter(sheet.findings), None))


def _shown(sheet: DecisionSheet, query: QueryDict, chosen: SheetFinding | None) -> SheetPage | None:
    """The page to look at: the one that was asked for, that of the finding, the first."""
    wanted = whole_number(query.get("at"), least=0) or (chosen.finding.page if chosen is not None else 0)
    pages = {page.number: page for page in sheet.pages}
    return pages.get(wanted or 0) or next(iter(sheet.pages), None)


def _places(sheet: DecisionSheet) -> dict[int, list[MarkedPlace]]:
    """What is marked on each page."""
    found: dict[int, list[MarkedPlace]] = {page.number: [] for page in sheet.pages}
    for item in sheet.findings:
        finding = item.finding
        if finding.box is not None and finding.page in found:
            tone = (
                "good" if finding.decision and finding.decision.answer == "accept" else _TONES[finding.weight]
            )
            box = Box(*finding.box).all_round(_FRAME_MM)
            found[finding.page].append(MarkedPlace(box, tone, finding.number))
    return found
