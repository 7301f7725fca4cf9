"""A pile of pages into documents: by issue, the better copy of each page, put together with what is already back.

Of copies of one page in the same pile the more readable one counts, unless another makes the document better by the
judge's own measure; the judge sees the others beside it, and says where they contradict each other. Against what is
already back a newcomer has to make the document better too: so a worse scan never replaces a good one, a page that was
signed at last replaces the unsigned one, also where both lie in one folder, and the same pile verified again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daiban.verifying.sheets import Sheet
from daiban.verifying.standing import Digital, Standing
from extractors.model import IssuedDocument, Judgement, PageFacts, ReturnedDocument

Judge = Callable[[ReturnedDocument], Judgement]


@dataclass(slots=True)
class Arrival:
    """What the present pile holds of one issue."""

    sheets: list[Sheet] = field(default_factory=list)
    digital: list[Digital] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One issue as it stands now. ``extra``: sheets of this pile that do not count, duplicates among them.

    ``duplicates``: copies of pages within this pile; ``kept_better``: what was back is better than what came.
    """

    issue: IssuedDocument
    sheets: Mapping[int, Sheet]
    digital: tuple[Digital, ...]
    returned: ReturnedDocument
    judgement: Judgement
    extra: tuple[Sheet, ...] = ()
    extra_digital: tuple[Digital, ...] = ()
    standing: Standing | None = None
    kept_better: bool = False


def by_issue(sheets: Iterable[Sheet], digital: Iterable[Digital]) -> dict[str, Arrival]:
    """Everything of a pile under the number of its issue."""
    arrivals: dict[str, Arrival] = {}
    for sheet in sheets:
        arrivals.setdefault(sheet.issue, Arrival()).sheets.append(sheet)
    for item in digital:
        arrivals.setdefault(item.facts.issue, Arrival()).digital.append(item)
    return arrivals


def put_together(
    issue: IssuedDocument, arrival: Arrival, standing: Standing | None, judge: Judge
) -> Document:
    """One document out of what came and what is back."""
    copies = _Copies(arrival.sheets, standing)
    first = copies.first()
    digital, others = _digital(arrival.digital, standing, first)
    chooser = _Chooser(issue, judge, copies)
    chooser.start(first, digital)
    for sheet in copies.offered():
        # A page of a file that says something itself is never taken without what the file says.
        if not any(_is_of(sheet, item) for item in others):
            chooser.offer({**chooser.pages, sheet.number: sheet}, chooser.digital)
    for item in others:
        own = {sheet.number: sheet for sheet in arrival.sheets if _is_of(sheet, item)}
        chooser.offer({**chooser.pages, **own}, (item,))
    whole = copies.whole(issue.pages, chooser.pages)
    another = whole != chooser.pages or chooser.digital
    if whole and another and all(copies.is_behind(item, whole) for item in chooser.digital):
        chooser.offer(whole, ())
    used = {id(sheet) for sheet in chooser.pages.values()}
    extra = tuple(sheet for sheet in arrival.sheets if id(sheet) not in used)
    return Document(
        issue=issue,
        sheets=dict(sorted(chooser.pages.items())),
        digital=chooser.digital,
        returned=chooser.returned,
        judgement=chooser.judgement,
        extra=extra,
        extra_digital=tuple(
            item for item in arrival.digital if all(item is not one for one in chooser.digital)
        ),
        standing=standing,
        kept_better=any(copies.is_kept(chooser.pages[sheet.number]) for sheet in extra),
    )


def quality(judgement: Judgement) -> tuple[bool, int, int]:
    """How good a judgement is, for comparing two of one document; larger is better."""
    weights = [finding.weight for finding in judgement.findings]
    return judgement.verdict == "complete", -weights.count("incomplete"), -weights.count("review")


class _Chooser:
    """Holds the best state so far; facts of a page are read once."""

    def __init__(self, issue: IssuedDocument, judge: Judge, copies: _Copies) -> None:
        self._issue = issue
        self._judge = judge
        self._copies = copies
        self._facts: dict[int, PageFacts] = {}

    def start(self, pages: dict[int, Sheet], digital: tuple[Digital, ...]) -> None:
        """The state to better."""
        self.pages, self.digital = pages, digital
        self.returned = self._returned(pages, digital)
        self.judgement = self._judge(self.returned)

    def offer(self, pages: dict[int, Sheet], digital: tuple[Digital, ...]) -> None:
        """Another state, taken if it is better."""
        returned = self._returned(pages, digital)
        judgement = self._judge(returned)
        if quality(judgement) > quality(self.judgement):
            self.pages, self.digital, self.returned, self.judgement = pages, digital, returned, judgement

    def _returned(self, pages: dict[int, Sheet], digital: tuple[Digital, ...]) -> ReturnedDocument:
        duplicates = [sheet for page in pages.values() for sheet in self._copies.beside(page)]
        return ReturnedDocument(
            issue=self._issue,
            pages={number: self._read(sheet) for number, sheet in sorted(pages.items())},
            duplicates=tuple(self._read(sheet) for sheet in duplicates),
            digital=tuple(item.facts for item in digital),
        )

    def _read(self, sheet: Sheet) -> PageFacts:
        if id(sheet) not in self._facts:
            self._facts[id(sheet)] = sheet.facts()
        return self._facts[id(sheet)]


class _Copies:
    """What came of each page of an issue, best first, beside what is back of it."""

    def __init__(self, came: Sequence[Sheet], standing: Standing | None) -> None:
        self._back: Mapping[int, Sheet] = standing.sheets if standing else {}
        self._known = standing.known if standing else frozenset()
        self._files = {item.content for item in standing.digital} if standing else set()
        self._told_twice = _told_twice(standing)
        best_first = sorted(came, key=lambda sheet: (sheet.registered, sheet.readability), reverse=True)
        self._came: dict[int, list[Sheet]] = {}
        for sheet in sorted(best_first, key=lambda sheet: sheet.number):
            self._came.setdefault(sheet.number, []).append(sheet)
        self._same = {number: same for number in self._came if (same := self._again(number))}

    def first(self) -> dict[int, Sheet]:
        """The state to begin with: what is back, if it came again as it came now, and the best of what is new."""
        fresh = {number: came[0] for number, came in self._came.items() if number not in self._back}
        return {**self._back, **self._same, **fresh}

    def offered(self) -> list[Sheet]:
        """Everything else that came: it may better that state."""
        first = self.first()
        return [sheet for number, came in self._came.items() for sheet in came if sheet is not first[number]]

    def beside(self, page: Sheet) -> list[Sheet]:
        """Other copies that are to be held against a page: of the same pile, and new as it is.

        What a page on record has replaced once, or was kept against, says nothing about it any more; unless it came
        with it, which the record then says.
        """
        if self.is_kept(page) and page.number not in self._told_twice:
            return []
        replaced = self._known - {page.content}
        came = self._came.get(page.number, [])
        return [sheet for sheet in came if sheet is not page and sheet.content not in replaced]

    def whole(self, count: int, chosen: Mapping[int, Sheet]) -> dict[int, Sheet]:
        """All pages of an issue as they came now, those chosen before others; empty if they are not all there."""
        if set(self._came) != set(range(1, count + 1)):
            return {}
        return {
            number: chosen[number] if chosen[number].came_now else came[0]
            for number, came in self._came.items()
        }

    def is_behind(self, item: Digital, whole: Mapping[int, Sheet]) -> bool:
        """Whether a born-digital return that is back may give way to a whole new one on paper: it is no part of it, and
        did not come with it, now or before.
        """
        is_part = any(_is_of(sheet, item) for sheet in whole.values())
        if is_part or item.content not in self._files:
            return False
        return not item.came_now or not any(self.is_kept(sheet) for sheet in whole.values())

    def is_kept(self, page: Sheet) -> bool:
        """Whether a page is the one that was back."""
        return page is self._back.get(page.number) or page is self._same.get(page.number)

    def _again(self, number: int) -> Sheet | None:
        """The page that is back, where it came once more."""
        back = self._back.get(number)
        return next((sheet for sheet in self._came[number] if back and sheet.content == back.content), None)


def _told_twice(standing: Standing | None) -> frozenset[int]:
    """Pages that came more than once in the pile of which they are on record."""
    findings = standing.newest.findings if standing else ()
    return frozenset(item.page for item in findings if item.code == "page-duplicate" and item.page)


def _digital(
    came: Sequence[Digital], standing: Standing | None, first: Mapping[int, Sheet]
) -> tuple[tuple[Digital, ...], list[Digital]]:
    """The born-digital returns to begin with, and others that may be better.

    A file of which a page is among the first is always heard; a DOCX only where nothing is back.
    """
    fresh = {item.content: item for item in came}
    known = tuple(fresh.pop(item.content, item) for item in (standing.digital if standing else ()))
    heard = tuple(item for item in fresh.values() if any(_is_of(sheet, item) for sheet in first.values()))
    if standing is None and not heard:
        heard = tuple(fresh.values())[:1]
    return (*known, *heard), [item for item in fresh.values() if item not in heard]


def _is_of(sheet: Sheet, item: Digital) -> bool:
    """Whether a page is one of a file's."""
    return sheet.content.sha256 == item.content
