"""Scanning: pictures have the size and the geometry that they claim."""

import numpy as np
import pytest

from extractors.model import IssuedDocument
from simulator.paper.sheets import sheets_of
from simulator.scanning.captures import LOOKS, capture, turned
from simulator.truth import Tier
from tests.simulator.conftest import of_form

pytestmark = pytest.mark.office


@pytest.mark.parametrize(("tier", "look"), [(tier, look) for tier in LOOKS for look in LOOKS[tier]])
def test_pictures_have_their_tiers_size(documents: list[IssuedDocument], tier: Tier, look: str) -> None:
    """Scans have the resolution they claim, chat pictures 1280 px, black-and-white scans only black and white."""
    pdf = of_form(documents, "authorisation").pdf
    assert pdf
    sheet = sheets_of(pdf)[0]
    captured = capture(sheet, tier, np.random.default_rng(6), look)
    long_side = max(captured.pixels.shape[:2])
    if look.startswith("chat"):
        assert long_side == 1280
    elif tier == "C":
        assert long_side >= 3264
    else:
        assert captured.dpi is not None and abs(long_side - sheet.height_mm / 25.4 * captured.dpi) < 2
    assert not captured.bitonal or set(np.unique(captured.pixels)) <= {0, 255}


def test_homography_leads_to_the_mark(documents: list[IssuedDocument]) -> None:
    """The matrix of a picture, turned or not, leads from mm on the page to where the print is."""
    pdf = of_form(documents, "authorisation").pdf
    assert pdf
    sheet = sheets_of(pdf)[0]
    character = next(item for item in sheet.characters if item.text == "委").box
    for quarter_turns in range(4):
        captured = turned(
            capture(sheet, "A", np.random.default_rng(quarter_turns), "grey-300"), quarter_turns
        )
        assert captured.matrix is not None
        corners = (
            np.array([[character.x0, character.y0, 1], [character.x1, character.y1, 1]]) @ captured.matrix.T
        )
        points = corners[:, :2] / corners[:, 2:]
        (x0, y0), (x1, y1) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
        here = captured.pixels[y0 : y1 + 1, x0 : x1 + 1].mean()
        assert here < captured.pixels.mean() - 40
