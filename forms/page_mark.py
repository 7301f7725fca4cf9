"""The page mark (页面标识): what its sixteen characters hold, and where it stands.

``7K3M9QX2`` issue number · ``01`` page · ``03`` pages · ``8ZQ4`` keyed check. The digits are Crockford's base 32 (no
I, L, O, U), so the mark is also a QR code's alphanumeric alphabet: sixteen characters fill a version 1 symbol at
error correction Q (ISO/IEC 18004: a quarter of it may be lost) and no more. The check is the first 20 bits of an
HMAC-SHA256 over the other twelve characters, with the workspace's own key: a mark that was misread, invented or
printed by another office does not verify, and an unverified mark is never guessed at.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forms.geometry import Box

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 8
MAXIMUM_PAGES = len(ALPHABET) ** 2 - 1
#: Stands in the marks of guides (签署指引) for an issue number: a guide is no issue, and is known when it comes back.
GUIDE_NUMBER = "Z" * NUMBER_LENGTH

#: Side of one module in mm; at least 0.8 mm, so that a chat photograph of 110 dpi still has 3.9 pixels for it.
MODULE_MM = 0.9
MODULES = 21
#: Distance of the code from the paper's edge in mm: what a feeder may crop or a printer not reach.
EDGE_MM = 10.0

#: How many marks a form's pages carry: both, the lower one alone, or none.
PageMarks: TypeAlias = Literal["two", "one", "none"]


@dataclass(frozen=True, slots=True)
class PageMark:
    """One page's identity: issue number, page (from 1), page count."""

    issue: str
    page: int
    pages: int

    def text(self, key: bytes) -> str:
        """The sixteen characters for the QR code."""
        payload = self.issue + _two(self.page) + _two(self.pages)
        return payload + _check(payload, key)

    def readable(self, key: bytes) -> str:
        """The same for people: ``7K3M9QX2 1/3 8ZQ4``."""
        return f"{self.issue} {self.page}/{self.pages} {self.text(key)[-4:]}"

    @classmethod
    def parse(cls, text: str, key: bytes) -> PageMark | None:
        """The mark a QR code's text holds; None if it is not one of this workspace's marks."""
        payload, check = text[:-4], text[-4:]
        if len(text) != NUMBER_LENGTH + 8 or not set(text) <= set(ALPHABET):
            return None
        if not hmac.compare_digest(check, _check(payload, key)):
            return None
        page, pages = (_number(payload[at : at + 2]) for at in (NUMBER_LENGTH, NUMBER_LENGTH + 2))
        return cls(payload[:NUMBER_LENGTH], page, pages) if 1 <= page <= pages else None


def mark_boxes(width_mm: float, height_mm: float) -> tuple[Box, Box]:
    """Where the two codes stand on a page: top right and bottom left, outside the 版心."""
    side = MODULES * MODULE_MM
    return (
        Box(width_mm - EDGE_MM - side, EDGE_MM, width_mm - EDGE_MM, EDGE_MM + side),
        Box(EDGE_MM, height_mm - EDGE_MM - side, EDGE_MM + side, height_mm - EDGE_MM),
    )


def drawn_boxes(marks: PageMarks, width_mm: float, height_mm: float) -> tuple[Box, ...]:
    """Those of :func:`mark_boxes` that a page with so many marks carries.

    A lone mark is the lower one: at the top stand a red head (发文机关标志) and the names in it.
    """
    upper, lower = mark_boxes(width_mm, height_mm)
    return {"two": (upper, lower), "one": (lower,), "none": ()}[marks]


def _two(number: int) -> str:
    high, low = divmod(number, len(ALPHABET))
    if high >= len(ALPHABET):
        raise ValueError(f"{number} pages are more than a page mark can count")
    return ALPHABET[high] + ALPHABET[low]


def _number(digits: str) -> int:
    return ALPHABET.index(digits[0]) * len(ALPHABET) + ALPHABET.index(digits[1])


def _check(payload: str, key: bytes) -> str:
    digest = hmac.new(key, payload.encode("ascii"), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:4], "big") >> 12
    return "".join(ALPHABET[bits >> shift & 31] for shift in (15, 10, 5, 0))
