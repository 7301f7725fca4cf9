"""Simulating a return: the same seed gives the same return, a complete one lacks nothing."""

import numpy as np
import pytest

from extractors.model import IssuedDocument
from simulator.filling.planning import required_open
from tests.simulator.conftest import Simulate, of_form

pytestmark = pytest.mark.office


def test_same_seed_same_pixels(make: Simulate) -> None:
    """The same seed gives the same pictures and the same truth; another seed others."""
    first, again, other = make(seed=3), make(seed=3), make(seed=4)
    assert first.truth == again.truth
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first.pages, again.pages, strict=True))
    assert not all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first.pages, other.pages, strict=True))


@pytest.mark.parametrize("form", ["authorisation", "completion", "assessment"])
def test_complete_return_fills_all_that_is_required(
    make: Simulate, documents: list[IssuedDocument], form: str
) -> None:
    """Without a defect every required field is written, and nothing is to be found."""
    truth = make(form).truth
    filled = {item.id for item in truth.written if item.filled}
    assert {area.id for area in required_open(of_form(documents, form))} <= filled
    assert truth.complete and truth.expected == ()
