"""Decides what to make: which forms each case calls for, what is missing for them, what has not changed.

Everything that is wrong with the data is found here, for the whole batch, before anything is rendered.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.case_set import CaseSet
from cases.model.case import Case
from daiban.documents.binding import Binder
from daiban.documents.contents import Contents
from daiban.documents.issue_check import Settled
from daiban.documents.project_lists import is_overview, overview, overview_id, overviews
from daiban.issuing.result import FailedItem
from daiban.planning.derive import Deriver
from daiban.registry import IssueRecord, IssueSummary, LatestReturn
from daiban.rosters import forms_of, placed
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, UsageError
from generator.bind import Bound
from generator.layout.fonts import FontBook
from generator.preflight import glyph_problems


@dataclass(frozen=True, slots=True)
class DocumentToMake:
    """One document to make. ``issue`` is the number of an unfinished issue to complete, or None for a new one."""

    case: Case
    form: FormDefinition
    digest: str
    issue: str | None
    weight: int


@dataclass(slots=True)
class Selection:
    """The whole batch, sorted out."""

    tasks: list[DocumentToMake] = field(default_factory=list)
    unchanged: list[IssueSummary] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Selector:
    """Sorts a workspace's cases into documents to make, unchanged ones, and failures."""

    def __init__(
        self,
        workspace: Workspace,
        cases: CaseSet,
        catalogue: Catalogue,
        fonts: FontBook,
        current: Mapping[tuple[str, str], IssueSummary],
        standings: Mapping[str, LatestReturn],
        find: Callable[[str], IssueRecord | None],
        *,
        pdf_possible: bool,
        today: dt.date,
    ) -> None:
        self.workspace = workspace
        self.cases = cases
        self.catalogue = catalogue
        self.fonts = fonts
        self.current = current
        self.pdf_possible = pdf_possible
        self.today = today
        self._settled = Settled(standings, find)
        self._deriver = Deriver(workspace.settings, workspace.forms)
        contents = Contents(catalogue, current, standings)
        self._binder = Binder(workspace.settings, cases, self._deriver, contents)

    def plan(self, case_ids: Sequence[str], form_ids: Sequence[str]) -> Selection:
        """The plan for these cases (none named: all) and forms (none named: what document and stage call for).

        Raises UsageError for a case or form nobody knows, naming the nearest.
        """
        self._require_known(case_ids, form_ids)
        plan = Selection()
        chosen = set(case_ids)
        plan.failed.extend(_refused(self.cases, chosen))
        for case in self._chosen(chosen):
            plan.warnings.extend(self.cases.warnings.get(case.id, ()))
            for form in self._forms(case, form_ids, plan):
                self._sort_where_it_belongs(case, form, plan, alone=len(chosen) == 1)
        plan.failed.extend(self._without_projects(form_ids, plan))
        return plan

    def _chosen(self, chosen: set[str]) -> Iterator[Case]:
        """The cases asked for, then the lists put together of them."""
        members = [case for case in self.cases.cases if not chosen or case.id in chosen]
        yield from members
        asked = members or self.cases.cases
        for case in overviews(asked, self.catalogue, self.today, self._deriver):
            if not chosen or len(members) > 1 or case.id in chosen:
                yield case

    def _sort_where_it_belongs(
        self, case: Case, form: FormDefinition, plan: Selection, *, alone: bool
    ) -> None:
        """A list of projects goes to a case that holds projects; asked for of one case alone, it has that one row."""
        if form.is_about_many and not case.projects:
            if not alone:
                return
            case = overview([case], case.id, self.today, self._deriver)
        elif is_overview(case) and not (form.is_about_many and form.document == case.document):
            return
        self._sort(case, form, plan)

    def _without_projects(self, form_ids: Sequence[str], plan: Selection) -> Iterator[FailedItem]:
        """Lists that were asked for, and that no project is there for."""
        told = {item.form for item in plan.failed} | {task.form.id for task in plan.tasks}
        told |= {issue.form_id for issue in plan.unchanged}
        for form in self.catalogue.forms:
            if form.id in form_ids and form.is_about_many and form.id not in told:
                problem = f"没有可以列入《{form.title}》的项目"
                advice = f"案件的文件写 {form.document}，或在案件里写 projects 清单"
                yield FailedItem(None, form.id, (Problem("", problem, advice=advice),), ExitCode.CASE_DATA)

    def bound(self, case: Case, form: FormDefinition) -> Bound:
        """One document's values, the office's defaults in."""
        return self._binder.bound(case, form)

    def _sort(self, case: Case, form: FormDefinition, plan: Selection) -> None:
        bound = self.bound(case, form)
        problems = (
            *bound.problems,
            *glyph_problems(bound, self.fonts, lambda field: self.cases.where(case.id, field)),
        )
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if errors:
            plan.failed.append(FailedItem(case.id, form.id, errors, ExitCode.CASE_DATA))
            return
        plan.warnings.extend(problems)
        try:
            digest = self._binder.digest(bound)
        except FormError as error:
            plan.failed.append(FailedItem(case.id, form.id, error.problems, error.exit_code))
            return
        last = self.current.get((case.id, form.id))
        same = last is not None and last.digest == digest
        settled = last is not None and not same and self._settled.stands(last, bound)
        if last is not None and (same or settled) and self._stands(last):
            plan.unchanged.append(last)
            return
        number = last.number if last is not None and same else None
        plan.tasks.append(DocumentToMake(case, form, digest, number, len(bound.values)))

    def _stands(self, issue: IssueSummary) -> bool:
        """Whether an issue's files are all in place; a missing PDF is wanted once it can be made."""
        if issue.published_at is None or (issue.pdf is None and self.pdf_possible):
            return False
        return all((self.workspace.path / name).is_file() for name in (issue.docx, issue.pdf) if name)

    def _forms(self, case: Case, form_ids: Sequence[str], plan: Selection) -> Iterator[FormDefinition]:
        try:
            self._deriver.check(case)
            wanted = form_ids or forms_of(case, self.catalogue)
        except CaseDataError as error:
            problems = tuple(placed(error, case, self.cases))
            plan.failed.append(FailedItem(case.id, None, problems, error.exit_code))
            return
        for form_id in wanted:
            try:
                yield self.catalogue.form(form_id)
            except FormError as error:
                plan.failed.append(FailedItem(case.id, form_id, error.problems, error.exit_code))

    def _require_known(self, case_ids: Sequence[str], form_ids: Sequence[str]) -> None:
        known = [case.id for case in self.cases.cases] + [
            item.case for item in self.cases.rejected if item.case
        ]
        known += [overview_id(document.id) for document in self.catalogue.documents]
        problems = list(_unknown("案件编号", case_ids, known, "--case"))
        problems += _unknown("表单", form_ids, [form.id for form in self.catalogue.forms], "--form")
        if problems:
            raise UsageError(*problems)


def _refused(cases: CaseSet, chosen: set[str]) -> Iterator[FailedItem]:
    for failure in cases.failures:
        yield FailedItem(None, None, failure.problems, failure.exit_code)
    for refused in cases.rejected:
        if not chosen or refused.case in chosen:
            yield FailedItem(refused.case, None, refused.problems, ExitCode.CASE_DATA)
    errors = tuple(problem for problem in cases.general if problem.severity == "error")
    if errors and not chosen:
        yield FailedItem(None, None, errors, ExitCode.CASE_DATA)


def _unknown(what: str, asked: Iterable[str], known: Sequence[str], option: str) -> Iterator[Problem]:
    for name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            yield Problem(option, f"没有{what}“{name}”", advice=f"是不是“{near[0]}”？" if near else None)
