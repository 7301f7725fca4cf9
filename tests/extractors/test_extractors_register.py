"""Returned pages come into their original's frame, or are refused."""

from typing import Any

import pytest

from extractors.model import OriginalPage
from extractors.originals import Originals
from extractors.register import register
from extractors.thresholds import load_thresholds
from tests.extractors.returns import RETURNS, ROLLED, Return

pytestmark = pytest.mark.office
LIMITS = load_thresholds().registration
FORMS = [("authorisation", 2), ("ledger", 1)]


@pytest.fixture(params=FORMS, ids=lambda page: f"{page[0]}-{page[1]}")
def original(request: pytest.FixtureRequest, issued: Any, originals: Originals) -> OriginalPage:
    form, page = request.param
    return originals.page(issued.of(form).number, page)


@pytest.mark.parametrize("how", RETURNS.values(), ids=RETURNS.keys())
def test_a_page_registers_however_it_comes_back(original: OriginalPage, how: Return) -> None:
    """Scaled, stretched, skewed, cropped, black and white, tilted, curled: print comes to lie on print."""
    page = register(how.raster(original), how.sighting(original), original, LIMITS)
    assert page is not None
    assert page.grey.shape == page.seen.shape == original.grey.shape and page.rgb.shape[2] == 3
    assert page.residual_mm <= 0.3
    assert page.score > 0.8


def test_a_sheet_kept_rolled_is_followed_to_its_edges(original: OriginalPage) -> None:
    """The bend that was searched for is kept while the gradient refines it: print lies on print at the edges too."""
    page = register(ROLLED.raster(original), ROLLED.sighting(original), original, LIMITS)
    assert page is not None
    assert page.residual_mm <= 0.3
    assert page.score > 0.9
