"""Rims of seals are followed to where their ink ends, or not at all."""

import cv2
import numpy as np
import pytest

from extractors.model import PX_PER_MM
from extractors.observe.seals.outlines import SealOutline
from extractors.observe.seals.rims import SealRim, follow
from extractors.thresholds import load_thresholds
from tests.extractors.observe.conftest import point, px

LIMITS = load_thresholds().rims


def _drawn(first: int = 0, last: int = 360, rough: float = 0.0) -> np.ndarray:
    """A rim 1.1 mm wide, outer radius 20.5 mm, in the middle of 60 × 60 mm; by so many mm rough."""
    picture = np.zeros((px(60), px(60)), np.uint8)
    cv2.ellipse(picture, point(30, 30), (px(19.95), px(19.95)), 0, first, last, 255, px(1.1))
    if rough:
        rng = np.random.default_rng(5)
        moves = [
            cv2.GaussianBlur(rng.normal(0, 1, picture.shape).astype(np.float32), (0, 0), 4) for _ in range(2)
        ]
        rows, columns = np.indices(picture.shape).astype(np.float32)
        moves = [move / move.std() * rough * PX_PER_MM for move in moves]
        picture = cv2.remap(picture, columns + moves[0], rows + moves[1], cv2.INTER_LINEAR)
    return np.asarray(picture > 127)


def _outline(dx: float = 0.0, dr: float = 0.0) -> SealOutline:
    size = 2 * (19.95 + dr)
    return SealOutline("round", 30 + dx, 30, size, size, 0.0, 1.0, 1.0, 0.3)


@pytest.mark.parametrize(("dx", "dr"), [(0.0, 0.0), (0.5, 0.0), (0.0, -0.5), (-0.4, 0.4)])
def test_a_rim_is_followed_to_a_tenth_of_a_millimetre(dx, dr):
    """However its outline was fitted: what counts is where its ink ends."""
    rim = follow(_drawn(), (0.0, 0.0), _outline(dx, dr), LIMITS)
    assert isinstance(rim, SealRim)
    turn = np.linspace(0, 2 * np.pi, 50)
    edge = rim.beyond(30 + 20.5 * np.cos(turn), 30 + 20.5 * np.sin(turn))
    assert np.abs(edge).max() < 0.2
    assert rim.thick == pytest.approx(1.1, abs=0.25)


@pytest.mark.parametrize("ink", [_drawn(0, 150), _drawn(rough=0.35), np.zeros((px(60), px(60)), np.bool_)])
def test_what_cannot_be_followed_is_no_rim(ink):
    """Less than half a rim, a ragged one, none."""
    assert follow(ink, (0.0, 0.0), _outline(), LIMITS) is None
