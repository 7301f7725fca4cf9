"""Binding: case data and a form's definition become the values of its fields."""

import datetime as dt
from typing import Any

import pytest

from forms.definition import FormDefinition
from generator.bind import bind

SOURCE = {"number": "测试〔2026〕1号", "title": "测试", "file": "none.txt", "place": "附件1"}


def form(*fields: dict[str, Any], **more: Any) -> FormDefinition:
    return FormDefinition.model_validate(
        {
            "id": "test-form",
            "title": "测试表",
            "kind": "drafted",
            "document": "test",
            "source": SOURCE,
            "field": [{"label": field["id"], "filled_by": "office", **field} for field in fields],
            **more,
        }
    )


def boxes(
    *labels: str, group: str = "assessment.approval.items.city", blanks: int = 1
) -> list[dict[str, Any]]:
    printed = [
        {"id": f"{group}.{n}", "label": label, "kind": "checkbox", "filled_by": "department"}
        for n, label in enumerate(labels)
    ]
    for n in range(len(labels), len(labels) + blanks):
        printed.append({"id": f"{group}.{n}", "label": "其他", "kind": "checkbox", "filled_by": "department"})
        printed.append({"id": f"{group}.text_{n}", "label": "其他", "filled_by": "department"})
    return printed


def test_a_missing_office_field_is_awaited_at_its_place() -> None:
    """A document waits for a field that the office must supply, and it is said where to fill it; nothing is wrong."""
    bound = bind(
        {"id": "A", "manager": {}},
        form({"id": "manager.name", "label": "项目长", "required": "issue"}),
        lambda field_id: f"roster.xlsx 项目!{field_id}",
    )
    (problem,) = bound.awaited
    assert bound.errors == ()
    assert (problem.where, problem.field) == ("roster.xlsx 项目!manager.name", "manager.name")
    assert "项目长" in problem.problem


def test_a_field_others_fill_stays_open() -> None:
    """What enterprise, department or manager fills is left open, not missed."""
    bound = bind({"id": "A"}, form({"id": "contact.phone", "filled_by": "enterprise", "required": "return"}))
    assert bound.values == {"contact.phone": None}
    assert bound.problems == ()


def test_items_print_with_their_authority_one_a_line() -> None:
    """A list in a multi-line field is numbered; an item carries its authority in brackets."""
    items = [{"name": "企业投资项目备案", "authority": "市级"}, {"name": "施工许可", "authority": None}]
    bound = bind(
        {"id": "A", "plan": {"approval": {"items": items}}},
        form({"id": "plan.approval.items", "multiline": True}),
    )
    assert bound.values["plan.approval.items"] == "1. 企业投资项目备案（市级）\n2. 施工许可"


def test_a_list_in_running_text_is_joined() -> None:
    """A list in a one-line field is joined by 、."""
    bound = bind({"id": "A", "authorisation": {"items": ["甲", "乙"]}}, form({"id": "authorisation.items"}))
    assert bound.values["authorisation.items"] == "甲、乙"


def test_names_tick_the_boxes_that_print_them() -> None:
    """A printed label ticks its box whatever the width of its brackets; the others stay open."""
    tree = {
        "id": "A",
        "assessment": {"approval": {"items": {"city": ["可行性研究报告（初步设计深度）审批"]}}},
    }
    bound = bind(tree, form(*boxes("项目核准", "可行性研究报告(初步设计深度)审批")))
    assert bound.values["assessment.approval.items.city.1"] is True
    assert bound.values["assessment.approval.items.city.0"] is None
    assert bound.values["assessment.approval.items.city.2"] is None


def test_unprinted_names_go_to_the_blank_lines() -> None:
    """One unprinted name a blank line; the last line takes all that are left; nothing is lost."""
    tree = {"id": "A", "assessment": {"approval": {"items": {"city": ["子", "丑", "寅"]}}}}
    bound = bind(tree, form(*boxes("项目核准", blanks=2)))
    values = bound.values
    assert values["assessment.approval.items.city.1"] is True
    assert values["assessment.approval.items.city.text_1"] == "子"
    assert values["assessment.approval.items.city.text_2"] == "丑；寅"


def test_an_unprinted_name_close_to_a_printed_one_is_doubted() -> None:
    """A near miss is written on the blank line and warned about, naming the printed label."""
    tree = {"id": "A", "assessment": {"approval": {"items": {"city": ["企业投资项目备按"]}}}}
    bound = bind(tree, form(*boxes("企业投资项目备案")))
    (problem,) = bound.problems
    assert problem.severity == "warning"
    assert "企业投资项目备案" in problem.problem


def test_a_name_without_box_or_blank_line_is_an_error() -> None:
    """Where the form has no blank line an unprinted name is refused, not dropped."""
    tree = {"id": "A", "assessment": {"approval": {"items": {"city": ["丁"]}}}}
    assert bind(tree, form(*boxes("项目核准", blanks=0))).errors


def test_fee_boxes_read_the_written_fees() -> None:
    """The two fee boxes are ticked from the fees text, and what has no box stays written."""
    field = "assessment.planning.fee_items.0"
    tree = {"id": "A", "assessment": {"planning": {"fees": "基础设施配套费\n水土保持补偿费"}}}
    bound = bind(
        tree,
        form(
            {"id": field, "label": "基础设施配套费", "kind": "checkbox", "reads": "assessment.planning.fees"},
            {"id": "assessment.planning.fees"},
        ),
    )
    assert bound.values == {field: True, "assessment.planning.fees": "水土保持补偿费"}


@pytest.mark.parametrize(("given", "shown"), [(0, 2), (1, 2), (5, 5)])
def test_a_list_has_at_least_its_printed_lines(given: int, shown: int) -> None:
    """The two printed lines stay; longer lists grow."""
    tree = {"id": "A", "handover": {"materials": [f"材料{n}" for n in range(given)]}}
    bound = bind(
        tree,
        form(
            {"id": "handover.materials.*"}, list=[{"id": "handover.materials", "label": "材料", "minimum": 2}]
        ),
    )
    assert list(bound.values) == [f"handover.materials.{n}" for n in range(shown)]
    assert sum(value is not None for value in bound.values.values()) == given


def test_padding_never_drops_a_value() -> None:
    """Cutting a list back to fewer entries removes blank ones only."""
    tree = {"id": "A", "ledger": [{"date": dt.date(2026, 3, 1), "content": "对接"}]}
    definition = form(
        {"id": "ledger.*.date", "kind": "date"},
        {"id": "ledger.*.content"},
        list=[{"id": "ledger", "label": "台账"}],
    )
    bound = bind(tree, definition).with_entries("ledger", 5)
    assert len(bound.values) == 10
    back = bound.with_entries("ledger", 0)
    assert back.values == {"ledger.0.date": dt.date(2026, 3, 1), "ledger.0.content": "对接"}


def test_any_of_is_required_of_one() -> None:
    """An any-of rule is met by one of its fields, and reported with its own message otherwise."""
    rule = [{"fields": ["plan.*.items"], "at": "issue", "message": "至少写明一个阶段的事项"}]
    definition = form({"id": "plan.approval.items"}, {"id": "plan.planning.items"}, any_of=rule)
    assert bind({"id": "A", "plan": {"planning": {"items": ["甲"]}}}, definition).errors == ()
    (problem,) = bind({"id": "A"}, definition).awaited
    assert problem.problem == "至少写明一个阶段的事项"


def test_a_stated_fact_waits_for_the_case_to_say_so() -> None:
    """A form that states a fact waits while the case says nothing or something else; an open one for the latter."""
    fact = {"sentence": "通过县级联审", "field": "review.outcome", "label": "结果", "values": ["通过"]}
    stated = form({"id": "project.name"}, fact=[fact])
    said = {"id": "A", "review": {"outcome": "通过"}}
    assert bind(said, stated).problems == ()
    for other in ({"id": "A"}, {"id": "A", "review": {"outcome": "未通过"}}):
        (problem,) = bind(other, stated).awaited
        assert "通过县级联审" in problem.problem and problem.field == "review.outcome"
    may_be_open = form({"id": "project.name"}, fact=[{**fact, "open": True}])
    assert bind({"id": "A"}, may_be_open).awaited == ()
    assert bind({"id": "A", "review": {"outcome": "未通过"}}, may_be_open).awaited


def test_a_digest_depends_on_values_and_template() -> None:
    """The same data gives the same digest; another value or another template another one."""
    definition = form({"id": "project.name"})
    one = bind({"id": "A", "project": {"name": "甲"}}, definition)
    same = bind({"id": "A", "project": {"name": "甲"}}, definition)
    other = bind({"id": "A", "project": {"name": "乙"}}, definition)
    assert one.digest("t") == same.digest("t")
    assert len({one.digest("t"), one.digest("u"), other.digest("t")}) == 3
