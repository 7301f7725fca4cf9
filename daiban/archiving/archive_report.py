"""Whether a case can be filed (归档): its documents, stage by stage, compared with what its files need.

Read only. What each stage needs is data (``[archive]`` in document.toml). A stage is due when the case
has reached it; the last one also as soon as anything that only it needs is out, since a service may end early. A case
can be filed when its last stage is due, it is not suspended, and every document of every due stage is complete: never
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field, computed_field

from cases.model.case import TERMINATED, Case
from daiban.archiving.document import ArchiveDocument, archive_document
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


def archive_report(office: Office, case_ids: Sequence[str] = ()) -> ArchiveReport:
    """What the files of these cases hold and lack (none named: of every case but lists of projects).

    :raises UsageError: a case that there is not. :raises UnreadableError: the registry is missing or damaged.
    """
    office.require_cases(case_ids)
    check = _ArchiveCheck(office)
    cases = office.cases
    chosen = [case for case in cases.cases if (case.id in case_ids if case_ids else not case.projects)]
    found = tuple(check.case(case) for case in chosen)
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
                others=tuple(self._others(case, {})),
                contents=self._contents(case),
            )
        due = self._due(case, rules)
        wanted = {one: tuple(self._wanted(case, rules, one)) for one in due}
        needed = dict.fromkeys(name for names in wanted.values() for name in names)
        documents = {name: self._document(case, name, name in called_for) for name in needed}
        ended = due[-1] == tuple(rules.stages)[-1]
        open_because = _still_open(case, None if ended else due[-1])
        return _archive_case(
            case,
            "incomplete" if open_because else _worst_of(tuple(documents.values())),
            reasons=(*_reasons(documents.values()), *([open_because] if open_because else [])),
            stages=tuple(
                ArchiveStage(stage=one, documents=tuple(documents[name] for name in names))
                for one, names in wanted.items()
            ),
            others=tuple(self._others(case, documents)),
            contents=self._contents(case),
        )

    def _wanted(self, case: Case, rules: DocumentDefinition, stage: str) -> Iterator[str]:
        """The forms whose documents a stage's files need. A service that was ended (终止) needs only what went
        out before that, and the paper that ends it.
        """
        ended = case.handover.outcome == TERMINATED and stage != tuple(rules.stages)[-1]
        for form_id in rules.archive.get(stage, ()):
            if not ended or self._published(case, form_id):
                yield form_id

    def _due(self, case: Case, rules: DocumentDefinition) -> tuple[str, ...]:
        """The stages whose documents must be there by now, in order."""
        order = tuple(rules.stages)
        reached = order[: order.index(case.stage.label) + 1] if case.stage else order[:1]
        last = order[-1]
        before = {name for stage, ids in rules.archive.items() if stage != last for name in ids}
        own = set(rules.archive.get(last, ())) - before
        ends_early = any(self._published(case, name) for name in own)
        return (*reached, last) if ends_early and last not in reached else reached

    def _document(self, case: Case, form_id: str, called_for: bool) -> ArchiveDocument:
        issue = self._published(case, form_id)
        changed = called_for and issue is not None and self._has_changed(case, issue)
        return archive_document(self._office, case.id, form_id, changed=changed)

    def _published(self, case: Case, form_id: str) -> IssueSummary | None:
        return self._office.published(case.id, form_id)

    def _others(self, case: Case, needed: Mapping[str, ArchiveDocument]) -> Iterator[ArchiveDocument]:
        for (case_id, form_id), issue in self._office.issues.items():
            form = self._office.forms.get(form_id)
            about_files = form is not None and form.document == ARCHIVE
            if case_id == case.id and form_id not in needed and issue.published_at and not about_files:
                yield self._document(case, form_id, called_for=False)

    def _contents(self, case: Case) -> ContentsState:
        issue = self._published(case, CONTENTS_FORM)
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
