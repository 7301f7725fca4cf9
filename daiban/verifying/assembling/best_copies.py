"""One document out of all that came of its issue: the best copy of each page, put together with what is already back.

Of copies of one page in the same batch the more readable one counts, unless another makes the document better by the
judge's own measure; the judge sees the others beside it, and says where they contradict each other. A copy that came
later than what is already back must make the document better too. So a worse scan never replaces a good one; a page
that was signed at last replaces the unsigned one, even where both lie in one folder; and the same batch verified again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daiban.verifying.assembling.previous_return import PreviousReturn
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from extractors.model import (
    DigitalFacts,
    IssuedDocument,
    Judgement,
    PageFacts,
    ReturnedDocument,
    SignatureObservation,
)

Judge = Callable[[ReturnedDocument], Judgement]


@dataclass(slots=True)
class IssueArrival:
    """What the present batch holds of one issue."""

    pages: list[ReturnedPage] = field(default_factory=list)
    digital: list[ReturnedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledDocument:
    """One issue as it stands now.

    ``pages``, ``digital``: what counts, pages by number; ``other_pages``, ``other_digital``: what came in this batch
    and does not count, duplicates among it. ``previous``: what was back before; ``kept_better``: it is better than a
    page that came.
    """

    issue: IssuedDocument
    pages: Mapping[int, ReturnedPage]
    digital: tuple[ReturnedFile, ...]
    returned: ReturnedDocument
    judgement: Judgement
    other_pages: tuple[ReturnedPage, ...] = ()
    other_digital: tuple[ReturnedFile, ...] = ()
    previous: PreviousReturn | None = None
    kept_better: bool = False


def by_issue(pages: Iterable[ReturnedPage], digital: Iterable[ReturnedFile]) -> dict[str, IssueArrival]:
    """Everything of a batch under the number of its issue."""
    arrivals: dict[str, IssueArrival] = {}
    for page in pages:
        arrivals.setdefault(page.issue, IssueArrival()).pages.append(page)
    for item in digital:
        arrivals.setdefault(item.facts.issue, IssueArrival()).digital.append(item)
    return arrivals


def assemble(
    issue: IssuedDocument, arrival: IssueArrival, previous: PreviousReturn | None, judge: Judge
) -> AssembledDocument:
    """One document out of what came and what is back."""
    copies = _PageCopies(arrival.pages, previous)
    first = copies.first()
    digital, others = _digital(arrival.digital, previous, first)
    best = _BestVersion(issue, judge, copies)
    alone = [item for item in (*digital, *others) if item.facts.format == "docx"]
    if alone and first:
        best.start({}, (alone[0],))
        best.offer(first, digital)
    else:
        best.start(first, digital)
    for page in copies.offered():
        # A page of a file that says something itself is never taken without what the file says.
        if not any(page.is_from(item) for item in others):
            best.offer({**best.pages, page.number: page}, best.digital)
    for item in others:
        own = {page.number: page for page in arrival.pages if page.is_from(item)}
        best.offer({**best.pages, **own}, (item,))
    whole = copies.whole(issue.pages, best.pages)
    another = whole != best.pages or best.digital
    if whole and another and all(copies.may_give_way(item, whole) for item in best.digital):
        best.offer(whole, ())
    used = {id(page) for page in best.pages.values()}
    other_pages = tuple(page for page in arrival.pages if id(page) not in used)
    return AssembledDocument(
        issue=issue,
        pages=dict(sorted(best.pages.items())),
        digital=best.digital,
        returned=best.returned,
        judgement=best.judgement,
        other_pages=other_pages,
        other_digital=tuple(item for item in arrival.digital if all(item is not one for one in best.digital)),
        previous=previous,
        kept_better=any(
            page.number in best.pages and copies.is_kept(best.pages[page.number]) for page in other_pages
        ),
    )


def quality(judgement: Judgement) -> tuple[bool, int, int, int]:
    """How good a judgement is, for comparing two of one document; larger is better.

    Where all else is equal, a signature or seal on paper and a digital signature are more than a picture of one.
    """
    weights = [finding.weight for finding in judgement.findings]
    pictures = sum(
        isinstance(item, SignatureObservation) and item.electronic == "picture"
        for item in judgement.observations
    )
    return judgement.verdict == "complete", -weights.count("incomplete"), -weights.count("review"), -pictures


class _BestVersion:
    """The best version of a document so far; facts of a page are read once."""

    def __init__(self, issue: IssuedDocument, judge: Judge, copies: _PageCopies) -> None:
        self._issue = issue
        self._judge = judge
        self._copies = copies
        self._facts: dict[int, PageFacts] = {}

    def start(self, pages: dict[int, ReturnedPage], digital: tuple[ReturnedFile, ...]) -> None:
        """The version to better."""
        self.pages, self.digital = pages, digital
        self.returned = self._returned(pages, digital)
        self.judgement = self._judge(self.returned)

    def offer(self, pages: dict[int, ReturnedPage], digital: tuple[ReturnedFile, ...]) -> None:
        """Another version, taken if it is better."""
        returned = self._returned(pages, digital)
        judgement = self._judge(returned)
        if quality(judgement) > quality(self.judgement):
            self.pages, self.digital, self.returned, self.judgement = pages, digital, returned, judgement

    def _returned(
        self, pages: dict[int, ReturnedPage], digital: tuple[ReturnedFile, ...]
    ) -> ReturnedDocument:
        duplicates = [other for page in pages.values() for other in self._copies.beside(page)]
        own, beside = _sheets(pages, digital)
        return ReturnedDocument(
            issue=self._issue,
            pages={number: self._read(page) for number, page in sorted(pages.items())},
            duplicates=tuple(self._read(page) for page in duplicates),
            digital=own,
            beside=beside,
        )

    def _read(self, page: ReturnedPage) -> PageFacts:
        if id(page) not in self._facts:
            self._facts[id(page)] = page.facts()
        return self._facts[id(page)]


def _sheets(
    pages: Mapping[int, ReturnedPage], files: Sequence[ReturnedFile]
) -> tuple[tuple[DigitalFacts, ...], tuple[DigitalFacts, ...]]:
    """What files say of the very pages that count, and what they say of other copies of them.

    A DOCX is a document of its own, which no page on paper completes.
    """
    own: list[DigitalFacts] = []
    beside: list[DigitalFacts] = []
    for item in files:
        facts = item.facts
        if facts.format == "docx":
            (beside if pages else own).append(facts)
            continue
        numbers = {one.page for one in facts.observations} | set(facts.pages_seen)
        mine = {number for number, page in pages.items() if page.is_from(item)} | (numbers - set(pages))
        if mine or not pages:
            own.append(facts.of_pages(mine))
        if rest := numbers - mine:
            beside.append(facts.of_pages(rest))
    return tuple(own), tuple(beside)


class _PageCopies:
    """What came of each page of an issue, best first, beside what is back of it."""

    def __init__(self, came: Sequence[ReturnedPage], previous: PreviousReturn | None) -> None:
        self._back: Mapping[int, ReturnedPage] = previous.pages if previous else {}
        self._known = previous.known if previous else frozenset()
        self._files = {item.sha256 for item in previous.digital} if previous else set()
        self._recorded_duplicates = _recorded_duplicates(previous)
        best_first = sorted(came, key=lambda page: (page.registered, page.readability), reverse=True)
        self._came: dict[int, list[ReturnedPage]] = {}
        for page in sorted(best_first, key=lambda page: page.number):
            self._came.setdefault(page.number, []).append(page)
        self._same = {number: same for number in self._came if (same := self._again(number))}

    def first(self) -> dict[int, ReturnedPage]:
        """The version to begin with: what is back, if it came again as it came now, and the best of what is new."""
        fresh = {number: came[0] for number, came in self._came.items() if number not in self._back}
        return {**self._back, **self._same, **fresh}

    def offered(self) -> list[ReturnedPage]:
        """Everything else that came: it may better that version."""
        first = self.first()
        return [page for number, came in self._came.items() for page in came if page is not first[number]]

    def beside(self, page: ReturnedPage) -> list[ReturnedPage]:
        """Other copies that a page is to be compared with: of the same batch, and new as it is.

        What a page on record has replaced once, or was kept against, says nothing about it any more; unless both came
        in one batch, which the record then says.
        """
        if self.is_kept(page) and page.number not in self._recorded_duplicates:
            return []
        replaced = self._known - {page.content}
        came = self._came.get(page.number, [])
        return [other for other in came if other is not page and other.content not in replaced]

    def whole(self, count: int, chosen: Mapping[int, ReturnedPage]) -> dict[int, ReturnedPage]:
        """All pages of an issue as they came now, those chosen before others; empty if they are not all there."""
        if set(self._came) != set(range(1, count + 1)):
            return {}
        taken = {number: page for number, page in chosen.items() if page.came_now}
        return {number: taken.get(number, came[0]) for number, came in self._came.items()}

    def may_give_way(self, item: ReturnedFile, whole: Mapping[int, ReturnedPage]) -> bool:
        """Whether a born-digital return that is back may give way to a whole new one on paper: it is no part of it, and
        did not come with it, now or before.
        """
        is_part = any(page.is_from(item) for page in whole.values())
        if is_part or item.sha256 not in self._files:
            return False
        return not item.came_now or not any(self.is_kept(page) for page in whole.values())

    def is_kept(self, page: ReturnedPage) -> bool:
        """Whether a page is the one that was back."""
        return page is self._back.get(page.number) or page is self._same.get(page.number)

    def _again(self, number: int) -> ReturnedPage | None:
        """The page that is back, where it came once more."""
        back = self._back.get(number)
        return next((page for page in self._came[number] if back and page.content == back.content), None)


def _recorded_duplicates(previous: PreviousReturn | None) -> frozenset[int]:
    """Pages that came more than once in the batch of which they are on record."""
    findings = previous.newest.findings if previous else ()
    return frozenset(item.page for item in findings if item.code == "page-duplicate" and item.page)


def _digital(
    came: Sequence[ReturnedFile], previous: PreviousReturn | None, first: Mapping[int, ReturnedPage]
) -> tuple[tuple[ReturnedFile, ...], list[ReturnedFile]]:
    """The born-digital returns to begin with, and others that may be better.

    A file always counts if one of its pages is among the first; a DOCX only where nothing is back.
    """
    fresh = {item.sha256: item for item in came}
    known = tuple(fresh.pop(item.sha256, item) for item in (previous.digital if previous else ()))
    counted = tuple(item for item in fresh.values() if any(page.is_from(item) for page in first.values()))
    if previous is None and not counted:
        counted = tuple(fresh.values())[:1]
    return (*known, *counted), [item for item in fresh.values() if item not in counted]
