"""Whether a text area holds writing or only a seal: where the scan kept no colour, both are dark strokes.

A seal is looked for around an area that seems filled and in one large enough to hold it. Where one is found, the
area is read again without what lies on the seal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.windows import added_mm2
from extractors.observe.field_readings import OpenField
from extractors.observe.seals.found import SealCandidate, find_seals, zone
from extractors.observe.text import read_text
from extractors.thresholds import Thresholds
from forms.geometry import Box


def is_only_a_seal(
    prepared: PageLayers, field: OpenField, areas: Sequence[Box], thresholds: Thresholds
) -> bool:
    """Whether nothing but strokes on a seal would be left to call this area filled.

    ``areas``: where people write; what stands in them is not taken for a seal's outline alone.
    """
    limits = thresholds.seals
    reach = limits.beside_text_mm
    window = field.box.all_round(reach)
    has_room = min(field.box.width, field.box.height) >= limits.oval_least_mm
    if not has_room and added_mm2(prepared, window, areas) < limits.least_ink_mm2:
        return False
    found = [
        item
        for item in find_seals(prepared, [window], limits, signed=False)
        if _reaches_in(item, field.box, areas, thresholds)
    ]
    if not found:
        return False
    dark = prepared.dark.copy()
    dark[zone(found, dark.shape)] = 0
    return read_text(replace(prepared, dark=dark), field, thresholds.text).state != "filled"


def _reaches_in(found: SealCandidate, box: Box, areas: Sequence[Box], thresholds: Thresholds) -> bool:
    """Whether it is an outline that touches the area, and surely a seal's or such as writing alone does not trace."""
    if found.outline is None or found.outline.shape == "square" or found.seal.box.overlap_mm2(box) == 0:
        return False
    outside = np.mean([not any(area.holds((x, y)) for area in areas) for x, y in found.outline.along()])
    return found.certain or bool(outside >= thresholds.seals.outside_text)
