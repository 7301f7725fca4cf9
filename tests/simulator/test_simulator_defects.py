"""Defects: each changes what it says, and names what a reader should find."""

from typing import get_args

import numpy as np
import pytest

from extractors.model import FindingCode, IssuedDocument
from simulator.defects.base import ReturnDraft
from simulator.defects.catalogue import DEFECTS, fitting_defects
from simulator.paper.sheets import sheets_of
from simulator.simulate import simulate
from simulator.truth import CaseContext
from tests.simulator.conftest import Simulate, of_form

pytestmark = pytest.mark.office


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_every_defect_says_what_should_be_found(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext], name: str
) -> None:
    """Every defect fits some document, and either is harmless or names findings of the contract with a place."""
    document = next(item for item in documents if DEFECTS[name].fits(item))
    made = simulate(document, np.random.default_rng(5), contexts[document.number], defects=[name], tier="A")
    codes = set(get_args(FindingCode))
    assert DEFECTS[name].title and made.truth.complete == DEFECTS[name].harmless
    assert all({item.code, *item.also} <= codes for item in made.truth.expected)
    assert DEFECTS[name].harmless or made.truth.expected
    known = {area.id for area in document.areas} | {None}
    assert all(item.field in known for item in made.truth.expected)


def test_defect_that_does_not_fit_is_refused(make: Simulate) -> None:
    """An unknown defect, or one a document cannot have, is an error, never silently a complete return."""
    with pytest.raises(ValueError, match="no defect"):
        make(defects=["no-such"])
    with pytest.raises(ValueError, match="does not fit"):
        make("assessment", defects=["unsigned"])


def test_print_is_altered_on_the_page_named(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """A defect of print changes the very page it names, outside the open fields, and no other."""
    document = of_form(documents, "authorisation")
    assert document.pdf
    for name in (item for item in DEFECTS if item.startswith("print-")):
        draft = ReturnDraft(document, contexts[document.number], np.random.default_rng(2), "A")
        draft.sheets = sheets_of(document.pdf)
        DEFECTS[name].change_blank_sheets(draft)
        changed = [
            sheet.number
            for sheet, before in zip(draft.sheets, sheets_of(document.pdf), strict=True)
            if not np.array_equal(sheet.pixels, before.pixels)
        ]
        assert changed == [draft.expected[0].page], name


def test_fitting_never_offers_what_is_refused(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Any defect that is offered for a document can be made."""
    for document in documents[:3]:
        for name in fitting_defects(document, harmless=False)[:3]:
            simulate(document, np.random.default_rng(1), contexts[document.number], defects=[name], tier="D")
