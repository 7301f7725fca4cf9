"""forms/matters: every step and rule is what its source prints, and the lists are the forms' own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from cases.model.progress import SUSPENSION_REASONS, read_limit
from cases.values.stages import Stage
from forms.definition import FormDefinition
from forms.matters.lists import printed_matters, reference_matters
from forms.matters.service import service
from forms.matters.tracks import StepDefinition, tracks_of
from foundation.errors import FormError

SOURCES = Path(__file__).resolve().parents[2] / "sources"
YANGCHENG = tracks_of("yangcheng")
assert YANGCHENG is not None
STEPS = [step for track in YANGCHENG.tracks for step in track.steps]


def source(file: str) -> str:
    """A source document without its line breaks and spaces."""
    return squeezed(SOURCES.joinpath(file).read_text("utf-8"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).translate(str.maketrans(",;:()", "，；：（）"))


def test_every_limit_of_the_notice_is_a_step() -> None:
    """The steps carry the notice's 完成时限, all of them, in its order, and each with its two ends."""
    assert YANGCHENG is not None
    printed = re.findall(r"完成时限：(.+?工作日)", source(YANGCHENG.file))
    assert [squeezed(step.limit or "") for step in STEPS] == printed
    assert [step.days for step in STEPS] == [read_limit(limit) for limit in printed]
    assert [step.days[1] for step in STEPS if step.days] == [
        *(10, 90, 20, 10, 20),
        *(3, 40, 3, 5, 1, 3, 3),
        *(3, 10, 1, 5, 1),
    ]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_every_step_is_in_the_notice(step: StepDefinition) -> None:
    """A step's sentence, its phase and its departments are the notice's words."""
    assert YANGCHENG is not None
    text = source(YANGCHENG.file)
    assert squeezed(step.quote) in text
    assert squeezed(step.phase) in text
    assert all(department in text for department in step.departments)


def test_steps_stand_in_the_order_of_the_notice() -> None:
    """Sentence after sentence, each followed by its own limit before the next begins."""
    assert YANGCHENG is not None
    text = source(YANGCHENG.file)
    places = [text.index(squeezed(step.quote)) for step in STEPS]
    limits = [
        text.index(f"完成时限：{squeezed(step.limit or '')}", place)
        for step, place in zip(STEPS, places, strict=True)
    ]
    assert places == sorted(places)
    assert all(limit < place for limit, place in zip(limits, places[1:], strict=False))
    assert all(squeezed(track.heading) in text for track in YANGCHENG.tracks)


@pytest.mark.parametrize(
    ("land", "hazard", "ids", "last"),
    [
        (False, False, ["county"], "county.7"),
        (False, True, ["county", "city"], "city.5"),
        (True, False, ["land", "county"], "county.7"),
    ],
)
def test_a_case_goes_only_the_ways_it_needs(land: bool, hazard: bool, ids: list[str], last: str) -> None:
    """The city's review is for “两重点一重大” alone, which get their 立项备案 there and not in the county."""
    assert YANGCHENG is not None
    tracks = YANGCHENG.needed_for(land=land, hazard=hazard)
    assert [track.id for track in tracks] == ids
    assert tracks[-1].steps[-1].id == last
    assert ("county.7" in {step.id for track in tracks for step in track.steps}) == (not hazard)


def test_documents_without_limits_have_no_tracks() -> None:
    """A document that prints no steps with limits has no tracks."""
    assert tracks_of("jincheng") is None


def test_the_rules_of_the_service_are_the_notices() -> None:
    """Both clocks quote the notice with its number of days."""
    rules = service()
    text = source(rules.file)
    assert all(squeezed(clock.quote) in text for clock in rules.clocks)
    assert (rules.clock("push").days, rules.clock("suggestion").days) == (1, 3)


def test_the_seven_suspensions_are_those_the_form_prints(form: Callable[[str], FormDefinition]) -> None:
    """The seven cases of 中止 are the numbered ones of the 委托书, word for word."""
    rules = service()
    assert [case.number for case in rules.suspensions] == list(range(1, SUSPENSION_REASONS + 1))
    document = Document(str(form("authorisation").template))
    printed = squeezed("".join(paragraph.text for paragraph in document.paragraphs))
    assert all(f"{case.number}.{case.text}" in printed for case in rules.suspensions)


def test_stages_one_and_two_are_the_forms_own_boxes(form: Callable[[str], FormDefinition]) -> None:
    """What the first two stages may need is what the 研判表 prints beside its boxes, blank ones apart."""
    matters = printed_matters(form("assessment"))
    assert {matter.stage for matter in matters} == {"approval", "planning"}
    assert sum(matter.group == "items.city" for matter in matters) == 6 + 12
    assert len(matters) == len({(matter.stage, matter.group, matter.name) for matter in matters})
    assert not any(matter.mark or matter.name == "其他" for matter in matters)


def test_stages_three_and_four_are_marked() -> None:
    """What no form of 晋城 prints says that it is for reference only."""
    matters = reference_matters()
    assert {matter.stage for matter in matters} == {Stage.CONSTRUCTION.value, Stage.COMPLETION.value}
    assert {matter.mark for matter in matters} == {"参考"}
    assert [matter.name for matter in matters if matter.days is None] == [
        "人防备案",
        "城建档案",
        "竣工联合验收",
    ]


def test_the_reference_sheet_prints_the_list(form: Callable[[str], FormDefinition]) -> None:
    """The sheet of stages 3 and 4 has a box per item and level, with the list's names in its order."""
    printed = printed_matters(form("assessment-reference"))
    for level in ("items.city", "items.county", "items.province"):
        names = [(matter.stage, matter.name) for matter in printed if matter.group == level]
        assert names == [(matter.stage, matter.name) for matter in reference_matters()]
    assert len(printed) == 3 * len(reference_matters())
    assert "参考" in form("assessment-reference").title


def test_an_office_replaces_a_stage_of_the_reference(tmp_path: Path) -> None:
    """An office's own list takes the place of the stage it names, and of no other."""
    (tmp_path / "matters.toml").write_text(
        '[[matter]]\nstage = "completion"\nname = "档案验收"\ndays = [2, 2]\n', "utf-8"
    )
    matters = reference_matters(tmp_path, tmp_path / "nowhere")
    assert [matter.name for matter in matters if matter.stage == "completion"] == ["档案验收"]
    assert sum(matter.stage == "construction" for matter in matters) == 15


def test_a_wrong_own_list_is_refused_with_its_places(tmp_path: Path) -> None:
    """An unknown key, a missing name and an unknown stage are reported at once, each at its place."""
    (tmp_path / "matters.toml").write_text(
        '[[matter]]\nstage = "later"\nname = "甲"\n[[matter]]\nstage = "completion"\nday = 3\n', "utf-8"
    )
    with pytest.raises(FormError) as caught:
        reference_matters(tmp_path)
    assert [problem.where.rpartition(" ")[2] for problem in caught.value.problems] == [
        "matter.0.stage",
        "matter.1.name",
        "matter.1.day",
    ]
