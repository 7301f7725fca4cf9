"""daiban/documents/document_data: everything a document can draw on, with its defaults, by field id."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cases.model.case import Case
from cases.reference import load_reference
from daiban.documents.document_data import DocumentData, document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.field_tree import FieldNode, FieldTree

FORMS = Catalogue.load().forms
OFFICE = Settings.model_validate(
    {"agency": {"name": "某局"}, "manager": {"name": "王建国", "phone": "13800138000"}}
)


def data(settings: Settings = OFFICE, **groups: Any) -> DocumentData:
    case = Case.model_validate(
        {
            "id": "YC-1",
            "document": "yangcheng",
            "project": {"name": "某项目"},
            "enterprise": {"name": "某公司"},
            **groups,
        }
    )
    return document_data(Deriver(settings).planned(case), settings)


def at(tree: FieldTree, path: str) -> FieldNode:
    node: Any = tree
    for name in path.split("."):
        node = node[name]
    found: FieldNode = node
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_list_of_a_form_can_be_filled(form: FormDefinition) -> None:
    """Each list that a form prints is a list in what its document draws on, under the same name."""
    tree = data(document=form.document if form.document != "archive" else "yangcheng").field_tree()
    assert [item.id for item in form.lists if not isinstance(at(tree, item.id), list)] == []


def test_the_settings_fill_what_a_case_leaves_open() -> None:
    """Agency and manager are the office's; a manager whom the case names is not given the office's telephone."""
    case = data().case
    assert (case.agency.name, case.manager.name, case.manager.phone) == ("某局", "王建国", "13800138000")
    named = data(agency={"name": "县局"}, manager={"name": "李明"}).case
    assert (named.agency.name, named.manager.name, named.manager.phone) == ("县局", "李明", None)


def test_an_authorisation_follows_from_stage_and_plan() -> None:
    """Its stage is where the case stands, its items are the plan's for that stage; its own stay."""
    plan = {"planning": {"items": ["规划许可（县级）"]}, "construction": {"items": ["施工许可"]}}
    derived = data(stage="工程建设许可", plan=plan).case.authorisation
    assert (derived.stage, derived.items) == ("工程建设许可", ("规划许可",))
    other = data(stage="工程建设许可", plan=plan, authorisation={"stage": "施工许可"}).case.authorisation
    assert other.items == ("施工许可",)
    own = data(stage="工程建设许可", plan=plan, authorisation={"items": ["甲"]}).case.authorisation
    assert own.items == ("甲",)


def test_whoever_is_asked_gets_a_letter_and_a_page() -> None:
    """Asked are the departments the case names and whoever else answered; where it names none, its document's."""
    found = data(review={"departments": ["甲局"], "opinions": [{"department": "乙局", "verdict": "同意"}]})
    assert [letter.department for letter in found.letters] == ["甲局", "乙局"]
    assert [page.department for page in found.opinion_pages] == ["甲局", "乙局"]
    assert {letter.sender for letter in found.letters} == {"某局"}
    assert data().case.review.departments == load_reference("yangcheng").departments


def test_minutes_have_a_line_for_each_department() -> None:
    """Who said something is quoted, not counted as present; else whoever attends or is asked has an open line."""
    said = data(review={"opinions": [{"department": "乙局", "verdict": "同意", "reasons": "可行。"}]})
    assert [(item.department, item.opinion) for item in said.opinions] == [("乙局", "同意。可行。")]
    assert said.case.review.minutes.attending == ()
    silent = data(review={"departments": ["甲局"], "minutes": {"attending": ["丙局"]}})
    assert [(item.department, item.opinion) for item in silent.opinions] == [("丙局", None)]
    assert [item.department for item in data(review={"departments": ["甲局"]}).opinions] == ["甲局"]


def test_a_notice_is_issued_on_its_own_day() -> None:
    """The date under a 督办通报 is the date of the notice."""
    tree = data(supervision={"date": "2026-03-13"}).field_tree()
    assert at(tree, "supervision.issued") == dt.date(2026, 3, 13)
