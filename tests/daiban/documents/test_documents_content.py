"""What a form is about (``content``): an empty sheet is awaited, not issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.samples import load_case_files, load_sample
from daiban.documents.binding import Binder
from daiban.documents.project_lists import project_list
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FormDefinition

TODAY = dt.date(2026, 6, 15)
FORMS = [form for form in Catalogue.load().forms if form.document != "archive"]
SAMPLES = (*load_sample(), *load_case_files())
_DERIVER = Deriver(Settings())


def _bare(form: FormDefinition, stage: str) -> Case:
    """A case at first contact: who wants what, and who deals with it. Of lists of projects, a list of it alone."""
    case = Case.model_validate(
        {
            "id": "A-1",
            "document": form.document,
            "stage": stage,
            "project": {"name": "某项目", "code": "2602-140522-89-01-123456"},
            "enterprise": {"name": "某公司"},
            "contact": {"name": "某人", "phone": "13800000000"},
            "agency": {"name": "某局"},
            "manager": {"name": "某长", "phone": "13900000000"},
        }
    )
    return project_list([case], case.id, TODAY, _DERIVER) if form.is_about_many else case


def _said(form: FormDefinition, case: Case) -> Iterator[str]:
    """What a document says beside who wants what and who deals with it."""
    names = {"A-1", "某项目", "某公司", "某局", "2602-140522-89-01-123456", "立项用地规划许可", "全部项目"}
    for field_id, value in Binder(Settings(), CaseSet(), _DERIVER).bound(case, form).values.items():
        if value and str(value) not in names and not str(value).startswith(("某人", "某长", "1380", "1390")):
            yield field_id


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_paper_that_would_say_nothing_is_awaited(form: FormDefinition) -> None:
    """What goes out of a case at first contact says something, or is for others to fill; everything else waits. A list
    of projects says something by naming them.
    """
    case = _bare(form, "立项用地规划许可")
    bound = Binder(Settings(), CaseSet(), _DERIVER).bound(case, form)
    names_projects = bound.values.get("projects.0.name") is not None
    assert bound.awaited or form.must_return or names_projects or list(_said(form, case)) or _is_by_hand(form)


def _is_by_hand(form: FormDefinition) -> bool:
    """Whether a form is to be written on by whoever does the work (台账), not only by the office."""
    return any(field.filled_by != "office" for field in form.fields)


@pytest.mark.parametrize("form", [form for form in FORMS if form.content], ids=lambda form: form.id)
def test_what_a_form_is_about_can_be_said(form: FormDefinition) -> None:
    """Some sample case says what a form is about, so that its ids are those of a case; then it is not awaited."""
    own = [case for case in SAMPLES if case.document == form.document]
    if form.is_about_many:
        members = [case for case in own if not case.projects]
        own += [project_list(members, "list", TODAY, _DERIVER)] if members else []
    assert form.content is not None
    binder = Binder(Settings(), CaseSet(), _DERIVER)
    waits = [
        any(problem.problem == form.content.message for problem in binder.bound(case, form).awaited)
        for case in own
    ]
    assert not all(waits), [case.id for case in own]


def test_departments_are_asked_once_the_review_has_begun() -> None:
    """The letter to the departments and their opinions, whom the document names by default, wait for the 联审."""
    forms = {form.id: form for form in FORMS}
    binder = Binder(Settings(), CaseSet(), _DERIVER)
    for name in ("yangcheng-referral-letter", "yangcheng-entry-opinion"):
        bare = _bare(forms[name], "立项用地规划许可")
        begun = bare.model_copy(
            update={
                "review": type(bare.review).model_validate({"referral": {"materials": ["可行性研究报告"]}})
            }
        )
        (awaited,) = binder.bound(bare, forms[name]).awaited
        assert "联审" in awaited.problem
        assert binder.bound(begun, forms[name]).awaited == ()
