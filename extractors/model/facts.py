"""Everything seen on one returned page or in one returned file, before a judge looks at it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
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

    ``filled_later``: the fields filled in after it, where that is all that happened after it. ``place``: the signing
    place of the issue it stands at, if it has another name than its own field; ``holders``: the names its certificate
    gives its holder; ``doubts``: what speaks against relying on a whole one (expired, revoked), in Chinese;
    ``remarks``: what else there is to know.
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
    place: str | None = None
    holders: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a person must look at a file that never was paper: mostly that it holds something else than it shows. One
    Chinese sentence without its place; ``field``, ``page``: where, if it is at one.
    """

    reason: str
    field: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalFacts:
    """Everything a born-digital return (filled PDF, signed PDF, DOCX) says about one issue.

    ``pages_seen``: which pages of the issue are in it (a DOCX has them all). ``alterations``: print that
    differs from what was issued. ``added_pages``: how many pages it has beyond the issue's;
    ``attachments``: names of the files in a PDF, which nobody looked into; ``active``: what else it would do
    when it is opened, in Chinese (脚本); ``doubts``: what a person must look at. Registries written before 2026-12 call
    ``format`` "lane".
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
    active: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def of_pages(self, pages: Collection[int]) -> DigitalFacts:
        """The same, as far as it is about these pages of the issue."""
        return replace(
            self,
            observations=tuple(item for item in self.observations if item.page in pages),
            alterations=tuple(item for item in self.alterations if item.page in pages),
            pages_seen=tuple(page for page in self.pages_seen if page in pages),
            doubts=tuple(item for item in self.doubts if item.page is None or item.page in pages),
        )
