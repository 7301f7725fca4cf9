"""Page marks: sixteen characters that verify or are nobody's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.geometry import Box
from forms.page_mark import ALPHABET, MAXIMUM_PAGES, MODULE_MM, PageMark, mark_boxes

KEY = b"k" * 32
NUMBERS = st.text(st.sampled_from(ALPHABET), min_size=8, max_size=8)


@settings(derandomize=True)
@given(NUMBERS, st.integers(1, MAXIMUM_PAGES), st.integers(0, 40))
def test_a_mark_reads_back(issue: str, page: int, more: int) -> None:
    """Every mark a page can carry says itself again."""
    mark = PageMark(issue, page, min(page + more, MAXIMUM_PAGES))
    assert len(mark.text(KEY)) == 16
    assert PageMark.parse(mark.text(KEY), KEY) == mark


@settings(derandomize=True)
@given(NUMBERS, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_a_changed_character_never_verifies(issue: str, at: int, other: str) -> None:
    """One wrong character makes it no mark at all."""
    text = PageMark(issue, 1, 2).text(KEY)
    changed = text[:at] + other + text[at + 1 :]
    assert changed == text or PageMark.parse(changed, KEY) is None


def test_another_workspaces_mark_is_unknown() -> None:
    """A mark made with another key does not verify."""
    assert PageMark.parse(PageMark("7K3M9QX2", 1, 1).text(b"other"), KEY) is None


@pytest.mark.parametrize(
    "text", ["", "7K3M9QX2", "hello world 1234", "7k3m9qx2010112ab", "I" * 16, "一" * 16]
)
def test_foreign_codes_are_no_marks(text: str) -> None:
    """Whatever else a QR code says is not a mark."""
    assert PageMark.parse(text, KEY) is None


def test_a_page_beyond_the_last_is_no_mark() -> None:
    """Page 3 of 2 does not exist even with a right check."""
    assert PageMark.parse(PageMark("7K3M9QX2", 3, 2).text(KEY), KEY) is None


def test_the_codes_stand_outside_the_text_block_at_opposite_corners() -> None:
    """Top right and bottom left, clear of the 版心 (156 × 225 mm at 28, 37), modules of at least 0.8 mm."""
    upper, lower = mark_boxes(210, 297)
    block = Box(28, 37, 184, 262)
    assert upper.overlap_mm2(block) == lower.overlap_mm2(block) == 0
    assert upper.centre[0] > 105 > lower.centre[0]
    assert upper.centre[1] < 148 < lower.centre[1]
    assert MODULE_MM >= 0.8
    assert upper.within(Box(5, 5, 205, 292))
    assert lower.within(Box(5, 5, 205, 292))


def test_a_box_survives_the_way_to_pdf_and_back() -> None:
    """Millimetres from the top and points from the bottom say the same place."""
    box = Box(28, 37, 184, 262)
    again = Box.from_pdf(box.to_pdf(841.89), 841.89)
    assert [round(value, 2) for value in (again.x0, again.y0, again.x1, again.y1)] == [28, 37, 184, 262]
