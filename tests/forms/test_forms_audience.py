"""Whom papers are for: every form says it, and the enterprise sees those for it alone."""

from __future__ import annotations

import pytest

from forms.catalogue import Catalogue
from forms.definition import Audience, FilledBy, FormDefinition
from forms.describe import AUDIENCE_NAMES

FORMS = Catalogue.load().forms

#: What the documents' texts say is given to, or signed by, the project's enterprise.
ENTERPRISE = {
    "anshan-procedure-plan",  # “为项目量身定制……进项目、进企业解读政策”
    "jincheng-authorisation",
    "jincheng-completion",
    "jincheng-correction-opinion",  # “提出一次性补正意见”
    "jincheng-materials-notice",  # “一次告知”
    "jincheng-policy-notice",  # “及时书面告知项目单位”
    "jincheng-resumption-notice",
    "jincheng-service-plan",  # “以《项目审批“全代办”服务方案》形式告知项目单位”
    "jincheng-stage-delivery",  # “及时告知项目单位审批结果”
    "jincheng-suspension-notice",
    "yangcheng-authorisation",
    "yangcheng-city-application",
    "yangcheng-completion",
    "yangcheng-service-plan",  # “围绕企业和项目特点……形成针对性的‘一套方案’和清晰的‘一张清单’”
    "yangcheng-simulated-checklist",
}
#: Words in titles of papers between authorities, or of the office alone.
INTERNAL = (
    "台账",
    "推送",
    "通报",
    "纪要",
    "汇报",
    "汇总",
    "督查",
    "督办",
    "约谈",
    "交办",
    "研判",
    "名单",
    "领导小组",
)


def test_the_enterprises_papers_are_these() -> None:
    """Every form says whom it is for, and those for the enterprise are those that the documents' texts name."""
    assert [form.id for form in FORMS if form.stated_audience is None] == []
    assert {form.id for form in FORMS if form.is_for_enterprise} == ENTERPRISE


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_whoever_fills_a_form_sees_it(form: FormDefinition) -> None:
    """What an enterprise fills or signs is for it; what says by its name that it is between authorities is not."""
    fills = any(field.filled_by is FilledBy.ENTERPRISE for field in form.fields)
    assert form.is_for_enterprise or not fills
    assert not form.is_for_enterprise or not any(word in form.title for word in INTERNAL)


@pytest.mark.parametrize(
    ("filled_by", "audience"),
    [
        ((FilledBy.OFFICE, FilledBy.ENTERPRISE, FilledBy.DEPARTMENT), Audience.ENTERPRISE),
        ((FilledBy.OFFICE, FilledBy.DEPARTMENT), Audience.DEPARTMENT),
        ((FilledBy.OFFICE, FilledBy.MANAGER), Audience.OFFICE),
    ],
)
def test_an_own_form_that_does_not_say_is_closed(filled_by: tuple[FilledBy, ...], audience: Audience) -> None:
    """Whoever fills it sees it, and an enterprise nothing else."""
    fields = [{"id": f"own.field_{who}", "label": "栏", "filled_by": who} for who in filled_by]
    source = {"number": "", "title": "", "file": "", "place": ""}
    own = FormDefinition.model_validate(
        {"id": "own", "title": "表", "kind": "drafted", "document": "own", "source": source, "field": fields}
    )
    assert own.audience is audience


def test_every_audience_has_its_term() -> None:
    """Each has a Chinese term."""
    assert set(AUDIENCE_NAMES) == set(Audience)
