"""Case files: YAML and JSON, as people and programs write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.files import case_file as casefile
from cases.files.case_file import read_case_file
from foundation.errors import CaseDataError, DaibanError, ExitCode, UnreadableError

SMALL = "id: {id}\ndocument: jincheng\nproject: {{name: 甲项目}}\nenterprise: {{name: 甲公司}}\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def save(content: str | bytes, name: str = "a.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


Write = Callable[..., Path]


def test_one_case_or_a_list(write: Write) -> None:
    """A file holds one case, or a list of them."""
    one = read_case_file(write(SMALL.format(id="a")))
    several = "".join(
        f"- {{id: {name}, document: 晋城, project: {{name: x}}, enterprise: {{name: y}}}}\n" for name in "ab"
    )
    assert [case.id for case in one.cases] == ["a"]
    assert [case.id for case in read_case_file(write(several)).cases] == ["a", "b"]


@pytest.mark.parametrize(
    "scalar", ["001", "1e3", "0x1F", "0o17", "no", "true", "2026-01", "12:30:45", "1_000", "3.10"]
)
def test_yaml_coerces_nothing(write: Write, scalar: str) -> None:
    """What YAML would turn into a number, a truth value or a time stays the text that was typed."""
    text = SMALL.format(id="a") + f"contact: {{name: {scalar}}}\n"
    assert read_case_file(write(text)).cases[0].contact.name == scalar


def test_unquoted_ids_codes_and_dates_are_text(write: Write) -> None:
    """001 stays 001, a phone stays its digits, an unquoted date is that date."""
    text = SMALL.format(id="001") + "contact: {phone: 13900000000}\nhandover: {date: 2026-03-05}\n"
    (case,) = read_case_file(write(text)).cases
    assert case.id == "001"
    assert case.contact.phone == "13900000000"
    assert str(case.handover.date) == "2026-03-05"


def test_only_nothing_is_nothing(write: Write) -> None:
    """Empty, ~ and null mean absent; in quotes they are text."""
    text = SMALL.format(id="a") + 'contact: {name: "null"}\nmanager: {name: ~}\nagency: {name: null}\nplan:\n'
    (case,) = read_case_file(write(text)).cases
    assert (case.contact.name, case.manager.name, case.agency.name) == ("null", None, None)


def test_problems_name_file_line_and_key(write: Write) -> None:
    """A wrong value in YAML is placed by file, line and key path."""
    text = SMALL.format(id="a") + "enterprise:\n  name: x\n"
    assert "第4行" in read_case_file(write(text)).problems[0].problem
    wrong = (
        "id: a\ndocument: jincheng\nproject: {name: x}\nenterprise:\n  name: y\n  uscc: 91140522MA0K12348R\n"
    )
    (problem,) = read_case_file(write(wrong)).problems
    assert problem.where == "a.yaml 第6行 enterprise.uscc"
    assert problem.field == "enterprise.uscc"


def test_missing_values_are_placed_at_their_group(write: Write) -> None:
    """A missing key is placed at the line of the group it is missing from."""
    (problem,) = read_case_file(
        write("id: a\ndocument: jincheng\nproject:\n  type: x\nenterprise: {name: y}\n")
    ).problems
    assert problem.where == "a.yaml 第3行 project.name"


def test_keys_given_twice_refuse_their_case_only(write: Write) -> None:
    """A repeated key names both lines and leaves the other cases of the file alone."""
    text = (
        "- {id: a, document: 晋城, project: {name: x}, enterprise: {name: y}}\n"
        "- id: b\n  document: 晋城\n  project: {name: x, name: z}\n  enterprise: {name: y}\n"
    )
    found = read_case_file(write(text))
    assert [case.id for case in found.cases] == ["a"]
    assert [refused.case for refused in found.rejected] == ["b"]
    (problem,) = found.problems
    assert "写了两次" in problem.problem
    assert problem.where == "a.yaml 第4行 project.name"


def test_ids_used_twice_refuse_both(write: Write) -> None:
    """Two cases of one id, letter case aside, are both refused, each naming the other's line."""
    text = "".join(
        f"- {{id: {name}, document: 晋城, project: {{name: x}}, enterprise: {{name: y}}}}\n"
        for name in ("JC", "b", "jc")
    )
    found = read_case_file(write(text))
    assert [case.id for case in found.cases] == ["b"]
    assert [problem.where for problem in found.problems] == ["a.yaml 第1行 id", "a.yaml 第3行 id"]
    assert "a.yaml 第3行 id" in found.problems[0].problem


def test_aliases_of_programs_are_followed(write: Write) -> None:
    """What PyYAML writes for one list used twice reads as that list, twice."""
    shared = ["甲", "乙"]
    raw = yaml.safe_load(SMALL.format(id="a")) | {
        "plan": {"approval": {"materials": shared}, "planning": {"materials": shared}}
    }
    text = yaml.safe_dump(raw, allow_unicode=True)
    assert "*id001" in text
    (case,) = read_case_file(write(text)).cases
    assert case.plan.approval.materials == case.plan.planning.materials == ("甲", "乙")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b\nc: d\n", "不是合格的 YAML"),
        ("a:\n\t- b\n", "不是合格的 YAML"),
        ("a: b\x07\n", "控制字符"),
        ("a: b\n---\nc: d\n", "---"),
        ("!!python/object/apply:os.system ['true']\n", "类型标记"),
        ("a: !!binary aGk=\n", "类型标记"),
        ("? [a]\n: b\n", "键应为文字"),
        ('a: "\\ud83d"\n', "不是合格的 YAML"),
        ("a: *nothing\n", "引用"),
        ("&a [*a]\n", "引用"),
        ("[" * 5000 + "]" * 5000, "嵌套"),
        ("a\n", "应为一个案件"),
    ],
)
def test_broken_yaml_is_refused_in_words(write: Write, text: str, said: str) -> None:
    """Every way a YAML file can be broken is one Chinese sentence with the file."""
    with pytest.raises(CaseDataError, match=said) as raised:
        read_case_file(write(text))
    assert raised.value.problems[0].where.startswith("a.yaml")


def test_alias_bombs_are_bounded(write: Write) -> None:
    """Aliases that multiply into billions of values are refused before they are followed."""
    levels = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    levels += [
        f"{new}: &{new} [{', '.join(['*' + old] * 10)}]"
        for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    with pytest.raises(CaseDataError, match="太多"):
        read_case_file(write("\n".join(levels)))


def test_json_says_the_same_as_yaml(write: Write) -> None:
    """The same case as JSON is equal, and its numbers keep their digits."""
    from_yaml = read_case_file(write(SMALL.format(id="2026001") + "contact: {phone: 13900000000}\n"))
    raw = (
        '{"id": 2026001, "document": "jincheng", "project": {"name": "甲项目"},'
        ' "enterprise": {"name": "甲公司"}, "contact": {"phone": 13900000000}}'
    )
    assert read_case_file(write(raw, "a.json")).cases == from_yaml.cases


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": "a",}', "不是合格的 JSON"),
        ('{"id": NaN}', "NaN"),
        ("[" * 100_000, "嵌套"),
        ('"a"', "应为一个案件"),
    ],
)
def test_broken_json_is_refused_in_words(write: Write, text: str, said: str) -> None:
    """A JSON file that is none is one Chinese sentence."""
    with pytest.raises(CaseDataError, match=said):
        read_case_file(write(text, "a.json"))


@pytest.mark.parametrize(
    ("extra", "field", "said"),
    [
        ('"contact": {"phone": 1.39e10}', "contact.phone", "数值"),
        ('"enterprise": {"name": "x", "uscc": 9.11405E17}', "enterprise.uscc", "位"),
        ('"contact": {"name": true}', "contact.name", "逻辑值"),
        ('"contact": {"name": "a\\ud800"}', "contact.name", "U+D800"),
        ('"contact": {"name": "a", "name": "b"}', "contact.name", "写了两次"),
    ],
)
def test_json_traps_are_refused(write: Write, extra: str, field: str, said: str) -> None:
    """Floats for codes, truth values, lone surrogates and repeated keys are problems at their field, left out."""
    base = '{"id": "a", "document": "jincheng", "project": {"name": "x"}, '
    rest = "" if "enterprise" in extra else '"enterprise": {"name": "y"}, '
    found = read_case_file(write(base + rest + extra + "}", "a.json"))
    assert [flaw.field for flaw in found.flaws["a"]] == [field]
    group, name = field.split(".")
    assert getattr(getattr(found.cases[0], group), name) is None
    assert [problem.field for problem in found.problems] == [field]
    assert said in found.problems[0].problem


def test_json_lists_number_their_cases(write: Write) -> None:
    """Without lines, a place in a JSON list is the number of the case."""
    found = read_case_file(write(json.dumps([{}, 5]), "a.json"))
    assert {problem.where.split(" ")[1] for problem in found.problems} == {"第1个案件", "第2个案件"}


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_gbk_files_are_read_with_a_doubt(write: Write, encoding: str) -> None:
    """A GBK file is read as what it is, and the guess is said."""
    found = read_case_file(write(SMALL.format(id="编号").encode(encoding)))
    assert found.cases[0].project.name == "甲项目"
    assert [(problem.severity, "GBK" in problem.problem) for problem in found.problems] == [("warning", True)]
    assert found.exit_code == ExitCode.OK


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_a_byte_order_mark_are_read(write: Write, encoding: str) -> None:
    """Notepad's UTF-8 and Unicode files are read without a warning."""
    found = read_case_file(write(SMALL.format(id="a").encode(encoding)))
    assert found.cases[0].enterprise.name == "甲公司"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "said"), [(b"id: a\0b", "不是文本"), (b"id: \xff\xff\xff", "读不出文字")]
)
def test_files_that_are_no_text_are_unreadable(write: Write, content: bytes, said: str) -> None:
    """Bytes that are no text in any encoding here are an unreadable file."""
    with pytest.raises(UnreadableError, match=said):
        read_case_file(write(content))


def test_missing_and_huge_files_are_unreadable(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file that is not there, or is larger than any case file, is unreadable."""
    with pytest.raises(UnreadableError, match="读不出来"):
        read_case_file(tmp_path / "none.yaml")
    monkeypatch.setattr(casefile, "MAX_BYTES", 10)
    with pytest.raises(UnreadableError, match="超过"):
        read_case_file(write(SMALL.format(id="a")))


def test_an_empty_file_is_a_doubt(write: Write) -> None:
    """A file without a case warns and stops nothing."""
    found = read_case_file(write("# nothing yet\n"))
    assert found.cases == ()
    assert [problem.severity for problem in found.problems] == ["warning"]


def test_hostile_values_come_through(write: Write) -> None:
    """Markup, template signs, emoji and rare characters survive YAML and JSON alike."""
    name = "& < > \" ' {{ x }} {% y %} 彧喆堃𠮷 👨‍👩‍👧 " + "名" * 300
    raw: dict[str, Any] = {
        "id": "a",
        "document": "jincheng",
        "project": {"name": name},
        "enterprise": {"name": name},
    }
    as_yaml = write(yaml.safe_dump(raw, allow_unicode=True))
    as_json = write(json.dumps(raw), "a.json")
    for path in (as_yaml, as_json):
        assert read_case_file(path).cases[0].project.name == name


def test_no_text_makes_the_reader_crash(write: Write) -> None:
    """Truncating a file anywhere gives cases or problems, never another exception."""
    text = (
        SMALL.format(id="a")
        + "plan:\n  approval:\n    items: [{name: x, authority: 市级}]\n    fees: |\n      a\n      b\n"
    )
    for end in range(len(text)):
        try:
            read_case_file(write(text[:end]))
        except DaibanError as error:
            assert error.problems
