"""Characters for fitting the look at print: what was changed on paper is labelled, and nothing else."""

from pathlib import Path

import numpy as np

from bench.fitting.altering import ALTERATIONS, watched
from bench.fitting.characters import load, make, write
from extractors.witness.characters import LAYERS, SIDE
from forms.geometry import Box
from simulator.paper.sheets import PX, PaperSheet
from simulator.real_ink.library import InkLibrary


def test_a_watched_sheet_names_exactly_the_pixels_that_changed() -> None:
    """Ink, something opaque and a window written to; what was only looked at, or left as it was, is no change."""
    sheet = watched(PaperSheet(1, np.full((1200, 900, 3), 255, np.uint8), 76.2, 101.6))
    before = sheet.pixels.copy()
    sheet.watch()
    sheet.ink(np.ones((30, 50), np.float32), 10, 20, (20, 20, 20))
    sheet.cover(np.ones((30, 50), np.float32), 12, 21, (255, 255, 255))
    sheet.window(Box(40, 50, 44, 52))[:] = 90
    sheet.window(Box(60, 80, 70, 90)).mean()
    found = np.zeros(before.shape[:2], np.bool_)
    for left, top, mask in sheet.changed():
        found[top : top + mask.shape[0], left : left + mask.shape[1]] |= mask
    wanted = (sheet.pixels != before).any(axis=2)
    assert (found & ~wanted).sum() <= 30 * 50 and not (wanted & ~found).any()  # white again: it was touched
    assert found[round(51 * PX), round(42 * PX)]
    sheet.watch()
    assert not sheet.changed()


def test_characters_for_fitting_survive_their_file(issued: Path, tmp_path: Path) -> None:
    """Windows come from registered pages, altered ones with what was done and where; a file keeps them."""
    made = make(issued, InkLibrary(), "fitting", documents=1, seed=2, scans=1)
    write(made, tmp_path / "characters.npz")
    kept = load(tmp_path / "characters.npz")
    assert kept.windows.shape[1:] == (LAYERS, SIDE, SIDE) and kept.labels.shape[1] == len(ALTERATIONS)
    assert np.array_equal(kept.windows, made.windows) and np.array_equal(kept.place, made.place)
    altered = kept.labels.any(axis=1)
    assert altered.any() and not altered.all()
    assert np.array_equal(altered, kept.place >= 0) and not (altered & kept.sound).any()
    assert set(kept.ways[~altered]) == {""}
