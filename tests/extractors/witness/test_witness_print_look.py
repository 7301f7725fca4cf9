"""The learned look at print: its windows, its arithmetic in batches, its file."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from extractors.model import PX_PER_MM, Glyph, OriginalPage, RegisteredPage
from extractors.witness.characters import (
    CONDITIONS,
    LAYERS,
    SIDE,
    ComparedPrint,
    change_of,
    conditions_of,
    windows_of,
)
from extractors.witness.network import Convolution, stored
from extractors.witness.print_look import LABELS, PrintLook
from forms.geometry import Box

BOXES = (Box(40, 60, 42, 63), Box(44, 60, 49, 65), Box(0.2, 0.3, 2, 3), Box(207, 294, 209.9, 296.9))


def page(colour: tuple[int, int, int] = (255, 255, 255)) -> RegisteredPage:
    """Four characters on white, two of them at the page's corners; a coloured square over the first."""
    shape = round(297 * PX_PER_MM), round(210 * PX_PER_MM)
    glyphs = tuple(Glyph(text, box) for text, box in zip("3国一8", BOXES, strict=True))
    white = np.full(shape, 255, np.uint8)
    original = OriginalPage("I", 1, 210.0, 297.0, white, glyphs, ())
    rgb = np.full((*shape, 3), 255, np.uint8)
    rgb[round(60 * PX_PER_MM) : round(63 * PX_PER_MM), round(40 * PX_PER_MM) : round(42 * PX_PER_MM)] = colour
    seen = np.ones(shape, np.bool_)
    return RegisteredPage(original, rgb, white, seen, True, False, 200.0, 0.1, 0.9)


def compared(of: RegisteredPage) -> ComparedPrint:
    """Nothing printed, nothing found."""
    none = np.zeros(of.grey.shape, np.float32)
    return ComparedPrint(none, none, np.zeros(none.shape, np.bool_), np.ones(4, np.float32))


def look(seed: int = 1) -> PrintLook:
    """A network of random weights."""
    rng = np.random.default_rng(seed)
    one = Convolution(rng.normal(0, 0.2, (6, LAYERS, 3, 3)).astype(np.float32), np.zeros(6, np.float32), 2)
    two = Convolution(rng.normal(0, 0.2, (8, 6, 3, 3)).astype(np.float32), np.ones(8, np.float32), 2)
    features = 8 * (SIDE // 4) ** 2 + CONDITIONS
    shapes = ((10, features), (10,), (len(LABELS), 10), (len(LABELS),))
    head = (rng.normal(0, 0.1, shape).astype(np.float32) for shape in shapes)
    return PrintLook((one, two), *head, lines=np.array([[1.0, 0.0]] * len(LABELS), np.float32))


def test_every_character_has_a_window_at_the_edges_of_the_page_too() -> None:
    """One shape for all; white paper is neither dark nor coloured, and the character's own box is marked."""
    windows = windows_of(page(), compared(page()))
    assert windows.shape == (4, LAYERS, SIDE, SIDE)
    assert windows[:, :2].max() == 0 and set(np.unique(windows[:, 2])) == {128}
    for window in windows:
        assert window[-1, SIDE // 2, SIDE // 2] == 255 and window[-1, 0, 0] == 0


def test_red_and_blue_over_a_character_lie_on_either_side_of_grey() -> None:
    """What is red is above the middle, what is blue below; without colours nothing is."""
    red, blue = (windows_of(page(tint), compared(page()))[0, 2] for tint in ((220, 30, 40), (30, 40, 170)))
    assert red.max() > 200 and blue.min() < 80
    assert change_of(windows_of(page((220, 30, 40)), compared(page())))[0] > 50
    grey = replace(page((220, 30, 40)), colour=False)
    assert set(np.unique(windows_of(grey, compared(grey))[:, 2])) == {128}


def test_a_batch_is_looked_at_as_each_window_by_itself() -> None:
    """However many windows are looked at together, each gets the score it would get alone."""
    rng = np.random.default_rng(5)
    windows = rng.integers(0, 256, (150, LAYERS, SIDE, SIDE)).astype(np.uint8)
    conditions = rng.random(CONDITIONS).astype(np.float32)
    together = look().scores(windows, conditions)
    alone = np.concatenate([look().scores(window[None], conditions) for window in windows[:70:23]])
    np.testing.assert_allclose(together[:70:23], alone, rtol=1e-4, atol=1e-4)


def test_a_character_that_differs_in_nothing_is_not_asked_about() -> None:
    """Untouched print is untouched whatever a network would say."""
    of = page()
    assert not look().look(of, compared(of), least_change=5.0).any()
    assert look().look(of, compared(of), least_change=0.0).any()


def test_a_model_survives_its_file_in_half_precision(tmp_path: Path) -> None:
    """What is written is what is read, to a thousandth."""
    one = look()
    names = ("hidden", "hidden_bias", "output", "output_bias", "lines")
    arrays = stored(LABELS, one.convolutions, {name: getattr(one, name) for name in names})
    np.savez(tmp_path / "look.npz", allow_pickle=False, **arrays)
    windows = np.random.default_rng(2).integers(0, 256, (5, LAYERS, SIDE, SIDE)).astype(np.uint8)
    conditions = conditions_of(page(), compared(page()))
    other = PrintLook.load(tmp_path / "look.npz")
    np.testing.assert_allclose(other.scores(windows, conditions), one.scores(windows, conditions), atol=0.02)
