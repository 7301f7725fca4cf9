"""Two witnesses: what is there counts only where the learned look agrees with the physical evidence."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.model import Observation
from extractors.second_look import second_look
from extractors.thresholds import load_thresholds
from tests.extractors.observe.conftest import Paper, form, original, px

LIMITS = load_thresholds().witness


@pytest.fixture
def paper() -> Paper:
    return Paper(original())


def thumb(paper: Paper, x: float, y: float) -> None:
    """A fingerprint: ridges of half a millimetre about a middle."""
    rows, columns = np.indices(paper.pixels.shape[:2]).astype(np.float32)
    across, down = (columns - px(x)) / px(8.5), (rows - px(y)) / px(11)
    reach = np.hypot(across, down)
    ridges = (np.sin(reach * 62 + 2 * across) > 0.1) & (reach < 1)
    layer = np.where(ridges, 110, 255).astype(np.uint8)
    paper.pixels = np.minimum(paper.pixels, cv2.GaussianBlur(layer, (0, 0), 0.8)[..., None])


def looked(paper: Paper, **states: str) -> dict[str, Observation]:
    """What two witnesses make of a page; ``states``: what the physical evidence is taken to have said of a place."""
    page = paper.scanned()
    seen = [
        replace(item, state=states[item.id], reason="有签字") if item.id in states else item  # type: ignore[arg-type]
        for item in paper.observed().values()
    ]
    return {item.id: item for item in second_look(page, tuple(seen), form(), LIMITS)}


def test_what_both_see_is_filled(paper: Paper) -> None:
    """A signature, a seal, a tick and writing stay as they were read, and what the look said is kept with each."""
    paper.sign(120, 130)
    paper.square_seal(76, 189)
    paper.tick("box.0")
    paper.write(55, 41)
    seen = looked(paper)
    for field in ("sign", "sign.manager", "box.0", "name"):
        assert seen[field].state == "filled"
        (measure,) = (item for item in seen[field].measures if item.name == "look")
        assert measure.threshold is not None and measure.value >= measure.threshold


def test_a_fingerprint_taken_for_a_signature_goes_to_a_person(paper: Paper) -> None:
    """The reason names what the look took it for; the state is no longer filled."""
    thumb(paper, 135, 130)
    seen = looked(paper, sign="filled")["sign"]
    assert (seen.state, seen.confidence) == ("unsure", 0.5)
    assert "看起来不像签字或印章" in seen.reason and "栏目sign" in seen.reason


def test_a_stain_taken_for_a_signature_goes_to_a_person(paper: Paper) -> None:
    """A pale smear signs nothing."""
    paper.smear(135, 130)
    assert looked(paper, sign="filled")["sign"].state == "unsure"


def test_a_slip_taken_for_writing_goes_to_a_person(paper: Paper) -> None:
    """One faint short slip of a pencil is no entry."""
    paper.stroke([(70, 54), (74, 54.6)], (175, 175, 175), 0.3)
    assert looked(paper, note="filled")["note"].state == "unsure"


def test_a_signature_that_was_overlooked_goes_to_a_person(paper: Paper) -> None:
    """A place to sign called blank where the look is very sure that it is not."""
    paper.sign(120, 130)
    paper.seal(137, 133)
    seen = looked(paper, sign="blank")["sign"]
    assert seen.state == "unsure" and "看起来像签字或印章" in seen.reason


def test_blank_fields_are_not_asked_about(paper: Paper) -> None:
    """Only places to sign are looked at where the physical evidence sees nothing; they stay blank."""
    seen = looked(paper)
    assert {item.state for item in seen.values()} == {"blank"}
    assert [key for key, item in seen.items() if any(m.name == "look" for m in item.measures)] == [
        "sign",
        "sign.manager",
    ]
