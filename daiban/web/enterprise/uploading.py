"""Photographs and scans: uploaded, read within seconds, what is missing shown on their own pictures, handed in."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_ratelimit.core import is_ratelimited

from daiban.handing_in.inbox import hand_in
from daiban.handing_in.preview import preview
from daiban.handing_in.uploads import Upload
from daiban.verifying.reading.returned_page import observation_name
from daiban.web.audit.log import Action, record
from daiban.web.enterprise.reading import reader
from daiban.web.enterprise.session import InsideCase, case_of, inside, needs_code
from daiban.web.enterprise.shown import shown
from foundation.errors import DaibanError, Problem

#: So much a case may send: a hundred photographs an hour is more than any packet has pages.
_RATE = "120/h"
_SAFE_NAME = re.compile(r"[0-9A-Za-z_.-]{1,120}")
_TOO_MANY = Problem("", "上传得太多了", advice="请过一小时再传，或把纸件直接交到窗口")


@needs_code
@never_cache
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """Where files are chosen or photographed; what came is kept and read at once."""
    problems: list[Problem] = []
    with inside(request) as case:
        if request.method == "POST":
            problems = _keep(request, case)
            if not problems and request.headers.get("HX-Request") != "true":
                return redirect("enterprise:uploads")
        context = {"case": case.papers, "here": "uploads", **_result(case), "problems": problems}
        context["draft_days"] = case.office.workspace.settings.page.draft_days
    part = request.headers.get("HX-Request") == "true"
    template = "enterprise/result.html" if part else "enterprise/uploads.html"
    return render(request, template, context, status=400 if problems and not part else 200)


@needs_code
@never_cache
@require_GET
def result(request: HttpRequest) -> HttpResponse:
    """How reading stands, as a part of the page; asked for every second while something is read."""
    with inside(request) as case:
        return render(request, "enterprise/result.html", {"case": case.papers, **_result(case)})


@needs_code
@require_POST
def remove(request: HttpRequest, upload: str) -> HttpResponse:
    """Forget an upload."""
    with inside(request) as case:
        if not case.uploads().remove(upload):
            raise Http404
        record(request, Action.UPLOAD_REMOVED, who="项目单位", case=case.case_id)
    return redirect("enterprise:uploads")


@needs_code
@require_POST
def hand_in_all(request: HttpRequest) -> HttpResponse:
    """Hand in what was uploaded and read; the receipt is the answer."""
    with inside(request) as case:
        if reader.read(case.case_id, case.uploads()):
            messages.warning(request, "还在看刚传的文件，请等几秒再交。")
            return redirect("enterprise:uploads")
        files, papers = list(case.uploads()), case.papers
        if not files:
            messages.warning(request, "还没有上传文件：先拍照或选文件。")
            return redirect("enterprise:uploads")
        seen = preview(case.office, case.registry, case.case_id, files)
        done = hand_in(case.office, papers, files, seen)
        number = done.receipt.number
        detail = f"{len(files)} 个文件，回执 {number}"
        record(request, Action.HANDED_IN, who="项目单位", case=case.case_id, detail=detail)
    return redirect("enterprise:receipt", number=number)


@needs_code
@require_GET
def page_picture(request: HttpRequest, upload: str, page: str) -> HttpResponse:
    """A page as it was read: a picture made here, never the bytes that came."""
    with inside(request) as case:
        for known in _upload(case, upload).pages():
            if known.folder.name == page:
                return _picture(known.thumbnail(), "image/jpeg")
    raise Http404


@needs_code
@require_GET
def place_picture(request: HttpRequest, upload: str, page: str, field: str) -> HttpResponse:
    """A place on such a page, cut out."""
    if not _SAFE_NAME.fullmatch(field):
        raise Http404
    with inside(request) as case:
        for known in _upload(case, upload).pages():
            file = known.folder / observation_name(known.number, field)
            if known.folder.name == page and file.is_file():
                return _picture(file.read_bytes(), "image/png")
    raise Http404


def _keep(request: HttpRequest, case: InsideCase) -> list[Problem]:
    """Keep every file that came; what was wrong with the others."""
    files = request.FILES.getlist("files")
    if not files:
        return [Problem("", "没有选文件", advice="拍照，或从手机、电脑里选")]
    problems: list[Problem] = []
    for file in files:
        if is_ratelimited(request, "enterprise-upload", key=_case, rate=_RATE, increment=True):
            return [*problems, _TOO_MANY]
        try:
            _keep_one(case, file)
        except DaibanError as error:
            problems += error.problems
    record(request, Action.UPLOADED, who="项目单位", case=case.case_id, detail=f"{len(files)} 个文件")
    return problems


def _keep_one(case: InsideCase, file: UploadedFile[Any]) -> None:
    case.uploads().add(file.chunks(), file.name or "")


def _result(case: InsideCase) -> dict[str, object]:
    """What the templates show of what was uploaded."""
    reading = reader.read(case.case_id, case.uploads())
    files = list(case.uploads())
    seen = preview(case.office, case.registry, case.case_id, files)
    states = [(upload.about, upload.reading() is not None) for upload in files]
    return {"reading": reading, "files": states, "result": shown(seen, files)}


def _upload(case: InsideCase, upload_id: str) -> Upload:
    found = case.uploads().find(upload_id)
    if found is None:
        raise Http404
    return found


def _picture(content: bytes | None, media_type: str) -> HttpResponse:
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=media_type, headers={"Cache-Control": "private, max-age=600"})


def _case(group: str, request: HttpRequest) -> str:
    return case_of(request)
