"""Papers of 全代办: what follows from plan, pushes, results and suspension."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from cases.model.case import Case
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.matters.service import service
from forms.template.text import document_text
from foundation.field_tree import FieldTree
from generator.bind import bind
from generator.template.fill import FormFiller

NOTICE = (Path(__file__).resolve().parents[2] / "sources" / "001_db2e1ea08336d2f5.txt").read_text("utf-8")
CATALOGUE = Catalogue.load()


def tree(**more: Any) -> FieldTree:
    project, enterprise = {"name": "项目"}, {"name": "单位"}
    case = Case.model_validate(
        {"id": "A-1", "document": "jincheng", "project": project, "enterprise": enterprise, **more}
    )
    return document_data(Deriver(Settings()).planned(case), Settings()).field_tree()


def printed(name: str, **more: Any) -> str:
    form = CATALOGUE.form(f"jincheng-{name}")
    return re.sub(r"\s", "", document_text(FormFiller(form).fill(bind(tree(**more), form)).body))


def test_levels_are_the_plans() -> None:
    """Matters of all stages stand under the level that decides them; one without a level is not lost."""
    plan = {
        "approval": {"items": ["备案（市级）", "预审（县级）", "咨询"]},
        "construction": {"items": ["许可（县级）"]},
    }
    form = CATALOGUE.form("jincheng-consultation")
    values = bind(tree(plan=plan), form).values
    said = [
        (values[f"consultation.levels.{number}.level"], values[f"consultation.levels.{number}.items"])
        for number in range(3)
    ]
    assert said == [("市级", "备案"), ("县级", "1. 预审\n2. 许可"), (None, "咨询")]


def test_the_opinion_has_the_five_contents_of_article_seven() -> None:
    """The five headings are the article's own words, in its order."""
    article = NOTICE[NOTICE.index("明确以下内容") : NOTICE.index("第八条 集体会商")]
    five = re.findall(r"\([一二三四五]\) (.+?)[；。]", article)
    text = printed("consultation")
    places = [text.index(heading) for heading in five]
    assert len(five) == 5 and places == sorted(places)


def test_a_push_is_due_on_the_next_working_day() -> None:
    """完成本级审批职能后1个工作日内: after a Friday it is the Monday."""
    push = {"item": "备案", "completed": "2026-06-05", "department": "县局"}
    form = CATALOGUE.form("jincheng-push-slip")
    values = bind(tree(progress={"pushes": [push]}), form).values
    assert values["push_slips.0.due"] == dt.date(2026, 6, 8)
    assert values["push_slips.0.pushed"] is None


def test_results_are_those_of_the_stage() -> None:
    """The case's own stage is told; where it has no results yet, the last stage that has."""
    early = {"item": "备案", "stage": "立项用地规划许可"}
    late = {"item": "许可", "stage": "施工许可"}
    told = tree(stage="施工许可", deliveries=[early, late])["delivery"]
    assert isinstance(told, dict) and told["stage"] == "施工许可"
    assert [item["item"] for item in told["items"]] == ["许可"]
    earlier = tree(stage="施工许可", deliveries=[early])["delivery"]
    assert isinstance(earlier, dict) and earlier["stage"] == "立项用地规划许可"


def test_the_seven_cases_are_those_the_enterprise_signed() -> None:
    """The boxes of the 告知书 print the 委托书's seven cases; the one that has come about is ticked, no other."""
    form = CATALOGUE.form("jincheng-suspension-notice")
    boxes = [field for field in form.fields if field.id.startswith("suspension.case.")]
    assert [field.label for field in boxes] == [item.text for item in service().suspensions]
    values = bind(tree(suspension={"reason": "4", "date": "2026-06-15"}), form).values
    assert [field.id for field in boxes if values[field.id]] == ["suspension.case.3"]


def test_what_is_unfit_is_told_to_the_enterprise() -> None:
    """不符合政策告知书 is addressed to the enterprise and says the recorded reasons, nothing else of the project."""
    text = printed("policy-notice", consultation={"unfit": "工艺属淘汰类。", "notified": "2026-06-04"})
    assert text.startswith("项目不符合政策告知书单位：") and "情形如下：工艺属淘汰类。特此告知。" in text
