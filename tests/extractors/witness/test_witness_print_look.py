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
    PrintPictures,
    conditions_of,
    places_of,
    windows_of,
)
from extractors.witness.network import Convolution, stored
from extractors.witness.print_look import LABELS, PrintLook
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea

BOXES = (Box(40, 60, 42, 63), Box(44, 60, 49, 65), Box(0.2, 0.3, 2, 3), Box(207, 294, 209.9, 296.9))

NONE = np.zeros(4, np.bool_)


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


def compared(of: RegisteredPage, *inked: Box) -> ComparedPrint:
    """Nothing printed; found is ink in some boxes."""
    none = np.zeros(of.grey.shape, np.float32)
    found = none.copy()
    for box in inked:
        rows, columns = (
            slice(round(a * PX_PER_MM), round(b * PX_PER_MM)) for a, b in ((box.y0, box.y1), (box.x0, box.x1))
        )
        found[rows, columns] = 200
    return ComparedPrint(none, found, np.zeros(none.shape, np.bool_), np.ones(4, np.float32))


def pictures(of: RegisteredPage, *inked: Box) -> PrintPictures:
    """Its layers."""
    return PrintPictures.of(of, compared(of, *inked))


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
    windows = windows_of(pictures(page()), BOXES)
    assert windows.shape == (4, LAYERS, SIDE, SIDE)
    assert windows[:, :2].max() == 0 and set(np.unique(windows[:, 2])) == {128}
    for window in windows:
        assert window[-1, SIDE // 2, SIDE // 2] == 255 and window[-1, 0, 0] == 0


def test_red_and_blue_over_a_character_lie_on_either_side_of_grey() -> None:
    """What is red is above the middle, what is blue below; without colours nothing is."""
    red, blue = (windows_of(pictures(page(tint)), BOXES)[0, 2] for tint in ((220, 30, 40), (30, 40, 170)))
    assert red.max() > 200 and blue.min() < 80
    assert places_of(page((220, 30, 40)), pictures(page((220, 30, 40))), NONE).characters.tolist() == [0]
    grey = replace(page((220, 30, 40)), colour=False)
    assert set(np.unique(windows_of(pictures(grey), BOXES)[:, 2])) == {128}
    assert not places_of(grey, pictures(grey), NONE).characters.size


def test_a_batch_is_looked_at_as_each_window_by_itself() -> None:
    """However many windows are looked at together, each gets the score it would get alone."""
    rng = np.random.default_rng(5)
    windows = rng.integers(0, 256, (150, LAYERS, SIDE, SIDE)).astype(np.uint8)
    conditions = rng.random((150, CONDITIONS)).astype(np.float32)
    together = look().scores(windows, conditions)
    alone = np.concatenate(
        [look().scores(windows[at][None], conditions[at][None]) for at in range(0, 70, 23)]
    )
    np.testing.assert_allclose(together[:70:23], alone, rtol=1e-4, atol=1e-4)


def test_a_character_that_differs_in_nothing_is_not_asked_about() -> None:
    """Untouched print is untouched whatever a network would say; of fields nothing is asked."""
    of = page()
    assert not look().look(of, compared(of), NONE)[1].size
    touched = compared(of, Box(44.5, 62, 48.5, 63))
    places, said = look().look(of, touched, NONE)
    assert places.characters.tolist() == [1] and said.shape == (1, len(LABELS))
    assert not look().look(of, touched, np.array([False, True, False, False]))[0].characters.size


def test_ink_beside_print_is_asked_about_near_text_only() -> None:
    """Words between lines are places of their own, long ones in parts; apart from text or in a field is none."""
    of = page()
    word, far = Box(39, 66, 57, 69), Box(120, 150, 130, 153)
    places = places_of(of, pictures(of, word, far), NONE)
    assert len(places.beside) >= 2
    assert all(box.overlap_mm2(word) > 0 and box.width < 8 for box in places.beside)
    assert not places_of(of, pictures(of, BOXES[1]), NONE).beside
    field = FieldArea("name", FieldKind.TEXT, 1, word.all_round(1), True)
    in_field = replace(of, original=replace(of.original, areas=(field,)))
    assert not places_of(in_field, pictures(in_field, word), NONE).beside


def test_a_model_survives_its_file_in_half_precision(tmp_path: Path) -> None:
    """What is written is what is read, to a thousandth."""
    one = look()
    names = ("hidden", "hidden_bias", "output", "output_bias", "lines")
    arrays = stored(LABELS, one.convolutions, {name: getattr(one, name) for name in names})
    np.savez(tmp_path / "look.npz", allow_pickle=False, **arrays)
    touched = compared(page(), *BOXES)
    conditions = conditions_of(
        page(), touched.agreement, places_of(page(), PrintPictures.of(page(), touched), NONE)
    )
    size = (len(conditions), LAYERS, SIDE, SIDE)
    windows = np.random.default_rng(2).integers(0, 256, size).astype(np.uint8)
    other = PrintLook.load(tmp_path / "look.npz")
    np.testing.assert_allclose(other.scores(windows, conditions), one.scores(windows, conditions), atol=0.02)
