"""Counting returns with real ink, and the crops and calibration of the learned look."""

from pathlib import Path

import numpy as np
import pytest

from bench.accuracy.ink import SIDES, InkTrialRunner, ink_markdown
from bench.accuracy.trials import Trial
from bench.bench_accuracy import TODAY
from bench.fitting.composing import LABELS
from bench.fitting.crops import load, make, write
from bench.fitting.training import augmented, calibrated
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
    """Moved, dimmed and noisy crops have the same shape and keep to nought and one; the field's layer moves along."""
    layers = np.zeros((6, LAYERS, 64, 192), np.uint8)
    layers[:, -1, 20:40, 50:90] = 255
    out = augmented(layers, np.random.default_rng(1))
    assert out.shape == layers.shape and out.dtype == np.float32 and 0 <= out.min() <= out.max() <= 1
    assert np.allclose(out[:, -1].sum(axis=(1, 2)), 800)
