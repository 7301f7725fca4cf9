"""How strong a sign of alteration must be depends on how rough the whole page is."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from extractors.model import Float32Array, Glyph
from extractors.observe.printed_text.print_limits import PrintLikeness, altered_ratio, likeness
from extractors.thresholds import load_thresholds
from forms.geometry import Box

LIMITS = load_thresholds().printed
SMOOTH, ROUGH = 0.02, 0.08


def ratio(usual: float, *, missing: float = 0.0, added: float = 0.0, unlike: float = 0.0) -> float:
    """The sign of one character that was told, on a page whose characters usually differ so much."""

    def one(value: float) -> Float32Array:
        return np.array([value], np.float32)

    like = PrintLikeness(np.array([True]), np.array([False]), one(unlike), usual)
    return float(altered_ratio(one(missing), one(added), like, LIMITS)[0])


WEAK = [{"missing": 2.3, "unlike": 0.8}, {"added": 1.4, "unlike": 0.6}, {"missing": 0.3, "unlike": 1.1}]


@pytest.mark.parametrize("sign", WEAK)
def test_one_weak_sign_alters_nothing_on_a_rough_page_only(sign: dict[str, float]) -> None:
    """A thin stroke that a black-and-white scan lost alters nothing; on a page in grey it does."""
    assert ratio(ROUGH, **sign) < 1 <= ratio(SMOOTH, **sign)


@pytest.mark.parametrize("sign", [{"missing": 1.5}, {"added": 1.2}])
def test_two_signs_together_count_on_a_rough_page_too(sign: dict[str, float]) -> None:
    """A character that misses or has ink and looks like another one is altered on any page."""
    assert ratio(ROUGH, unlike=1.1, **sign) >= 1


def test_a_speck_over_a_character_excuses_little_of_its_looks() -> None:
    """Another character with a speck on it is another one still; beneath a stroke nothing is said of it."""
    count = 40
    glyphs = tuple(Glyph("项", Box(20 + 4 * at, 50, 23 + 4 * at, 54)) for at in range(count))
    page = SimpleNamespace(original=SimpleNamespace(glyphs=glyphs))
    agreement = np.full(count, 0.99, np.float32)
    agreement[[3, 4]] = 0.6
    covered = np.zeros(count, np.float32)
    covered[3], covered[4] = 0.022, 0.4
    seen = likeness(cast(Any, page), cast(Any, SimpleNamespace(agreement=agreement)), covered, LIMITS)
    assert seen.unlike[3] > 1 and seen.unlike[4] == 0


def test_what_other_ink_lies_over_is_held_against_the_plain_limits() -> None:
    """A character that cannot be told by its looks keeps the limits of a smooth page."""
    missing, none = np.array([1.2], np.float32), np.zeros(1, np.float32)
    like = PrintLikeness(np.array([False]), np.array([False]), none, ROUGH)
    assert altered_ratio(missing, none, like, LIMITS)[0] >= 1


def test_what_still_agrees_under_other_ink_may_lose_what_a_rough_page_loses() -> None:
    """A tick reaches into a character whose thin stroke the scan lost; on a smooth page it would have stayed."""
    missing, none = np.array([1.2], np.float32), np.zeros(1, np.float32)
    for usual, altered in ((ROUGH, False), (SMOOTH, True)):
        like = PrintLikeness(np.array([False]), np.array([True]), none, usual)
        assert (altered_ratio(missing, none, like, LIMITS)[0] >= 1) == altered
