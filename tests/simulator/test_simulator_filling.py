"""Filling: what is entered stands in its field."""

import numpy as np
import pytest

from extractors.model import IssuedDocument
from simulator.filling.entries import Writers, fill, printed_box
from simulator.filling.planning import PlannedEntry, complete_plan
from simulator.paper.sheets import sheets_of
from simulator.truth import CaseContext
from tests.simulator.conftest import darkness, of_form

pytestmark = pytest.mark.office


def test_writing_lands_in_its_field(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Every filled field is darker than it was issued, every blank one as it was."""
    document = of_form(documents, "completion")
    assert document.pdf
    rng = np.random.default_rng(9)
    plan = complete_plan(document, contexts[document.number], rng)
    sheets, blank = sheets_of(document.pdf), sheets_of(document.pdf)
    written = {item.id: item for item in fill(sheets, plan, Writers(rng, contexts[document.number]))}
    for area in (item for item in document.areas if item.is_open and written[item.id].filled):
        before, after = (darkness(pages[area.page - 1], area.box) for pages in (blank, sheets))
        assert after > before + 0.5, area.id


def test_tick_lands_on_the_printed_box(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """A tick crosses the printed □ itself, wherever in its line that stands."""
    document = next(item for item in documents if item.form_id == "yangcheng-completion")
    assert document.pdf
    area = next(item for item in document.areas if item.is_open and item.kind == "checkbox")
    sheets, blank = sheets_of(document.pdf), sheets_of(document.pdf)
    writers = Writers(np.random.default_rng(4), contexts[document.number])
    fill(sheets, {area.id: PlannedEntry(area=area, methods=("tick",))}, writers)
    box = printed_box(sheets[area.page - 1], area.box)
    assert box != area.box
    assert darkness(sheets[area.page - 1], box) > darkness(blank[area.page - 1], box) + 3
