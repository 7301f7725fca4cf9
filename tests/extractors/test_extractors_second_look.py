"""Two witnesses: what is there counts only where the learned look agrees with the physical evidence."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.layers.page_layers import page_layers
from extractors.model import Observation
from extractors.observe.fields import observe_fields
from extractors.second_look import second_look
from extractors.thresholds import load_thresholds
from extractors.witness.agreement import agreement_limits
from forms.definition import FieldKind
from tests.extractors.observe.conftest import Paper, form, original, px

LIMITS = load_thresholds()


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
        replace(item, state=states[item.id], reason="有签字", confidence=0.9) if item.id in states else item  # type: ignore[arg-type]
        for item in observe_fields(page_layers(page, LIMITS.ink), form(), LIMITS)
    ]
    return {item.id: item for item in second_look(page, tuple(seen), form(), LIMITS.witness)}


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
    """The reason says what is not seen there; the state is no longer filled."""
    thumb(paper, 135, 130)
    seen = looked(paper, sign="filled")["sign"]
    assert (seen.state, seen.confidence) == ("unsure", 0.5)
    assert "看起来不像签字或印章" in seen.reason and "栏目sign" in seen.reason


def test_a_stain_taken_for_a_signature_goes_to_a_person(paper: Paper) -> None:
    """A pale smear signs nothing."""
    paper.smear(135, 130)
    assert looked(paper, sign="filled")["sign"].state == "unsure"


def test_a_signature_that_was_overlooked_goes_to_a_person(paper: Paper) -> None:
    """A place called blank where the look sees it filled is not called missing."""
    paper.sign(120, 130)
    paper.seal(137, 133)
    seen = looked(paper, sign="blank")["sign"]
    assert seen.state == "unsure" and "看起来像签字或印章" in seen.reason


def test_an_empty_form_stays_blank(paper: Paper) -> None:
    """Nothing is seen where nothing is."""
    assert {item.state for item in looked(paper).values()} == {"blank"}


def test_what_is_unsure_or_out_of_sight_is_not_asked_about(paper: Paper) -> None:
    """A look changes no doubt into certainty."""
    paper.sign(120, 130)
    seen = looked(paper, sign="unsure")["sign"]
    assert seen.state == "unsure" and "look" not in {item.name for item in seen.measures}


def test_a_smaller_risk_asks_for_more() -> None:
    """The one number of the settings: the chance from which a look agrees rises as the risk falls."""
    shipped = agreement_limits()
    for kind in FieldKind:
        limits = [shipped.filled_from(kind, risk) for risk in (0.2, 0.05, 0.02, 0.01, 0.005, 0.0)]
        assert limits == sorted(limits) and limits[-1] > 1
