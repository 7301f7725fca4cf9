"""What of a picture can be seen as paper: not what is black, burnt out, or dotted all over."""

import numpy as np
import pytest

from extractors.model import Image
from extractors.register.shading import clean
from extractors.thresholds import load_thresholds

LIMITS = load_thresholds().registration


@pytest.fixture
def sheet() -> Image:
    """An A4 sheet in black and white at 200 dpi, with lines of print-like strokes."""
    picture = np.full((2339, 1654), 255, np.uint8)
    for top in range(200, 2100, 80):
        for left in range(200, 1400, 44):
            picture[top : top + 40 : 9, left : left + 34] = 0
            picture[top : top + 40, left + 16 : left + 20] = 0
    return picture


def dotted(picture: Image, rows: slice, columns: slice, each: int) -> None:
    """Lay dots over a place, one of so many pixels black, as a dithered slip of coloured paper has them."""
    place = picture[rows, columns]
    y, x = np.indices(place.shape)
    place[(2 * y + x) % each == 0] = 0


def test_print_in_black_and_white_is_seen(sheet: Image) -> None:
    """Lines of print have white paper between them everywhere."""
    found = clean(sheet, True, LIMITS)
    assert found.bitonal and not found.hidden.any()


def test_a_slip_turned_into_dots_hides_what_lies_under_it(sheet: Image) -> None:
    """As far as the dots reach, and no farther than a cell or two."""
    dotted(sheet, slice(800, 1200), slice(500, 1000), 6)
    hidden = clean(sheet, True, LIMITS).hidden
    assert hidden[820:1180, 520:980].all()
    assert not hidden[:760].any() and not hidden[1240:].any()
    assert not hidden[:, :460].any() and not hidden[:, 1040:].any()


def test_dust_and_small_dotted_places_hide_nothing(sheet: Image) -> None:
    """A stamp of a few millimetres, and specks all over the sheet."""
    dotted(sheet, slice(800, 840), slice(500, 560), 3)
    sheet[np.random.default_rng(3).random(sheet.shape) < 0.002] = 0
    assert not clean(sheet, True, LIMITS).hidden.any()
