"""Whether a case can be filed (归档): its documents, stage by stage, held against what its files need.

Read only, like ``status``. What each stage needs is data (``[archive]`` in document.toml). A stage is due when the case
has reached it; the last one also as soon as anything that only it needs is out, since a service may end early. A case
can be filed when its last stage is due and every document of every due stage is complete: never before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from cases.case_set import CaseSet
from cases.model.case import TERMINATED, Case
from cases.workspace_cases import load_cases
from daiban.archiving.document import ArchiveDocument, document
from daiban.documents.binding import Binder
from daiban.documents.contents import ARCHIVE, Contents
from daiban.documents.issue_check import Settled
from daiban.lookup import on_record, require_known
from daiban.planning.derive import Deriver
from daiban.registry import IssueSummary, LatestReturn
from daiban.rosters import forms_of
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import DocumentDefinition
from foundation.errors import CaseDataError, ExitCode, FormError, Problem, worst

Verdict = Literal["complete", "review", "incomplete"]
VERDICT_NAMES: Mapping[Verdict, str] = {
    "complete": "可以归档",
    "review": "待人工核对",
    "incomplete": "不能归档",
}
CONTENTS_FORM = "archive-contents"
_CODES: Mapping[Verdict, ExitCode] = {
    "complete": ExitCode.OK,
    "review": ExitCode.REVIEW,
    "incomplete": ExitCode.INCOMPLETE,
}


@dataclass(frozen=True, slots=True)
class ArchiveStage:
    """One stage that is due, and the documents it needs."""

    stage: str
    documents: tuple[ArchiveDocument, ...]

    @property
    def verdict(self) -> Verdict:
        """What the worst of its documents is."""
        return _worst_of(self.documents)

    def to_json(self) -> dict[str, Any]:
        """stage, verdict, documents."""
        return {
            "stage": self.stage,
            "verdict": self.verdict,
            "documents": [item.to_json() for item in self.documents],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCase:
    """One case. ``others``: documents beside the needed ones; ``contents``: its 卷内文件目录; ``reasons``: why it
    cannot be filed, or must be looked at.
    """

    case: str
    name: str
    stage: str | None
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    stages: tuple[ArchiveStage, ...] = ()
    others: tuple[ArchiveDocument, ...] = ()
    contents: Literal["missing", "issued", "changed"] = "missing"

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_NAMES[self.verdict]

    def to_json(self) -> dict[str, Any]:
        """case, name, stage, verdict, label, reasons, stages, others, contents."""
        return {
            "case": self.case,
            "name": self.name,
            "stage": self.stage,
            "verdict": self.verdict,
            "label": self.label,
            "reasons": list(self.reasons),
            "stages": [item.to_json() for item in self.stages],
            "others": [item.to_json() for item in self.others],
            "contents": self.contents,
        }


@dataclass(frozen=True, slots=True)
class Archive:
    """A whole workspace, or the cases asked for."""

    cases: tuple[ArchiveCase, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode

    def to_json(self) -> dict[str, Any]:
        """cases, problems."""
        return {
            "cases": [case.to_json() for case in self.cases],
            "problems": [problem.to_json() for problem in self.problems],
        }


def archive_overview(workspace: Workspace, case_ids: Sequence[str] = ()) -> Archive:
    """What the files of these cases hold and lack (none named: all cases of one project each).

    :raises UsageError: a case nobody knows. :raises UnreadableError: the registry is missing or damaged.
    """
    cases = load_cases(workspace.path)
    require_known(cases, case_ids)
    catalogue = Catalogue.load(workspace.forms)
    issues, standings = on_record(workspace)
    clerk = _Clerk(workspace, catalogue, cases, issues, standings)
    chosen = [case for case in cases.cases if (case.id in case_ids if case_ids else not case.projects)]
    found = tuple(clerk.case(case) for case in chosen)
    codes = [_CODES[case.verdict] for case in found]
    broken = [ExitCode.FORM] if any(item.severity == "error" for item in catalogue.problems) else []
    problems = (*catalogue.problems, *cases.problems)
    return Archive(found, problems, worst([cases.exit_code, *broken, *codes]))


class _Clerk:
    """Holds cases against what their files need."""

    def __init__(
        self,
        workspace: Workspace,
        catalogue: Catalogue,
        cases: CaseSet,
        issues: Mapping[tuple[str, str], IssueSummary],
        standings: Mapping[str, LatestReturn],
    ) -> None:
        self._workspace = workspace
        self._catalogue = catalogue
        self._issues = issues
        self._standings = standings
        self._forms = {form.id: form for form in catalogue.forms}
        self._settled = Settled.of(workspace, standings)
        contents = Contents(catalogue, issues, standings)
        deriver = Deriver(workspace.settings, workspace.forms)
        self._binder = Binder(workspace.settings, cases, deriver, contents)

    def case(self, case: Case) -> ArchiveCase:
        stage = case.stage.label if case.stage else None
        try:
            rules = self._catalogue.document(case.document)
            called_for = forms_of(case, self._catalogue)
        except (FormError, CaseDataError) as error:
            told = tuple(problem.problem for problem in error.problems)
            return _told(case, stage, "incomplete", told)
        if unclear := _unclear(case, rules):
            told_only = _told(case, stage, "review", (f"{unclear}，请人工确定",))
            return replace(told_only, others=tuple(self._others(case, {})), contents=self._contents(case))
        due = self._due(case, rules)
        wanted = {one: tuple(self._wanted(case, rules, one)) for one in due}
        needed = dict.fromkeys(name for names in wanted.values() for name in names)
        documents = {name: self._document(case, name, name in called_for) for name in needed}
        stages = tuple(
            ArchiveStage(one, tuple(documents[name] for name in names)) for one, names in wanted.items()
        )
        ended = due[-1] == tuple(rules.stages)[-1]
        reasons = tuple(_reasons(documents.values(), None if ended else due[-1]))
        verdict = _worst_of(tuple(documents.values())) if ended else "incomplete"
        return ArchiveCase(
            case=case.id,
            name=case.project.name,
            stage=stage,
            verdict=verdict,
            reasons=reasons,
            stages=stages,
            others=tuple(self._others(case, documents)),
            contents=self._contents(case),
        )

    def _wanted(self, case: Case, rules: DocumentDefinition, stage: str) -> Iterator[str]:
        """The forms whose documents a stage's files need. A service that was ended (终止) is not asked for what it
        never came to: only for what went out, and for the paper that ends it.
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

    def _published(self, case: Case, form_id: str) -> IssueSummary | None:
        issue = self._issues.get((case.id, form_id))
        return issue if issue is not None and issue.published_at is not None else None

    def _document(self, case: Case, form_id: str, called_for: bool) -> ArchiveDocument:
        issue = self._published(case, form_id)
        return document(
            self._workspace,
            form_id,
            self._forms.get(form_id),
            issue,
            self._standings.get(issue.number) if issue else None,
            changed=called_for and issue is not None and self._has_changed(case, issue),
        )

    def _others(self, case: Case, needed: Mapping[str, ArchiveDocument]) -> Iterator[ArchiveDocument]:
        for (case_id, form_id), issue in self._issues.items():
            form = self._forms.get(form_id)
            about_files = form is not None and form.document == ARCHIVE
            if case_id == case.id and form_id not in needed and issue.published_at and not about_files:
                yield self._document(case, form_id, called_for=False)

    def _contents(self, case: Case) -> Literal["missing", "issued", "changed"]:
        issue = self._published(case, CONTENTS_FORM)
        if issue is None:
            return "missing"
        return "changed" if self._has_changed(case, issue) else "issued"

    def _has_changed(self, case: Case, issue: IssueSummary) -> bool:
        """Whether a document would say something else by now; unknown, so yes, where its form is broken."""
        try:
            form = self._catalogue.form(issue.form_id)
            return self._settled.is_outdated(issue, self._binder.bound(case, form), self._binder)
        except FormError:
            return True


def _unclear(case: Case, rules: DocumentDefinition) -> str:
    """Why nobody but a person can say what a case's files need; empty where the document says it."""
    if case.projects:
        return "是一份项目清单，不按一个项目归档"
    if not rules.archive:
        because = f"：{rules.no_archive}" if rules.no_archive else ""
        return f"{rules.number or f'《{rules.title}》'}没有写明一个项目要归档哪些文件{because}。卷里要有什么"
    strange = "、".join(f"“{stage}”" for stage in rules.archive if stage not in rules.stages)
    return f"《{rules.title}》的 archive 里有不认识的阶段{strange}" if strange else ""


def _told(case: Case, stage: str | None, verdict: Verdict, reasons: tuple[str, ...]) -> ArchiveCase:
    return ArchiveCase(case=case.id, name=case.project.name, stage=stage, verdict=verdict, reasons=reasons)


def _worst_of(documents: Sequence[ArchiveDocument]) -> Verdict:
    states = {item.state for item in documents}
    if states - {"complete", "review"}:
        return "incomplete"
    return "review" if "review" in states else "complete"


def _reasons(documents: Iterable[ArchiveDocument], still_in: str | None) -> Iterator[str]:
    for item in documents:
        if item.state != "complete":
            yield f"《{item.title}》{item.label}：{item.why}"
    if still_in is not None:
        yield f"还在“{still_in}”阶段，没有办结"
