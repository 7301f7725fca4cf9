"""cases/model/progress.py: what is refused of step dates, pushes and suspensions, and where it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases.model.case import Case
from cases.model.progress import read_limit
from cases.values.invalid import InvalidValue
from foundation.errors import Problem

Check = Callable[[object], tuple[Case | None, tuple[Problem, ...]]]
Raw = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("10", (10, 10)),
        ("约 1-3 个工作日", (1, 3)),
        ("约5个工作日", (5, 5)),
        ("３～４天", (3, 4)),
        ("1至3个工作日", (1, 3)),
    ],
)
def test_limits_as_people_write_them(text: str, limit: tuple[int, int]) -> None:
    """A 时限 is read as working days, a range with both ends."""
    assert read_limit(text) == limit


@pytest.mark.parametrize("text", ["0", "3-1", "若干", "1000", "10-", "-3", "0.5个工作日"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    """Nothing, nonsense, a range the wrong way round and a fraction are refused."""
    with pytest.raises(InvalidValue):
        read_limit(text)


def test_a_step_is_read(raw_case: Raw, check: Check) -> None:
    """A step keeps its name, its limit as written and its dates."""
    steps = [{"step": "环评", "limit": "约 1-3 个工作日", "started": "2026.3.5", "finished": "2026-03-06"}]
    case, problems = check(raw_case(progress={"start": "2026-03-05", "steps": steps}))
    assert case is not None and problems == ()
    assert case.progress.steps[0].limit == "约 1-3 个工作日"
    assert case.progress.steps[0].finished is not None


@pytest.mark.parametrize(
    ("groups", "place", "words"),
    [
        ({"progress": {"start": "2026-03-05", "steps": [{"step": "甲", "started": "2026-03-04"}]}},
         "progress.steps.0.started", "早于起算日（2026年3月5日）"),
        ({"progress": {"start": "2026-03-05", "pushes": [{"item": "甲", "completed": "2025-12-31"}]}},
         "progress.pushes.0.completed", "早于起算日"),
        ({"progress": {"steps": [{"step": "甲", "started": "2026-03-06", "finished": "2026-03-05"}]}},
         "progress.steps.0", "实际完成（2026年3月5日）早于实际开始（2026年3月6日）"),
        ({"progress": {"steps": [{"step": "甲", "limit": "尽快"}]}}, "progress.steps.0.limit", "不是时限"),
        ({"progress": {"steps": [{"started": "2026-03-06"}]}}, "progress.steps.0.step", "必须填写"),
        ({"progress": {"pushes": [{"item": "甲", "pushed": "2026-03-06"}]}}, "progress.pushes.0", "本级完成日期"),
        ({"suspension": {"reason": "8", "date": "2026-03-06"}}, "suspension.reason", "不是中止情形的序号"),
        ({"suspension": {"reason": "4"}}, "suspension", "缺少中止日期"),
        ({"suspension": {"date": "2026-03-06"}}, "suspension", "缺少中止情形"),
        ({"suspension": {"reason": "4", "date": "2026-03-06", "resumed": "2026-03-05"}}, "suspension", "早于"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    raw_case: Raw, check: Check, groups: dict[str, Any], place: str, words: str
) -> None:
    """Each impossible date, step and suspension is refused at its place with its reason."""
    case, problems = check(raw_case(**groups))
    assert case is None
    assert [(problem.where, words in problem.problem) for problem in problems] == [(place, True)]


def test_every_date_too_early_is_told_at_its_cell(builder: Any) -> None:
    """In a roster the refusal names sheet and cell of each date before 起算日."""
    builder.set("I1", "起算日")
    builder.set("I2", "2026-03-05")
    builder.sheet(
        "进度", ["编号", "环节", "实际开始", "实际完成"], ["JC-1", "甲", "2026-03-04", "2026-03-04"]
    )
    found = builder.read()
    assert [flaw.problem.where for flaw in found.flaws["JC-1"]] == [
        "roster.xlsx 进度!C2",
        "roster.xlsx 进度!D2",
    ]


def test_suspension_is_on_until_resumed(raw_case: Raw, check: Check) -> None:
    """A suspension holds from its date until the service is taken up again."""
    on, _ = check(raw_case(suspension={"reason": "第4项", "date": "2026-03-06"}))
    off, _ = check(raw_case(suspension={"reason": "4", "date": "2026-03-06", "resumed": "2026-03-09"}))
    never, _ = check(raw_case())
    assert on is not None and off is not None and never is not None
    assert (on.suspension.is_on, off.suspension.is_on, never.suspension.is_on) == (True, False, False)
    assert on.suspension.reason == "4"
