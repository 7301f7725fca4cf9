"""Whose page a picture is when both marks are unreadable: by the letters beside the mark, or by all printed text.

A page is accepted only when its title, its own text and the names on it were all read, and the text that was read
excludes every other issued page with these names. Anything less certain is left to a person. The text of an issue is
loaded only if one of its names was read: there may be tens of thousands of issues.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.identify.ocr import TextLine, TextReader
from extractors.model import Image, Raster, SharedPrint, Sighting
from extractors.thresholds import IdentifyThresholds, load_thresholds
from forms.definition import FieldValue
from forms.page_mark import PageMark
from foundation.errors import UnreadableError

#: Values that name a case; a page without any of them could be any case's.
_NAMING = ("project.name", "project.code", "enterprise.name", "enterprise.uscc")
#: The alphabet of marks has none of these letters; OCR takes their look-alikes for them.
_LOOKALIKES = str.maketrans("OIL", "011")
_MOST_ALIKE = 12  # pages that a person is shown beside one of which nothing is certain
_PAIRS_IN_TEXT = 3  # from which a line's place in a text is no accident

_Pairs = frozenset[str]


#: The printed text of every page of an issue; raises UnreadableError where its PDF is not in its place.
PageTexts = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class IssueCandidate:
    """One document that went out: its form's title, the values that name its case, each page's readable letters."""

    issue: str
    title: str
    names: tuple[str, ...]
    letters: tuple[str, ...]


def candidate_of(
    issue: str, pages: int, values: Mapping[str, FieldValue], title: str, key: bytes
) -> IssueCandidate:
    """The candidate for an issue of so many pages: ``title`` of its form, ``key`` of the page marks."""
    names = tuple(str(values[name]) for name in _NAMING if values.get(name))
    letters = tuple(PageMark(issue, number, pages).readable(key) for number in range(1, pages + 1))
    return IssueCandidate(issue, title, names, letters)


def by_print(
    raster: Raster,
    candidates: Sequence[IssueCandidate],
    reader: TextReader | None,
    texts: PageTexts,
    limits: IdentifyThresholds | None = None,
) -> PrintFound:
    """Whose page a picture is, by what is printed on it; nothing without a reader, and no sighting where it is not
    certain: then which pages it is like.

    It gives no corners: where on the picture the page lies is for registration to find.
    """
    if reader is None:
        return PrintFound()
    limits = limits or load_thresholds().identify
    lines = reader.lines(_reduced(raster.pixels, limits.print_long_px))
    page = _by_letters(lines, candidates, texts) or _by_text(lines, candidates, texts, limits)
    turn = _turn(lines, page.text, limits) if page is not None else None
    if page is None or turn is None:
        return PrintFound(alike=tuple(_alike(lines, candidates, texts, limits)))
    return PrintFound(Sighting(page.of.issue, page.number, len(page.of.letters), turn, "print"))


@dataclass(frozen=True, slots=True)
class PrintFound:
    """Whose page a picture is by its print; where that is not certain, which pages it is most like, those first."""

    sighting: Sighting | None = None
    alike: tuple[SharedPrint, ...] = ()


@dataclass(frozen=True, slots=True)
class _CandidatePage:
    """One page of a candidate (from 1) and its printed text."""

    of: IssueCandidate
    number: int
    text: str

    @property
    def naming(self) -> Iterator[str]:
        """The values on it that name the case."""
        return (name for name in self.of.names if _plain(name) in _plain(self.text))


def _pages(candidate: IssueCandidate, texts: PageTexts) -> list[_CandidatePage]:
    """Its pages; none where its PDF is gone."""
    try:
        return [
            _CandidatePage(candidate, number, text)
            for number, text in enumerate(texts(candidate.issue), start=1)
        ]
    except UnreadableError:
        return []


def _by_letters(
    lines: Sequence[TextLine], candidates: Iterable[IssueCandidate], texts: PageTexts
) -> _CandidatePage | None:
    """The one page whose readable letters, with their keyed check, were read without a fault."""
    read = {_letters(line.text) for line in lines}
    hits = [
        (candidate, at)
        for candidate in candidates
        for at, letters in enumerate(candidate.letters)
        if _letters(letters) in read
    ]
    if len(hits) != 1:
        return None
    candidate, at = hits[0]
    return next((page for page in _pages(candidate, texts) if page.number == at + 1), None)


def _by_text(
    lines: Sequence[TextLine],
    candidates: Iterable[IssueCandidate],
    texts: PageTexts,
    limits: IdentifyThresholds,
) -> _CandidatePage | None:
    seen = _seen(lines)
    named = (candidate for candidate in candidates if _is_named(candidate.names, seen, limits))
    pages = [page for candidate in named for page in _pages(candidate, texts)]
    ranked = sorted(pages, key=lambda page: _share(_pairs(page.text), seen), reverse=True)
    if not ranked or not _is_seen(ranked[0], seen, limits):
        return None
    best, *others = ranked
    return best if all(_told_apart(best, other, seen, limits) for other in others) else None


def _alike(
    lines: Sequence[TextLine],
    candidates: Sequence[IssueCandidate],
    texts: PageTexts,
    limits: IdentifyThresholds,
) -> Sequence[SharedPrint]:
    """The pages most like what was read: of the issues one of whose names was read, and of one issue of every form."""
    seen = _seen(lines)
    named = {one.issue for one in candidates if _is_named(one.names, seen, limits)}
    of_forms = {one.title: one for one in candidates}  # the newest of each
    looked_at = [one for one in candidates if one.issue in named or of_forms[one.title] is one]
    likeness = (
        SharedPrint(one.issue, page.number, round(_overlap(_pairs(page.text), seen), 3), one.issue in named)
        for one in looked_at
        for page in _pages(one, texts)
    )
    alike = (one for one in likeness if one.share >= limits.print_alike_min)
    return sorted(alike, key=lambda one: (one.named, one.share), reverse=True)[:_MOST_ALIKE]


def _seen(lines: Sequence[TextLine]) -> _Pairs:
    return frozenset().union(*(_pairs(line.text) for line in lines)) if lines else frozenset()


def _is_named(names: Iterable[str], seen: _Pairs, limits: IdentifyThresholds) -> bool:
    return any(_share(_pairs(name), seen) >= limits.print_name_min for name in names)


def _is_seen(page: _CandidatePage, seen: _Pairs, limits: IdentifyThresholds) -> bool:
    """Whether the picture shows this page: most of its text and little else, its title, and whose it is."""
    own, title = _pairs(page.text), _pairs(page.of.title)
    if _share(own, seen) < limits.print_seen_min or _share(seen, own) < limits.print_ours_min:
        return False
    if title <= own and _share(title, seen) < limits.print_name_min:
        return False
    return _is_named(page.naming, seen, limits)


def _told_apart(
    best: _CandidatePage, other: _CandidatePage, seen: _Pairs, limits: IdentifyThresholds
) -> bool:
    """Whether what was read contains what only the best page says, and not what only the other one says."""
    only_best, only_other = _pairs(best.text) - _pairs(other.text), _pairs(other.text) - _pairs(best.text)
    if len(only_best) < limits.print_apart_pairs:
        return False
    return (
        _share(only_best, seen) >= limits.print_apart_min
        and _share(only_other, seen) <= limits.print_apart_max
    )


def _share(of: _Pairs, seen: _Pairs) -> float:
    """The share of pairs of ``of`` that were seen, 0..1; 0 for no pairs."""
    return len(of & seen) / len(of) if of else 0.0


def _overlap(one: _Pairs, other: _Pairs) -> float:
    """Of the pairs on either, the share on both (Jaccard's), 0..1."""
    return len(one & other) / len(one | other) if one or other else 0.0


@lru_cache(maxsize=8192)
def _pairs(text: str) -> _Pairs:
    """Every two neighbouring characters: what OCR gets wrong in one place costs two of them."""
    plain = _plain(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    """Letters and digits alone, one form of each: spaces and punctuation are what OCR is worst at."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _letters(text: str) -> str:
    """Readable letters of a mark without their spaces, look-alikes folded."""
    return re.sub(r"[^0-9A-Z/]", "", unicodedata.normalize("NFKC", text).upper()).translate(_LOOKALIKES)


def _turn(lines: Sequence[TextLine], text: str, limits: IdentifyThresholds) -> int | None:
    """How the picture lies: lines run across or down it, and later lines follow one way or the other."""
    places = _pair_places(text)
    placed = [(at, line.corners) for line in lines if (at := _place_of(line.text, places)) is not None]
    if len(placed) < limits.print_lines_min:
        return None
    extents = np.array([corners.max(axis=0) - corners.min(axis=0) for _, corners in placed])
    lies_down = bool(np.median(extents[:, 1] - extents[:, 0]) > 0)
    middles = np.array([corners.mean(axis=0)[0 if lies_down else 1] for _, corners in placed])
    order = _correlation(np.array([at for at, _ in placed], dtype=np.float64), middles)
    if abs(order) < limits.print_order_min:
        return None
    return (90 if order > 0 else 270) if lies_down else (0 if order > 0 else 180)


def _pair_places(text: str) -> dict[str, int]:
    """Where each pair of characters stands that a text has but once."""
    plain = _plain(text)
    pairs = [plain[at : at + 2] for at in range(len(plain) - 1)]
    counts = Counter(pairs)
    return {pair: at for at, pair in enumerate(pairs) if counts[pair] == 1}


def _place_of(line: str, places: dict[str, int]) -> float | None:
    """About where in the text a line stands; None where too little of it is from there."""
    pairs = _pairs(line)
    at = [places[pair] for pair in pairs if pair in places]
    return float(np.median(at)) if len(at) >= max(_PAIRS_IN_TEXT, len(pairs) / 3) else None


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Pearson's, and 0 where one of them does not vary."""
    spread = float(one.std() * other.std())
    return float(np.mean((one - one.mean()) * (other - other.mean()))) / spread if spread else 0.0


def _reduced(pixels: Image, long_px: int) -> Image:
    scale = long_px / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    return np.asarray(
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
