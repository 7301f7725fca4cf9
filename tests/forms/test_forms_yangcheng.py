"""The forms of 阳政办函〔2026〕9号: the 名单 is printed to the character, the drafted ones rest on its sentences.

Taken for noise of the extraction, and for nothing else: white space.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cases.model.case import OUTCOMES, TERMINATION_REASONS, Case
from cases.model.joint_review import VERDICTS
from cases.reference import load_reference
from cases.samples import load_case_files
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.template.text import document_text
from foundation.field_tree import FieldTree
from generator.bind import bind
from generator.template.fill import FormFiller

NOTICE = (Path(__file__).resolve().parents[1] / "sources" / "000_60cb4fc65809fcbe.txt").read_text("utf-8")
CATALOGUE = Catalogue.load()
FORMS = [form for form in CATALOGUE.forms if form.document == "yangcheng"]
CASE = next(case for case in load_case_files() if case.document == "yangcheng")


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def tree(settings: Settings | None = None, **own: Any) -> FieldTree:
    office = settings or Settings()
    case = Case.model_validate({**CASE.tree(), **own})
    return document_data(Deriver(office).planned(case), office).field_tree()


def printed(name: str, **own: Any) -> str:
    form = CATALOGUE.form(f"yangcheng-{name}")
    return bare(document_text(FormFiller(form).fill(bind(tree(**own), form)).body))


def test_leading_group_reads_as_the_notice_prints_it() -> None:
    """Labels, names and posts are the notice's characters, all of them and in its order, under the group's name."""
    listed = NOTICE[NOTICE.index("组 长:") : NOTICE.index("领导小组下设办公室")]
    assert printed("leading-group", leading_group={}) == "领导小组" + bare(listed)


def test_a_case_has_its_own_people() -> None:
    """A case's own list is printed instead of the notice's, whole, and nobody of the notice beside it."""
    own = {"leaders": [{"name": "甲乙", "post": "组长"}], "deputies": [], "members": []}
    assert printed("leading-group", leading_group=own) == "领导小组组长:甲乙组长"


def test_an_office_has_its_own_people() -> None:
    """daiban.toml's list stands between the case's and the notice's; a name may be spread as it is printed."""
    settings = Settings.model_validate({"leading_group": {"leaders": ["刘 彧 县长"]}})
    form = CATALOGUE.form("yangcheng-leading-group")
    bound = bind(tree(settings, leading_group={}), form)
    assert bound.values["leading_group.leaders.0.name"] == "刘彧"
    assert bound.entries["leading_group.members"] == 0


@pytest.mark.parametrize("form", [form for form in FORMS if form.kind == "drafted"], ids=lambda form: form.id)
def test_quotes_are_the_notices_own(form: FormDefinition) -> None:
    """Every sentence a drafted form rests on stands in the notice, character for character."""
    assert form.source.quotes
    assert [quote for quote in form.source.quotes if quote not in NOTICE] == []


def test_all_forms_are_there() -> None:
    """The notice's own 名单, and the forms it names, each called by the name it gives it; six papers it describes."""
    assert [form.kind for form in FORMS].count("reproduced") == 1
    described = [form for form in FORMS if form.trigger or form.clock]
    assert (len(FORMS), len(described)) == (18, 6)
    named = {form.title for form in FORMS if form not in described} - {
        "联席会议问题清单",
        "督办通报",
        "部门入园意见",
        "代办服务委托书",
        "领导小组",
    }
    assert [title for title in named if f"《{title}》" not in NOTICE] == []


def test_choices_are_the_notices_words() -> None:
    """Outcomes, reasons and departments that data and boxes offer stand in the notice."""
    words = [*TERMINATION_REASONS, *OUTCOMES, *VERDICTS[:1], *load_reference("yangcheng").departments]
    said = bare(NOTICE)
    assert [word for word in words if bare(word) not in said] == []
    completion = CATALOGUE.form("yangcheng-completion")
    boxes = [field.label for field in completion.fields if field.kind.value == "checkbox"]
    assert boxes == [*OUTCOMES, *TERMINATION_REASONS]


def test_nothing_on_paper_says_drafted() -> None:
    """That a layout is ours is said in the catalogue, not to the people who get the form."""
    assert [form.id for form in FORMS if "拟制" in printed(form.id.removeprefix("yangcheng-"))] == []


def test_a_paper_for_each_department() -> None:
    """Every department asked gets its own letter and its own page, each with the project and its name."""
    asked = CASE.review.departments
    whole = tree()
    for name in ("referral-letter", "entry-opinion"):
        form = CATALOGUE.form(f"yangcheng-{name}")
        bound = bind(whole, form)
        [listed] = form.lists
        departments = [bound.values[f"{listed.id}.{number}.department"] for number in range(len(asked))]
        assert (bound.entries[listed.id], departments) == (len(asked), list(asked))
        assert {bound.values[f"{listed.id}.{number}.project"] for number in range(len(asked))} == {
            CASE.project.name
        }


def test_minutes_say_what_each_department_said() -> None:
    """The minutes list every opinion with its reason, in the case's order."""
    text = printed("review-minutes")
    at = 0
    for opinion in CASE.review.opinions:
        at = text.index(bare(f"{opinion.department}：{opinion.verdict}。{opinion.reasons}。"), at)
