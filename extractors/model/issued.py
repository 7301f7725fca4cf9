"""What was issued, as reading back needs it: the record of one issue, and its pages as pictures with their print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.model.images import Image
from forms.definition import FieldValue
from forms.geometry import Box, FieldArea


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """One issue as reading back needs it: what the registry (登记库) has on record, paths made absolute.

    ``values``: field id → what the office filled in (absent or None: left open). ``page_sizes``: (width,
    height) in mm. ``superseded_by``: of a void issue, the number of the one that stands in its place;
    ``is_withdrawn``: it is void, and none stands in its place.
    """

    number: str
    case_id: str
    form_id: str
    pages: int
    values: Mapping[str, FieldValue]
    areas: tuple[FieldArea, ...]
    page_sizes: tuple[tuple[float, float], ...]
    docx: Path
    pdf: Path | None
    docx_sha256: str
    pdf_sha256: str | None
    superseded_by: str | None = None
    is_withdrawn: bool = False

    @property
    def is_void(self) -> bool:
        """Whether it does not stand any more (作废)."""
        return self.is_withdrawn or self.superseded_by is not None

    @property
    def what_stands(self) -> str:
        """Of a void issue, in Chinese, which one stands."""
        return f"现行的一份是 {self.superseded_by}" if self.superseded_by else "现在没有现行的一份"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character of the original and the box its ink may fill."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class OriginalPage:
    """A page as it was issued, without any form field drawn: what the returned one is compared with.

    ``grey``: at ``WORK_DPI``. ``glyphs``: every printed character, in reading order. ``areas``: this page's
    fields.
    """

    issue: str
    number: int
    width_mm: float
    height_mm: float
    grey: Image
    glyphs: tuple[Glyph, ...]
    areas: tuple[FieldArea, ...]
