"""Whether a case can be filed (归档): its documents, stage by stage, compared with what its files need.

Read only. What each stage needs is data (``[archive]`` in document.toml). A stage is due when the case
has reached it; the last one also as soon as anything that only it needs is out, since a service may end early. A case
can be filed when its last stage is due, it is not suspended, and every document of every due stage is complete: never
before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field, computed_field

from cases.model.case import TERMINATED, Case
from daiban.archiving.document import ArchiveDocument, archive_document
from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.documents.changes import ValueChange
from daiban.documents.contents import ARCHIVE
from daiban.office import Office
from daiban.planning.due import suspension_status
from daiban.registry import IssueSummary
from forms.definition import DocumentDefinition
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, worst
from foundation.frozen_model import FrozenModel

ArchiveVerdict = Literal["complete", "review", "incomplete"]
ContentsState = Literal["missing", "issued", "changed"]
VERDICT_NAMES: Mapping[ArchiveVerdict, str] = {
    "complete": "可以归档",
    "review": "待人工核对",
    "incomplete": "不能归档",
}
CONTENTS_FORM = "archive-contents"
_CODES: Mapping[ArchiveVerdict, ExitCode] = {
    "complete": ExitCode.OK,
    "review": ExitCode.REVIEW,
    "incomplete": ExitCode.INCOMPLETE,
}


class ArchiveStage(FrozenModel):
    """One stage that is due, and the documents it needs."""

    stage: str
    documents: tuple[ArchiveDocument, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def verdict(self) -> ArchiveVerdict:
        """The verdict by the worst of its documents."""
        return _worst_of(self.documents)


class ArchiveCase(FrozenModel):
    """One case. ``reasons``: why it cannot be filed, or must be looked at; ``others``: documents beside the needed
    ones; ``contents``: its 卷内文件目录.
    """

    case: str
    name: str
    stage: str | None
    verdict: ArchiveVerdict
    reasons: tuple[str, ...] = ()
    stages: tuple[ArchiveStage, ...] = ()
    others: tuple[ArchiveDocument, ...] = ()
    contents: ContentsState = "missing"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_NAMES[self.verdict]


class ArchiveReport(FrozenModel):
    """A whole workspace, or the cases asked for."""

    cases: tuple[ArchiveCase, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


def archive_report(
    office: Office, case_ids: Sequence[str] = (), wanted: CaseFilter = EVERY_CASE
) -> ArchiveReport:
    """What the files of these cases hold and lack, if they are ``wanted`` (none named: of every case but lists of
    projects). Of a cancelled case, which has to be named, what is on record.

    :raises UsageError: a case that there is not. :raises UnreadableError: the registry is missing or damaged.
    """
    cancelled = [case for case in office.cancelled_cases if case.id in case_ids]
    office.require_cases(set(case_ids) - {case.id for case in cancelled})
    check = _ArchiveCheck(office)
    cases = office.cases
    chosen = [case for case in cases.cases if (case.id in case_ids if case_ids else not case.projects)]
    found = (
        *(check.case(case) for case in chosen if wanted.fits(case, office)),
        *(check.cancelled(case) for case in cancelled if wanted.fits(case, office)),
    )
    codes = [_CODES[case.verdict] for case in found]
    catalogue_problems = office.catalogue.problems
    broken = [ExitCode.FORM] if any(item.severity == "error" for item in catalogue_problems) else []
    return ArchiveReport(
        cases=found,
        problems=(*catalogue_problems, *cases.problems),
        exit_code=worst([cases.exit_code, *broken, *codes]),
    )


class _ArchiveCheck:
    """Compares cases with what their files need."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._binder = office.binder

    def case(self, case: Case) -> ArchiveCase:
        try:
            rules = self._office.catalogue.document(case.document)
            called_for = self._office.forms_of(case)
        except (FormError, CaseDataError) as error:
            reasons = tuple(problem.problem for problem in error.problems)
            return _archive_case(case, "incomplete", reasons=reasons)
        if unclear := _unclear(case, rules):
            return _archive_case(
                case,
                "review",
                reasons=(f"{unclear}，请人工确定",),
                others=tuple(self._others(case, ())),
                contents=self._contents(case),
            )
        due = self._due(case, rules)
        wanted = {
            one: tuple((name, self._stage(name, one)) for name in self._wanted(case, rules, one))
            for one in due
        }
        needed = dict.fromkeys(paper for papers in wanted.values() for paper in papers)
        documents = {paper: self._document(case, *paper, called_for) for paper in needed}
        ended = due[-1] == tuple(rules.stages)[-1]
        open_because = _still_open(case, None if ended else due[-1])
        return _archive_case(
            case,
            "incomplete" if open_because else _worst_of(tuple(documents.values())),
            reasons=(
                *dict.fromkeys(_reasons(documents.values())),
                *([open_because] if open_because else []),
            ),
            stages=tuple(
                ArchiveStage(stage=one, documents=tuple(documents[paper] for paper in papers))
                for one, papers in wanted.items()
            ),
            others=tuple(self._others(case, documents.values())),
            contents=self._contents(case),
        )

    def cancelled(self, case: Case) -> ArchiveCase:
        """A cancelled case: nothing is needed of it any more, and what is there stays."""
        done = self._office.cancellations[case.id]
        day = done.at.astimezone().date().isoformat()
        reason = f"案件已由{done.by}于 {day} 撤销（{done.reason}），不按办结归档；已出具和交回的照下列留存"
        return _archive_case(case, "review", reasons=(reason,), others=tuple(self._others(case, ())))

    def _wanted(self, case: Case, rules: DocumentDefinition, stage: str) -> Iterator[str]:
        """The forms whose documents a stage's files need. A service that was ended (终止) needs only what went
        out before that, and the paper that ends it.
        """
        ended = case.handover.outcome == TERMINATED and stage != tuple(rules.stages)[-1]
        for form_id in rules.archive.get(stage, ()):
            if not ended or any(one.form_id == form_id for one in self._out(case)):
                yield form_id

    def _due(self, case: Case, rules: DocumentDefinition) -> tuple[str, ...]:
        """The stages whose documents must be there by now, in order."""
        order = tuple(rules.stages)
        reached = order[: order.index(case.stage.label) + 1] if case.stage else order[:1]
        last = order[-1]
        before = {name for stage, ids in rules.archive.items() if stage != last for name in ids}
        own = set(rules.archive.get(last, ())) - before
        ends_early = any(one.form_id in own for one in self._out(case))
        return (*reached, last) if ends_early and last not in reached else reached

    def _stage(self, form_id: str, stage: str) -> str | None:
        """Whose paper a stage's files need of a form: the stage's own, if the form exists per stage."""
        form = self._office.forms.get(form_id)
        return stage if form is not None and form.per_stage else None

    def _document(
        self, case: Case, form_id: str, stage: str | None, called_for: Collection[str]
    ) -> ArchiveDocument:
        form = self._office.forms.get(form_id)
        is_present = form_id in called_for and stage == self._office.stage_of(case, form)
        issue = self._office.published(case, form_id) if is_present else self._of_stage(case, form_id, stage)
        return archive_document(
            self._office,
            form_id,
            issue,
            stage=stage,
            changed=is_present and issue is not None and self._has_changed(case, issue),
            changes=self._changes(case, issue) if is_present and issue is not None else (),
        )

    def _of_stage(self, case: Case, form_id: str, stage: str | None) -> IssueSummary | None:
        """What is out of a form for a stage: its own paper, or else the nearest stage's, which then served this one as
        well, an earlier one first; for a form that does not exist per stage, its paper.
        """
        out = [one for one in self._out(case) if one.form_id == form_id]
        own = [one for one in reversed(out) if stage is None or one.stage in (stage, None)]
        order = tuple(self._office.catalogue.document(case.document).stages)
        if own or stage not in order:
            return next(iter(own), None)
        nearest = (*reversed(order[: order.index(stage)]), *order[order.index(stage) :])
        found = sorted(
            (one for one in out if one.stage in order), key=lambda one: nearest.index(one.stage or "")
        )
        return next(iter(found), None)

    def _out(self, case: Case) -> list[IssueSummary]:
        return [one for one in self._office.issues_of_case.get(case.id, ()) if one.published_at is not None]

    def _others(self, case: Case, needed: Iterable[ArchiveDocument]) -> Iterator[ArchiveDocument]:
        listed = {document.issue for document in needed}
        for issue in self._out(case):
            form = self._office.forms.get(issue.form_id)
            about_files = form is not None and form.document == ARCHIVE
            if issue.number not in listed and not about_files:
                yield archive_document(self._office, issue.form_id, issue, stage=issue.stage)

    def _changes(self, case: Case, issue: IssueSummary) -> tuple[ValueChange, ...]:
        """What the case says otherwise than a document that is settled."""
        form = self._office.forms.get(issue.form_id)
        if form is None or not self._office.issue_check.is_complete(issue):
            return ()
        bound = self._binder.bound(case, form)
        same = self._binder.digest(bound) == issue.digest
        return () if same else self._office.issue_check.changes(issue, bound)

    def _contents(self, case: Case) -> ContentsState:
        issue = self._office.published(case, CONTENTS_FORM)
        if issue is None:
            return "missing"
        return "changed" if self._has_changed(case, issue) else "issued"

    def _has_changed(self, case: Case, issue: IssueSummary) -> bool:
        """Whether a document would say something else by now; unknown, so yes, where its form is broken."""
        try:
            form = self._office.catalogue.form(issue.form_id)
            return self._office.issue_check.is_outdated(issue, self._binder.bound(case, form))
        except FormError:
            return True


def _unclear(case: Case, rules: DocumentDefinition) -> str:
    """Why only a person can say what a case's files need; empty where the document says it."""
    if case.projects:
        return "是一份项目清单，不按一个项目归档"
    if not rules.archive:
        because = f"：{rules.no_archive}" if rules.no_archive else ""
        return f"{rules.number or f'《{rules.title}》'}没有写明一个项目要归档哪些文件{because}。卷里要有什么"
    strange = "、".join(f"“{stage}”" for stage in rules.archive if stage not in rules.stages)
    return f"《{rules.title}》的 archive 里有不认识的阶段{strange}" if strange else ""


def _archive_case(
    case: Case,
    verdict: ArchiveVerdict,
    *,
    reasons: tuple[str, ...],
    stages: tuple[ArchiveStage, ...] = (),
    others: tuple[ArchiveDocument, ...] = (),
    contents: ContentsState = "missing",
) -> ArchiveCase:
    return ArchiveCase(
        case=case.id,
        name=case.project.name,
        stage=case.stage.label if case.stage else None,
        verdict=verdict,
        reasons=reasons,
        stages=stages,
        others=others,
        contents=contents,
    )


def _worst_of(documents: Sequence[ArchiveDocument]) -> ArchiveVerdict:
    states = {item.state for item in documents}
    if states - {"complete", "review"}:
        return "incomplete"
    return "review" if "review" in states else "complete"


def _reasons(documents: Iterable[ArchiveDocument]) -> Iterator[str]:
    for item in documents:
        if item.state != "complete":
            yield f"《{item.title}》{item.label}：{item.next or ''}"


def _still_open(case: Case, still_in: str | None) -> str:
    """Why a case is not over, whatever its documents say; empty where it is."""
    suspension = suspension_status(case.suspension)
    if suspension is not None:
        day = suspension.date.isoformat()
        return f"服务自 {day} 中止（第{suspension.reason}种情形），没有办结；恢复的，在案件里写恢复日期"
    return f"还在“{still_in}”阶段，没有办结" if still_in is not None else ""
