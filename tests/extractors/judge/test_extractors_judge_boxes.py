"""Boxes, blank lines and lists: one of several, and what belongs together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from extractors.model import (
    Finding,
    Judgement,
)

Sound = Callable[[str], Any]
Codes = Callable[..., list[str]]


def only(judgement: Judgement) -> Finding:
    [finding] = judgement.findings
    return finding


# -- boxes ------------------------------------------------------------------------------------------

TICK, OTHER, LINE = (f"assessment.approval.items.{name}" for name in ("city.3", "county.0", "county.text_0"))


def test_nothing_ticked(sound: Sound, codes: Codes) -> None:
    """A 研判表 without any 事项 is incomplete, whatever materials are ticked."""
    made = sound("assessment").change(TICK, state="blank")
    made.change("assessment.planning.materials.land.0", state="filled")
    judgement = made.judged()
    assert codes(judgement, "incomplete") == ["nothing-ticked"]
    assert codes(judgement, "review") == ["nothing-ticked"]


def test_tick_printed_by_the_office_counts(sound: Sound) -> None:
    """A box the office ticked when it issued the form is a tick."""
    made = sound("assessment")
    del made.observations[TICK]
    areas = tuple(replace(item, is_open=False) if item.id == TICK else item for item in made.issue.areas)
    made.issue = replace(made.issue, values={**made.issue.values, TICK: True}, areas=areas)
    assert made.judged().verdict == "complete"


def test_stage_with_materials_only_is_for_a_person(sound: Sound) -> None:
    """A stage whose materials are ticked but none of its items is looked at by a person."""
    made = sound("assessment").change("assessment.planning.materials.reports.0", state="filled")
    assert "二、规划许可阶段" in only(made.judged()).message
    assert made.judged().verdict == "review"
    assert made.change("assessment.planning.items.city.2", state="filled").judged().verdict == "complete"


@pytest.mark.parametrize(
    ("ticked", "written", "verdict"),
    [
        ("filled", "filled", "complete"),
        ("filled", "blank", "incomplete"),
        ("filled", "unsure", "review"),
        ("unsure", "filled", "complete"),
        ("unsure", "unsure", "review"),
        ("unsure", "blank", "review"),
        ("blank", "filled", "complete"),
        ("blank", "unsure", "complete"),
        ("blank", "blank", "complete"),
    ],
)
def test_ticked_blank_line_has_its_text(sound: Sound, ticked: Any, written: Any, verdict: str) -> None:
    """A ticked blank box without text is incomplete, in doubt a person looks; text alone is only noted."""
    made = sound("assessment").change(OTHER, state=ticked).change(LINE, state=written)
    assert made.judged().verdict == verdict


def test_a_trace_on_a_blank_line_may_be_its_boxs_tick(sound: Sound) -> None:
    """What the box's frame hides of a tick is not seen; its arm reaches into the line."""
    made = sound("assessment").change(OTHER, state="blank").change(LINE, state="blank", confidence=0.54)
    assert made.judged().verdict == "review"


def test_item_written_but_not_ticked_is_for_a_person(sound: Sound) -> None:
    """An item written on a blank line is no tick, but not nothing either."""
    made = sound("assessment").change(TICK, state="blank").change(LINE, state="filled")
    assert made.judged().verdict == "review"


@pytest.mark.parametrize("state", ["unsure", "blank"])
def test_one_material_is_enough(sound: Sound, state: Any) -> None:
    """One of the printed lines for materials is enough; the other may be blank."""
    made = sound("completion").change("handover.materials.0", state=state)
    assert made.judged().verdict == "complete"
    judgement = made.change("handover.materials.1", state="blank").judged()
    assert judgement.verdict == ("review" if state == "unsure" else "incomplete")
    assert [item.message for item in judgement.findings if "一项也没有" in item.message]


def test_field_nothing_hangs_on_may_be_blank_or_unsure(sound: Sound) -> None:
    """A field that is not required is not missed; unsure, it is noted."""
    made = sound("suggestions").change("suggestion.remark", state="blank")
    assert made.judged().findings == ()
    noted = made.change("suggestion.remark", state="unsure").judged()
    assert (noted.verdict, only(noted).weight) == ("complete", "note")


# -- a choice, and a choice on every department's page ----------------------------------------------

DONE, ENDED = "handover.outcome.0", "handover.outcome.1"


@pytest.mark.parametrize(
    ("done", "ended", "reason", "verdict"),
    [
        ("filled", "blank", "blank", "complete"),
        ("blank", "filled", "filled", "complete"),
        ("blank", "filled", "blank", "incomplete"),
        ("filled", "filled", "filled", "incomplete"),
        ("blank", "blank", "blank", "incomplete"),
        ("filled", "unsure", "blank", "review"),
        ("unsure", "unsure", "blank", "review"),
    ],
)
def test_exactly_one_outcome(sound: Sound, done: Any, ended: Any, reason: Any, verdict: str) -> None:
    """办结 or 终止 is ticked, never both, and 终止 with its reason; what is in doubt is for a person."""
    made = sound("yangcheng-completion").change(DONE, state=done).change(ENDED, state=ended)
    assert made.change("handover.reason.1", state=reason).judged().verdict == verdict


def opinions(sound: Sound) -> Any:
    made = sound("yangcheng-entry-opinion")
    for page in (0, 1):
        made.change(f"review.papers.{page}.hazard.1", state="filled")
        made.change(f"review.papers.{page}.verdict.0", state="filled")
    return made


def test_every_department_has_its_say(sound: Sound, codes: Codes) -> None:
    """A tick on one department's page is none on another's; two on one page contradict each other."""
    assert opinions(sound).judged().verdict == "complete"
    one_silent = opinions(sound).change("review.papers.1.verdict.0", state="blank").judged()
    assert codes(one_silent, "incomplete") == ["nothing-ticked"]
    both = opinions(sound).change("review.papers.1.verdict.1", state="filled").judged()
    assert codes(both, "incomplete") == ["inconsistent"]


def test_a_refusal_has_its_reasons(sound: Sound, codes: Codes) -> None:
    """不同意 without a reason is incomplete, on the page it stands on."""
    made = opinions(sound).change("review.papers.1.verdict.0", state="blank")
    made.change("review.papers.1.verdict.1", state="filled")
    assert made.judged().verdict == "complete"
    silent = made.change("review.papers.1.reasons", state="blank").judged()
    assert (codes(silent, "incomplete"), only(silent).field) == (["field-blank"], "review.papers.1.reasons")


def test_a_trace_of_ink_keeps_a_choice_from_being_called_missing(sound: Sound, codes: Codes) -> None:
    """Where nothing seems ticked, but a box is not quite clean, a person looks before anybody is sent back."""
    made = opinions(sound).change("review.papers.1.verdict.0", state="blank", confidence=0.8)
    assert made.judged().verdict == "review"
    assert codes(made.judged(), "review") == ["nothing-ticked"]
