"""Receiving (收件): a pile dropped on the page, what enterprises handed in, what the watched folder brought."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from daiban.handing_in.inbox import waiting
from daiban.web.access import Role, needs_role
from daiban.web.clerk.forms import PileForm
from daiban.web.clerk.job_kinds import INBOX, PILE, WATCHED, InboxArguments, PileArguments, PileFile
from daiban.web.current import current_folder, current_office
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.jobs.incoming import piles_folder
from daiban.web.jobs.models import Job
from foundation.showing import plain
from foundation.writing import writing

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_LONGEST_NAME = 150
_RECENT = 8


@needs_role(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Where a pile is dropped; what was received lately, and what waits."""
    form = PileForm()
    if request.method == "POST":
        form = PileForm(request.POST, request.FILES)
        if form.is_valid():
            files = form.cleaned_data["pile"]
            arguments = _kept(files)
            title = f"核验 {len(files)} 个文件" if len(files) > 1 else f"核验 {arguments.files[0].name}"
            return to_job(start_job(request, PILE, arguments, title=title[:200]))
    office = current_office()
    context = {
        "form": form,
        "recent": Job.objects.filter(kind__in=[PILE, INBOX, WATCHED]).defer("result", "arguments")[:_RECENT],
        "handed_in": waiting(office.workspace),
        "watched": office.settings.page.watch,
        "upload_mb": office.settings.page.upload_mb,
    }
    return render(request, "clerk/returns.html", context)


@needs_role(Role.CLERK)
@require_POST
def inbox(request: HttpRequest) -> HttpResponse:
    """Verify what enterprises handed in."""
    return to_job(start_job(request, INBOX, InboxArguments(), title="核验企业在网上交的材料"))


def _kept(files: list[UploadedFile[bytes]]) -> PileArguments:
    """The files in a folder of their own, until the job has dealt with them; each under a name of ours."""
    folder = piles_folder(current_folder()) / secrets.token_hex(8)
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True)
        try:
            kept = tuple(_stored(file, folder, at) for at, file in enumerate(files, 1))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return PileArguments(folder=folder.name, files=_distinct(kept))


def _stored(file: UploadedFile[bytes], folder: Path, at: int) -> PileFile:
    name = plain(file.name or "")[-_LONGEST_NAME:] or f"文件{at}"
    found = _SUFFIX.search(name)
    stored = f"{at:04}{found[0].lower() if found else ''}"
    with (folder / stored).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return PileFile(stored=stored, name=name)


def _distinct(files: tuple[PileFile, ...]) -> tuple[PileFile, ...]:
    """Files of the same name in different folders are told apart: every page is named by its file."""
    seen: dict[str, int] = {}
    told = []
    for file in files:
        seen[file.name] = seen.get(file.name, 0) + 1
        again = seen[file.name]
        told.append(file if again == 1 else file.model_copy(update={"name": f"{file.name}（{again}）"}))
    return tuple(told)
