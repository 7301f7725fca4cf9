"""Where every case stands (进度): which forms its document and stage call for, which are out, back and complete.

Read only: nothing is locked, made or written, so it may be asked while a batch runs. A form counts as
issued when its record says published and its files are in place; anything else is missing. Where its case, or the
form, says something else by now it is changed (待更新): the next ``generate`` issues it anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.workspace_cases import load_cases
from daiban import rosters
from daiban.documents.binding import Binder
from daiban.documents.contents import Contents
from daiban.documents.issue_check import Settled
from daiban.documents.project_lists import overview_id, overviews
from daiban.documents.return_status import ReturnStatus, next_step, return_status
from daiban.lookup import on_record
from daiban.planning.derive import Deriver
from daiban.planning.due import NOTHING_DUE, Agenda, agenda, suspension_json
from daiban.registry import IssueSummary, LatestReturn
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, worst

Issues = Mapping[tuple[str, str], IssueSummary]
Standings = Mapping[str, LatestReturn]


_TO_ISSUE = "还没有出具，请运行 daiban generate"
_TO_RENEW = "内容已变，请再运行 daiban generate 出新的"


@dataclass(frozen=True, slots=True)
class FormStatus:
    """One form of a case. ``called_for``: the case's stage calls for it; else it is of an earlier stage, and stays as
    it went out: only forms called for are ever ``changed``. ``back``: what came back of it; ``next``: who must do what.
    """

    form: str
    title: str
    state: Literal["issued", "changed", "missing"]
    called_for: bool
    issue: IssueSummary | None = None
    back: ReturnStatus | None = None
    next: str = ""

    @property
    def blank(self) -> tuple[str, ...]:
        """The ids of the fields the issued form left open, for enterprise, department or manager to fill."""
        return self.issue.blank if self.issue else ()

    def to_json(self) -> dict[str, Any]:
        """form, title, state, called_for, issue, issued_at, pages, blank, docx, pdf; returned, complete, next."""
        issue = self.issue
        published = issue.published_at if issue else None
        return {
            "form": self.form,
            "title": self.title,
            "state": self.state,
            "called_for": self.called_for,
            "issue": issue.number if issue else None,
            "issued_at": published.isoformat() if published else None,
            "pages": issue.pages if issue else None,
            "blank": list(self.blank),
            "docx": issue.docx if issue else None,
            "pdf": issue.pdf if issue else None,
            "returned": self.back.to_json() if self.back else None,
            "complete": self.complete,
            "next": self.next or None,
        }

    @property
    def complete(self) -> bool:
        """Whether it came back with everything it needs."""
        return self.back is not None and self.back.verdict == "complete"


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """One case: its forms in the document's order, those called for first."""

    case: str
    name: str
    stage: str | None
    forms: tuple[FormStatus, ...]
    agenda: Agenda = NOTHING_DUE
    suspension: dict[str, Any] | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the forms called for that are not out."""
        return tuple(form.form for form in self.forms if form.state == "missing")

    @property
    def next(self) -> tuple[str, ...]:
        """Who must do what next, a sentence per form: 《委托书》等项目单位签字盖章后交回."""
        return tuple(f"《{form.title}》{form.next}" for form in self.forms if form.next)

    def to_json(self) -> dict[str, Any]:
        """case, name, stage, forms, missing; issued, returned, complete: ids of forms; next; due, late, suspension."""
        return {
            "case": self.case,
            "name": self.name,
            "stage": self.stage,
            "forms": [form.to_json() for form in self.forms],
            "missing": list(self.missing),
            "issued": [form.form for form in self.forms if form.state != "missing"],
            "returned": [form.form for form in self.forms if form.back],
            "complete": [form.form for form in self.forms if form.complete],
            "next": list(self.next),
            "due": [item.to_json() for item in self.agenda.due],
            "late": [item.to_json() for item in self.agenda.late],
            "suspension": self.suspension,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """A whole workspace."""

    cases: tuple[CaseStatus, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode

    def to_json(self) -> dict[str, Any]:
        """cases, problems."""
        return {
            "cases": [case.to_json() for case in self.cases],
            "problems": [problem.to_json() for problem in self.problems],
        }


def workspace_status(workspace: Workspace, today: dt.date | None = None) -> Status:
    """Where every case of the workspace stands; what is due counts from ``today`` (None: this very day).

    :raises DaibanError: the registry is missing though documents went out, damaged, or locked.
    """
    cases = load_cases(workspace.path)
    issues, standings = on_record(workspace)
    reader = _Reader(workspace, Catalogue.load(workspace.forms), cases, issues, standings, today)
    lists = overviews(cases.cases, reader.catalogue, today or dt.date.today(), reader.deriver)
    members = tuple(reader.case(case) for case in (*cases.cases, *lists))
    problems = (*cases.problems, *reader.problems, *_strangers(reader.issues, cases, reader.catalogue))
    wrong = any(problem.severity == "error" for problem in reader.problems)
    code = worst([cases.exit_code, *([ExitCode.CASE_DATA] if wrong else [])])
    return Status(members, problems, code)


class _Reader:
    """Puts cases, catalogue and registry together; gathers what is wrong on the way."""

    def __init__(
        self,
        workspace: Workspace,
        catalogue: Catalogue,
        cases: CaseSet,
        issues: Issues,
        standings: Standings,
        today: dt.date | None,
    ) -> None:
        self.issues = issues
        self._standings = standings
        self.problems: list[Problem] = list(catalogue.problems)
        self._workspace = workspace
        self.catalogue = catalogue
        self._cases = cases
        self._today = today or dt.date.today()
        self.deriver = Deriver(workspace.settings, workspace.forms)
        contents = Contents(catalogue, issues, standings)
        self._binder = Binder(workspace.settings, cases, self.deriver, contents)
        self._settled = Settled.of(workspace, standings)
        self._forms = {form.id: form for form in catalogue.forms}
        self._of_case: dict[str, list[str]] = {}
        for case_id, form_id in issues:
            self._of_case.setdefault(case_id, []).append(form_id)

    def case(self, case: Case) -> CaseStatus:
        called_for = self._called_for(case)
        others = [form_id for form_id in self._of_case.get(case.id, ()) if form_id not in called_for]
        forms = [self._form(case, form_id, called_for=True) for form_id in called_for]
        earlier = [self._form(case, form_id, called_for=False) for form_id in others]
        forms += [form for form in earlier if form.state == "issued"]
        stage = case.stage.label if case.stage else None
        suspension = suspension_json(case.suspension)
        return CaseStatus(case.id, case.project.name, stage, tuple(forms), self._agenda(case), suspension)

    def _agenda(self, case: Case) -> Agenda:
        try:
            return agenda(case, self.deriver, self._today)
        except CaseDataError as error:
            self.problems += rosters.placed(error, case, self._cases)
            return Agenda()

    def _called_for(self, case: Case) -> tuple[str, ...]:
        try:
            return rosters.forms_of(case, self.catalogue)
        except CaseDataError as error:
            self.problems += rosters.placed(error, case, self._cases)
            return ()

    def _form(self, case: Case, form_id: str, *, called_for: bool) -> FormStatus:
        form = self._forms.get(form_id)
        title = form.title if form else form_id
        issue = self.issues.get((case.id, form_id))
        if issue is None or issue.published_at is None:
            return FormStatus(form_id, title, "missing", called_for, next=_TO_ISSUE)
        gone = [
            name for name in (issue.docx, issue.pdf) if name and not (self._workspace.path / name).is_file()
        ]
        if gone:
            advice = "再运行 daiban generate 会重新出具"
            self.problems += (
                Problem(name, "登记为已出具，文件却不在", advice=advice, severity="warning") for name in gone
            )
            return FormStatus(form_id, title, "missing", called_for, next=_TO_ISSUE)
        back = return_status(issue, self._standings.get(issue.number))
        if called_for and self._has_changed(case, issue):
            return FormStatus(form_id, title, "changed", called_for, issue, back, _TO_RENEW)
        return FormStatus(form_id, title, "issued", called_for, issue, back, next_step(issue, form, back))

    def _has_changed(self, case: Case, issue: IssueSummary) -> bool:
        """Whether the document would say something else now; unknown, so no, where its form is broken."""
        try:
            form = self.catalogue.form(issue.form_id)
            return self._settled.is_outdated(issue, self._binder.bound(case, form), self._binder)
        except FormError:
            return False


def _strangers(issues: Issues, cases: CaseSet, catalogue: Catalogue) -> Iterator[Problem]:
    """Cases with documents out that no roster names any more."""
    known = {case.id for case in cases.cases} | {refused.case for refused in cases.rejected}
    known |= {overview_id(document.id) for document in catalogue.documents}
    for case_id in sorted({case_id for case_id, _ in issues} - known):
        problem = f"案件“{case_id}”有已出具的文件，但花名册和案件文件里没有它"
        yield Problem("", problem, advice="若是改了编号或误删，请改回来", severity="warning")
