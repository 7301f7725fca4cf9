"""Fields a form requires: what is blank is said, and nothing unseen is complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import (
    Finding,
    Judgement,
)
from forms.definition import FieldKind

Sound = Callable[[str], Any]
Codes = Callable[..., list[str]]
NAMES = ["assessment", "authorisation", "completion", "ledger", "service-plan", "suggestions"]
NEEDED = {
    "authorisation": ["contact.name", "contact.phone", "authorisation.signature", "authorisation.date"],
    "completion": [
        "handover.stage",
        "handover.enterprise_signature",
        "handover.enterprise_date",
        "handover.manager_signature",
        "handover.manager_date",
    ],
    "assessment": ["assessment.filled_by"],
    "suggestions": ["suggestion.opinion"],
}
EACH_NEEDED = [(name, field_id) for name, ids in NEEDED.items() for field_id in ids]


def only(judgement: Judgement) -> Finding:
    [finding] = judgement.findings
    return finding


@pytest.mark.parametrize("name", NAMES)
def test_sound_return_is_complete(sound: Sound, name: str) -> None:
    """A form with everything its definition asks for is complete, and nothing is said about it."""
    judgement = sound(name).judged()
    assert (judgement.verdict, judgement.findings) == ("complete", ())


@pytest.mark.parametrize("name", NAMES)
def test_sound_file_is_complete(sound: Sound, name: str) -> None:
    """What makes a scan complete makes a filled file complete."""
    assert sound(name).on_file().judged().verdict == "complete"


@pytest.mark.parametrize(("name", "field_id"), EACH_NEEDED)
def test_blank_required_field_is_said(sound: Sound, name: str, field_id: str) -> None:
    """A required field that is surely blank makes the document incomplete, named by page and label."""
    made = sound(name).blank(field_id)
    finding = only(made.judged())
    definition = made.form.field(field_id)
    assert definition is not None
    is_signature = definition.kind is FieldKind.SIGNATURE
    assert finding.code == ("signature-missing" if is_signature else "field-blank")
    assert finding.message.startswith(f"第{finding.page}页“{definition.label}”")
    assert (finding.field, finding.weight, finding.evidence) == (field_id, "incomplete", b"png")
    assert made.judged().verdict == "incomplete"


def test_words_of_the_contract(sound: Sound) -> None:
    """A blank phone is said in the contract's own words."""
    assert only(sound("authorisation").change("contact.phone", state="blank").judged()).message.endswith(
        "页“联系电话”未填写"
    )


@pytest.mark.parametrize(("name", "field_id"), EACH_NEEDED)
@pytest.mark.parametrize(
    "changes",
    [{"state": "unsure"}, {"confidence": 0.3}, {"visible": False}, {"state": "unsure", "visible": False}],
    ids=["unsure", "weak", "unseen", "unseen and unsure"],
)
def test_unsure_required_field_is_for_a_person(
    sound: Sound, name: str, field_id: str, changes: dict[str, Any]
) -> None:
    """A required field that could not be told makes the document review; unseen is said as unseen."""
    judgement = sound(name).change(field_id, **changes).judged()
    assert judgement.verdict == "review"
    assert (only(judgement).code == "area-not-visible") is ("visible" in changes)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_nothing_required_can_be_spoilt_and_pass(sound: Sound, data: st.DataObject) -> None:
    """However many required observations are removed, unsure, weak, blank or unseen: never complete."""
    name = data.draw(st.sampled_from(sorted(NEEDED)))
    made = sound(name)
    if name == "completion" and data.draw(st.booleans()):
        spoilt = ["handover.materials.0", "handover.materials.1"]
    elif name == "assessment" and data.draw(st.booleans()):
        spoilt = ["assessment.approval.items.city.3"]
    else:
        spoilt = data.draw(st.lists(st.sampled_from(NEEDED[name]), min_size=1, unique=True))
    for field_id in spoilt:
        how = data.draw(st.sampled_from(["gone", "unsure", "weak", "blank", "unseen"]))
        if how == "gone":
            del made.observations[field_id]
        else:
            spoils = {
                "unsure": {"state": "unsure"},
                "weak": {"confidence": 0.2},
                "blank": {"state": "blank"},
                "unseen": {"visible": False},
            }
            made.change(field_id, **spoils[how])
    made = made.on_file() if data.draw(st.booleans()) else made
    assert made.judged().verdict != "complete"


def test_everything_is_said_at_once(sound: Sound) -> None:
    """All findings come together, the gravest first, each once."""
    made = (
        sound("authorisation").change("contact.name", state="unsure").change("contact.phone", state="blank")
    )
    made.change("authorisation.signature", state="blank")
    made.duplicates = [made.facts(1, observations=())] * 2
    judgement = made.judged()
    assert [item.weight for item in judgement.findings] == ["incomplete", "incomplete", "review", "note"]


def test_observations_cover_every_open_field(sound: Sound) -> None:
    """The judgement says something of each field that was left open, also of such as nobody looked at."""
    made = sound("completion")
    made.observations = {}
    told = {item.id: item.state for item in made.judged().observations}
    assert told == {item.id: "unsure" for item in made.issue.areas if item.is_open}
