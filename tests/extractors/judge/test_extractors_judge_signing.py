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
from forms.catalogue import Catalogue
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


#: The name a document of ``sound`` is issued to.
ENTERPRISE = Catalogue.load().form("jincheng-authorisation").field("enterprise.name").label


def signature(**changes: Any) -> DigitalSignature:
    told: dict[str, Any] = {
        "field": SIGNED,
        "signer": ENTERPRISE,
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


def test_a_signer_of_another_name_is_for_a_person(sound: Sound) -> None:
    """A whole signature counts only for whom its place is; a code behind the name, or another bracket, is no other
    name.
    """
    verdicts = {
        ENTERPRISE: "complete",
        f"{ENTERPRISE}@91140500MA0K00000X": "complete",
        f"{ENTERPRISE}第二分公司": "review",
        "山西别家公司": "review",
    }
    for holder, verdict in verdicts.items():
        made = sound("authorisation").change(SIGNED, state="blank", pen=None)
        made.on_file(signatures=(signature(holders=(holder,)),))
        assert made.judged().verdict == verdict, holder


def test_doubts_about_a_whole_signature_are_for_a_person(sound: Sound) -> None:
    """An expired certificate is said, and a person looks."""
    made = sound("authorisation").change(SIGNED, state="blank", pen=None)
    made.on_file(signatures=(signature(doubts=("证书已于2026年01月01日过期",)),))
    judged = made.judged()
    assert judged.verdict == "review"
    assert any("过期" in item.message for item in judged.findings)


def test_a_picture_suffices_only_where_the_form_says_so(sound: Sound) -> None:
    """A picture of a seal in a file is for a person to look at, unless the form is content with one; it is said
    then.
    """
    made = sound("authorisation").change(
        SIGNED, state="unsure", pen=None, electronic="picture", seals=(SEAL,)
    )
    made.on_file()
    assert made.judged().verdict == "review"
    fields = tuple(
        item.model_copy(update={"electronic": ("certified", "picture")}) if item.id == SIGNED else item
        for item in made.form.fields
    )
    form = made.form.model_copy(update={"fields": fields})
    vars(form).pop("_by_id", None)  # what was looked up in the form it is a copy of
    judged = made.judged(form)
    assert judged.verdict == "complete"
    assert any("印章图片" in item.message for item in judged.findings)


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


def test_ink_on_a_file_counts_but_as_a_signature(sound: Sound) -> None:
    """What was drawn on a PDF's page beside an empty form field is there; in a signing place a person looks at it."""
    made = sound("authorisation").on_file()
    empty = tuple(replace(item, state="blank") for item in made.observations.values())
    made.digital = [replace(made.digital[0], observations=empty)]
    assert made.judged().verdict == "incomplete"
    made.pages = {1: {}, 2: {}}
    judged = made.judged()
    assert judged.verdict == "review"
    assert {item.code for item in judged.findings} == {"signature-missing"}
