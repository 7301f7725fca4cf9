"""Where an unplaced page may belong (可能归入的地方): pages that documents still lack, those first that came in the
same file.
"""

from __future__ import annotations

from daiban.office import Office
from daiban.registry import UnplacedRecord
from daiban.registry.queue import LackedPage
from foundation.errors import UsageError
from foundation.frozen_model import FrozenModel

_MOST = 12


class PageCandidate(FrozenModel):
    """A page that an unplaced one may be. ``came_together``: other pages of its document came in the same file."""

    issue: str
    number: int
    pages: int
    case: str
    form: str
    title: str
    project: str
    came_together: bool


def page_candidates(office: Office, page: UnplacedRecord) -> tuple[PageCandidate, ...]:
    """The pages that are lacking of documents that came in part, at most a dozen: those whose other pages came in the
    same file, then those that came last. Errors: as :meth:`Office.registry`.
    """
    with office.registry() as registry:
        if registry is None:
            return ()
        together = registry.queue.lacked(of_source=page.source_sha256, limit=_MOST)
        others = registry.queue.lacked(of_source=None, limit=_MOST)
    known = {(item.issue, item.number) for item in together}
    rest = [item for item in others if (item.issue, item.number) not in known]
    found = [*((item, True) for item in together), *((item, False) for item in rest)]
    return tuple(_candidate(office, item, came_together=is_near) for item, is_near in found[:_MOST])


def unplaced_record(office: Office, number: int) -> UnplacedRecord:
    """An unplaced page by its number.

    :raises UsageError: there is none. Other errors: as :meth:`Office.registry`.
    """
    with office.registry() as registry:
        found = registry.unplaced.find(number) if registry is not None else None
    if found is None:
        raise UsageError(f"没有未归入的页 P{number}")
    return found


def _candidate(office: Office, item: LackedPage, *, came_together: bool) -> PageCandidate:
    return PageCandidate(
        issue=item.issue,
        number=item.number,
        pages=item.pages,
        case=item.case_id,
        form=item.form_id,
        title=office.titles.get(item.form_id, item.form_id),
        project=item.project,
        came_together=came_together,
    )
