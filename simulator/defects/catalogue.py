"""Every defect by its name, and which of them a document can have."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.model import IssuedDocument
from simulator.defects import altered_print, damage, false_marks, omissions, page_set
from simulator.defects.base import Defect

#: Defects are drawn at random from this list: another order would give other returns for the same seed.
_KINDS: tuple[type[Defect], ...] = (
    altered_print.DigitChanged,
    altered_print.WordChanged,
    altered_print.StruckOut,
    altered_print.WhitedOver,
    altered_print.PastedOver,
    altered_print.LineInserted,
    false_marks.SmudgeOnly,
    false_marks.FoldOnly,
    false_marks.StapleOnly,
    false_marks.StrayLine,
    false_marks.NeighbourStroke,
    false_marks.SealEdge,
    false_marks.TextStrayLine,
    false_marks.TextSealEdge,
    damage.MarkDestroyed,
    damage.ShowThrough,
    damage.WornPaper,
    damage.ReceivedStamp,
    damage.SeamSeal,
    damage.CoveredArea,
    damage.Glare,
    damage.CutOff,
    page_set.PageMissing,
    page_set.PageDuplicate,
    page_set.BlankBacks,
    page_set.ForeignPages,
    omissions.FieldBlank,
    omissions.DateMissing,
    omissions.DatePartial,
    omissions.Unsigned,
    omissions.SealElsewhere,
    omissions.NothingTicked,
    omissions.TickedLineBlank,
    omissions.TickOutside,
    omissions.TwoTicked,
    omissions.DateInFuture,
    omissions.DateTooEarly,
)
DEFECTS: dict[str, Defect] = {kind.name: kind() for kind in _KINDS}


def harmful_defects() -> list[str]:
    """Names of the defects that make a return incomplete or doubtful."""
    return [item.name for item in DEFECTS.values() if not item.harmless]


def fitting_defects(document: IssuedDocument, *, harmless: bool | None = None) -> list[str]:
    """Names of the defects this document can have; only the harmless or only the other ones where asked for."""
    wanted = (item for item in DEFECTS.values() if harmless is None or item.harmless == harmless)
    return [item.name for item in wanted if item.fits(document)]


def defects_named(names: Sequence[str], document: IssuedDocument) -> list[Defect]:
    """The defects of these names.

    :raises ValueError: there is no such defect, or it does not fit the document.
    """
    for name in names:
        if name not in DEFECTS:
            raise ValueError(f"no defect named {name!r}")
        if not DEFECTS[name].fits(document):
            raise ValueError(f"{name!r} does not fit {document.form_id}")
    return [DEFECTS[name] for name in names]
