"""Returned pages come into their original's frame, or are refused."""

from typing import Any

import numpy as np
import pytest

from extractors.model import OriginalPage
from extractors.originals import Originals
from extractors.register import aligning, register
from extractors.register.page import _mapped
from extractors.thresholds import load_thresholds
from tests.extractors.returns import RETURNS, ROLLED, Return

pytestmark = pytest.mark.office
LIMITS = load_thresholds().registration
FORMS = [("authorisation", 2), ("ledger", 1)]
BENT = {"photograph": RETURNS["photograph"], "chat image": RETURNS["chat image"], "rolled": ROLLED}


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


@pytest.mark.parametrize("name", ["scan", "reduced", "black and white"])
def test_a_flat_scan_lies_as_well_without_a_search(
    original: OriginalPage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its marks put print within the gradient's reach."""
    how, never_close = RETURNS[name], LIMITS.model_copy(update={"close_agreement": 2.0})
    searched = register(how.raster(original), how.sighting(original), original, never_close)
    monkeypatch.setattr(aligning, "find", None)
    laid = register(how.raster(original), how.sighting(original), original, LIMITS)
    assert searched is not None and laid is not None
    assert laid.residual_mm <= searched.residual_mm + 0.01
    assert laid.score >= searched.score - 0.001


@pytest.mark.parametrize("how", BENT.values(), ids=BENT.keys())
def test_what_does_not_lie_flat_is_searched_for(
    original: OriginalPage, how: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gradient knows nothing of print that lies a stroke's width off and more."""
    monkeypatch.setattr(aligning, "find", None)
    with pytest.raises(TypeError):
        register(how.raster(original), how.sighting(original), original, LIMITS)


def test_colour_comes_into_the_frame_as_grey_does() -> None:
    """Each channel as if it were alone, white where the picture does not reach."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (90, 70, 3), np.uint8)
    y, x = np.mgrid[:80, :60].astype(np.float32)
    x, y = 1.2 * x + 0.05 * y - 3.3, 1.1 * y - 0.02 * x + 5.7
    mapped = _mapped(pixels, x, y)
    assert np.array_equal(mapped, np.stack([_mapped(pixels[..., at], x, y) for at in range(3)], axis=-1))
    assert (mapped[0, 0] == 255).all() and (mapped[40, 30] != 255).any()
