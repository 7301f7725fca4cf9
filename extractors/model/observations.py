"""What was seen of one field: one type per kind of field, each with just what that kind can have.

In JSON the key ``kind`` says which type an observation has. Registries written before 2026-12 hold every optional key
with every kind, null or empty where the kind cannot have it; such keys are ignored when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from forms.definition import FieldKind
from forms.geometry import Box

FieldState = Literal["filled", "blank", "unsure"]
#: How a check box was marked.
BoxMark = Literal["tick", "cross", "fill", "struck", "none"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value an observation rests on, beside the threshold it was compared with (of
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
class FieldObservation:
    """What every observation has.

    ``confidence``: 0..1 in ``state``. ``reason``: one Chinese sentence. ``visible``: False where the area could
    not be seen (cut off, glare, under a seal): the state is then ``unsure``. ``crop``: PNG bytes of the area with
    some margin.
    """

    id: str
    state: FieldState
    page: int
    confidence: float
    reason: str
    box: Box | None = None
    visible: bool = True
    measures: tuple[Measure, ...] = ()
    crop: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenObservation(FieldObservation):
    """What a field for writing has: ``value``, what it says, where that is known.

    ``read``: the value was read off a picture by OCR, which alone never decides anything; a judge says so of every
    value that came from paper.
    """

    value: str | None = None
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextObservation(WrittenObservation):
    """A text field (文字)."""

    kind: Literal[FieldKind.TEXT] = FieldKind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class DateObservation(WrittenObservation):
    """A date (日期). ``value``: as ``2026-03-05``, or as it stands where it names no day. ``slots``: the states of
    year, month and day; empty where none are printed.
    """

    kind: Literal[FieldKind.DATE] = FieldKind.DATE
    slots: tuple[FieldState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckboxObservation(FieldObservation):
    """A check box (选项框): ``filled`` when ticked. ``value``: what a file says of it; ``mark``: how it was marked."""

    kind: Literal[FieldKind.CHECKBOX] = FieldKind.CHECKBOX
    value: bool | None = None
    mark: BoxMark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureObservation(FieldObservation):
    """A signing area (签字或盖章处). ``value``: who signed digitally, or words typed there; ``pen``: whether strokes
    of a pen are there, None where nobody looked; ``seals``: which seals are there. ``electronic``: how it was put
    there, in a file that never was paper: a digital signature, a picture or drawing, typed words.
    """

    kind: Literal[FieldKind.SIGNATURE] = FieldKind.SIGNATURE
    value: str | None = None
    pen: bool | None = None
    seals: tuple[Seal, ...] = ()
    electronic: Literal["certified", "picture", "typed"] | None = None


#: An observation of any kind; pydantic writes and reads it by ``kind``.
Observation = Annotated[
    TextObservation | DateObservation | CheckboxObservation | SignatureObservation,
    Field(discriminator="kind"),
]
ObservationType = (
    type[TextObservation] | type[DateObservation] | type[CheckboxObservation] | type[SignatureObservation]
)
OBSERVATION_TYPES: Mapping[FieldKind, ObservationType] = {
    FieldKind.TEXT: TextObservation,
    FieldKind.DATE: DateObservation,
    FieldKind.CHECKBOX: CheckboxObservation,
    FieldKind.SIGNATURE: SignatureObservation,
}
