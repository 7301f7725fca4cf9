"""What a date on paper says, by OCR: noted beside the observation, never decisive."""

from __future__ import annotations

import re

from extractors.layers.pictures import pixels_of
from extractors.model import LineReader, RegisteredPage
from extractors.thresholds import DateThresholds
from forms.geometry import Box

_WRITTEN = re.compile(r"(20\d\d)[年.\-/](\d{1,2})[月.\-/](\d{1,2})(?!\d)")


def read_date_in(page: RegisteredPage, area: Box, reader: LineReader, limits: DateThresholds) -> str | None:
    """The date (2026-03-05) the reader makes of an area, where it is confident.

    It looks twice, the second time at a little less: what it only guesses, mostly a 2 for a 0, comes out otherwise.
    """
    whole = area.grown(left=limits.left_mm, right=3)
    less = whole.grown(left=-limits.second_left_mm, up=-limits.second_up_mm, down=-limits.second_down_mm)
    first = _look(page, whole, reader, limits)
    return first if first is not None and first == _look(page, less, reader, limits) else None


def _look(page: RegisteredPage, box: Box, reader: LineReader, limits: DateThresholds) -> str | None:
    picture = page.rgb[pixels_of(box)]
    text, confidence = reader(picture) if picture.size else ("", 0.0)
    return read_out(text) if confidence >= limits.reader_confidence else None


def read_out(text: str) -> str | None:
    """The one date in what was read, as 2026-03-05: what stands around it (a row's number, words) is left away.

    People write a 13th month or a 32nd of March by mistake; a month 00 or a day 77 is a mistake of the reader's.
    """
    found = {tuple(map(int, match)) for match in _WRITTEN.findall("".join(text.split()))}
    if len(found) != 1:
        return None
    year, month, day = found.pop()
    if not (1 <= month < 20 and 1 <= day < 40):
        return None
    return f"{year:04}-{month:02}-{day:02}"
