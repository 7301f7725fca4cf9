"""Page marks (页面标识) in a picture: found, read, checked with the workspace's key, and what they say of the page.

Nothing is guessed: a mark whose check is wrong is not ours, and a picture with the marks of two pages is neither's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np

from extractors.identify.codes import FoundCode
from extractors.identify.corners import is_mirrored, refined
from extractors.identify.search import SearchAttempt, attempts, attempts_beside, dark_of
from extractors.model import CodeSighting, Image, MarkCorner, Points, Raster, Sighting
from extractors.thresholds import load_thresholds
from forms.page_mark import ALPHABET, NUMBER_LENGTH, PageMark

_TEXT_LENGTH = NUMBER_LENGTH + 8


class NoSighting(StrEnum):
    """Why a picture's marks do not identify its page."""

    NO_MARK = "no-mark"  # none could be read
    NOT_OURS = "not-ours"  # shaped like a mark, but the check is not this workspace's
    SEVERAL_PAGES = "several-pages"  # marks of different pages, or more marks than a page has


def find_codes(raster: Raster) -> tuple[CodeSighting, ...]:
    """The page marks that can be read in a picture, at any turn, with sub-pixel corners; usually two.

    ``corner`` is None here: :func:`sight` finds it. Codes that are not shaped like a mark are left out.
    """
    grey = dark_of(raster)
    found = _first(grey, attempts(grey), [], 1)
    if len(found) == 1:
        found = _first(grey, attempts_beside(grey, found[0]), found, 2)
    return tuple(_sighting(grey, code) for code in found)


def sight(raster: Raster, key: bytes, codes: Sequence[CodeSighting] | None = None) -> Sighting | NoSighting:
    """Whose page a picture is, by its marks; or why they do not say.

    :param codes: what :func:`find_codes` gave, if it was asked already.
    """
    codes = find_codes(raster) if codes is None else codes
    ours = [(code, mark) for code in codes if (mark := PageMark.parse(code.text, key))]
    if not ours:
        return NoSighting.NOT_OURS if codes else NoSighting.NO_MARK
    marks = {mark for _, mark in ours}
    turns = {_turn(code.corners) for code, _ in ours}
    if len(marks) > 1 or len(turns) > 1 or len(ours) > 2:
        return NoSighting.SEVERAL_PAGES
    placed = _placed([code for code, _ in ours], turns.pop(), raster.pixels)
    if placed is None:
        return NoSighting.SEVERAL_PAGES
    mark, turn = marks.pop(), _turn(ours[0][0].corners)
    return Sighting(mark.issue, mark.page, mark.pages, turn, "mark", placed)


def _first(
    grey: Image, ways: Iterable[SearchAttempt], found: list[FoundCode], enough: int
) -> list[FoundCode]:
    """What was found and what the ways find beside it, until it is enough."""
    for attempt in ways:
        found = _merged(found, (code for code in attempt() if _is_straight_mark(grey, code)))
        if len(found) >= enough:
            break
    return found


def _is_straight_mark(grey: Image, code: FoundCode) -> bool:
    """Whether it has a mark's sixteen characters and is not mirrored."""
    is_mark = len(code.text) == _TEXT_LENGTH and set(code.text) <= set(ALPHABET)
    return is_mark and not is_mirrored(grey, code.text, code.corners)


def _merged(found: list[FoundCode], more: Iterable[FoundCode]) -> list[FoundCode]:
    """Both, without codes that lie where one was found already."""
    merged = list(found)
    for code in more:
        side = float(np.linalg.norm(code.corners[1] - code.corners[0]))
        centre = code.corners.mean(axis=0)
        if all(float(np.linalg.norm(centre - other.corners.mean(axis=0))) > side / 2 for other in merged):
            merged.append(code)
    return merged


def _sighting(grey: Image, code: FoundCode) -> CodeSighting:
    exact = refined(grey, code.text, code.corners, load_thresholds().identify)
    return CodeSighting(code.text, code.corners if exact is None else exact)


def _turn(corners: Points) -> int:
    """By how many degrees clockwise the picture must be turned: from where the code's own right points."""
    right = (corners[1] - corners[0]) + (corners[2] - corners[3])
    lies = float(np.degrees(np.arctan2(right[1], right[0])))  # clockwise, as y points down
    return round(-lies / 90) % 4 * 90


def _placed(codes: list[CodeSighting], turn: int, pixels: Image) -> tuple[CodeSighting, ...] | None:
    """The codes, each with the corner of the page it is printed in; None where two lie as no page has them."""
    middles = [_upright(code.corners.mean(axis=0), turn, pixels) for code in codes]
    if len(codes) == 1:
        return (_as(codes[0], _corner_alone(middles[0])),)
    first, second = (0, 1) if middles[0][0] > middles[1][0] else (1, 0)
    if middles[first][1] >= middles[second][1]:
        return None
    return (_as(codes[first], "top-right"), _as(codes[second], "bottom-left"))


def _upright(point: Points, turn: int, pixels: Image) -> tuple[float, float]:
    """A point as shares of the picture's width and height once it stands upright."""
    height, width = pixels.shape[:2]
    u, v = float((point[0] + 0.5) / width), float((point[1] + 0.5) / height)
    return {0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[turn]


def _corner_alone(middle: tuple[float, float]) -> MarkCorner | None:
    """Which of the two a lone code is, by the diagonal between them; None too close to it."""
    lean = middle[0] - middle[1]
    if abs(lean) < load_thresholds().identify.corner_lean_min:
        return None
    return "top-right" if lean > 0 else "bottom-left"


def _as(code: CodeSighting, corner: MarkCorner | None) -> CodeSighting:
    return CodeSighting(code.text, code.corners, corner)
