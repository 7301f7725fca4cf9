"""Selects the documents to make: which forms each case calls for, what is missing for them, what has not changed.

Everything that is wrong with the data is found here, for the whole batch, before anything is rendered. What is settled,
or was withdrawn by a person, is not made again unless a person asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.parts import FlawedPart
from cases.values.documents import document_name
from daiban.documents.called_for import unlisted
from daiban.documents.changes import ValueChange
from daiban.documents.contents import ARCHIVE
from daiban.documents.project_lists import is_project_list, project_list, project_lists
from daiban.documents.readiness import ReadinessCheck
from daiban.issuing.result import FailedItem, IssuedItem, PlannedItem, WaitingItem
from daiban.office import Office
from daiban.registry import IssueSummary
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, UsageError
from foundation.nearest import nearest
from generator.bind import Bound
from generator.layout.fonts import FontBook

_SHOWN = 5  # changed values named in one sentence before the rest is only counted
_GONE = "登记为已出具，文件却不在；已交回齐全而数据已变，不能照原样补出"
_FROM_BACKUP = "请从备份恢复"


@dataclass(frozen=True, slots=True)
class Reissue:
    """A person's wish to have complete documents issued anew: who, and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentToMake:
    """One document to make. ``issue``: the number of an unfinished issue to complete, or None for a new one;
    ``docx``: where that issue's DOCX is on record.

    ``weight``: how many fields it has, by which documents are put together for layout. ``stage``: whose paper it is,
    of a form that exists per stage. ``replaces``: the number that becomes void by it; ``changes``: what it says
    otherwise; ``reason``: why it is made, in Chinese; ``reissue``: who asked for it, of a document that had come back
    complete.
    """

    case: Case
    form: FormDefinition
    digest: str
    issue: str | None
    weight: int
    docx: str | None = None
    stage: str | None = None
    replaces: str | None = None
    changes: tuple[ValueChange, ...] = ()
    reason: str = ""
    reissue: Reissue | None = None

    def planned(self) -> PlannedItem:
        """What would be done with it."""
        return PlannedItem(
            case=self.case.id,
            form=self.form.id,
            stage=self.stage,
            action="again" if self.issue else "anew" if self.replaces else "new",
            issue=self.issue,
            voids=self.replaces,
            changes=self.changes,
            reason=self.reason,
        )


@dataclass(slots=True)
class Selection:
    """The documents of a batch: those to make, those that stand, what is still awaited, what cannot be made, and what
    waits for a person's decision.
    """

    to_make: list[DocumentToMake] = field(default_factory=list)
    unchanged: list[IssuedItem] = field(default_factory=list)
    waiting: list[WaitingItem] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)
    held: list[FailedItem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Selector:
    """Sorts an office's cases into documents to make, unchanged ones, and failures."""

    def __init__(self, office: Office, *, pdf_possible: bool, reissue: Reissue | None = None) -> None:
        """``pdf_possible``: whether LibreOffice is there, so that an issue without a PDF is to be completed.
        ``reissue``: who wants complete documents anew whose data have changed, and why.
        """
        self._office = office
        self._binder = office.binder
        fonts = FontBook(office.settings.fonts)
        self._readiness = ReadinessCheck(office.cases, office.binder, office.deriver, fonts)
        self._pdf_possible = pdf_possible
        self._reissue = reissue

    def select(self, case_ids: Sequence[str], form_ids: Sequence[str]) -> Selection:
        """What to make for these cases (none named: all) of these forms (none named: those they call for).

        ``form_ids``: ids, or titles, which mean the form of each case's own document.

        :raises UsageError: a case or form that there is not, naming the nearest.
        """
        self._require_known(case_ids)
        asked = self._asked_for(form_ids)
        form_ids = tuple(asked)
        selection = Selection()
        chosen = set(case_ids)
        selection.failed.extend(_refused(self._office.cases, chosen))
        for case in self._chosen(chosen):
            selection.warnings.extend(self._office.cases.warnings.get(case.id, ()))
            selection.warnings.extend(self._unlisted(case))
            flaws = self._readiness.flaws(case)
            stopped: set[Problem] = set()
            wanted = tuple(
                name for name, documents in asked.items() if not documents or case.document in documents
            )
            if asked and not wanted:
                continue
            for form in self._forms(case, wanted, selection):
                holder = self._row_holder(case, form, alone=len(chosen) == 1)
                if holder is not None:
                    stopped.update(self._sort(holder, form, flaws, selection))
            others = tuple(flaw.problem for flaw in flaws if flaw.problem not in stopped)
            if others and not form_ids and not is_project_list(case):
                selection.failed.append(_failed(case.id, None, others))
        selection.failed.extend(self._without_projects(form_ids, selection))
        return selection

    def _chosen(self, chosen: set[str]) -> Iterator[Case]:
        """The cases asked for, then the project lists made up of them."""
        office = self._office
        members = [case for case in office.cases.cases if not chosen or case.id in chosen]
        yield from members
        asked = members or office.cases.cases
        for case in project_lists(asked, office.catalogue, office.today, office.deriver):
            if not chosen or len(members) > 1 or case.id in chosen:
                yield case

    def _unlisted(self, case: Case) -> Iterator[Problem]:
        """A doubt about projects that no list of their document would name."""
        names = unlisted(case, self._office.catalogue)
        if names:
            said = f"{len(names)} 个项目没有写清单类别，哪一张项目清单都没有列入：{'、'.join(names[:_SHOWN])}"
            more = " 等" if len(names) > _SHOWN else ""
            yield Problem(case.id, f"{said}{more}", "project.category", "在“项目”表填上“清单类别”", "warning")

    def _row_holder(self, case: Case, form: FormDefinition, *, alone: bool) -> Case | None:
        """The case whose data a form is filled with: itself, a project list of its one row, or none.

        A form about many projects goes to a case that holds projects; asked for of one case alone, it has that one row.
        """
        if form.is_about_many and not case.projects:
            return project_list([case], case.id, self._office.today, self._office.deriver) if alone else None
        if is_project_list(case) and not (form.is_about_many and form.document == case.document):
            return None
        return case

    def _without_projects(self, form_ids: Sequence[str], selection: Selection) -> Iterator[FailedItem]:
        """Project lists that were asked for and that have no projects."""
        dealt_with = {item.form for item in selection.failed} | {item.form.id for item in selection.to_make}
        dealt_with |= {item.form for item in selection.unchanged} | {item.form for item in selection.waiting}
        for form in self._office.catalogue.forms:
            if form.id in form_ids and form.is_about_many and form.id not in dealt_with:
                problem = f"没有可以列入《{form.title}》的项目"
                advice = f"案件的文件写 {form.document}，或在案件里写 projects 清单"
                problems = (Problem("", problem, advice=advice),)
                yield _failed(None, form.id, problems)

    def _sort(
        self, case: Case, form: FormDefinition, flaws: Sequence[FlawedPart], selection: Selection
    ) -> tuple[Problem, ...]:
        """Put one document where it belongs; the errors that stop it."""
        ready = self._readiness.of(case, form, flaws)
        try:
            last = self._office.issue_of(case, form.id)
            if last is not None and self._is_kept(last, ready.bound):
                selection.unchanged.append(self._kept(last, ready.bound))
            elif ready.errors:
                selection.failed.append(_failed(case.id, form.id, ready.errors))
                return ready.errors
            elif last is not None and self._stands(last, ready.bound):
                selection.warnings.extend(ready.warnings)
                selection.unchanged.append(IssuedItem.of(last))
            elif open_ones := self._office.held_back_by(case, form):
                reasons = tuple(self._contradicted(case, form, open_ones))
                selection.held.append(_failed(case.id, form.id, reasons, ExitCode.REVIEW))
            elif ready.awaited:
                selection.waiting.append(WaitingItem(case=case.id, form=form.id, awaited=ready.awaited))
            elif reasons := self._withdrawn(case, ready.bound):
                selection.held.append(_failed(case.id, form.id, reasons, ExitCode.OK))
            else:
                selection.to_make.append(self._to_make(case, ready.bound, last))
                selection.warnings.extend(ready.warnings)
        except FormError as error:
            selection.failed.append(_failed(case.id, form.id, error.problems, error.exit_code))
        return ()

    def _is_kept(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue is settled though its document would say something else by now."""
        check = self._office.issue_check
        return (
            self._reissue is None
            and check.is_settled(issue, bound)
            and self._binder.digest(bound) != issue.digest
        )

    def _kept(self, issue: IssueSummary, bound: Bound) -> IssuedItem:
        """A settled document, with what its case says otherwise by now."""
        changes = self._office.issue_check.changes(issue, bound)
        problems = []
        if changes:
            listed = "；".join(map(str, changes[:_SHOWN]))
            more = f"等 {len(changes)} 处" if len(changes) > _SHOWN else ""
            edited = self._office.issue_check.is_edited(issue)
            stands = "是照改过的 DOCX 出具的" if edited else "已交回齐全"
            said = (
                f"《{bound.form.title}》{issue.number} {stands}，照旧有效；出具以后数据变了：{listed}{more}"
            )
            advice = "要按现在的数据重新出具，写 --reissue --reason 原因"
            problems.append(Problem(issue.case_id, said, advice=advice, severity="warning"))
        gone = self._office.issue_check.missing_files(issue)
        problems += (Problem(name, _GONE, advice=_FROM_BACKUP, severity="warning") for name in gone)
        return IssuedItem.of(issue, tuple(problems), changes)

    def _stands(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue need not be made again; a missing PDF is wanted as soon as it can be made."""
        if issue.published_at is None or (issue.pdf is None and self._pdf_possible):
            return False
        check = self._office.issue_check
        if check.missing_files(issue):
            return False
        return self._binder.digest(bound) == issue.digest or check.is_only_redrawn(issue, bound)

    def _contradicted(
        self, case: Case, form: FormDefinition, open_ones: Sequence[Contradiction]
    ) -> Iterator[Problem]:
        """Why a document waits that prints what departments contradict each other in."""
        office = self._office
        numbers = {id(one): number for number, one in enumerate(office.contradictions(case), 1)}
        for one in open_ones:
            number = numbers[id(one)]
            said = f"《{form.title}》要印的研判有矛盾没有定：第{number}处，{one.problem}"
            advice = (
                f"会商后用 daiban settle {office.workspace.path} --case {case.id} {number} 定下来，再出具"
            )
            where = office.cases.where(case.id, one.field)
            yield Problem(where, said, one.field, advice, "warning")

    def _withdrawn(self, case: Case, bound: Bound) -> tuple[Problem, ...]:
        """Why a document is not made by itself that a person withdrew, and that would say the same again."""
        issue = self._office.withdrawn_of(case, bound.form)
        if issue is None or self._reissue is not None or self._binder.digest(bound) != issue.digest:
            return ()
        said = f"《{bound.form.title}》{issue.number} 已撤回，内容没有变，不再自动出具"
        advice = f"改好数据再出具；还要这一份的，daiban withdraw --undo {issue.number}；要同样的新一份，写 --reissue"
        return (Problem(case.id, said, advice=advice, severity="warning"),)

    def _to_make(self, case: Case, bound: Bound, last: IssueSummary | None) -> DocumentToMake:
        check, form = self._office.issue_check, bound.form
        digest = self._binder.digest(bound)
        stage = self._office.stage_of(case, form)
        if last is not None and last.digest == digest:
            reason = "上次没有做完" if last.published_at is None else "文件不在或缺 PDF，按原编号补出"
            return DocumentToMake(
                case, form, digest, last.number, len(bound.values), last.docx, last.stage, reason=reason
            )
        if last is None or last.published_at is None:
            reason = "还没有出具"
            return DocumentToMake(case, form, digest, None, len(bound.values), stage=stage, reason=reason)
        changes = check.changes(last, bound)
        return DocumentToMake(
            case,
            form,
            digest,
            None,
            len(bound.values),
            stage=stage,
            replaces=last.number,
            changes=changes,
            reason="数据变了" if changes else "表单变了",
            reissue=self._reissue if check.is_complete(last) or check.is_edited(last) else None,
        )

    def _forms(self, case: Case, form_ids: Sequence[str], selection: Selection) -> Iterator[FormDefinition]:
        office = self._office
        try:
            wanted = form_ids or office.forms_of(case)
        except CaseDataError as error:
            selection.failed.append(_failed(case.id, None, office.at_cell(error, case), error.exit_code))
            return
        for form_id in wanted:
            try:
                yield office.catalogue.form(form_id)
            except FormError as error:
                selection.failed.append(_failed(case.id, form_id, error.problems, error.exit_code))

    def _require_known(self, case_ids: Sequence[str]) -> None:
        self._office.require_cases(name for name in case_ids if name not in self._office.project_list_ids)

    def _asked_for(self, names: Sequence[str]) -> dict[str, frozenset[str]]:
        """The ids of the forms that names mean, and for cases of which documents; of any where a name is an id."""
        catalogue = self._office.catalogue
        asked: dict[str, frozenset[str]] = {}
        unknown = []
        for name in names:
            found = catalogue.named(name)
            if not found:
                near = _near(name, [*self._office.forms, *(form.title for form in catalogue.forms)])
                advice = f"{near or ''}可写编号或名称，{catalogue.titles(document_name)}"
                unknown.append(Problem("--form", f"没有表单“{name}”", advice=advice))
            for form in found:
                of_any = form.id == name or form.document == ARCHIVE
                asked[form.id] = frozenset() if of_any else frozenset({form.document})
        if unknown:
            raise UsageError(*unknown)
        return asked


def _failed(
    case_id: str | None,
    form_id: str | None,
    problems: tuple[Problem, ...],
    exit_code: ExitCode = ExitCode.CASE_DATA,
) -> FailedItem:
    return FailedItem(case=case_id, form=form_id, problems=problems, exit_code=exit_code)


def _refused(cases: CaseSet, chosen: set[str]) -> Iterator[FailedItem]:
    for failure in cases.failures:
        yield _failed(None, None, failure.problems, failure.exit_code)
    for refused in cases.rejected:
        if not chosen or refused.case in chosen:
            yield _failed(refused.case, None, refused.problems)
    errors = tuple(problem for problem in cases.general if problem.severity == "error")
    if errors and not chosen:
        yield _failed(None, None, errors)


def _near(name: str, known: Iterable[str]) -> str | None:
    near = nearest(name, known, cutoff=0.4)
    return f"是不是“{near}”？" if near else None
