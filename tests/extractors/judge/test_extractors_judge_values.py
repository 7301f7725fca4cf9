"""What files say, and dates: formats, order, the office's own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from extractors.model import (
    OBSERVATION_TYPES,
    Finding,
    Judgement,
    Observation,
)
from forms.definition import FieldDefinition
from forms.geometry import FieldArea

Sound = Callable[[str], Any]
Codes = Callable[..., list[str]]


def observation(definition: FieldDefinition, area: FieldArea, **told: Any) -> Observation:
    return OBSERVATION_TYPES[definition.kind](
        id=area.id, page=area.page, box=area.box, confidence=1.0, reason="", **told
    )


def only(judgement: Judgement) -> Finding:
    [finding] = judgement.findings
    return finding


# -- values and dates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field_id", "value", "verdict", "code"),
    [
        ("contact.phone", "13900001001", "complete", None),
        ("contact.phone", "0356-2024567", "complete", None),
        ("contact.phone", "12345678901234", "review", "field-invalid"),
        ("contact.phone", "见名片", "incomplete", "field-invalid"),
        ("contact.name", "——", "incomplete", "field-invalid"),
        ("authorisation.date", "2026年11月20日", "complete", None),
        ("authorisation.date", "2026-02-30", "incomplete", "date-implausible"),
        ("authorisation.date", "2026年11月", "incomplete", "field-invalid"),
        ("authorisation.date", "2026-11-22", "incomplete", "date-implausible"),
    ],
)
def test_values_of_files(
    sound: Sound, codes: Codes, field_id: str, value: str, verdict: str, code: str | None
) -> None:
    """A file's own value is held against its format and the calendar."""
    judgement = sound("authorisation").change(field_id, value=value).on_file().judged()
    assert judgement.verdict == verdict
    assert codes(judgement) == ([code] if code else [])


@pytest.mark.parametrize("value", ["2026-02-30", "2026-06-29", "2026-12-01", "rubbish"])
def test_ocr_decides_nothing_alone(sound: Sound, value: str) -> None:
    """A date read off paper that cannot be right sends the document to a person, no further."""
    made = sound("completion").change("handover.manager_date", value=value)
    assert made.judged().verdict == "review"
    assert made.on_file().judged().verdict == "incomplete"
    assert sound("authorisation").change("contact.phone", value="见名片").judged().verdict == "complete"


def test_dates_of_a_completion(sound: Sound) -> None:
    """No date before the completion date, none after the day of checking."""
    for day, verdict in [
        ("2026-06-30", "complete"),
        ("2026-06-29", "incomplete"),
        ("2026-11-21", "complete"),
        ("2026-11-22", "incomplete"),
    ]:
        made = sound("completion").change("handover.enterprise_date", value=day).on_file()
        assert made.judged().verdict == verdict


def test_span_of_days(sound: Sound) -> None:
    """A date rule may allow so many days after another date."""
    made = sound("completion").change("handover.enterprise_date", value="2026-07-10").on_file()
    rule = next(item for item in made.form.dates if item.field == "handover.enterprise_date")
    for days, verdict in [(10, "complete"), (9, "incomplete")]:
        dates = (rule.model_copy(update={"within_days": days}),)
        assert made.judged(made.form.model_copy(update={"dates": dates})).verdict == verdict


@pytest.mark.parametrize(
    ("slots", "verdict"),
    [
        (("filled", "filled", "blank"), "incomplete"),
        (("filled", "unsure", "filled"), "review"),
        (("blank", "blank", "blank"), "incomplete"),
    ],
)
def test_date_lacks_a_slot(sound: Sound, slots: Any, verdict: str) -> None:
    """A date is there when year, month and day are; what lacks is named."""
    judgement = sound("authorisation").change("authorisation.date", slots=slots).judged()
    assert judgement.verdict == verdict
    assert ("缺“日”" in only(judgement).message) is (slots == ("filled", "filled", "blank"))


@pytest.mark.parametrize(
    ("field_id", "value", "code"),
    [
        ("project.name", "另一个项目", "inconsistent"),
        ("authorisation.items", "另一个事项", "text-altered"),
        ("agency.name", None, "field-blank"),
    ],
)
def test_office_words_changed_in_a_file(
    sound: Sound, codes: Codes, field_id: str, value: str | None, code: str
) -> None:
    """What the office printed comes back as it went out; width and spaces do not matter."""
    made = sound("authorisation")
    area = next(item for item in made.issue.areas if item.id == field_id)
    definition = made.form.field(field_id)
    assert definition is not None
    issued = made.issue.values[field_id]
    state: Any = "filled" if value else "blank"
    for text, how, told in [(f" {issued}\n", "filled", []), (value, state, [code])]:
        item = observation(definition, area, value=text, state=how)
        made.observations[field_id] = item
        again = replace(made, digital=[], pages={1: {}, 2: {}}).on_file()
        assert codes(again.judged()) == told


def test_added_pages_are_for_a_person(sound: Sound) -> None:
    """A file with more pages than were issued is looked at."""
    assert sound("authorisation").on_file(added_pages=1).judged().verdict == "review"
