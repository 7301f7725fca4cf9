"""Pen, seal, digital signature and 骑缝章."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from extractors.model import (
    DigitalSignature,
    Measure,
    Seal,
)
from forms.definition import FormDefinition
from forms.geometry import Box

Sound = Callable[[str], Any]
Codes = Callable[..., list[str]]
SIGNED = "authorisation.signature"
SEAL = Seal(box=Box(100, 200, 140, 240), shape="round", diameter_mm=40.0, red=True)


# -- signing ----------------------------------------------------------------------------------------


def asking(form: FormDefinition, signing: str) -> FormDefinition:
    changed = [
        item.model_copy(update={"signing": signing}) if item.id == SIGNED else item for item in form.fields
    ]
    return form.model_copy(update={"fields": tuple(changed)})


@pytest.mark.parametrize(
    ("pen", "seals", "enough"),
    [
        (True, (), {"either", "pen"}),
        (False, (SEAL,), {"either", "seal"}),
        (True, (SEAL,), {"either", "pen", "seal", "both"}),
    ],
    ids=["pen", "seal", "both"],
)
@pytest.mark.parametrize("signing", ["either", "pen", "seal", "both"])
def test_ways_of_signing(
    sound: Sound, pen: bool, seals: tuple[Seal, ...], enough: set[str], signing: str
) -> None:
    """盖章或签字 is satisfied by either; a form that asks for one of them gets that one."""
    made = sound("authorisation").change(SIGNED, pen=pen, seals=seals)
    verdict = made.judged(asking(made.form, signing)).verdict
    assert verdict == ("complete" if signing in enough else "review")


def signature(**changes: Any) -> DigitalSignature:
    told: dict[str, Any] = {
        "field": SIGNED,
        "signer": "山西某某公司",
        "signed_at": "2026-11-20",
        "intact": True,
        "valid": True,
        "trusted": True,
        "covers_all": True,
        "reason": "",
    }
    return DigitalSignature(**{**told, **changes})


@pytest.mark.parametrize(
    ("changes", "verdict", "strict"),
    [
        ({}, "complete", "complete"),
        ({"trusted": False}, "complete", "review"),
        ({"intact": False}, "incomplete", "incomplete"),
        ({"valid": False}, "incomplete", "incomplete"),
        ({"covers_all": False}, "incomplete", "incomplete"),
        ({"intact": None, "valid": None, "covers_all": False}, "review", "review"),
        ({"field": None}, "review", "review"),
    ],
)
def test_digital_signature(
    sound: Sound, codes: Codes, changes: dict[str, Any], verdict: str, strict: str
) -> None:
    """A whole signature in its place signs; a broken one is said; an untrusted one too, as strictly as asked."""
    made = sound("authorisation").change(SIGNED, state="blank", pen=None)
    made.on_file(signatures=(signature(**changes),))
    assert made.judged().verdict == verdict
    assert made.judged(require_trusted=True).verdict == strict
    is_said = "field" not in changes and bool(changes)
    assert ("digital-signature-invalid" in codes(made.judged())) is is_said


def test_typed_name_is_no_signature(sound: Sound) -> None:
    """Words typed into the place to sign are for a person to look at."""
    made = sound("authorisation").change(SIGNED, pen=None, value="张三").on_file()
    assert made.judged().verdict == "review"


def test_seam_seal_where_a_form_asks_for_it(sound: Sound) -> None:
    """A 骑缝章 that is asked for is the same on all pages, or for a person to look at."""
    made = sound("authorisation")
    form = made.form.model_copy(update={"seam_seal": True})
    here, lower = (
        (
            Measure("seam-right", 20.0, 4.0, "mm²"),
            Measure("seam-right-top", top, None, "mm"),
            Measure("seam-right-bottom", top + 40, None, "mm"),
        )
        for top in (100.0, 160.0)
    )
    for first, second, verdict in [
        (here, here, "complete"),
        (here, lower, "review"),
        (here, (), "review"),
        ((), (), "review"),
    ]:
        made.pages = {1: {"seam": first}, 2: {"seam": second}}
        assert made.judged(form).verdict == verdict
        assert made.judged().verdict == "complete"


def test_ink_on_a_file_counts(sound: Sound) -> None:
    """What was drawn on a PDF's page beside an empty form field is there; a filled form field is too."""
    made = sound("authorisation").on_file()
    empty = tuple(replace(item, state="blank") for item in made.observations.values())
    made.digital = [replace(made.digital[0], observations=empty)]
    assert made.judged().verdict == "incomplete"
    made.pages = {1: {}, 2: {}}
    assert made.judged().verdict == "complete"
