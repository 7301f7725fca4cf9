"""Every document that was issued, as its print would identify it: for pages whose marks are both gone."""

from __future__ import annotations

from daiban.registry import Registry
from daiban.verifying.issued import IssueScope
from extractors.identify import IssueCandidate, candidate_of
from forms.catalogue import Catalogue


def print_candidates(
    registry: Registry, catalogue: Catalogue, *, scope: IssueScope | None = None
) -> tuple[IssueCandidate, ...]:
    """One candidate per issue that was published with a PDF, of a scope if given.

    Superseded ones are left out: their pages read like the current one's, and a page identified by its print goes to a
    person in any case.
    """
    key = registry.mark_key()
    titles = {form.id: form.title for form in catalogue.forms}
    return tuple(
        candidate_of(issue.number, issue.pages, issue.values, titles.get(issue.form_id, issue.form_id), key)
        for issue in registry.values_out(scope.case_id if scope is not None else None)
        if scope is None or issue.form_id in scope.form_ids
    )
