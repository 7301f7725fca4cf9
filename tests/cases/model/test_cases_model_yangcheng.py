"""What 阳城's forms need of a case: people, outcomes, the joint review; and what is refused, with place and reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases.model.case import TERMINATION_REASONS, Case
from cases.model.people import Person
from foundation.errors import Problem

TWO_VERDICTS = {"department": "甲", "verdict": "同意、不同意"}
Raw = Callable[..., dict[str, Any]]
Check = Callable[[object], tuple[Case | None, tuple[Problem, ...]]]


@pytest.mark.parametrize(
    ("text", "name", "post"),
    [
        ("刘 彧 县政府办副主任", "刘彧", "县政府办副主任"),
        ("刘彧 县政府办副主任", "刘彧", "县政府办副主任"),
        ("韩安阳 县委常委、常务副县长", "韩安阳", "县委常委、常务副县长"),
        ("买买提·阿不都热西提\u3000园区 主任", "买买提·阿不都热西提", "园区 主任"),
        ("刘 彧", "刘", "彧"),
        ("刘彧", "刘彧", None),
    ],
)
def test_a_person_as_printed(text: str, name: str, post: str | None) -> None:
    """A line of a 名单 is a name, perhaps spread over the width of three characters, and a post."""
    assert Person.model_validate(text) == Person(name=name, post=post)


@pytest.mark.parametrize(
    ("group", "values", "field", "said"),
    [
        ("handover", {"outcome": "办结、终止"}, "handover.outcome", "只能有一个"),
        ("handover", {"outcome": ["办结", "终止"]}, "handover.outcome", "只能有一个"),
        ("handover", {"outcome": "完成"}, "handover.outcome", "不是可选的内容"),
        ("handover", {"outcome": "终止"}, "handover", "没有终止原因"),
        ("handover", {"outcome": "办结", "reason": TERMINATION_REASONS[0]}, "handover", "结果却不是终止"),
        ("review", {"hazard": "也许"}, "review.hazard", "不是可选的内容"),
        (
            "review",
            {"opinions": [{"department": "甲", "verdict": "同意、不同意"}]},
            "review.opinions.0.verdict",
            "只能有一个",
        ),
        ("review", {"opinions": [{"department": "甲"}, {"department": "甲"}]}, "review", "不止一次"),
        ("review", {"opinions": [{"verdict": "同意"}]}, "review.opinions.0.department", "必须填写"),
        (
            "review",
            {"referral": {"date": "2026-03-05", "reply_by": "2026-03-04"}},
            "review.referral",
            "早于推送日期",
        ),
        (
            "review",
            {"referral": {"date": "2026-03-05"}, "minutes": {"date": "2026-03-01"}},
            "review",
            "早于推送日期",
        ),
        ("checklist", [{"department": "甲"}], "checklist.0.item", "必须填写"),
    ],
)
def test_contradictions_are_refused(
    check: Check, raw_case: Raw, group: str, values: Any, field: str, said: str
) -> None:
    """Two outcomes, a reason without 终止, a department twice, dates that run backwards: refused at their place."""
    case, problems = check(raw_case(**{group: values}))
    assert case is None
    assert [(problem.field, said in problem.problem) for problem in problems] == [(field, True)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"review": {"minutes": {"date": "2026-02-27"}}}, "review.minutes.date"),
        ({"review": {"opinions": [{"department": "甲", "date": "2026-02-27"}]}}, "review.opinions.0.date"),
        (
            {"joint_meeting": {"issues": [{"problem": "甲", "due": "2026-02-27"}]}},
            "joint_meeting.issues.0.due",
        ),
        ({"supervision": {"date": "2026-02-27"}}, "supervision.date"),
        ({"handover": {"date": "2026-02-27"}}, "handover.date"),
    ],
)
def test_nothing_is_dated_before_the_case_began(
    check: Check, raw_case: Raw, values: dict[str, Any], field: str
) -> None:
    """A letter, a meeting, an opinion or an end before 起算日 is refused at its own line; on the day itself not."""
    began = {"progress": {"start": "2026-02-28"}}
    case, problems = check(raw_case(**values, **began))
    assert case is None
    assert [(problem.field, "早于起算日" in problem.problem) for problem in problems] == [(field, True)]
    assert check(raw_case(**values, progress={"start": "2026-02-27"}))[0] is not None


def test_choices_are_read_as_people_write_them(check: Check, raw_case: Raw) -> None:
    """涉及 is 是; spaces and width do not matter; nothing written is nothing chosen."""
    case, _ = check(raw_case(review={"hazard": " 涉及 "}, handover={"outcome": ""}))
    assert case is not None
    assert (case.review.hazard, case.handover.outcome) == ("是", None)
