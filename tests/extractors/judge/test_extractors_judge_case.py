"""Between the forms of one case: the same project on each, dates in order; a person looks where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from extractors.judge import CaseMember, judge_case, with_findings
from forms.catalogue import Catalogue

Sound = Callable[[str], Any]
RULES = next(item for item in Catalogue.load().documents if item.id == "jincheng").case
NUMBERS = {"authorisation": "AAAAAAAA", "ledger": "BBBBBBBB", "completion": "CCCCCCCC"}


def member(sound: Sound, name: str, *, on_file: bool = False, back: bool = True, **values: str) -> CaseMember:
    """A form of the case; ``values``: what fields hold, with _ for the dot."""
    made = sound(name)
    made.issue = replace(
        made.issue,
        number=NUMBERS[name],
        values={
            **made.issue.values,
            "project.name": "某项目",
            **({"project.code": "2601-140502-04-01-123456"} if name == "completion" else {}),
            **({"enterprise.name": "某公司"} if name == "authorisation" else {}),
        },
    )
    for field_id, value in values.items():
        if field_id in made.observations:
            made.change(field_id, value=value)
        else:
            made.issue = replace(made.issue, values={**made.issue.values, field_id: value})
    made = made.on_file() if on_file else made
    return CaseMember(made.issue, made.form, made.judged() if back else None)


def test_rules_are_about_dates_of_the_documents_forms() -> None:
    """Every date the document puts in order is a date field of one of its forms."""
    catalogue = Catalogue.load()
    known = {item.id for form in catalogue.forms for item in form.fields if item.kind == "date"}
    assert {field_id for group in RULES.order for field_id in group} <= known
    assert RULES.order


def test_case_in_order(sound: Sound) -> None:
    """Forms that agree give no finding, and a judgement without more findings stays as it is."""
    members = [
        member(sound, "authorisation", on_file=True, **{"authorisation.date": "2026-03-01"}),
        member(
            sound, "ledger", on_file=True, **{"ledger.0.date": "2026-03-01", "ledger.1.date": "2026-05-01"}
        ),
        member(sound, "completion"),
    ]
    found = judge_case(members, RULES)
    assert found == dict.fromkeys(NUMBERS.values(), ())
    assert members[0].judgement is not None
    assert with_findings(members[0].judgement, ()) is members[0].judgement


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("field_id", ["project.name", "project.code", "enterprise.name"])
def test_another_project_on_one_form(sound: Sound, field_id: str, back: bool) -> None:
    """Two issues that name different projects send what came back to a person, and both texts are said."""
    members = [
        member(sound, "authorisation", **{field_id: "甲"}),
        member(sound, "completion", back=back, **{field_id: "乙"}),
    ]
    found = judge_case(members, RULES)
    assert set(found) == ({"AAAAAAAA", "CCCCCCCC"} if back else {"AAAAAAAA"})
    for findings in found.values():
        [finding] = findings
        assert (finding.code, finding.weight, finding.field) == ("inconsistent", "review", field_id)
        assert "“甲”" in finding.message and "“乙”" in finding.message
    assert members[0].judgement is not None
    assert with_findings(members[0].judgement, found["AAAAAAAA"]).verdict == "review"


def test_width_and_spaces_make_no_other_project(sound: Sound) -> None:
    """The same name with other widths or spaces is the same name."""
    members = [
        member(sound, "authorisation", **{"project.name": "某项目（一期）"}),
        member(sound, "completion", **{"project.name": "某项目(一期) "}),
    ]
    assert not any(judge_case(members, RULES).values())


@pytest.mark.parametrize(
    ("on_file", "dates", "weight"),
    [
        (True, ("2026-04-01", "2026-03-01", "2026-05-01"), "review"),
        (False, ("2026-04-01", "2026-03-01", "2026-05-01"), "note"),
        (False, ("2026-06-01", "2026-03-01", "2026-05-01"), "review"),
        (True, ("2026-03-01", "2026-03-01", "2026-07-01"), "review"),
    ],
    ids=["some, certain", "some, read", "all, read", "ledger after completion"],
)
def test_dates_out_of_order(sound: Sound, on_file: bool, dates: tuple[str, str, str], weight: str) -> None:
    """委托 ≤ 台账 ≤ 办结: a person looks; where OCR had a part and only some dates are off, it is only said."""
    signed, first, last = dates
    members = [
        member(sound, "authorisation", on_file=on_file, **{"authorisation.date": signed}),
        member(sound, "ledger", on_file=True, **{"ledger.0.date": first, "ledger.1.date": last}),
        member(sound, "completion"),
    ]
    found = judge_case(members, RULES)
    findings = [item for group in found.values() for item in group]
    assert {(item.code, item.weight) for item in findings} == {("date-implausible", weight)}
    assert all("晚于" in item.message for item in findings)


def test_case_findings_never_mend(sound: Sound) -> None:
    """More findings make no verdict better."""
    made = sound("authorisation").change("contact.phone", state="blank").judged()
    found = judge_case(
        [
            member(sound, "authorisation", **{"project.name": "甲"}),
            member(sound, "completion", **{"project.name": "乙"}),
        ],
        RULES,
    )
    assert with_findings(made, found["AAAAAAAA"]).verdict == "incomplete"
