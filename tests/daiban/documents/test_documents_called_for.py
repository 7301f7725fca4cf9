"""Papers that something in a case calls for: not before it happened, and at whatever stage."""

from typing import Any

import pytest

from cases.model.case import Case
from cases.model.fields import field_at
from cases.values.paths import loc_of
from daiban.documents.called_for import forms_of, has_value
from forms.catalogue import Catalogue
from forms.definition import FormDefinition

CATALOGUE = Catalogue.load()
OCCASIONAL = [form for form in CATALOGUE.forms if form.trigger]


def case(document: str = "jincheng", **more: Any) -> Case:
    project, enterprise = {"name": "项目"}, {"name": "单位"}
    return Case.model_validate(
        {"id": "A-1", "document": document, "project": project, "enterprise": enterprise, **more}
    )


@pytest.mark.parametrize("form", OCCASIONAL, ids=lambda form: form.id)
def test_a_trigger_is_something_a_case_says(form: FormDefinition) -> None:
    """Every trigger names fields of the case model, so that the form can be called for at all."""
    places = [tuple(part for part in loc_of(field_id) if part != "*") for field_id in form.trigger]
    assert [place for place in places if field_at(place) is None] == []


@pytest.mark.parametrize("document", sorted({form.document for form in CATALOGUE.forms} - {"archive"}))
def test_nothing_is_called_for_before_it_happened(document: str) -> None:
    """A case of which nothing is known but its name calls for no paper that has a trigger."""
    occasional = {form.id for form in OCCASIONAL}
    assert occasional.isdisjoint(forms_of(case(document), CATALOGUE))


@pytest.mark.parametrize("stage", ["立项用地规划许可", "竣工验收"])
def test_what_happened_calls_for_its_paper_at_whatever_stage(stage: str) -> None:
    """A suspension calls for its notice beside the stage's forms; its end for the other notice too."""
    suspension = {"reason": "5", "date": "2026-06-15"}
    usual = forms_of(case(stage=stage), CATALOGUE)
    begun = forms_of(case(stage=stage, suspension=suspension), CATALOGUE)
    ended = forms_of(case(stage=stage, suspension={**suspension, "resumed": "2026-07-01"}), CATALOGUE)
    assert begun == (*usual, "jincheng-suspension-notice")
    assert ended == (*begun, "jincheng-resumption-notice")


def test_a_paper_of_another_document_is_not_called_for() -> None:
    """The same data in a case of another document call for nothing of 晋城's."""
    told = forms_of(case("yangcheng", suspension={"reason": "5", "date": "2026-06-15"}), CATALOGUE)
    assert not [form_id for form_id in told if form_id.startswith("jincheng-")]


def test_a_list_says_something_by_its_entries() -> None:
    """An empty list says nothing; with ``*`` any entry with a value will do."""
    one = case(survey={"opinions": [{"department": "甲局"}]})
    assert has_value(one, "survey.opinions") and has_value(one, "survey.opinions.*.department")
    assert not has_value(one, "survey.opinions.*.opinion") and not has_value(one, "deliveries")
