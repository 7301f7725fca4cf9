"""How many blank entries a list still has room for on its last page (台账: blank rows to the end of the page)."""

from __future__ import annotations

from generator.bind import Bound
from generator.layout.composite_pdf import CompositePdf, LaidOutDocument

#: Left free under the last row for the paragraph that Word demands after a table.
_SPARE_MM = 2.0


def entries_to_page_end(
    composite: CompositePdf, document: LaidOutDocument, bound: Bound, list_id: str, bottom_margin_mm: float
) -> int:
    """From a trial layout whose list ends with one blank entry: how many more like it fit on the same page."""
    last = f"{list_id}.{bound.entries[list_id] - 1}."
    field_id = next((item for item in document.boxes if item.startswith(last)), None)
    if field_id is None:
        return 0
    (page, lines), *_ = document.boxes[field_id].items()
    row = composite.ruled_lines(document, page).cell(lines[0])
    if row is None or page != document.pages:
        return 0
    end_mm = composite.page_size(document, page)[1] - bottom_margin_mm - _SPARE_MM
    return max(0, int((end_mm - row.y1) / row.height))
