"""A return in the making with real ink: what :class:`simulator.defects.base.ReturnDraft` holds, and the families."""

from __future__ import annotations

from dataclasses import dataclass, field

from forms.geometry import FieldArea
from simulator.defects.base import ReturnDraft
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.signing import Habit


@dataclass(slots=True, eq=False, kw_only=True)
class InkDraft(ReturnDraft):
    """A return in the making. ``targets``: the place each defect chose; ``families``: of everything used."""

    library: InkLibrary
    side: Side
    habit: Habit | None = None
    targets: dict[str, FieldArea] = field(default_factory=dict)
    families: list[str] = field(default_factory=list)
