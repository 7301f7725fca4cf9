"""The papers to hand out: issued documents in the order of cases and catalogue, each as it went out.

A document that is several papers (推送函, a letter to each department) is taken apart: ``paper_for`` in form.toml names
the field that says whom each is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.model.case import Case
from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.office import Office
from daiban.registry import IssueRecord, IssueSummary, Registry
from forms.definition import FormDefinition
from foundation.errors import DaibanError, Problem, UsageError
from foundation.nearest import did_you_mean

#: What no file may have in its name on Windows.
UNFIT_FOR_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_TO_ISSUE_AGAIN = "运行 daiban generate 会重新出具"
_ALTERED = "出具以后被人改过或填过，没有放进去"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: pages ``first`` to ``last`` (from 1) of an issued PDF; ``recipient``: whom it is for, often nobody."""

    record: IssueRecord
    form: FormDefinition
    project: str
    recipient: str
    first: int
    last: int

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return self.last - self.first + 1

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its document."""
        return self.pages == self.record.pages


@dataclass(frozen=True, slots=True)
class Handout:
    """The papers, and what there is to say about those left out or no longer true."""

    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...]


def handout(
    office: Office,
    case_ids: Sequence[str],
    form_ids: Sequence[str],
    wanted: CaseFilter = EVERY_CASE,
    *,
    with_complete: bool = False,
) -> Handout:
    """The papers of these cases and forms (none named: of all), case by case, each in the catalogue's order.

    ``form_ids``: ids or titles; ``wanted``: of cases that fit it alone; ``with_complete``: those too that are back
    complete.

    :raises UsageError: a case or form that there is not. :raises UnreadableError: the registry.
    """
    form_ids = _asked_for(office, case_ids, form_ids)
    found: list[Paper] = []
    problems: list[Problem] = []
    with office.registry() as registry:
        for case in filter(lambda one: wanted.fits(one, office), _cases(office, case_ids)):
            for form in office.catalogue.forms:
                issue = office.published(case, form.id)
                if issue is None or (form_ids and form.id not in form_ids) or registry is None:
                    continue
                if office.issue_check.is_complete(issue) and not with_complete:
                    continue
                wrong = _wrong_file(office, issue)
                if wrong is not None:
                    problems.append(wrong)
                    continue
                problems += _outdated(office, case, form, issue)
                found += _papers(registry, issue, form, case)
    return Handout(tuple(found), tuple(problems))


def _asked_for(office: Office, case_ids: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The ids of the forms that names mean, ids or titles. Raises UsageError for what is not known."""
    office.require_cases([name for name in case_ids if name not in office.project_list_ids])
    catalogue = office.catalogue
    titles = [form.title for form in catalogue.forms]
    problems = [
        Problem("--form", f"没有表单“{name}”", advice=did_you_mean(name, [*office.forms, *titles]))
        for name in names
        if not catalogue.named(name)
    ]
    if problems:
        raise UsageError(*problems)
    return tuple(dict.fromkeys(form.id for name in names for form in catalogue.named(name)))


def _cases(office: Office, case_ids: Sequence[str]) -> Iterator[Case]:
    for case in (*office.cases.cases, *office.project_lists):
        if not case_ids or case.id in case_ids:
            yield case


def _wrong_file(office: Office, issue: IssueSummary) -> Problem | None:
    """Why an issued PDF cannot be handed out: on record, and so compared before it is used."""
    if issue.pdf is None:
        return Problem(issue.docx, "还没有 PDF", advice="装好 LibreOffice 以后再运行 daiban generate")
    found = office.issue_check.pdf_file(issue)
    if found.gone:
        return Problem(issue.pdf, "出具的 PDF 不见了", advice=_TO_ISSUE_AGAIN)
    if found.altered:
        return Problem(issue.pdf, _ALTERED, advice=f"把这个文件移走，再{_TO_ISSUE_AGAIN}")
    return None


def _outdated(office: Office, case: Case, form: FormDefinition, issue: IssueSummary) -> Iterator[Problem]:
    try:
        if office.issue_check.is_outdated(issue, office.binder.bound(case, form)):
            problem = f"《{form.title}》出具以后，案件的内容变了"
            yield Problem(case.id, problem, advice="先运行 daiban generate，再分发", severity="warning")
    except DaibanError as error:
        yield from error.problems


def _papers(registry: Registry, issue: IssueSummary, form: FormDefinition, case: Case) -> Iterator[Paper]:
    record = registry.find(issue.number)
    if record is None:
        return
    starts = _starts(record, form)
    ends = [start - 1 for start, _ in starts[1:]] + [record.pages]
    for (first, recipient), last in zip(starts, ends, strict=True):
        yield Paper(record, form, case.project.name, recipient, first, last)


def _starts(record: IssueRecord, form: FormDefinition) -> list[tuple[int, str]]:
    """The first page of each paper of a document, and whom that paper is for."""
    if not form.paper_for:
        return [(1, "")]
    list_id, _, leaf = form.paper_for.partition(".*.")
    pages: dict[int, int] = {}
    for area in record.areas:
        index = area.id.removeprefix(f"{list_id}.").partition(".")[0]
        if area.id.startswith(f"{list_id}.") and index.isdigit():
            pages[int(index)] = min(area.page, pages.get(int(index), area.page))
    if sorted(set(pages.values())) != sorted(pages.values()) or 1 not in pages.values():
        return [(1, "")]  # two on one page, or something before the first: one paper
    return [
        (page, _name(record.values, f"{list_id}.{index}.{leaf}")) for index, page in sorted(pages.items())
    ]


def _name(values: Mapping[str, object], field_id: str) -> str:
    return str(values.get(field_id) or "")
