"""卷内文件目录: which documents of a case are on record, as the rows of the list of its files.

The only data of a form that come from the registry. Everything else a form draws on follows from the case and the
office's settings; these rows follow from what went out and what came back, so the list is issued anew when that has
changed. The list has no row for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from daiban.documents.return_status import awaits_return, return_status
from forms.catalogue import Catalogue
from forms.definition import DocumentDefinition, FieldKind, FilledBy, FormDefinition

if TYPE_CHECKING:
    from daiban.registry import IssueSummary, LatestReturn

#: The document whose forms list a case's files; they are not among the files they list.
ARCHIVE = "archive"
_DEPARTMENTS = "有关部门"


class ArchiveRow(FieldGroup):
    """One document of a case's files. ``date``: the day it came back complete, else the day it went out, as ISO text;
    ``remark``: 未交回, 不齐全 or 待人工核对, where it is not as the files need it.
    """

    issue: str
    responsible: str | None = None
    title: str
    date: str | None = None
    pages: str
    remark: str | None = None


class Contents:
    """What is on record of a workspace's cases.

    ``issues``: those that are not void, by case, from old to new; ``returns``: what is back, by issue number.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        issues: Mapping[str, Sequence[IssueSummary]],
        returns: Mapping[str, LatestReturn],
    ) -> None:
        self._forms = {form.id: form for form in catalogue.forms}
        self._documents = {document.id: document for document in catalogue.documents}
        self._issues = issues
        self._returns = returns

    def rows(self, case: Case) -> tuple[ArchiveRow, ...]:
        """One row per document, in the order in which they arise. ``case``: with the office's defaults."""
        issues: dict[str, list[IssueSummary]] = {}
        for issue in self._issues.get(case.id, ()):
            if self._is_listed(issue):
                issues.setdefault(issue.form_id, []).append(issue)
        ordered = [
            form_id for form_id in self._order(self._documents.get(case.document)) if form_id in issues
        ]
        ordered += [form_id for form_id in issues if form_id not in ordered]
        return tuple(
            self._row(case, issue, issue.stage if len(issues[form_id]) > 1 else None)
            for form_id in ordered
            for issue in issues[form_id]
        )

    def _is_listed(self, issue: IssueSummary) -> bool:
        form = self._forms.get(issue.form_id)
        return issue.published_at is not None and not (form and form.document == ARCHIVE)

    def _order(self, document: DocumentDefinition | None) -> Iterable[str]:
        """First what a case's files need, stage by stage, then whatever else there is, as the catalogue has it."""
        needed = [form_id for ids in document.archive.values() for form_id in ids] if document else []
        return dict.fromkeys([*needed, *self._forms])

    def _row(self, case: Case, issue: IssueSummary, stage: str | None) -> ArchiveRow:
        """``stage``: to tell papers of several stages apart."""
        form = self._forms.get(issue.form_id)
        back = return_status(issue, self._returns.get(issue.number))
        complete = back is not None and back.verdict == "complete"
        when = back.returned_at if back is not None and complete else issue.published_at
        awaited = "未交回" if back is None and awaits_return(issue, form) else None
        return ArchiveRow(
            issue=issue.number,
            responsible="、".join(_responsible(case, form)) or None,
            title=(form.title if form else issue.form_id) + (f"（{stage}）" if stage else ""),
            date=when.astimezone().date().isoformat() if when else None,
            pages=str(issue.pages),
            remark=back.label if back is not None and not complete else awaited,
        )


def _responsible(case: Case, form: FormDefinition | None) -> list[str]:
    """责任者: whoever signs a document, in its order; the agency where nobody does."""
    agency = case.agency.name
    names = {FilledBy.ENTERPRISE: case.enterprise.name, FilledBy.DEPARTMENT: _DEPARTMENTS}
    fields = form.fields if form else ()
    signers = [field.filled_by for field in fields if field.kind is FieldKind.SIGNATURE]
    found = [names.get(signer, agency) for signer in signers] or [agency]
    return list(dict.fromkeys(name for name in found if name))
