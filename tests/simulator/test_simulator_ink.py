"""Ink: seals have their size, and every character can be written."""

import numpy as np
import pytest

from simulator.ink import handwriting, seals
from simulator.ink.words import ALPHABET
from simulator.paper.sheets import PX


@pytest.mark.parametrize(("shape", "sides"), [("round", (38, 45)), ("oval", (30, 45)), ("square", (18, 22))])
def test_seals_have_their_size(shape: seals.SealShape, sides: tuple[float, float]) -> None:
    """A seal's ink is as large as it was cut, whatever way it was turned."""
    pressed = seals.press(shape, "晋城市太行有限公司", np.random.default_rng(3))
    ys, xs = np.nonzero(pressed.alpha > 0.15)
    width, height = (float(np.ptp(v)) / PX for v in (xs, ys))
    assert sides[0] - 4 < min(width, height) and max(width, height) < sides[1] * 1.35


def test_every_character_can_be_written() -> None:
    """The faces have every character the words need: nothing is written as an empty box."""
    hand = handwriting.pick_handwriting(np.random.default_rng(0))
    boxes = {handwriting.centre_line(hand.face, text)[0].shape for text in "\ue000"}
    empty = [text for text in ALPHABET if handwriting.centre_line(hand.face, text)[0].shape in boxes]
    assert empty == []
