"""Where every case stands (进度): which forms its document and stage call for, which are out, back and complete.

Read only, so it may be asked while a batch runs. A form counts as issued when its record says published and its files
are in their places; anything else is missing. Where its case, or the form, says something else by now it is changed
(待更新): the next ``generate`` issues it anew. A document that is settled stays issued, with what has changed shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from pydantic import Field, computed_field

from cases.model.case import Case
from cases.model.contradictions import Contradiction
from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.documents.called_for import clocked_forms
from daiban.documents.changes import ValueChange
from daiban.documents.return_status import ReturnStatus, next_step, return_status
from daiban.office import Office
from daiban.planning.due import (
    NOTHING_DUE,
    Agenda,
    DueItem,
    SuspensionStatus,
    agenda,
    periodic,
    suspension_status,
)
from daiban.registry import IssueSummary
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, worst
from foundation.frozen_model import FrozenModel, Timestamp
from generator.bind import Bound

_TO_ISSUE = "还没有出具，请运行 daiban generate"
_CONTRADICTED = "研判有矛盾没有定，暂不出具；请会商后用 daiban settle 定下来"
_NOT_YET = "还不到出具的时候"
_TO_RENEW = "内容已变，请再运行 daiban generate 出新的"


class FormStatus(FrozenModel):
    """One form of a case. ``called_for``: the case's stage calls for it; else it is of an earlier stage, and stays as
    it went out: only forms called for are ever ``changed``.

    ``issue`` to ``pdf``: the number, day, pages, open fields and files (relative to the workspace) of what is out, null
    where nothing is. ``returned``: what came back of it; ``next``: who must do what. ``stage``: whose paper it is, of
    a form that exists per stage; ``changes``: what its case says otherwise by now.
    """

    form: str
    title: str
    state: Literal["issued", "changed", "missing"]
    called_for: bool
    issue: str | None = None
    issued_at: Timestamp | None = None
    pages: int | None = None
    blank: tuple[str, ...] = ()
    docx: str | None = None
    pdf: str | None = None
    returned: ReturnStatus | None = None
    next: str | None = None
    stage: str | None = None
    changes: tuple[ValueChange, ...] = ()

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def complete(self) -> bool:
        """Whether it came back with everything it needs."""
        return self.returned is not None and self.returned.verdict == "complete"


class CancellationStatus(FrozenModel):
    """Who cancelled a case (撤销), when and why."""

    by: str
    at: Timestamp
    reason: str


class CaseStatus(FrozenModel):
    """One case: its forms in the document's order, those called for first; what is due this week, what is late, and
    what would be late if it did not wait for the step before it. ``contradictions``: of its merged 研判, in their
    order, settled ones too. ``cancelled``: by whom, of a case that is pursued no more: its forms are what is out.
    """

    case: str
    name: str
    stage: str | None
    forms: tuple[FormStatus, ...]
    due: tuple[DueItem, ...] = ()
    late: tuple[DueItem, ...] = ()
    waiting: tuple[DueItem, ...] = ()
    suspension: SuspensionStatus | None = None
    contradictions: tuple[Contradiction, ...] = ()
    cancelled: CancellationStatus | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the forms called for that are not out."""
        return tuple(form.form for form in self.forms if form.state == "missing")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def issued(self) -> tuple[str, ...]:
        """The ids of the forms that are out."""
        return tuple(form.form for form in self._present() if form.state != "missing")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def returned(self) -> tuple[str, ...]:
        """The ids of the forms of which anything came back."""
        return tuple(form.form for form in self._present() if form.returned)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def complete(self) -> tuple[str, ...]:
        """The ids of the forms that came back with everything they need."""
        return tuple(form.form for form in self._present() if form.complete)

    def _present(self) -> Iterator[FormStatus]:
        """The forms, each once: of one that exists per stage the present stage's paper, which stands first."""
        seen: set[str] = set()
        for form in self.forms:
            if form.form not in seen:
                seen.add(form.form)
                yield form

    @computed_field  # type: ignore[prop-decorator]
    @property
    def next(self) -> tuple[str, ...]:
        """Who must do what next, a sentence per form: 《委托书》等项目单位签字盖章后交回."""
        return tuple(f"《{form.title}》{form.next}" for form in self.forms if form.next)


class WorkspaceStatus(FrozenModel):
    """A whole workspace."""

    cases: tuple[CaseStatus, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


def workspace_status(
    office: Office, case_ids: Collection[str] = (), wanted: CaseFilter = EVERY_CASE
) -> WorkspaceStatus:
    """Where these cases stand (none named: every case) if they are ``wanted``; what is due counts from the office's
    ``today``. Cancelled cases come last.

    Problems are told of the whole workspace.

    :raises UsageError: a case that there is not, naming the nearest.
    :raises DaibanError: the registry is missing though documents went out, damaged, or locked.
    """
    asked = {name for name in case_ids if name not in office.project_list_ids}
    office.require_cases(asked - {case.id for case in office.cancelled_cases})
    builder = _StatusBuilder(office)

    def is_meant(case: Case) -> bool:
        return (not case_ids or case.id in case_ids) and wanted.fits(case, office)

    found = map(builder.project_list, filter(is_meant, office.project_lists))
    members = (
        *map(builder.case, filter(is_meant, office.cases.cases)),
        *(item for item in found if item is not None),
        *map(builder.cancelled, filter(is_meant, office.cancelled_cases)),
    )
    problems = (*office.cases.problems, *dict.fromkeys(builder.problems), *_without_case(office))
    wrong = any(problem.severity == "error" for problem in builder.problems)
    code = worst([office.cases.exit_code, *([ExitCode.CASE_DATA] if wrong else [])])
    return WorkspaceStatus(cases=members, problems=problems, exit_code=code)


class _StatusBuilder:
    """Builds the status of case after case; collects what is wrong on the way."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._binder = office.binder
        self.problems: list[Problem] = list(office.catalogue.problems)

    def case(self, case: Case) -> CaseStatus:
        forms = [self._called_for_form(case, form_id) for form_id in self._called_for(case)]
        shown = {form.issue for form in forms}
        earlier = [one for one in self._office.issues_of_case.get(case.id, ()) if one.number not in shown]
        called_for = {form.form for form in forms if form.stage is None}
        forms += [
            self._out(issue)
            for issue in self._without_past_periods(earlier)
            if issue.form_id not in called_for and issue.published_at and not self._has_lost_files(issue)
        ]
        owed = self._agenda(case)
        return CaseStatus(
            case=case.id,
            name=case.project.name,
            stage=case.stage.label if case.stage else None,
            forms=tuple(forms),
            due=owed.due,
            late=owed.late,
            waiting=owed.waiting,
            suspension=suspension_status(case.suspension),
            contradictions=self._office.contradictions(case),
        )

    def _without_past_periods(self, issues: Sequence[IssueSummary]) -> Iterator[IssueSummary]:
        """Of a periodical paper, the last alone: ``history`` tells of all."""
        last = {issue.form_id: issue.number for issue in issues}
        for issue in issues:
            form = self._office.forms.get(issue.form_id)
            if form is None or not form.per_period or last[issue.form_id] == issue.number:
                yield issue

    def cancelled(self, case: Case) -> CaseStatus:
        """A case that is pursued no more: what is out of it, and nothing to be done."""
        done = self._office.cancellations[case.id]
        out = [one for one in self._office.issues_of_case.get(case.id, ()) if one.published_at is not None]
        return CaseStatus(
            case=case.id,
            name=case.project.name,
            stage=case.stage.label if case.stage else None,
            forms=tuple(self._out(issue).model_copy(update={"next": None}) for issue in out),
            cancelled=CancellationStatus(by=done.by, at=done.at, reason=done.reason),
        )

    def project_list(self, case: Case) -> CaseStatus | None:
        """The list of a document's projects, with what comes round by itself; None where it has nothing to say."""
        found = self.case(case)
        issues = sorted((form.issued_at, form.form) for form in found.forms if form.issued_at)
        made = {form_id: day.astimezone().date() for day, form_id in issues}
        due = periodic(
            case, clocked_forms(case, self._office.catalogue), made, self._office.deriver, self._office.today
        )
        late = (item for item in due if item.days_late)
        whole = found.model_copy(
            update={
                "due": (*found.due, *(item for item in due if not item.days_late)),
                "late": (*found.late, *late),
            }
        )
        return whole if whole.forms or whole.due or whole.late else None

    def _agenda(self, case: Case) -> Agenda:
        try:
            return agenda(case, self._office.deriver, self._office.today)
        except CaseDataError as error:
            self.problems += self._office.at_cell(error, case)
            return NOTHING_DUE

    def _called_for(self, case: Case) -> tuple[str, ...]:
        try:
            return self._office.forms_of(case)
        except CaseDataError as error:
            self.problems += self._office.at_cell(error, case)
            return ()

    def _called_for_form(self, case: Case, form_id: str) -> FormStatus:
        """A form that the case's stage calls for."""
        form = self._office.forms.get(form_id)
        stage = self._office.stage_of(case, form)
        issue = self._office.published(case, form_id)
        bound = self._differing(case, issue) if issue is not None else None
        settled = (
            issue is not None and bound is not None and self._office.issue_check.is_settled(issue, bound)
        )
        if issue is None or (self._has_lost_files(issue) and not settled):
            title = form.title if form else form_id
            return FormStatus(
                form=form_id,
                title=title,
                state="missing",
                called_for=True,
                next=self._why_missing(case, form),
                stage=stage,
            )
        changes = self._office.issue_check.changes(issue, bound) if bound is not None else ()
        changed = bound is not None and self._office.issue_check.is_outdated(issue, bound)
        return self._out(issue, called_for=True, changed=changed, changes=changes)

    def _why_missing(self, case: Case, form: FormDefinition | None) -> str:
        withdrawn = self._office.withdrawn_of(case, form) if form is not None else None
        if form is not None and self._office.held_back_by(case, form):
            return _CONTRADICTED
        to_issue = self._to_issue(case, form)
        return f"{withdrawn.number} 已撤回；{to_issue}" if withdrawn is not None else to_issue

    def _out(
        self,
        issue: IssueSummary,
        *,
        called_for: bool = False,
        changed: bool = False,
        changes: tuple[ValueChange, ...] = (),
    ) -> FormStatus:
        """A form that is out. ``changes``: what its case says otherwise by now."""
        form = self._office.forms.get(issue.form_id)
        back = return_status(issue, self._office.returns.get(issue.number))
        return FormStatus(
            form=issue.form_id,
            title=form.title if form else issue.form_id,
            state="changed" if changed else "issued",
            called_for=called_for,
            issue=issue.number,
            issued_at=issue.published_at,
            pages=issue.pages,
            blank=issue.blank,
            docx=issue.docx,
            pdf=issue.pdf,
            returned=back,
            next=_TO_RENEW if changed else next_step(issue, form, back) or None,
            stage=issue.stage,
            changes=changes,
        )

    def _to_issue(self, case: Case, form: FormDefinition | None) -> str:
        """What is next for a document that is not out: to be issued, or what it waits for."""
        awaited = self._binder.bound(case, form).awaited if form is not None else ()
        if not awaited:
            return _TO_ISSUE
        return f"{_NOT_YET}：{'；'.join(problem.problem for problem in awaited)}"

    def _has_lost_files(self, issue: IssueSummary) -> bool:
        gone = self._office.issue_check.missing_files(issue)
        advice = "再运行 daiban generate 会重新出具"
        self.problems += (
            Problem(name, "登记为已出具，文件却不在", advice=advice, severity="warning") for name in gone
        )
        return bool(gone)

    def _differing(self, case: Case, issue: IssueSummary) -> Bound | None:
        """What the document would say now, where that differs from what is out; unknown, so None, if its form is
        broken.
        """
        form = self._office.forms.get(issue.form_id)
        if form is None:
            return None
        bound = self._binder.bound(case, form)
        try:
            return bound if self._binder.digest(bound) != issue.digest else None
        except FormError:
            return None


def _without_case(office: Office) -> Iterator[Problem]:
    """A warning for each case with documents out that no roster and no case file has any more."""
    known = {case.id for case in office.cases.cases} | {refused.case for refused in office.cases.rejected}
    known |= office.project_list_ids | office.cancellations.keys()
    for case_id in sorted(office.issues_of_case.keys() - known):
        problem = f"案件“{case_id}”有已出具的文件，但花名册和案件文件里没有它"
        yield Problem("", problem, advice="若是改了编号或误删，请改回来", severity="warning")
