"""The learned look: its arithmetic against a plain one, its crops, its file."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, OriginalPage, RegisteredPage
from extractors.witness.crops import CROP_PX_PER_MM, LAYERS, SIZES_MM, CropSize, crop_of, crop_size
from extractors.witness.network import FILLS, HEAD, Convolution, WitnessModel, convolve, pooled, stored
from forms.definition import FieldKind
from forms.geometry import Box

LABELS = ("signature", "seal", "stain")


def page(draw: Box | None = None, colour: tuple[int, int, int] = (0, 0, 0)) -> RegisteredPage:
    """A blank page, A4, with one filled rectangle that the original does not have."""
    shape = round(297 * PX_PER_MM), round(210 * PX_PER_MM)
    rgb = np.full((*shape, 3), 255, np.uint8)
    if draw is not None:
        rows, columns = (
            slice(round(low * PX_PER_MM), round(high * PX_PER_MM))
            for low, high in ((draw.y0, draw.y1), (draw.x0, draw.x1))
        )
        rgb[rows, columns] = colour
    blank = np.full(shape, 255, np.uint8)
    original = OriginalPage(
        issue="I", number=1, width_mm=210.0, height_mm=297.0, grey=blank, glyphs=(), areas=()
    )
    return RegisteredPage(
        original=original,
        rgb=rgb,
        grey=np.asarray(rgb.mean(axis=2), np.uint8),
        seen=np.ones(shape, np.bool_),
        colour=True,
        bitonal=False,
        dpi=200.0,
        residual_mm=0.1,
        score=0.9,
    )


def model(seed: int = 1) -> WitnessModel:
    """A small network of random weights."""
    rng = np.random.default_rng(seed)
    first = Convolution(rng.normal(0, 0.3, (6, LAYERS, 5, 5)).astype(np.float32), np.zeros(6, np.float32), 2)
    second = Convolution(rng.normal(0, 0.3, (8, 6, 3, 3)).astype(np.float32), np.ones(8, np.float32), 2)
    shapes = {"hidden": (5, 24), "hidden_bias": (5,), "output": (4, 5), "output_bias": (4,)}
    head = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    for name, count in (("", len(LABELS)), ("filled_", len(FILLS))):
        head |= {f"{name}slope": np.ones(count, np.float32), f"{name}offset": np.zeros(count, np.float32)}
    return WitnessModel(LABELS, (first, second), **head)


def slowly(layers: NDArray[np.float32], item: Convolution) -> NDArray[np.float64]:
    """A convolution as a textbook writes it."""
    out, _, rows, columns = item.kernel.shape
    before = (rows - item.stride + 1) // 2
    padded = np.pad(layers, ((0, 0), (before, rows + 8), (before, columns + 8))).astype(np.float64)
    height, width = -(-layers.shape[1] // item.stride), -(-layers.shape[2] // item.stride)
    result = np.zeros((out, height, width))
    for y in range(height):
        for x in range(width):
            top, left = y * item.stride, x * item.stride
            met = padded[:, top : top + rows, left : left + columns]
            result[:, y, x] = (item.kernel * met).sum(axis=(1, 2, 3)) + item.bias
    return np.maximum(result, 0)


@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (5, 2), (8, 4)])
def test_convolution_is_the_textbooks(side: int, stride: int) -> None:
    """One product over all crops gives what a sum at every place of each gives, odd sizes included."""
    rng = np.random.default_rng(3)
    layers = rng.random((3, 2, 13, 18)).astype(np.float32)
    kernel = rng.normal(0, 1, (4, 3, side, side)).astype(np.float32)
    item = Convolution(kernel, rng.random(4).astype(np.float32), stride)
    together = convolve(layers, item)
    for index in range(2):
        np.testing.assert_allclose(together[:, index], slowly(layers[:, index], item), rtol=1e-4, atol=1e-3)


def test_only_what_lies_in_the_field_counts() -> None:
    """What a layer holds outside the field changes neither mean nor greatest value in it, only the mean in all."""
    seen = np.zeros((2, 4, 6), np.float32)
    seen[:, 1, 2] = (3.0, 5.0)
    field = np.zeros((16, 24), np.float32)
    field[4:8, 8:12] = 1  # one cell of 4 by 4 px
    inside = pooled(seen, field)
    seen[:, 3, 5] = 99
    np.testing.assert_array_equal(pooled(seen, field)[:4], inside[:4])
    np.testing.assert_array_equal(inside, np.array([3, 5, 3, 5, 3 / 24, 5 / 24], np.float32))
    assert (pooled(seen, field)[4:] > 4).all()


def test_a_field_smaller_than_a_cell_still_counts() -> None:
    """A box of which no cell is mostly full is looked at where most of it lies."""
    field = np.zeros((16, 24), np.float32)
    field[5, 9] = 1
    assert np.isfinite(pooled(np.ones((2, 4, 6), np.float32), field)).all()


@pytest.mark.parametrize("size", ["signature", "entry"])
def test_a_crop_has_its_size_and_layers_from_nought_to_one(size: CropSize) -> None:
    """Whatever the field, a crop has the same shape, white paper is 0 and the field's layer is 1 inside it."""
    width, height = SIZES_MM[size]
    for field in (Box(100, 100, 130, 108), Box(2, 2, 60, 40), Box(10, 200, 200, 290)):
        crop = crop_of(page(), field, size)
        assert crop.shape == (LAYERS, height * CROP_PX_PER_MM, width * CROP_PX_PER_MM)
        assert crop[:-1].max() == 0 and crop[-1].max() == 1
        assert crop.dtype == np.float32


def test_colours_have_their_own_layers() -> None:
    """Red ink is red, blue ink is blue, and black is neither."""
    field, ink = Box(100, 100, 140, 130), Box(110, 105, 120, 115)
    for colour, red, blue in (
        ((200, 20, 30), True, False),
        ((30, 40, 170), False, True),
        ((0, 0, 0), False, False),
    ):
        crop = crop_of(page(ink, colour), field, "signature")
        assert (crop[1].max() > 0.4) == red and (crop[2].max() > 0.4) == blue
        assert crop[0].max() > 0.5


def test_a_large_field_is_looked_at_where_something_was_added() -> None:
    """In a field many times as wide as the crop, the crop holds the one word that was written."""
    crop = crop_of(page(Box(170, 203, 190, 206)), Box(20, 200, 200, 210), "entry")
    assert crop[0].max() > 0.9


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    """What was kept in half precision answers as before, to a thousandth, and the labels keep their order."""
    one = model()
    head = {name: getattr(one, name) for name in HEAD}
    arrays = stored(one.labels, one.convolutions, head)
    np.savez_compressed(tmp_path / "model.npz", allow_pickle=False, **arrays)
    again = WitnessModel.load(tmp_path / "model.npz")
    seen = page(Box(110, 105, 120, 115), (200, 20, 30))
    field = Box(100, 100, 140, 130)
    ((before,), (after,)) = (item.looks(seen, [(field, FieldKind.SIGNATURE)]) for item in (one, again))
    assert list(after.chances) == list(LABELS)
    assert after.chances == pytest.approx(before.chances, abs=2e-3)
    assert all(0 <= value <= 1 for value in after.chances.values())


def test_many_places_at_once_are_seen_as_one_by_one() -> None:
    """Places of all kinds, more than are evaluated together, in their order."""
    seen, one = page(Box(110, 105, 120, 115), (200, 20, 30)), model()
    kinds = (FieldKind.CHECKBOX, FieldKind.SIGNATURE, FieldKind.TEXT)
    places = [(Box(90 + 2 * i, 90 + i, 120 + 2 * i, 98 + 2 * i), kinds[i % 3]) for i in range(20)]
    together, alone = one.looks(seen, places), [one.looks(seen, [place])[0] for place in places]
    for mine, other in zip(together, alone, strict=True):
        assert mine.chances == pytest.approx(other.chances, abs=1e-4)
    assert one.looks(seen, []) == []


def test_signature_fields_have_the_larger_crop() -> None:
    """A seal must fit into the crop of a signature field; everything else is looked at line by line."""
    assert crop_size(FieldKind.SIGNATURE) == "signature"
    assert {crop_size(kind) for kind in FieldKind if kind is not FieldKind.SIGNATURE} == {"entry"}


def test_the_fitted_model_knows_its_labels_and_is_small() -> None:
    """The model that is shipped has every label that crops are made with, and stays below 400 kB."""
    from bench.fitting.composing import LABELS as FITTED
    from extractors.witness.network import MODEL

    assert WitnessModel.load().labels == FITTED and MODEL.stat().st_size < 400_000


def test_the_fitted_model_calls_blank_paper_blank() -> None:
    """On paper where nothing was added, nothing is called a signature, a seal, writing or a tick."""
    places = [(Box(100, 100, 150, 145), FieldKind.SIGNATURE), (Box(60, 100, 100, 108), FieldKind.TEXT)]
    for said in WitnessModel.load().looks(page(), places):
        assert said.filled < 0.1
        assert max(said.chances[label] for label in ("signature", "seal", "writing", "tick")) < 0.1
