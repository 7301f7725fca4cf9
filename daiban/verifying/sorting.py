"""A pile of pages into documents: by issue, the better copy of each page, put together with what is already back.

Of copies of one page in the same pile the more readable one counts. Against what is already back a newcomer has to
make the document better, by the judge's own measure: so a worse scan never replaces a good one, a page that was signed
at last replaces the unsigned one, and the same pile verified again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daiban.verifying.sheets import Sheet
from daiban.verifying.standing import Digital, Standing
from extractors.model import IssuedDocument, Judgement, PageFacts, Returned

Judge = Callable[[Returned], Judgement]


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
    returned: Returned
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
    pages, newcomers, copies = _pages(arrival.sheets, standing.sheets if standing else {})
    digital, others = _digital(arrival.digital, standing.digital if standing else ())
    chooser = _Chooser(issue, judge, copies)
    chooser.start(pages, digital)
    for sheet in newcomers:
        chooser.offer({**chooser.pages, sheet.number: sheet}, chooser.digital)
    for item in others:
        chooser.offer(chooser.pages, (item,))
    used = {id(sheet) for sheet in chooser.pages.values()}
    refused = [sheet for sheet in newcomers if id(sheet) not in used]
    return Document(
        issue=issue,
        sheets=dict(sorted(chooser.pages.items())),
        digital=chooser.digital,
        returned=chooser.returned,
        judgement=chooser.judgement,
        extra=(*copies, *refused),
        extra_digital=tuple(
            item for item in arrival.digital if all(item is not one for one in chooser.digital)
        ),
        standing=standing,
        kept_better=bool(refused),
    )


def quality(judgement: Judgement) -> tuple[bool, int, int]:
    """How good a judgement is, for comparing two of one document; larger is better."""
    weights = [finding.weight for finding in judgement.findings]
    return judgement.verdict == "complete", -weights.count("incomplete"), -weights.count("review")


class _Chooser:
    """Holds the best state so far; facts of a page are read once."""

    def __init__(self, issue: IssuedDocument, judge: Judge, copies: Sequence[Sheet]) -> None:
        self._issue = issue
        self._judge = judge
        self._duplicates = tuple(sheet.facts() for sheet in copies)
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

    def _returned(self, pages: dict[int, Sheet], digital: tuple[Digital, ...]) -> Returned:
        for sheet in pages.values():
            if id(sheet) not in self._facts:
                self._facts[id(sheet)] = sheet.facts()
        return Returned(
            issue=self._issue,
            pages={number: self._facts[id(sheet)] for number, sheet in sorted(pages.items())},
            duplicates=self._duplicates,
            digital=tuple(item.facts for item in digital),
        )


def _pages(
    came: Sequence[Sheet], back: Mapping[int, Sheet]
) -> tuple[dict[int, Sheet], list[Sheet], list[Sheet]]:
    """The state to begin with, pages that may better it, and copies within this pile that do not count."""
    pages: dict[int, Sheet] = dict(back)
    newcomers: list[Sheet] = []
    copies: list[Sheet] = []
    for number in sorted({sheet.number for sheet in came}):
        best, *rest = sorted(
            (sheet for sheet in came if sheet.number == number),
            key=lambda sheet: (sheet.registered, sheet.readability),
            reverse=True,
        )
        same = next((sheet for sheet in (best, *rest) if _is(sheet, back.get(number))), None)
        if same is not None:
            pages[number] = same
            newcomers += [best] if best is not same else []
            copies += [sheet for sheet in rest if sheet is not same]
        elif number in back:
            newcomers.append(best)
            copies += rest
        else:
            pages[number] = best
            copies += rest
    return pages, newcomers, copies


def _digital(came: Sequence[Digital], back: Sequence[Digital]) -> tuple[tuple[Digital, ...], list[Digital]]:
    """The born-digital return to begin with, and others that may be better."""
    fresh = {item.content: item for item in came}
    if back:
        known = tuple(fresh.pop(item.content, item) for item in back)
        return known, list(fresh.values())
    first = list(fresh.values())
    return tuple(first[:1]), first[1:]


def _is(sheet: Sheet, other: Sheet | None) -> bool:
    return other is not None and sheet.content == other.content
