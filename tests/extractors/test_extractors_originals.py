"""Our own originals: rendered without fields, held against the record, with every character's place."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractors.model import PX_PER_MM
from extractors.originals import Originals
from foundation.errors import UnreadableError

pytestmark = pytest.mark.office


def test_a_page_has_the_size_on_record_and_its_own_areas(issued: Any, originals: Originals) -> None:
    """A page's picture and areas are those of the record."""
    document = issued.of("authorisation")
    page = originals.page(document.number, 2)
    width, height = document.page_sizes[1]
    assert page.grey.shape == (round(height * PX_PER_MM), round(width * PX_PER_MM) + 1)
    assert page.areas and {area.page for area in page.areas} == {2}


def test_glyph_boxes_hold_the_ink_of_their_characters(issued: Any, originals: Originals) -> None:
    """Every character's box holds ink, and all boxes together nearly all the text says."""
    page = originals.page(issued.of("suggestions").number, 1)
    text = "".join(glyph.text for glyph in page.glyphs)
    assert "晋城市投资项目“全代办”工作建议表" in text and not any(c.isspace() for c in text)
    for glyph in page.glyphs:
        x0, y0, x1, y1 = (
            round(v * PX_PER_MM) for v in (glyph.box.x0, glyph.box.y0, glyph.box.x1, glyph.box.y1)
        )
        assert np.min(page.grey[y0 : y1 + 1, x0 : x1 + 1]) < 160, glyph


def test_form_fields_are_not_drawn(issued: Any, originals: Originals) -> None:
    """An open field leaves no more on the original than the printer would: its area is white."""
    page = originals.page(issued.of("authorisation").number, 2)
    (area,) = (area for area in page.areas if area.kind == "signature")
    x0, y0, x1, y1 = (round(v * PX_PER_MM) for v in (area.box.x0, area.box.y0, area.box.x1, area.box.y1))
    assert np.mean(page.grey[y0:y1, x0:x1]) > 250


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda one, _: None, "没有这一份"),
        (lambda one, _: replace(one, pdf=None), "没有生成 PDF"),
        (lambda one, folder: replace(one, pdf=folder / "gone.pdf"), "不在了"),
        (lambda one, _: replace(one, pdf_sha256="0" * 64), "被改动过"),
    ],
)
def test_an_original_that_cannot_be_trusted_is_refused(
    issued: Any, tmp_path: Path, spoil: Callable[[Any, Path], Any], why: str
) -> None:
    """An original that is unknown, missing or not the one on record raises, and says why in Chinese."""
    document = issued.of("ledger")
    with pytest.raises(UnreadableError, match=why):
        Originals(lambda _: spoil(document, tmp_path)).page(document.number, 1)


def test_a_page_beyond_the_document_is_refused(issued: Any, originals: Originals) -> None:
    """There is no page 99."""
    with pytest.raises(UnreadableError, match="没有第99页"):
        originals.page(issued.of("ledger").number, 99)


def test_pages_are_rendered_once_and_let_go_in_order(issued: Any) -> None:
    """A page that was asked for again is the same object, until more pages than the cache holds came after."""
    number = issued.of("authorisation").number
    few = Originals(issued.lookup, cache_pages=1)
    first = few.page(number, 1)
    assert few.page(number, 1) is first
    few.page(number, 2)
    assert few.page(number, 1) is not first
