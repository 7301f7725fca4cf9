"""Two witnesses to print: what only the look names goes to a person; nothing the rules say is weakened."""

from dataclasses import replace
from typing import Any

import pytest

from extractors.layers.page_layers import PageLayers, page_layers
from extractors.model import Alteration, OriginalPage
from extractors.observe.printed_text.printed import observe_print, release
from extractors.originals import Originals
from extractors.print_witness import witnessed
from extractors.register import register
from extractors.thresholds import load_thresholds
from tests.extractors.returns import SCAN
from tests.extractors.spoils import Spoil, inserted, other_digit, seal, struck

pytestmark = pytest.mark.office
LIMITS = load_thresholds()


@pytest.fixture(scope="module")
def page(issued: Any, originals: Originals) -> OriginalPage:
    """A page of running text with a code and a date in it."""
    return originals.page(issued.of("completion").number, 1)


def scanned(page: OriginalPage, spoil: Spoil | None) -> PageLayers:
    """The page as it comes back."""
    release()
    drawn = page.grey.copy()
    if spoil is not None:
        spoil(page, drawn)
    found = register(SCAN.raster(page, drawn), SCAN.sighting(page), page, LIMITS.registration)
    assert found is not None
    return page_layers(found, LIMITS.ink)


def looked(layers: PageLayers, found: tuple[Alteration, ...]) -> tuple[Alteration, ...]:
    """What both witnesses say, given what the rules have found."""
    return witnessed(layers, found, LIMITS.printed, LIMITS.print_look)


@pytest.mark.parametrize("spoil", [other_digit, struck, inserted])
def test_what_the_rules_pass_goes_to_a_person(page: OriginalPage, spoil: Spoil) -> None:
    """As if the rules had passed it: the look names the very place, doubtfully, with what it measured."""
    spoilt = scanned(page, spoil)
    rules = observe_print(spoilt, LIMITS.printed)
    seen = looked(spoilt, ())
    assert seen and any(one.box.overlap_mm2(rules[0].box) > 0 for one in seen)
    for one in seen:
        assert one.confidence < LIMITS.judge.altered_sure
        (measure,) = one.measures
        assert measure.name == "print-look" and measure.threshold is not None
        assert measure.value >= measure.threshold
        assert one.crop is not None and one.reason.startswith("第1页")


def test_what_the_rules_name_stays_as_they_named_it(page: OriginalPage) -> None:
    """The look adds its measure and nothing else; the same place is not named twice."""
    spoilt = scanned(page, other_digit)
    rules = observe_print(spoilt, LIMITS.printed)
    seen = looked(spoilt, rules)
    assert len(seen) == len(rules)
    for one, before in zip(seen, rules, strict=True):
        assert one.measures[: len(before.measures)] == before.measures
        assert replace(one, measures=before.measures) == before


@pytest.mark.parametrize("left", [None, seal])
def test_sound_print_is_not_doubted(page: OriginalPage, left: Spoil | None) -> None:
    """A scan of the page as it was issued, and with what people leave on it: neither witness has anything to say."""
    assert looked(scanned(page, left), ()) == ()
