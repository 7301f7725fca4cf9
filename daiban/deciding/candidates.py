"""Where an unplaced page may belong (可能归入的地方): pages that documents still lack, those first that came in the
same file.
"""

from __future__ import annotations

from daiban.deciding.placing import placing_words
from daiban.office import Office
from daiban.registry import UnplacedRecord, page_number, standing
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


class PageSheet(FrozenModel):
    """What a person needs before them to say where a page belongs. ``said``: what people said of it, the latest last,
    in words; ``last``: the number of the latest of these, 0 where nobody did; ``can_undo``: whether one of them stands.
    """

    said: tuple[str, ...]
    last: int
    can_undo: bool


def page_sheet(office: Office, page: UnplacedRecord) -> PageSheet:
    """What people said of a page. Errors: as :meth:`Office.registry`."""
    with office.registry() as registry:
        made = registry.decisions.about(page.subject) if registry is not None else []
    return PageSheet(
        said=tuple(map(placing_words, made)),
        last=(made[-1].number or 0) if made else 0,
        can_undo=bool(standing(made)),
    )


class PlacedLately(FrozenModel):
    """What somebody said of a page not long ago, in words. ``page``: its number."""

    page: int
    text: str


def placed_lately(office: Office, limit: int = 20) -> tuple[PlacedLately, ...]:
    """The last decisions about pages, the latest first: where they are undone. Errors: as :meth:`Office.registry`."""
    with office.registry() as registry:
        made = (
            registry.decisions.recent(("place", "remove", "dismiss"), limit) if registry is not None else []
        )
    numbered = ((page_number(one.subject), one) for one in made)
    return tuple(
        PlacedLately(page=number, text=placing_words(one)) for number, one in numbered if number is not None
    )


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
