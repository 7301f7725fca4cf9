"""What was measured at one place of a page, before anything is decided: one record of numbers per kind of place.

Every number has its unit beside it. A record is kept whole with its observation, as :class:`Measure`\\ s, so
that it can be decided again without the scan. Lengths of strokes are along the stroke; *pen* means what a pen
or a printer may have left, not a line, a blot, dust or the edge of print (:mod:`extractors.observe.strokes`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, dataclass, field, fields
from typing import ClassVar, Self

import numpy as np

from extractors.model.images import Float64Array
from extractors.model.observations import Measure


def _in(unit: str) -> float:
    value: float = field(metadata={"unit": unit})
    return value


class EvidenceRecord:
    """Base of all records: dataclasses whose fields are all numbers."""

    __dataclass_fields__: ClassVar[dict[str, Field[float]]]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of its numbers, in their order."""
        return tuple(item.name for item in fields(cls))

    def vector(self) -> Float64Array:
        """Its numbers, in the order of :meth:`names`."""
        return np.array([getattr(self, name) for name in self.names()], np.float64)

    def measures(self, prefix: str = "") -> tuple[Measure, ...]:
        """Its numbers, to be kept with an observation; those that are 0 are left out."""
        return tuple(
            Measure(
                prefix + item.name, round(float(getattr(self, item.name)), 3), None, item.metadata["unit"]
            )
            for item in fields(self)
            if round(float(getattr(self, item.name)), 3)
        )

    @classmethod
    def of(cls, measures: Iterable[Measure], prefix: str = "") -> Self:
        """The record that was kept as these measures; what is not among them is 0."""
        values = {item.name: item.value for item in measures}
        return cls(**{name: values.get(prefix + name, 0.0) for name in cls.names()})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence(EvidenceRecord):
    """The picture as a whole: its true resolution, what registration left of misfit, whether it is black and white or
    has kept colour (0 or 1), and from which darkness ink counts on it.
    """

    dpi: float = _in("dpi")
    residual: float = _in("mm")
    bitonal: float = _in("")
    colour: float = _in("")
    noise: float = _in("0..255")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEvidence(EvidenceRecord):
    """The added ink of one place to write in.

    ``length``: of pen strokes that have their place here; ``longest``: of one; ``strokes``: how many;
    ``winding``: how many times longer than it reaches the most winding one is; ``width``, ``height``: reach of
    all but specks; ``bend``: how many times longer than they reach they are together (a line: 1); ``overhang``:
    length here of strokes mostly elsewhere; ``faint``, ``line``, ``bits``: length here of what is paler than
    pencil, straight and long, or dust and edges; ``blot``: reach of the largest dark blot; ``joined``: 1 for
    small characters run together; ``darkness`` and ``thickness`` of its pen strokes; ``free``: share of them
    away from print; ``red``: red ink of no seal; ``covered``: share of the place under a seal whose colour the
    scan took.
    """

    length: float = _in("mm")
    longest: float = _in("mm")
    strokes: float = _in("")
    winding: float = _in("")
    width: float = _in("mm")
    height: float = _in("mm")
    bend: float = _in("")
    overhang: float = _in("mm")
    faint: float = _in("mm")
    line: float = _in("mm")
    bits: float = _in("mm")
    blot: float = _in("mm")
    joined: float = _in("")
    darkness: float = _in("0..255")
    thickness: float = _in("mm")
    free: float = _in("")
    red: float = _in("mm²")
    covered: float = _in("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEvidence(EvidenceRecord):
    """The added ink of one of a date's three slots (年, 月, 日).

    ``length``, ``height``: of pen strokes in it; ``any``: area of all strokes there; ``pieces``, ``tall``: how
    many pieces of any kind, and how high they reach together; ``clear``: length that lies beside a seal without
    colour; ``out``: ink that continues from such a seal's rim; ``covered``: share of the slot under one;
    ``shade``: area much darker than the shadow it lies in; ``reddish``: area of what may be left of a seal's
    red or a digit across it; ``red``: red ink of no seal; ``line``, ``faint``: as of a place to write in;
    ``darkness``: of its pen strokes; ``beside``: length in the fullest other slot of the same date; ``wide``:
    how wide the slot is.
    """

    length: float = _in("mm")
    height: float = _in("mm")
    any: float = _in("mm²")
    pieces: float = _in("")
    tall: float = _in("mm")
    clear: float = _in("mm")
    out: float = _in("mm²")
    covered: float = _in("")
    shade: float = _in("mm²")
    reddish: float = _in("mm²")
    red: float = _in("mm²")
    line: float = _in("mm")
    faint: float = _in("mm")
    darkness: float = _in("0..255")
    beside: float = _in("mm")
    wide: float = _in("mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxEvidence(EvidenceRecord):
    """The added ink in and about one check box.

    ``inside``: length of its own marks inside; ``share``: of the inside that they cover; ``mark``: whole length
    of marks that end below in it or just beside; ``beside``: length close by that is nobody's; ``disputed``:
    length inside that a neighbour claims too; ``edge``: length of what passes for the frame's edge and is more
    than one leaves; ``passing``: length inside of lines that pass through; ``around``: length of pieces about
    it, taken together, ``hull``: the share of the box within their convex hull, ``below``: how far below its
    lower edge they end; ``faint``: length inside of what is paler than pencil; ``any``: area of all ink inside;
    ``darkness`` of its own marks; ``red``: red ink inside of no seal.
    """

    inside: float = _in("mm")
    share: float = _in("")
    mark: float = _in("mm")
    beside: float = _in("mm")
    disputed: float = _in("mm")
    edge: float = _in("mm")
    passing: float = _in("mm")
    around: float = _in("mm")
    hull: float = _in("")
    below: float = _in("mm")
    faint: float = _in("mm")
    any: float = _in("mm²")
    darkness: float = _in("0..255")
    red: float = _in("mm²")


@dataclass(frozen=True, slots=True, kw_only=True)
class PenEvidence(EvidenceRecord):
    """The pen strokes of one place to sign.

    ``length`` … ``winding``: as of a place to write in; ``inner``: length away from the place's sides;
    ``narrow``: the narrower side of the smallest rectangle about them, turned any way; ``wide``: how far they
    reach across the place; ``beside``: length of strokes close by that are mostly elsewhere; ``faint``,
    ``line``, ``bits``, ``blot``: as there; ``darkness``, ``thickness``, ``free``: of the strokes; ``red``: red
    ink there of no certain seal; ``specks``: separate dots, ``crowd``: how many times denser than on the page;
    ``covered``: share of the place under a seal without colour.
    """

    length: float = _in("mm")
    longest: float = _in("mm")
    strokes: float = _in("")
    winding: float = _in("")
    inner: float = _in("mm")
    narrow: float = _in("mm")
    wide: float = _in("mm")
    beside: float = _in("mm")
    faint: float = _in("mm")
    line: float = _in("mm")
    bits: float = _in("mm")
    blot: float = _in("mm")
    darkness: float = _in("0..255")
    thickness: float = _in("mm")
    free: float = _in("")
    red: float = _in("mm²")
    specks: float = _in("")
    crowd: float = _in("")
    covered: float = _in("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealEvidence(EvidenceRecord):
    """The best outline of a seal that counts for one place to sign; all 0 where there is none.

    ``trace``: share of the outline that is inked; ``score``: the same less what is inked just outside;
    ``content``: share of its inside that is; ``star``: how much of a star stands in its middle; ``width``,
    ``height`` of it; ``square``, ``oval``: 1 for such an outline; ``red``: 1 for red ink; ``ink``: of it all;
    ``sides``: how much of a square's second weakest side is inked; ``off``: how far its middle lies from the
    place; ``cut``: 1 for a slice of a 骑缝章; ``plain``: 1 where outline and colour were sure enough to lift its
    ink off the page.
    """

    trace: float = _in("")
    score: float = _in("")
    content: float = _in("")
    star: float = _in("")
    width: float = _in("mm")
    height: float = _in("mm")
    square: float = _in("")
    oval: float = _in("")
    red: float = _in("")
    ink: float = _in("mm²")
    sides: float = _in("")
    off: float = _in("mm")
    cut: float = _in("")
    plain: float = _in("")


NO_SEAL = SealEvidence(
    trace=0,
    score=0,
    content=0,
    star=0,
    width=0,
    height=0,
    square=0,
    oval=0,
    red=0,
    ink=0,
    sides=0,
    off=0,
    cut=0,
    plain=0,
)
