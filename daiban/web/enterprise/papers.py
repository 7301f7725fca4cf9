"""The case and its papers: what to fill, sign and seal, and typing into a paper on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from daiban.handing_in.case_papers import PAPER_STATE_NAMES, EnterprisePaper, PaperState
from daiban.handing_in.typed_in import filled_pdf, read_answers
from daiban.packing.todos import Todo
from daiban.verifying.reading.returned_page import observation_name
from daiban.verifying.returned_folder import EVIDENCE
from daiban.web.audit.log import Action, record
from daiban.web.enterprise.downloads import pdf_download
from daiban.web.enterprise.session import InsideCase, inside, needs_code
from daiban.web.layout.templatetags.daiban import MarkedPlace, PictureContext, picture_context
from daiban.web.pictures.views import picture_response
from daiban.workspace import Workspace
from extractors.model import Finding
from forms.definition import FIELD_ID, FieldKind
from foundation.errors import Problem
from generator.output.acroform import FillableField, takes_several_lines

_TONES: dict[PaperState, str] = {
    "todo": "busy",
    "waiting": "doubt",
    "mend": "bad",
    "complete": "good",
    "keep": "plain",
}
#: What is to be done comes first.
_ORDER: tuple[PaperState, ...] = ("mend", "todo", "waiting", "keep", "complete")
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f“”]')


@dataclass(frozen=True)
class ShownPaperPage:
    """A page of a paper with what is to be done on it. ``picture``: for the layout's template."""

    number: int
    todos: tuple[Todo, ...]
    others: bool
    picture: PictureContext


@dataclass(frozen=True)
class MendItem:
    """What the office found missing. ``crop``: address of the place's picture on what came back, where there is one."""

    number: int
    text: str
    page: int | None
    crop: str


@dataclass(frozen=True)
class ShownPaper:
    """A paper for templates."""

    issue: str
    title: str
    pages: int
    state: PaperState
    word: str
    tone: str
    todo_pages: tuple[ShownPaperPage, ...]
    todo_count: int
    can_fill: bool
    rejected: str
    to_mend: tuple[MendItem, ...]
    mend_pages: tuple[tuple[int, PictureContext], ...]


@needs_code
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Everything of the case at a glance, and what to do next."""
    with inside(request) as case:
        papers = [_shown(paper, case.office.workspace) for paper in case.papers.papers]
        context = {
            "case": case.papers,
            "here": "case",
            "papers": sorted(papers, key=lambda paper: _ORDER.index(paper.state)),
            "uploads": list(case.uploads()),
            "hand_ins": tuple(reversed(case.hand_ins)),
        }
        return render(request, "enterprise/case.html", context)


@needs_code
@never_cache
@require_GET
def paper(request: HttpRequest, issue: str) -> HttpResponse:
    """One paper: its pages with the places still open, numbered."""
    with inside(request) as case:
        shown = _shown(_paper(case, issue), case.office.workspace)
        return render(request, "enterprise/paper.html", {"case": case.papers, "paper": shown})


@needs_code
@never_cache
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, issue: str) -> HttpResponse:
    """Type what is open; the answer is the PDF with it typed in."""
    with inside(request) as case:
        found = _paper(case, issue)
        if not found.fillable:
            raise Http404
        form = AnswersForm(found, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            answers = read_answers(found, form.answers)
            for problem in answers.problems:
                form.add_error(problem.field, _sentence(problem))
            if not answers.problems:
                content = filled_pdf(case.office.workspace.path, found, answers)
                record(request, Action.TYPED_IN, who="项目单位", case=case.case_id, issue=issue)
                return pdf_download(content, f"{_file_name(found)}-已填写.pdf")
        shown = _shown(found, case.office.workspace)
        context = {"case": case.papers, "paper": shown, "form": form, "sections": form.sections()}
        return render(request, "enterprise/fill.html", context, status=400 if form.errors else 200)


@needs_code
@never_cache
@require_GET
def pdf(request: HttpRequest, issue: str) -> HttpResponse:
    """The issued PDF, to print."""
    with inside(request) as case:
        found = _paper(case, issue)
        content = filled_pdf(case.office.workspace.path, found, read_answers(found, {}))
        record(request, Action.DOWNLOADED, who="项目单位", case=case.case_id, issue=issue)
        return pdf_download(content, f"{_file_name(found)}.pdf")


@needs_code
@require_GET
def picture(request: HttpRequest, issue: str, page: int, density: str) -> HttpResponse:
    """A page of an issued paper of this case."""
    with inside(request) as case:
        found = _paper(case, issue)
        return picture_response(request, case.office.workspace.path / str(found.record.pdf), page, density)


@needs_code
@require_GET
def place(request: HttpRequest, issue: str, page: int, field: str) -> HttpResponse:
    """A place of a paper that is to be mended, cut out of what came back: a picture that reading made."""
    if not FIELD_ID.fullmatch(field):
        raise Http404
    with inside(request) as case:
        found = _paper(case, issue)
        file = _place_file(found, page, field, case.office.workspace)
        if found.state != "mend" or not file.is_file():
            raise Http404
        return HttpResponse(
            file.read_bytes(), content_type="image/png", headers={"Cache-Control": "private, max-age=600"}
        )


class AnswersForm(forms.Form):
    """An input for every open field of a paper, by its field id."""

    def __init__(self, paper: EnterprisePaper, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.label_suffix = ""
        self._fillable = paper.fillable
        for field in self._fillable:
            self.fields[field.area.id] = _input(field)

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, by field id; a ticked box is a word."""
        return {
            name: ("√" if value else "") if isinstance(value, bool) else str(value or "")
            for name, value in self.cleaned_data.items()
        }

    def sections(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The inputs page by page."""
        for page, fields in groupby(self._fillable, key=lambda field: field.area.page):
            yield page, [self[field.area.id] for field in dict.fromkeys(fields)]


def _input(field: FillableField) -> forms.Field:
    label, kind = field.definition.label, field.definition.kind
    if kind is FieldKind.CHECKBOX:
        return forms.BooleanField(label=label, required=False)
    if kind is FieldKind.DATE:
        hint = {"placeholder": "如 2026年3月5日", "autocomplete": "off"}
        return forms.CharField(
            label=label,
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs=hint),
            help_text="写全年、月、日",
        )
    widget = forms.Textarea(attrs={"rows": 4}) if takes_several_lines(field) else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=3000, widget=widget)


def _paper(case: InsideCase, issue: str) -> EnterprisePaper:
    found = case.paper(issue)
    if found is None:
        raise Http404
    return found


def _shown(paper: EnterprisePaper, workspace: Workspace) -> ShownPaper:
    pages = tuple(
        ShownPaperPage(page.page, page.todos, page.others, _picture(paper, page.page, page.todos))
        for page in paper.form.pages
    )
    return ShownPaper(
        issue=paper.record.number,
        title=paper.title,
        pages=paper.record.pages,
        state=paper.state,
        word=PAPER_STATE_NAMES[paper.state],
        tone=_TONES[paper.state],
        todo_pages=pages,
        todo_count=sum(len(page.todos) for page in pages),
        can_fill=bool(paper.fillable) and paper.state not in ("complete", "keep"),
        rejected=_rejected(paper),
        to_mend=tuple(
            _mend_item(paper, number, item, workspace) for number, item in enumerate(paper.to_mend, 1)
        ),
        mend_pages=tuple(_mend_pages(paper)),
    )


def _rejected(paper: EnterprisePaper) -> str:
    """Why a person rejected it as a whole; empty where nobody did."""
    decision = paper.back.decision if paper.back is not None and paper.state == "mend" else None
    return decision.reason if decision is not None and decision.answer == "reject" else ""


def _mend_item(paper: EnterprisePaper, number: int, item: Finding, workspace: Workspace) -> MendItem:
    crop = ""
    if (
        item.page is not None
        and item.field is not None
        and _place_file(paper, item.page, item.field, workspace).is_file()
    ):
        crop = reverse("enterprise:place", args=[paper.record.number, item.page, item.field])
    return MendItem(number, item.message, item.page, crop)


def _mend_pages(paper: EnterprisePaper) -> Iterator[tuple[int, PictureContext]]:
    """The issued pages with the places to mend, numbered as they are listed."""
    placed = [(number, item) for number, item in enumerate(paper.to_mend, 1) if item.page and item.box]
    for page in sorted({item.page or 0 for _, item in placed}):
        places = [
            MarkedPlace(item.box.all_round(1.5), "bad", number)
            for number, item in placed
            if item.page == page and item.box is not None
        ]
        yield page, _page_picture(paper, page, places, "要补正的")


def _place_file(paper: EnterprisePaper, page: int, field: str, workspace: Workspace) -> Path:
    return workspace.returned_of(paper.record.docx) / EVIDENCE / observation_name(page, field)


def _picture(paper: EnterprisePaper, page: int, todos: tuple[Todo, ...]) -> PictureContext:
    tone = "good" if paper.state == "complete" else "bad"
    places = [MarkedPlace(todo.box.all_round(1.5), tone, todo.number) for todo in todos]
    return _page_picture(paper, page, places, "要做的")


def _page_picture(
    paper: EnterprisePaper, page: int, places: Sequence[MarkedPlace], what: str
) -> PictureContext:
    record = paper.record
    alt = f"《{paper.title}》第{page}页，标出了{what} {len(places)} 处"
    return picture_context("enterprise:picture", [record.number, page], alt, record.page_size(page), places)


def _file_name(paper: EnterprisePaper) -> str:
    project = str(paper.record.values.get("project.name") or paper.record.case_id)
    return _UNFIT.sub("", f"{project[:40]}-{paper.title}")


def _sentence(problem: Problem) -> str:
    return f"{problem.problem}（{problem.advice}）" if problem.advice else problem.problem
