"""Judging with all it takes: the forms, the thresholds, the day, and what else is back of the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from daiban.office import Office
from daiban.registry import Generation, IssueSummary, Registry
from daiban.verifying.assembling.best_copies import AssembledDocument, IssueArrival, assemble
from daiban.verifying.assembling.previous_return import previous_return
from daiban.verifying.issued import IssuedDocuments
from extractors.judge import CaseMember, judge, judge_case, with_findings
from extractors.model import Finding, IssuedDocument, Judgement, ReturnedDocument
from extractors.thresholds import load_thresholds
from forms.definition import CaseRules, FormDefinition


class CaseJudge:
    """Judges the documents of one office on one day; it writes nothing."""

    def __init__(self, office: Office, registry: Registry, issues: IssuedDocuments) -> None:
        self._office = office
        self._registry = registry
        self._issues = issues
        self._thresholds = load_thresholds()

    def form(self, form_id: str) -> FormDefinition | None:
        """A form by its id; None where it is not in the catalogue any more."""
        return self._office.forms.get(form_id)

    def case(
        self,
        case_id: str,
        arrivals: Iterable[tuple[IssuedDocument, IssueArrival]],
        without: Mapping[str, int] = MappingProxyType({}),
    ) -> list[AssembledDocument]:
        """The documents that came of one case, put together with what is back, judged each alone and then together.

        ``without``: of an issue, the page of what is back that is not to count any more.
        """
        documents = [self._document(issue, arrival, without.get(issue.number)) for issue, arrival in arrivals]
        found = judge_case(self._members(case_id, documents), self._rules(documents))
        return [
            replace(
                document,
                judgement=with_findings(document.judgement, found.get(document.issue.number, ())),
            )
            for document in documents
        ]

    def _document(
        self, issue: IssuedDocument, arrival: IssueArrival, without: int | None
    ) -> AssembledDocument:
        previous = previous_return(self._office.workspace, self._registry.returns, issue)
        if previous is not None and without is not None:
            previous = previous.without(without)
        form = self.form(issue.form_id)
        judge_it = partial(self._judged, form) if form else _unjudged
        return assemble(issue, arrival, previous, judge_it)

    def _judged(self, form: FormDefinition, returned: ReturnedDocument) -> Judgement:
        return judge(
            returned,
            form,
            today=self._office.today,
            thresholds=self._thresholds,
            require_trusted=self._office.settings.signatures.require_trusted,
        )

    def _rules(self, documents: Sequence[AssembledDocument]) -> CaseRules:
        for document in documents:
            form = self.form(document.issue.form_id)
            if form is not None:
                return self._office.catalogue.document(form.document).case
        return CaseRules()

    def _members(self, case_id: str, documents: Sequence[AssembledDocument]) -> list[CaseMember]:
        """Every current issue of the case: those that came now, those that are back, those still out."""
        came = {document.issue.number: document.judgement for document in documents}
        members = []
        for summary in self._registry.issues(case_id):
            issue, form = self._issues.find(summary.number), self.form(summary.form_id)
            if issue is not None and form is not None and _is_current(summary):
                judgement = came.get(summary.number) or self._earlier(summary.number)
                members.append(CaseMember(issue, form, judgement, summary.stage))
        return members

    def _earlier(self, number: str) -> Judgement | None:
        newest = self._registry.returns.newest(number)
        return _recorded(newest) if newest is not None else None


def _is_current(summary: IssueSummary) -> bool:
    return not summary.is_void and summary.published_at is not None


def _recorded(generation: Generation) -> Judgement:
    """The judgement that is on record, without its pictures."""
    return Judgement(
        verdict=generation.verdict, observations=generation.observations, findings=generation.findings
    )


def _unjudged(returned: ReturnedDocument) -> Judgement:
    """Where the form itself is not known any more nobody can say what it needs: a person looks."""
    problem = f"表单定义 {returned.issue.form_id} 不在了，无法判断是否齐全，请人工核对"
    finding = Finding(code="inconsistent", message=problem, weight="review")
    return Judgement(verdict="review", observations=(), findings=(finding,))
