"""Everything seen on one returned page or in one returned file, before a judge looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from extractors.model.observations import Measure, Observation
from extractors.model.pages import PageRef, Sighting
from forms.geometry import Box

DigitalFormat = Literal["pdf", "docx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """Printed text, outside the fields, that does not stand as it was issued.

    ``how``: ``changed`` (other text there), ``struck`` (struck out), ``removed`` (whited over, cut away),
    ``added`` (text inserted between the printed). ``text``: the printed characters concerned.
    ``confidence``: 0..1.
    """

    page: int
    box: Box
    how: Literal["changed", "struck", "removed", "added"]
    text: str
    confidence: float
    reason: str
    measures: tuple[Measure, ...] = ()
    crop: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Everything seen on one returned page of a known issue.

    ``unseen``: boxes in mm of print that could not be seen at all (cut off, covered, glare). ``registered``:
    False where the picture could not be brought into the original's frame: nothing on it was observed, a
    person must look. ``readability``: 0..1, how much the picture deserves trust; the better of two copies of
    a page is the one that counts.
    """

    ref: PageRef
    sighting: Sighting
    registered: bool
    observations: tuple[Observation, ...] = ()
    alterations: tuple[Alteration, ...] = ()
    unseen: tuple[Box, ...] = ()
    readability: float = 0.0
    residual_mm: float | None = None
    dpi: float | None = None
    seam: tuple[Measure, ...] = ()  # 骑缝章: red at the page's seam edge


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalSignature:
    """One digital signature of a PDF: three separate facts, as pyHanko gives them, and who signed when.

    ``filled_later``: the fields filled in after it, where that is all that happened after it.
    """

    field: str | None
    signer: str
    signed_at: str | None
    intact: bool | None  # the signed bytes are unchanged; None: cannot be verified here
    valid: bool | None  # the signature fits the signed bytes and the certificate
    trusted: bool  # the certificate leads to a configured root
    covers_all: bool  # nothing was added after signing, or only what a signature allows
    reason: str
    filled_later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalFacts:
    """Everything a born-digital return (filled PDF, signed PDF, DOCX) says about one issue.

    ``pages_seen``: which pages of the issue are in it (a DOCX has them all). ``alterations``: print that
    differs from what was issued. ``added_pages``: how many pages it has beyond the issue's;
    ``attachments``: names of the files attached to a PDF, which nobody looked into. Registries
    written before 2026-12 call ``format`` "lane".
    """

    ref: PageRef
    issue: str
    format: Annotated[DigitalFormat, Field(validation_alias=AliasChoices("format", "lane"))]
    observations: tuple[Observation, ...]
    alterations: tuple[Alteration, ...] = ()
    signatures: tuple[DigitalSignature, ...] = ()
    pages_seen: tuple[int, ...] = ()
    added_pages: int = 0
    attachments: tuple[str, ...] = ()
