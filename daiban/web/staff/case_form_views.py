"""录入: a single case entered or changed without Excel, checked field by field as the roster is."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.roster.entered import EnteredCase, EnteredRows, entered_rows, read_entered
from cases.values.documents import DEFAULT_DOCUMENT, DOCUMENTS, document_name
from daiban.board.kept_office import forms_stamp, kept_catalogue
from daiban.entering.case_form import CaseForm, copied_rows, general_problems
from daiban.entering.saving import SavedCase, save_case, version_of
from daiban.rosters import choices
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.current import current_board
from daiban.web.staff.boards import name_of, office_of
from daiban.workspace import Workspace
from foundation.errors import DaibanError, Problem

_MAIN = 0  # the sheet with a row per case comes first


@needs_role(Role.STAFF)
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """A new case; ``?document=``: of which document, ``?copy=``: after the pattern of which case."""
    document = _document(request.GET.get("document", ""))
    rows: EnteredRows = {}
    copy_of = request.GET.get("copy", "")
    if copy_of:
        (case,) = office_of(copy_of).all_cases.cases or _none(copy_of)
        document, rows = case.document, copied_rows(case)
    form = CaseForm.of(document, _choices())
    if request.method == "POST":
        return _save(request, form, version=None)
    rows = rows or {form.layout.case_sheet.title: [{"document": document_name(document)}]}
    return _show(request, form, rows, copy_of=copy_of)


@needs_role(Role.STAFF)
@require_http_methods(["GET", "POST"])
def change_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Change a case that is there."""
    office = office_of(case_id)
    (case,) = office.all_cases.cases or _none(case_id)
    form = CaseForm.of(case.document, _choices(), fixed_id=case.id)
    if request.method == "POST":
        return _save(request, form, version=request.POST.get("version", ""))
    flaws = tuple(flaw.problem for flaw in office.all_cases.flaws.get(case_id, ()))
    place = office.all_cases.where(case_id)
    return _show(request, form, entered_rows(case), version=version_of(case), problems=flaws, place=place)


@needs_role(Role.STAFF)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with what has been typed so far, each at its input: a part of the form. What is still empty is
    nobody's mistake yet.
    """
    form = CaseForm.of(_document(request.POST.get("form_document", "")), _choices())
    rows = form.typed(request.POST)
    checked = read_entered(rows, document=form.document)
    inputs = [
        item
        for section in form.sections(rows, checked.problems)
        for row in section.rows
        for item in row.inputs
        if item.name in request.POST
    ]
    context: dict[str, object] = {
        "inputs": [(item, item.problems if item.value else ()) for item in inputs],
        "count": sum(item.is_wrong for item in inputs if item.value),
    }
    return render(request, "staff/case_form_check.html", context)


@needs_role(Role.STAFF)
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """One more row of a section: a part of the form."""
    form = CaseForm.of(_document(request.GET.get("document", "")), _choices())
    title, number = request.GET.get("section", ""), request.GET.get("row", "")
    row = form.blank_row(title, int(number)) if number.isascii() and number.isdecimal() else None
    if row is None:
        raise Http404("这一节不能再加行")
    context: dict[str, object] = {
        "row": row,
        "title": title,
        "document": form.document,
        "next": row.number + 1,
    }
    return render(request, "staff/case_form_more.html", context)


def _save(request: HttpRequest, form: CaseForm, *, version: str | None) -> HttpResponse:
    rows = form.typed(request.POST)
    checked = read_entered(rows, document=form.document)
    if checked.case is None:
        return _show(request, form, rows, checked=checked, version=version or "", status=422)
    board = current_board()
    try:
        saved = save_case(board, board.workspace, checked.case, by=name_of(request), version=version)
    except DaibanError as error:
        return _show(
            request, form, rows, checked=checked, version=version or "", problems=error.problems, status=409
        )
    record(request, Action.CASE_SAVED, case=saved.case, detail=_said(saved))
    messages.success(request, f"案件 {saved.case} 已保存。{_where(saved)}")
    return HttpResponseRedirect(reverse("staff:case", args=[saved.case]))


def _show(
    request: HttpRequest,
    form: CaseForm,
    rows: EnteredRows,
    *,
    checked: EnteredCase | None = None,
    version: str = "",
    problems: tuple[Problem, ...] = (),
    place: str = "",
    copy_of: str = "",
    status: int = 200,
) -> HttpResponse:
    found = checked.problems if checked else ()
    sections = form.sections(rows, found)
    context: dict[str, object] = {
        "form": form,
        "main": sections[_MAIN],
        "sections": [(section, len(section.rows)) for section in sections[_MAIN + 1 :]],
        "problems": (*problems, *(general_problems(checked) if checked else ())),
        "wrong": sum(section.is_wrong for section in sections),
        "version": version,
        "place": place if place.startswith("roster") else "",
        "copy_of": copy_of,
        "documents": [(known, name) for name, known in DOCUMENTS.items()],
        "document_name": document_name(form.document),
    }
    return render(request, "staff/case_form.html", context, status=status)


def _said(saved: SavedCase) -> str:
    kept = f"，原来的在 {saved.superseded}" if saved.superseded else ""
    return f"{saved.file}{kept}"


def _where(saved: SavedCase) -> str:
    if saved.instead_of is None:
        return ""
    return f"从现在起以 {saved.file} 为准，{saved.instead_of} 里的这一行不再用。"


def _document(text: str) -> str:
    return text if text in DOCUMENTS.values() else DEFAULT_DOCUMENT


def _choices() -> dict[str, tuple[str, ...]]:
    """What drop-downs offer; worked out again only when the forms are others."""
    workspace = current_board().workspace
    return _choices_of(workspace.path, forms_stamp(workspace))


@lru_cache(maxsize=2)
def _choices_of(folder: Path, stamp: str) -> dict[str, tuple[str, ...]]:
    catalogue = kept_catalogue(Workspace.open(folder))
    return {name: tuple(offered) for name, offered in choices(catalogue).items()}


def _none(case_id: str) -> tuple[()]:
    raise Http404(f"案件“{case_id}”的数据有误，不能在这里改，请先在文件里改正")
