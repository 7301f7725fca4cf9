"""Facts on their way from a returned file to a verdict: frozen values that cross from one step to the next.

::

    file ─ opening ─► Raster, per page            (or a born-digital document: DOCX, filled or signed PDF)
         ─ identify ─► Sighting: whose page it is, which way up
         ─ register ─► RegisteredPage: the page in the frame of our own original (OriginalPage)
         ─ observe ─► Observation per field, Alteration per changed print
         ─ judge ─► Finding, Verdict

Frames and units, everywhere in this room: images are numpy arrays indexed ``[row, column]``, ``uint8``, RGB
or grey with 255 for white paper; points are ``(x, y)`` in pixels of the image they belong to, pixel centres
at whole numbers; boxes on paper are :class:`forms.geometry.Box` in mm from the original page's top left. A
registered page has the original's frame at ``WORK_DPI``: mm × ``PX_PER_MM`` = px. Page numbers count from 1.
An observer says what is on the page and how sure it is; only a judge says what that means for a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from forms.definition import FieldKind
from forms.geometry import Box, FieldArea

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Points = NDArray[np.float64]

#: Resolution of originals and registered pages: a 0.5 mm pen stroke is 3 px, a 10.5 pt character 22 px.
WORK_DPI = 150
PX_PER_MM = WORK_DPI / 25.4

Corner = Literal["top-right", "bottom-left"]
State = Literal["filled", "blank", "unsure"]
Lane = Literal["paper", "pdf", "docx"]


# -- what went out -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """One issue as reading back needs it: what the registry (登记库) has on record, paths made absolute.

    ``values``: field id → what the office filled in (absent or None: left open). ``page_sizes``: (width,
    height) in mm.
    """

    number: str
    case_id: str
    form_id: str
    pages: int
    values: Mapping[str, Any]
    areas: tuple[FieldArea, ...]
    page_sizes: tuple[tuple[float, float], ...]
    docx: Path
    pdf: Path | None
    docx_sha256: str
    pdf_sha256: str | None
    superseded_by: str | None = None


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


# -- what came back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRef:
    """One page of one input: ``source`` as people know the file (a path relative to what was named),
    ``page`` from 1.
    """

    source: str
    page: int


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A page as a picture, as it lies in its file. ``dpi``: where the file says it or the paper size tells
    it, else None.
    """

    pixels: Image
    dpi: float | None = None

    @property
    def has_colour(self) -> bool:
        """Whether it has three channels; they may still all be grey."""
        return self.pixels.ndim == 3


@dataclass(frozen=True, slots=True, eq=False)
class CodeSighting:
    """One page mark that was read: its text, and its four corners in the raster as it lies, shape (4, 2).

    Corners in the order top left, top right, bottom right, bottom left of the code *as it was printed*, so
    they tell the turn. ``corner``: which of the page's two codes it is, None where that could not be told.
    """

    text: str
    corners: Points
    corner: Corner | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Whose page a raster is: the issue, the page in it, the turn, and by what it was told.

    ``turn``: by how many degrees clockwise the raster must be turned to stand upright: 0, 90, 180 or 270.
    ``by``: ``mark`` (at least one code read) or ``print`` (title and text, by OCR).
    """

    issue: str
    page: int
    pages: int
    turn: int
    by: Literal["mark", "print"]
    codes: tuple[CodeSighting, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RegisteredPage:
    """A returned page in the frame of its original, at ``WORK_DPI``; all arrays have the original's shape.

    ``rgb``: as seen. ``grey``: the paper's shading taken out, white paper near 255, ink dark. ``seen``:
    False where the picture does not reach or nothing can be made out (cut off, glare). ``colour``: whether
    the scan kept colours at all. ``bitonal``: a black-and-white scan. ``dpi``: the picture's true resolution
    on this page. ``residual_mm``: what is left of the misfit after registration, the 90th percentile of
    local offsets; ``score``: 0..1, how well the print agrees.
    """

    original: OriginalPage
    rgb: Image
    grey: Image
    seen: Mask
    colour: bool
    bitonal: bool
    dpi: float
    residual_mm: float
    score: float


# -- what is seen ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measure:
    """One reading an observation rests on, beside the threshold it was held against (of
    ``thresholds.toml``).
    """

    name: str
    value: float
    threshold: float | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal (印章) that was seen. ``shape``: round, oval or square; sizes in mm; ``red``: False where the
    scan took the colour.
    """

    box: Box
    shape: Literal["round", "oval", "square"]
    diameter_mm: float
    red: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen of one field.

    ``state``: a box is ``filled`` when ticked. ``confidence``: 0..1 in ``state``. ``value``: what it says,
    where that is known (text of a born-digital return; a date read by OCR as ``2026-03-05``; never decided
    by handwriting OCR alone). ``read``: that value was read off a picture; a judge says so of every value
    that came from paper. ``reason``: one Chinese sentence. ``visible``: False where the area could not
    be seen (cut off, glare, under a seal): the state is then ``unsure``. For a signing area ``pen`` says
    whether strokes of a pen are there and ``seals`` which seals. ``mark``: how a box was marked: tick,
    cross, fill, struck, none. ``crop``: PNG bytes of the area with some margin.
    """

    id: str
    kind: FieldKind
    state: State
    page: int
    confidence: float
    reason: str
    value: str | bool | None = None
    read: bool = False
    box: Box | None = None
    visible: bool = True
    pen: bool | None = None
    seals: tuple[Seal, ...] = ()
    mark: Literal["tick", "cross", "fill", "struck", "none"] | None = None
    slots: tuple[State, ...] = ()  # of a date: year, month, day
    measures: tuple[Measure, ...] = ()
    crop: bytes | None = None


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
    """One digital signature of a PDF: three facts apart, as pyHanko tells them, and who signed when.

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
    differs from what was issued. ``added_pages``: how many pages it has beyond the issue's.
    """

    ref: PageRef
    issue: str
    lane: Lane
    observations: tuple[Observation, ...]
    alterations: tuple[Alteration, ...] = ()
    signatures: tuple[DigitalSignature, ...] = ()
    pages_seen: tuple[int, ...] = ()
    added_pages: int = 0


# -- what it means -----------------------------------------------------------------------------------

Verdict = Literal["complete", "incomplete", "review"]
#: How verdicts are called to people, everywhere.
VERDICT_NAMES: Mapping[str, str] = {"complete": "齐全", "incomplete": "不齐全", "review": "待人工核对"}
FindingCode = Literal[
    "field-blank",
    "field-invalid",
    "signature-missing",
    "page-missing",
    "page-duplicate",
    "text-altered",
    "date-implausible",
    "inconsistent",
    "nothing-ticked",
    "digital-signature-invalid",
    "area-not-visible",
    "superseded-issue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a person should know about a document. ``weight``: what it does to the verdict; a ``note``
    does nothing.
    """

    code: FindingCode
    message: str
    weight: Literal["incomplete", "review", "note"]
    field: str | None = None
    page: int | None = None
    box: Box | None = None
    evidence: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One issued document as it came back, pages put together: what a judge looks at.

    ``duplicates``: pages that came more than once; ``pages`` holds the better copy of each. Paper and
    digital facts may both be there (a signed PDF is rendered and looked at too); the digital ones are the
    more exact. ``superseded``: pages of an older issue of the same form and case that came along; they
    stand for nothing.
    """

    issue: IssuedDocument
    pages: Mapping[int, PageFacts] = field(default_factory=dict)
    duplicates: tuple[PageFacts, ...] = ()
    digital: tuple[DigitalFacts, ...] = ()
    superseded: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one returned document, with every field's final observation and every finding."""

    verdict: Verdict
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
