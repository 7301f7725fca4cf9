"""The samples: ten right cases that show every form."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases import samples
from cases.identifiers import uscc
from cases.model.case import Case
from cases.samples import CASE_FILES, NAMES, load_sample
from cases.values.stages import Stage

CASES = load_sample()


def test_ten_cases_without_a_doubt() -> None:
    """All ten samples are right, with distinct ids, codes and companies."""
    assert len(CASES) == 10
    for value in ("id", "project.code", "project.name", "enterprise.uscc", "contact.phone"):
        group, _, name = value.partition(".")
        assert len({getattr(getattr(case, group), name) if name else case.id for case in CASES}) == 10


def test_the_list_of_files_is_exact() -> None:
    """Every sample file ships by name, and no other lies beside them."""
    folder = Path(samples.__file__).parent
    assert sorted(path.name for path in folder.glob("*.yaml")) == sorted([*NAMES, *CASE_FILES])


def test_every_stage_occurs() -> None:
    """Each of the four stages has a case, so that every default form is called for."""
    assert {case.stage for case in CASES} == set(Stage)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_case_is_complete(case: Case) -> None:
    """Each sample has a whole 服务方案, 委托, 研判, 台账 and 建议; those at 竣工验收 a 办结 too."""
    assert case.document == "jincheng"
    for stage in Stage:
        plan = getattr(case.plan, stage.value)
        assert plan.items and plan.materials and plan.special_steps and plan.fees
        assert all(item.authority for item in plan.items)
    assert case.plan.tips and case.plan.optimisation
    assert all(
        (
            case.project.type,
            case.project.site,
            case.project.scale,
            case.project.content,
            case.project.funding,
            case.project.land,
        )
    )
    assert case.authorisation.stage == (case.stage.label if case.stage else None)
    assert case.authorisation.items
    assert case.assessment.filled_by
    for stage in (Stage.APPROVAL, Stage.PLANNING):
        assert any(getattr(case.assessment, stage.value).items.model_dump().values())
    assert 5 <= len(case.ledger) <= 20
    assert case.suggestion.opinion
    assert (case.handover.date is not None) == (case.stage == Stage.COMPLETION)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_dates_of_each_case_are_in_order(case: Case) -> None:
    """The ledger runs forward and ends before the handover."""
    days = [entry.date for entry in case.ledger if entry.date]
    assert days == sorted(days)
    assert len(days) == len(case.ledger)
    assert case.handover.date is None or days[-1] <= case.handover.date


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_codes_of_each_case_are_of_jincheng(case: Case) -> None:
    """Codes are right without a warning, and of the city's regions."""
    assert case.enterprise.uscc is not None
    assert uscc.validate(case.enterprise.uscc) == ()
    assert case.enterprise.uscc[2:6] == "1405"
    assert case.project.code is not None
    assert case.project.code[5:9] == "1405"
