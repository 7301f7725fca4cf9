"""Every document that went out, as its print would tell it: for pages whose marks are both gone."""

from __future__ import annotations

from collections.abc import Iterator

from daiban.errors import UnreadableError
from daiban.registry import Registry
from daiban.verifying.issues import Issues
from extractors.identify import Candidate, candidate_of
from extractors.originals import Originals
from forms.catalogue import Catalogue


def candidates(registry: Registry, issues: Issues, catalogue: Catalogue) -> tuple[Candidate, ...]:
    """One candidate per issue whose PDF is in its place. A superseded one's is not; its page then reads like the
    current one's, and a page told by its print goes to a person in any case.
    """
    return tuple(_candidates(registry, issues, catalogue))


def _candidates(registry: Registry, issues: Issues, catalogue: Catalogue) -> Iterator[Candidate]:
    key = registry.mark_key()
    originals = Originals(issues.find)
    titles = {form.id: form.title for form in catalogue.forms}
    for summary in registry.current().values():
        issue = issues.find(summary.number)
        if issue is None or summary.published_at is None:
            continue
        try:
            texts = originals.texts(summary.number)
        except UnreadableError:
            continue
        yield candidate_of(issue, titles.get(issue.form_id, issue.form_id), texts, key)
