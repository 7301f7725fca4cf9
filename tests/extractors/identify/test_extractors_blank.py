"""An empty back is told from a page, whatever handling did to it."""

import cv2
import numpy as np
import pytest

from extractors.identify import is_blank
from extractors.model import Image, Raster

SHAPE = (2339, 1654)  # A4 at 200 dpi
PX = 200 / 25.4


def paper(light: int = 245) -> Image:
    noise = np.random.default_rng(3).normal(0, 3, SHAPE)
    return np.clip(light + noise, 0, 255).astype(np.uint8)


def at(*mm: float) -> tuple[int, int]:
    return round(mm[0] * PX), round(mm[1] * PX)


def text(picture: Image, strength: int) -> Image:
    """Lines of print, darker than the paper by ``strength``."""
    layer = np.zeros(SHAPE, np.uint8)
    for row in range(60, 240, 8):
        cv2.putText(layer, "daiban 2026-06-30 ABCDEFGH", at(28, row), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 255, 3)
    return np.clip(picture.astype(int) - (layer > 0) * strength, 0, 255).astype(np.uint8)


def shining_through(picture: Image) -> Image:
    return np.ascontiguousarray(cv2.GaussianBlur(text(picture, 60), (0, 0), 2)[:, ::-1], dtype=np.uint8)


def punched(picture: Image) -> Image:
    for row in (108.5, 188.5):
        cv2.circle(picture, at(12, row), round(3 * PX), 30, -1)
    return picture


def dark_edges(picture: Image) -> Image:
    picture[:, : round(2 * PX)], picture[-round(1.5 * PX) :] = 20, 60
    return picture


def stapled(picture: Image) -> Image:
    cv2.line(picture, at(8, 14), at(16, 7), 60, 8)
    return picture


def speckled(picture: Image) -> Image:
    bits = np.where(np.random.default_rng(1).random(SHAPE) < 0.004, 0, 255)
    return bits.astype(np.uint8)


def shaded(picture: Image) -> Image:
    light = np.linspace(0.5, 1, SHAPE[1])[None, :] * np.linspace(1, 0.8, SHAPE[0])[:, None]
    return (picture * light).astype(np.uint8)


HANDLING = [shining_through, punched, dark_edges, stapled, speckled, shaded]


@pytest.mark.parametrize("handling", HANDLING, ids=lambda item: item.__name__)
def test_handling_leaves_a_back_blank(handling: object) -> None:
    """Show-through, holes, edges, staples, dust and shadow are not writing, in grey or in colour."""
    assert callable(handling)
    picture = handling(paper())
    assert is_blank(Raster(picture))
    assert is_blank(Raster(np.repeat(picture[..., None], 3, axis=2)))


def test_all_handling_together_is_still_blank() -> None:
    """Holes, a staple, edges and show-through on one back."""
    assert is_blank(Raster(dark_edges(stapled(punched(shining_through(paper()))))))


@pytest.mark.parametrize("strength", [110, 220])
def test_print_is_not_blank(strength: int) -> None:
    """Printed lines, faint or black, make a page."""
    assert not is_blank(Raster(text(paper(), strength)))
    assert not is_blank(Raster(shaded(text(paper(), strength))))


def test_little_writing_is_not_blank() -> None:
    """A short note in pencil, a red seal alone and a page number alone are something."""
    note = paper()
    cv2.putText(note, "OK", at(100, 150), cv2.FONT_HERSHEY_SIMPLEX, 4, 140, 6)
    assert not is_blank(Raster(note))
    seal = np.repeat(paper()[..., None], 3, axis=2)
    cv2.circle(seal, at(150, 200), round(20 * PX), (220, 60, 70), 9)
    assert not is_blank(Raster(seal))
    number = paper()
    cv2.putText(number, "- 12 -", at(160, 270), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 20, 4)
    assert not is_blank(Raster(number))


def test_darkness_is_not_blank() -> None:
    """A black picture is no empty page; a picture of one pixel is no trouble."""
    assert not is_blank(Raster(np.full(SHAPE, 12, np.uint8)))
    assert is_blank(Raster(np.full((1, 1), 255, np.uint8)))
