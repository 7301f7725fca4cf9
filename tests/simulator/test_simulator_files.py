"""Returned files: the truth says where every picture is."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulator.files import write_return_files
from tests.simulator.conftest import Simulate

pytestmark = pytest.mark.office


def test_truth_lists_every_picture_once(make: Simulate, tmp_path: Path) -> None:
    """Every picture is in exactly one file at the place the truth names, in the size it was made."""
    made = [make(seed=seed, tier=tier) for seed, tier in enumerate(("A", "B", "C", "D", "B"))]
    written = write_return_files(made, tmp_path, np.random.default_rng(1))
    assert (
        len({(item.source, item.source_page) for item in written})
        == len(written)
        == sum(len(item.pages) for item in made)
    )
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert len(truth["pages"]) == len(written)
    assert {item.source for item in written} == {file.name for file in tmp_path.iterdir()} - {"truth.json"}
    for item in written:
        if not item.source.endswith(".pdf"):
            with Image.open(tmp_path / item.source) as picture:
                picture.seek(item.source_page - 1)
                assert picture.size == item.page.pixels.shape[1::-1]
