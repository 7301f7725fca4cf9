"""Counting returns with real ink, and the crops and calibration of the learned look."""

from pathlib import Path

import numpy as np
import pytest

from bench.accuracy.ink import SIDES, InkTrialRunner, ink_markdown
from bench.accuracy.trials import Trial
from bench.bench_accuracy import TODAY
from bench.fitting.augmenting import Augmenter
from bench.fitting.composing import LABELS
from bench.fitting.crops import UNKNOWN, Crops, load, make, write
from bench.fitting.training import calibrated, truth_of
from extractors.witness.crops import LAYERS
from simulator.real_ink.library import InkLibrary

DRAWN = InkLibrary()


def test_trials_with_ink_are_counted_by_side(issued: Path) -> None:
    """A complete and an incomplete return of each side come into the tables, false passes with their seed."""
    runner = InkTrialRunner(issued, TODAY, DRAWN, ocr=False)
    trials = [Trial("A", (3, 0, int(bad), number), bad) for bad in (False, True) for number in (0, 1)]
    outcomes = [runner.run(trial) for trial in trials]
    assert [item.side for item in outcomes] == [*SIDES, *SIDES]
    assert [item.complete for item in outcomes] == [True, True, False, False]
    assert all(item.families for item in outcomes)
    outcomes[-1].verdict = "complete"
    table = ink_markdown(outcomes)
    assert "| incomplete called complete | held-out | 100 % (1/1)" in table and "3-0-1-1" in table


def test_a_trial_with_ink_can_be_made_again(issued: Path) -> None:
    """The seed in a list of faults makes the very same return."""
    trial = Trial("B", (3, 1, 1, 5), True)
    one, other = (InkTrialRunner(issued, TODAY, DRAWN, ocr=False).simulated(trial)[1] for _ in range(2))
    assert one.families == other.families and one.truth == other.truth
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one.pages, other.pages, strict=True))


def test_crops_for_fitting_survive_their_file(issued: Path, tmp_path: Path) -> None:
    """Crops of both sizes come from registered pages, with their labels; a file keeps them as they were."""
    made = make(issued, DRAWN, "fitting", pages=3, seed=2)
    write(made, tmp_path / "crops.npz")
    kept = load(tmp_path / "crops.npz")
    assert set(kept) == {"signature", "entry"}
    for size, crops in kept.items():
        assert crops.layers.shape[:2] == (len(crops.labels), LAYERS) and crops.labels.shape[1] == len(LABELS)
        assert np.array_equal(crops.layers, made[size].layers)


def test_calibration_makes_probabilities_of_scores() -> None:
    """Scores that are twice as sure as they may be are halved; where there is nothing to learn from, they stay."""
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 2, 4000)
    truth = (rng.random(4000) < 1 / (1 + np.exp(-honest))).astype(np.uint8)
    slope, offset = calibrated(2 * honest, truth)
    assert slope == pytest.approx(0.5, abs=0.08) and offset == pytest.approx(0, abs=0.15)
    assert calibrated(np.zeros(0), np.zeros(0, np.uint8)) == pytest.approx((1.0, 0.0))


def test_augmented_crops_stay_crops() -> None:
    """Moved, turned and dimmed crops have the same shape; the field's layer moves along, its size within a third."""
    layers = np.zeros((8, LAYERS, 64, 192), np.uint8)
    layers[:, -1, 20:40, 50:90] = 255
    truth = np.zeros((8, len(LABELS) + 1), np.uint8)
    out, labels = Augmenter(np.random.default_rng(1)).augmented(layers, truth)
    assert out.shape == layers.shape and out.dtype == np.uint8 and np.array_equal(labels, truth)
    sizes = (out[:, -1] > 127).sum(axis=(1, 2))
    assert (sizes > 500).all() and (sizes < 1150).all() and len(set(sizes.tolist())) > 3


def test_what_is_laid_over_a_crop_leaves_its_filling() -> None:
    """A stain laid over a signature makes it one with a stain, still filled; no signature is laid over a stain."""
    layers = np.zeros((64, LAYERS, 64, 192), np.uint8)
    layers[:, 4, 20:24, 60:120] = 200
    truth = np.zeros((64, len(LABELS) + 1), np.uint8)
    truth[:32, LABELS.index("signature")] = truth[:32, -1] = 1
    truth[32:, LABELS.index("stain")] = 1
    _, labels = Augmenter(np.random.default_rng(2)).augmented(layers, truth)
    assert np.array_equal(labels[:, -1], truth[:, -1])
    assert np.array_equal(labels[:, LABELS.index("signature")], truth[:, LABELS.index("signature")])
    assert 0 < labels[:32, LABELS.index("stain")].sum() < 32


def test_whether_a_crop_is_filled_goes_by_the_kind_of_its_field() -> None:
    """A day written into a signing place fills it not; what nobody knows is neither filled nor blank."""
    labels = np.zeros((4, len(LABELS)), np.uint8)
    labels[0, LABELS.index("writing")] = labels[1, LABELS.index("writing")] = 1
    labels[2, LABELS.index("signature")] = UNKNOWN
    kinds = np.array(["signature", "date", "signature", "checkbox"])
    empty = np.array([""] * 4)
    layers = np.full((4, LAYERS, 4, 4), 200, np.uint8)
    assert truth_of(Crops(layers, labels, empty, kinds, empty))[:, -1].tolist() == [0, 1, UNKNOWN, 0]


def test_ink_that_is_not_on_the_picture_fills_nothing() -> None:
    """A pale entry that a black-and-white scanner lost is a blank place for whoever looks at the picture."""
    labels = np.zeros((1, len(LABELS)), np.uint8)
    labels[0, LABELS.index("writing")] = 1
    one = np.array(["text"])
    for ink, filled in ((0, 0), (200, 1)):
        layers = np.full((1, LAYERS, 4, 4), 255, np.uint8)
        layers[:, 4] = ink
        assert truth_of(Crops(layers, labels, one, one, one))[:, -1].tolist() == [filled]


def test_ordinary_returns_are_labelled_by_what_was_written(issued: Path) -> None:
    """Every page's fields come with the marks put into them; of look-alikes nothing is claimed."""
    made = make(issued, DRAWN, "fitting", pages=2, seed=4, source="ordinary")
    labels = np.concatenate([crops.labels for crops in made.values()])
    assert (labels[:, LABELS.index("stain")] == UNKNOWN).all()
    assert (labels == 1).any(axis=1).any() and not (labels == 1).any(axis=1).all()
