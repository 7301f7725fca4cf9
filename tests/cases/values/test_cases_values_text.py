"""Text values, case ids and stage names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.values.case_ids import is_example, read_case_id, same_folder_key
from cases.values.invalid import InvalidValue
from cases.values.stages import Stage, find_stage, fold_stages, is_stages, read_stage
from cases.values.text import clean_line, clean_text, fold_width

fixed = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    "text",
    [
        "& < > \" '",
        "{{ x }} {% if %}",
        "彧喆堃𠮷",
        "👨‍👩‍👧😀",
        "名" * 300,
        "a  b",
        "=1+1",
        "_x000D_",
        "e\u0301",
    ],
)
def test_values_are_kept_exactly(text: str) -> None:
    """Markup, template signs, rare characters and emoji come through unchanged."""
    assert clean_line(text) == text
    assert clean_text(text) == text


def test_only_ends_tabs_and_line_ends_change() -> None:
    """Blanks at the ends go, tabs become spaces, every line end becomes a newline."""
    assert clean_text("　 a\tb\r\nc\rd\n ") == "a b\nc\nd"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x1f",
        "\x7f",
        "\x85",
        "\ud800",
        "\udfff",
        "\ufffe",
        "\uffff",
        "\ufdd0",
        "\U0001fffe",
    ],
)
def test_what_xml_cannot_hold_is_refused_with_its_place(character: str) -> None:
    """Control characters, surrogates and noncharacters are refused, naming place and code."""
    with pytest.raises(InvalidValue, match=rf"第3个字符.*U\+{ord(character):04X}"):
        clean_text(f"ab{character}c")


def test_lines_refuse_line_breaks() -> None:
    """A one-line value with a break inside is refused; one at its end is only trimmed."""
    with pytest.raises(InvalidValue, match="一行"):
        clean_line("a\nb")
    assert clean_line("a\n") == "a"


@fixed
@given(st.text())
def test_cleaning_is_stable(text: str) -> None:
    """Cleaning a cleaned value changes nothing, whatever the value."""
    try:
        cleaned = clean_text(text)
    except InvalidValue:
        return
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize("case_id", ["JC-2026-001", "晋城_1", "a", "1", "_", "-", "é", "编" * 64])
def test_right_ids_are_kept(case_id: str) -> None:
    """Letters, Chinese ones too, digits, - and _ are an id."""
    assert read_case_id(case_id) == case_id


@pytest.mark.parametrize(
    ("case_id", "said"),
    [
        ("a/b", "“/”"),
        ("a\\b", r"“\\”"),
        ("..", "“.”"),
        ("../../etc", "“.”"),
        ("a b", "空格"),
        ("a\nb", "换行"),
        ("a\x00b", "U\\+0000"),
        ("a\u202eb", r"U\+202E"),
        ("a\u3164b", r"U\+3164"),
        ("a:b", "“:”"),
        ("a（1）", r"“\(”"),
        ("／", "“/”"),
        ("Ⅱ", "“Ⅱ”"),
        ("²", "“²”"),
        ("x" * 65, "65个字符"),
        ("x" * 300, "300个字符"),
        ("𠮷" * 60, "太长"),
        ("CON", "设备名"),
        ("nul", "设备名"),
        ("Com1", "设备名"),
        ("示例-1", "示例"),
        ("  ", "必须填写"),
        ("\ud800", r"U\+D800"),
    ],
)
def test_wrong_ids_are_refused_by_name(case_id: str, said: str) -> None:
    """Whatever could leave its folder, or make none, is refused saying why."""
    with pytest.raises(InvalidValue, match=said):
        read_case_id(case_id)


def test_ids_fold_width_and_form() -> None:
    """Full-width and decomposed spellings of an id are one id."""
    assert read_case_id(" ＪＣ－１ ") == "JC-1"
    assert read_case_id("e\u0301") == "é"


@fixed
@given(st.text(max_size=80))
def test_no_id_leaves_its_folder(text: str) -> None:
    """Whatever is accepted is a single plain folder name, and reading it again gives the same."""
    try:
        case_id = read_case_id(text)
    except InvalidValue:
        return
    assert not set(case_id) & set('/\\.:*?"<>| \t\r\n\0')
    assert 0 < len(case_id.encode()) <= 200
    assert read_case_id(case_id) == case_id


def test_ids_that_share_a_folder_on_windows_share_a_key() -> None:
    """Letter case does not tell ids apart."""
    assert same_folder_key("jc-1") == same_folder_key("JC-1")


@pytest.mark.parametrize(("text", "example"), [("示例-请删除", True), (" 示例", True), ("JC-示例", False)])
def test_example_rows_are_known_by_their_beginning(text: str, example: bool) -> None:
    """Only an id that begins with 示例 marks an example."""
    assert is_example(text) == example


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("立项用地规划许可", Stage.APPROVAL),
        ("立项用地规划许可阶段", Stage.APPROVAL),
        ("一、立项用地规划许可证阶段", Stage.APPROVAL),
        ("立项用地阶段", Stage.APPROVAL),
        ("approval", Stage.APPROVAL),
        ("二、规划许可阶段", Stage.PLANNING),
        ("工程建设许可 阶段", Stage.PLANNING),
        ("施工许可", Stage.CONSTRUCTION),
        ("施工许可证阶段", Stage.CONSTRUCTION),
        ("竣工验收阶段", Stage.COMPLETION),
        ("COMPLETION", Stage.COMPLETION),
    ],
)
def test_stage_names_fold(text: str, stage: Stage) -> None:
    """The names printed on the forms and the keys all mean their stage."""
    assert find_stage(text) == stage
    assert find_stage(stage.label) == find_stage(stage.value) == stage


def test_unknown_stage_names_the_four() -> None:
    """A name that is no stage is refused with the four that are."""
    with pytest.raises(InvalidValue) as refused:
        read_stage("开工阶段")
    assert "工程建设许可" in (refused.value.advice or "")


@pytest.mark.parametrize(
    ("text", "folded", "known"),
    [
        ("立项用地规划许可阶段", "立项用地规划许可", True),
        ("立项用地阶段、施工许可阶段", "立项用地规划许可、施工许可", True),
        ("立项，施工", "立项用地规划许可、施工许可", True),
        ("全部阶段", "全部阶段", False),
    ],
)
def test_several_stages_in_one_text(text: str, folded: str, known: bool) -> None:
    """委托阶段 may name several stages; anything else stays as written."""
    assert fold_stages(text) == folded
    assert is_stages(folded) == known


def test_width_folding_leaves_chinese_punctuation() -> None:
    """Only ASCII look-alikes fold: 、。《》“” stay."""
    assert fold_width("１Ａ（、。《》“”") == "1A(、。《》“”"
