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
An observer says what is on the page and with what confidence; only a judge says what that means for a form.
"""

from extractors.model.facts import (
    Alteration,
    DigitalFacts,
    DigitalFormat,
    DigitalSignature,
    Doubt,
    PageFacts,
)
from extractors.model.images import (
    PX_PER_MM,
    WORK_DPI,
    Float32Array,
    Float64Array,
    Image,
    LineReader,
    Mask,
    Points,
)
from extractors.model.issued import Glyph, IssuedDocument, OriginalPage
from extractors.model.judgement import (
    VERDICT_NAMES,
    Finding,
    FindingCode,
    FindingWeight,
    Judgement,
    ReturnedDocument,
    Verdict,
    verdict_of,
)
from extractors.model.observations import (
    OBSERVATION_TYPES,
    BoxMark,
    CheckboxObservation,
    DateObservation,
    FieldObservation,
    FieldState,
    Measure,
    Observation,
    ObservationType,
    Seal,
    SignatureObservation,
    TextObservation,
    WrittenObservation,
)
from extractors.model.pages import (
    CodeSighting,
    MarkCorner,
    PageRef,
    Raster,
    RegisteredPage,
    SharedPrint,
    Sighting,
)

__all__ = [
    "OBSERVATION_TYPES",
    "PX_PER_MM",
    "VERDICT_NAMES",
    "WORK_DPI",
    "Alteration",
    "BoxMark",
    "CheckboxObservation",
    "CodeSighting",
    "DateObservation",
    "DigitalFacts",
    "DigitalFormat",
    "DigitalSignature",
    "Doubt",
    "FieldObservation",
    "FieldState",
    "Finding",
    "FindingCode",
    "FindingWeight",
    "Float32Array",
    "Float64Array",
    "Glyph",
    "Image",
    "IssuedDocument",
    "Judgement",
    "LineReader",
    "MarkCorner",
    "Mask",
    "Measure",
    "Observation",
    "ObservationType",
    "OriginalPage",
    "PageFacts",
    "PageRef",
    "Points",
    "Raster",
    "RegisteredPage",
    "ReturnedDocument",
    "Seal",
    "SharedPrint",
    "Sighting",
    "SignatureObservation",
    "TextObservation",
    "Verdict",
    "WrittenObservation",
    "verdict_of",
]
