"""Where an unplaced page may belong (可能归入的地方): pages that documents still lack, those first whose print it is
like, then those of documents that came in the same file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daiban.deciding.placing import placing_words
from daiban.office import Office
from daiban.registry import Registry, UnplacedRecord, page_number, standing
from daiban.registry.queue import LackedPage
from daiban.verifying.filing.unplaced import likeness_of
from extractors.model import SharedPrint
from foundation.errors import UsageError
from foundation.frozen_model import FrozenModel

_MOST = 12
#: Pages that are lacking, those that came last: among them those that the page is like are looked for.
_LOOKED_AT = 300


class PageCandidate(FrozenModel):
    """A page that an unplaced one may be. ``came_together``: other pages of its document came in the same file.
    ``likeness``: of the pairs of characters read on it or printed there, the share on both, 0..1; null where its print
    was not read; ``is_named``: a name of the case was read on it; ``is_back``: another page is back in its place, which
    has to be taken away first.
    """

    issue: str
    number: int
    pages: int
    case: str
    form: str
    title: str
    project: str
    came_together: bool
    likeness: float | None = None
    is_named: bool = False
    is_back: bool = False


def page_candidates(office: Office, page: UnplacedRecord) -> tuple[PageCandidate, ...]:
    """The pages that are lacking of documents that came in part, and where the page's print is like one, of documents
    of which nothing came yet; at most a dozen: those of a case of which a name was read on the page; those whose print
    is most like the page's; those whose other pages came in the same file; those that came last.

    Errors: as :meth:`Office.registry`.
    """
    alike = likeness_of(office.workspace.path / page.file) if page.file is not None else ()
    with office.registry() as registry:
        if registry is None:
            return ()
        together = registry.queue.lacked(of_source=page.source_sha256, limit=_MOST)
        others = registry.queue.lacked(of_source=None, limit=_LOOKED_AT if alike else _MOST)
        likeness = _Likeness.of(alike, registry)
        named = dict(_named(alike, registry))
        awaited = [
            item
            for form_id, number in likeness.of_forms
            for item in registry.queue.awaited(form_id, page=number, limit=_MOST)
        ]
    near = {(item.issue, item.number) for item in together}
    found = {(item.issue, item.number): item for item in (*together, *named, *others, *awaited)}
    candidates = [
        _candidate(office, item, likeness, came_together=place in near, is_back=named.get(item, False))
        for place, item in found.items()
    ]
    # Sorting keeps the order of those between which nothing tells.
    return tuple(sorted(candidates, key=_nearness, reverse=True)[:_MOST])


def _nearness(item: PageCandidate) -> tuple[bool, bool, float, bool]:
    return not item.is_back, item.is_named, round(item.likeness or 0.0, 1), item.came_together


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What a page is like: pages of issues whose case was read on it, and pages of forms on which no case was read."""

    of_issues: Mapping[tuple[str, int], float]
    of_forms: Mapping[tuple[str, int], float]

    @classmethod
    def of(cls, alike: Sequence[SharedPrint], registry: Registry) -> _Likeness:
        """``alike``: those most like first."""
        forms: dict[tuple[str, int], float] = {}
        for one in alike:
            record = registry.find(one.issue) if not one.named else None
            if record is not None:
                place = record.form_id, one.page
                forms[place] = max(one.share, forms.get(place, 0.0))
        return cls({(one.issue, one.page): one.share for one in alike if one.named}, forms)


def _named(alike: Sequence[SharedPrint], registry: Registry) -> Iterator[tuple[LackedPage, bool]]:
    """Pages of issues that stand whose case was read on the page, and whether another page is back in their place."""
    for one in alike:
        issue = registry.find(one.issue) if one.named else None
        if issue is None or issue.is_void:
            continue
        newest = registry.returns.newest(one.issue)
        is_back = newest is not None and any(page.number == one.page for page in newest.pages)
        place = LackedPage(
            issue=issue.number,
            case_id=issue.case_id,
            form_id=issue.form_id,
            project=str(issue.values.get("project.name") or ""),
            pages=issue.pages,
            number=one.page,
        )
        yield place, is_back


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


def _candidate(
    office: Office, item: LackedPage, likeness: _Likeness, *, came_together: bool, is_back: bool
) -> PageCandidate:
    named = likeness.of_issues.get((item.issue, item.number))
    return PageCandidate(
        issue=item.issue,
        number=item.number,
        pages=item.pages,
        case=item.case_id,
        form=item.form_id,
        title=office.titles.get(item.form_id, item.form_id),
        project=item.project,
        came_together=came_together,
        likeness=named if named is not None else likeness.of_forms.get((item.form_id, item.number)),
        is_named=named is not None,
        is_back=is_back,
    )
