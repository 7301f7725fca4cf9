"""The case model and the words its mistakes get."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from cases.model.case import Case
from cases.model.fields import keys, nearest_key, title
from cases.values.stages import Stage
from foundation.errors import Problem

Raw = Callable[..., dict[str, Any]]
Check = Callable[[object], tuple[Case | None, tuple[Problem, ...]]]


def good(check: Check, raw: object) -> Case:
    case, problems = check(raw)
    assert case is not None, problems
    assert problems == ()
    return case


def fields(problems: tuple[Problem, ...]) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.severity) for problem in problems]


def test_four_values_are_enough(check: Check, raw_case: Raw) -> None:
    """A case with 编号, 文件, 项目名称 and 项目单位 is whole; everything else is there and empty."""
    tree = good(check, raw_case()).tree()
    assert tree["contact"] == {"name": None, "phone": None}
    empty = {"items": [], "materials": []}
    assert {**tree["plan"]["completion"], **empty} == dict.fromkeys(tree["plan"]["completion"]) | empty
    assert tree["assessment"]["planning"]["materials"]["other"] == []
    assert tree["ledger"] == []


def test_each_needed_value_is_asked_for(check: Check) -> None:
    """An empty case names every value that is always needed."""
    case, problems = check({"project": {}, "enterprise": {"name": " "}})
    assert case is None
    assert {problem.field for problem in problems} == {"id", "document", "project.name", "enterprise.name"}
    assert all("必须填写" in problem.problem for problem in problems)


def test_every_problem_comes_at_once(check: Check, raw_case: Raw) -> None:
    """Errors all over the tree, and doubts beside them, are reported together."""
    raw = raw_case(
        id="a/b",
        project={"name": "x\ny", "code": "26"},
        enterprise={"name": "甲", "uscc": "91140522MA0K12348R"},
        contact={"phone": "123"},
        handover={"date": "2026-02-30"},
        ledger=[{}],
    )
    case, problems = check(raw)
    assert case is None
    assert set(fields(problems)) == {
        ("id", "error"),
        ("project.name", "error"),
        ("project.code", "error"),
        ("enterprise.uscc", "error"),
        ("handover.date", "error"),
        ("ledger.0", "error"),
        ("contact.phone", "warning"),
    }


@pytest.mark.parametrize(
    ("raw", "where", "near"),
    [
        ({"project": {"name": "甲", "cod": "x"}}, "project.cod", "“code”（项目代码）"),
        ({"enterprise": {"name": "甲", "USCC": "x"}}, "enterprise.USCC", "“uscc”"),
        ({"contact": {"联系电话": "x"}}, "contact.联系电话", "“phone”（联系电话）"),
        ({"plan": {"approval": {"item": []}}}, "plan.approval.item", "“items”"),
        (
            {"plan": {"approval": {"items": [{"name": "甲", "author": "市级"}]}}},
            "plan.approval.items.0.author",
            "“authority”",
        ),
        ({"assessment": {"aproval": {}}}, "assessment.aproval", "“approval”"),
    ],
)
def test_unknown_keys_name_the_nearest(
    check: Check, raw_case: Raw, raw: dict[str, Any], where: str, near: str
) -> None:
    """A misspelt key is an error with its place and the nearest known key, by id or by Chinese title."""
    case, problems = check(raw_case(**raw))
    assert case is None
    found = next(problem for problem in problems if "不认识的键" in problem.problem)
    assert found.where == where
    assert near in (found.advice or "")


@pytest.mark.parametrize(
    ("raw", "field", "said"),
    [
        ({"project": "甲"}, "project", "一组"),
        ({"ledger": "甲"}, "ledger", "列表"),
        ({"authorisation": {"items": "甲"}}, "authorisation.items", "列表"),
        ({"authorisation": {"items": {"a": "b"}}}, "authorisation.items", "列表"),
        ({"contact": {"name": 5}}, "contact.name", "数值"),
        ({"contact": {"name": True}}, "contact.name", "逻辑值"),
        ({"contact": {"name": ["a"]}}, "contact.name", "列表"),
        ({"enterprise": {"name": "甲", "uscc": 9.1e17}}, "enterprise.uscc", "数值"),
        ({"stage": "开工"}, "stage", "四个阶段"),
        ({"document": "../x"}, "document", "文件"),
        ({"contact": {"phone": "无"}}, "contact.phone", "没有数字"),
        ({"handover": {"materials": ["a\nb"]}}, "handover.materials.0", "一行"),
        ({"suggestion": {"opinion": "a\x07"}}, "suggestion.opinion", "U+0007"),
        ({"project": {"name": "a\ud800"}}, "project.name", "U+D800"),
    ],
)
def test_wrong_shapes_and_values_are_refused(
    check: Check, raw_case: Raw, raw: dict[str, Any], field: str, said: str
) -> None:
    """Each wrong value is refused at its field, in words."""
    case, problems = check(raw_case(**raw))
    assert case is None
    assert [problem.field for problem in problems] == [field]
    assert said in problems[0].problem


@pytest.mark.parametrize("raw", [None, [], "x", 5])
def test_what_is_no_case_at_all_is_refused(check: Check, raw: object) -> None:
    """A list entry that is no group of keys is refused, not crashed on."""
    case, problems = check(raw)
    assert case is None
    assert problems


def test_doubts_do_not_refuse(check: Check, raw_case: Raw) -> None:
    """An odd phone, an unknown region and free text for a stage pass with warnings."""
    raw = raw_case(
        project={"name": "甲", "code": "2601-999999-04-01-123456"},
        contact={"phone": "139"},
        manager={"phone": "139"},
        authorisation={"stage": "全过程"},
        handover={"stage": "收尾"},
    )
    case, problems = check(raw)
    assert case is not None
    assert case.authorisation.stage == "全过程"
    assert set(fields(problems)) == {
        (field, "warning")
        for field in (
            "project.code",
            "contact.phone",
            "manager.phone",
            "authorisation.stage",
            "handover.stage",
        )
    }


def test_values_are_folded_where_promised(check: Check, raw_case: Raw) -> None:
    """Codes, phones, stages, documents and dates take their one form; a matter as text gives its authority."""
    case = good(
        check,
        raw_case(
            document="晋城",
            stage="二、规划许可阶段",
            project={"name": " 甲 ", "code": "２６０１－１４０５０２－０４－０１－１２３４５６"},
            enterprise={"name": "甲", "uscc": "91140522ma0k12348q"},
            contact={"phone": "１３９ 1234 5678"},
            plan={
                "approval": {
                    "items": ["企业投资项目备案（市级）", "取水许可（如涉及请附一次性告知单）"],
                    "fees": ["a", None, " b "],
                },
                "tips": ["1", "2"],
            },
            assessment={"planning": {"fees": ["基础设施配套费", "人防异地建设费"]}},
            handover={"date": "2026年6月30日", "materials": ["a", None, " ", "b"]},
        ),
    )
    assert (case.document, case.stage) == ("jincheng", Stage.PLANNING)
    assert case.project.name == "甲"
    assert case.project.code == "2601-140502-04-01-123456"
    assert case.enterprise.uscc == "91140522MA0K12348Q"
    assert case.contact.phone == "139 1234 5678"
    assert [(item.name, item.authority) for item in case.plan.approval.items] == [
        ("企业投资项目备案", "市级"),
        ("取水许可（如涉及请附一次性告知单）", None),
    ]
    assert case.plan.approval.fees == "a\nb"
    assert case.plan.tips == "1\n2"
    assert case.assessment.planning.fees == "基础设施配套费\n人防异地建设费"
    assert case.handover.date == dt.date(2026, 6, 30)
    assert case.handover.materials == ("a", "b")


def test_empty_groups_and_values_are_absent(check: Check, raw_case: Raw) -> None:
    """A key with nothing after it says the same as no key."""
    empty = raw_case(
        contact=None, plan={"approval": None, "tips": ""}, ledger=None, handover={"materials": None}
    )
    assert good(check, empty) == good(check, raw_case())


def test_cases_are_frozen(check: Check, raw_case: Raw) -> None:
    """A case cannot be changed after it was read."""
    case = good(check, raw_case())
    with pytest.raises(ValidationError):
        case.id = "x"  # type: ignore[misc]


def test_agency_default_fills_only_what_is_absent(check: Check, raw_case: Raw) -> None:
    """The office's own name is used where the case names none, and only there."""
    plain = good(check, raw_case())
    own = good(check, raw_case(agency={"name": "高平局"}))
    assert plain.with_agency("市局").agency.name == "市局"
    assert plain.with_agency(None).agency.name is None
    assert own.with_agency("市局").agency.name == "高平局"


def test_tree_reads_back_as_the_same_case(check: Check, raw_case: Raw) -> None:
    """The plain tree of a case is itself a case file's content."""
    case = good(check, raw_case(stage="施工许可", ledger=[{"date": "2026-3-5", "content": "甲"}]))
    assert case.tree()["stage"] == "施工许可"
    assert good(check, case.tree()) == case


def test_every_field_has_a_chinese_title() -> None:
    """Each field of each group of the model carries the title its messages use."""

    def untitled(model: type[BaseModel]) -> list[str]:
        return [f"{model.__name__}.{name}" for name, field in model.model_fields.items() if not field.title]

    seen: list[type[BaseModel]] = [Case]
    for model in seen:
        assert untitled(model) == []
        for field in model.model_fields.values():
            found = field.annotation
            if isinstance(found, type) and issubclass(found, BaseModel) and found not in seen:
                seen.append(found)
    assert len(seen) >= 12


def test_titles_and_keys_follow_the_tree() -> None:
    """Titles are found through groups and lists; places outside the tree have none."""
    assert title(("plan", "approval", "items", 0, "name")) == "事项"
    assert title(("ledger", 3, "completed")) == "完成许可事项情况"
    assert title(("project", "nothing")) is None
    assert title(("project", "name", "deeper")) is None
    assert set(keys(("handover",))) == {"outcome", "reason", "stage", "date", "materials"}
    assert nearest_key(("qqqqqq",)) is None
