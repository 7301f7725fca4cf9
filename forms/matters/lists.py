"""What a stage may need: 事项 by who decides, 材料 by group.

Stages 1 and 2 are the boxes the 研判表 prints, taken from its definition: there is no second list to drift from the
first. Stages 3 and 4 come from ``reference.toml``, other cities' practice, and are marked 参考 wherever they show; an
office puts its own list in its ``forms/matters.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from forms.definition import FieldKind, FormDefinition
from forms.matters.data_file import FOLDER, read_data
from foundation.errors import FormError, Problem
from foundation.frozen_model import FrozenModel
from foundation.reading import LEADS_OUT, LINK_ADVICE, leads_out

ASSESSMENT_FORM = "jincheng-assessment"
OWN_FILE = "matters.toml"
_BOX = re.compile(r"assessment\.(?P<stage>[a-z]+)\.(?P<group>(?:items|materials)\.[a-z]+)\.[0-9]+")
_OTHERS = "其他"


class ReferenceMatter(FrozenModel):
    """One line of the 参考 list; ``days``: working days, least and most, where practice has a number."""

    stage: Literal["approval", "planning", "construction", "completion"]
    name: str
    days: tuple[int, int] | None = None
    note: str = ""


class ReferenceList(FrozenModel):
    """The 参考 list: what stands in ``reference.toml`` or in an office's own ``matters.toml``."""

    mark: str = "参考"
    matters: tuple[ReferenceMatter, ...] = Field(default=(), alias="matter")


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter or a material a stage may need.

    ``group``: ``items.city`` … ``materials.other``, as the ids have it; ``items`` alone where the list does not say who
    decides. ``mark``: 参考, or empty for what a form prints. ``days``: working days, least and most, or None.
    """

    stage: str
    group: str
    name: str
    mark: str = ""
    days: tuple[int, int] | None = None
    note: str = ""


def printed_matters(form: FormDefinition) -> tuple[Matter, ...]:
    """The labels of a 研判表's boxes, in the printed order, the blank ones left out."""
    return tuple(_printed(form))


def reference_matters(*extra: Path) -> tuple[Matter, ...]:
    """The 参考 list; an office's own (``matters.toml`` in a folder of forms) replaces it stage by stage.

    :raises FormError: an own list is wrong.
    """
    found = read_data(FOLDER / "reference.toml", ReferenceList)
    stages: dict[str, list[Matter]] = _by_stage(found)
    for folder in extra:
        if (folder / OWN_FILE).exists():
            if leads_out(folder / OWN_FILE, folder):
                raise FormError(Problem(str(folder / OWN_FILE), LEADS_OUT, advice=LINK_ADVICE))
            stages |= _by_stage(read_data(folder / OWN_FILE, ReferenceList))
    return tuple(matter for matters in stages.values() for matter in matters)


def _printed(form: FormDefinition) -> Iterator[Matter]:
    for field in form.fields:
        match = _BOX.fullmatch(field.id)
        if match and field.kind is FieldKind.CHECKBOX and field.label != _OTHERS:
            yield Matter(match["stage"], match["group"], field.label)


def _by_stage(found: ReferenceList) -> dict[str, list[Matter]]:
    stages: dict[str, list[Matter]] = {}
    for item in found.matters:
        matter = Matter(item.stage, "items", item.name, found.mark, item.days, item.note)
        stages.setdefault(item.stage, []).append(matter)
    return stages
