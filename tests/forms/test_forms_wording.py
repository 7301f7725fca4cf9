"""The reproduced forms of 晋市审管发〔2022〕28号 say what the notice prints, character for character.

Each template is rendered with everything open (empty blanks, □ for a box) and its text compared with the text cut
from the notice. Taken for noise of the extraction, and for nothing else: white space, underscores (the blanks, which
a template has as controls), and tags (``<p>``, ``<ul>``, ``<hr/>``, and ``<input type="checkbox"/>``, which is a □).

The 研判表's inner columns are broken in the text. There, per stage, the headings with their boxes are compared: the
right column's leading boxes belong to the heading they continue, and a heading printed twice stands once, with the
boxes of both. Where the columns meet, the template prints the whole of (二) before (三).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

ROOT = Path(__file__).resolve().parents[2]
FORMS = ROOT / "forms" / "jincheng"
NOTICE = (ROOT / "tests" / "sources" / "001_db2e1ea08336d2f5.txt").read_text("utf-8")
CHECKBOX = "{http://schemas.microsoft.com/office/word/2010/wordml}checkbox"

SUGGESTIONS_END = "晋城市行政审批服务管理局与晋城经济技术开发区行政审批局联动审批工作机制"
ONE_STOP = "晋城市投资项目“一站式”审批服务工作机制"
PROJECT_MANAGER = "晋城市投资项目审批“项目长”工作机制"


@dataclass(frozen=True)
class Open:
    """A case with nothing in it: an index is a box (□), anything else an empty blank; a list has ``entries``."""

    entries: int = 0

    def __getattr__(self, name: str) -> Open:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, index: int) -> str:
        return "□"

    def __iter__(self) -> Iterator[Open]:
        return iter([self] * self.entries)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""


@cache
def definition(form: str) -> dict[str, Any]:
    return tomllib.loads((FORMS / form / "form.toml").read_text("utf-8"))


@cache
def paragraphs(form: str, entries: int = 0) -> tuple[str, ...]:
    """The printed text of a form, paragraph by paragraph, cells row by row."""
    roots = {item["id"].partition(".")[0] for item in definition(form)["field"]}
    template = DocxTemplate(FORMS / form / "template.docx")
    template.render({name: Open(entries) for name in roots})
    return tuple(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in template.docx.element.body.iter(qn("w:p"))
    )


def bare(text: str) -> str:
    """Text without what is noise of the extraction."""
    text = re.sub(r'<input type="checkbox"/>', "□", text)
    return re.sub(r"</?(p|ul|hr)\b[^>]*>|[\s_]", "", text)


def between(start: str, end: str, nth: int = 0) -> str:
    """The notice from the nth ``start`` to the next ``end``, the start included."""
    begin = [found.start() for found in re.finditer(re.escape(start), NOTICE)][nth]
    return NOTICE[begin : NOTICE.index(end, begin + len(start))]


PLAN = between("附件 1\n\n项目审批", "附件 2")
PLAN_AGAIN = between("附件 2\n\n项目审批", PROJECT_MANAGER)


@pytest.mark.parametrize(
    ("form", "printed", "entries"),
    [
        ("service-plan", PLAN, 0),
        ("authorisation", between("附件 2\n\n“全代办”服务委托书", "附件 3"), 0),
        ("completion", between("附件 3\n\n“全代办”服务办结单", ONE_STOP), 2),
        ("ledger", between("附件\n\n晋城市投资项目“代办”信息台账", "附件 2"), 0),
        ("suggestions", between("附件 2\n\n晋城市投资项目", SUGGESTIONS_END), 0),
    ],
)
def test_form_reads_as_the_notice_prints_it(form: str, printed: str, entries: int) -> None:
    """A reproduced form has the notice's characters, all of them, in its order, and no others."""
    assert bare("".join(paragraphs(form, entries))) == bare(printed)


def test_service_plan_is_printed_twice_alike() -> None:
    """Both printings of the 服务方案 in the notice differ in their attachment number only."""
    assert bare(PLAN).replace("附件1", "附件2", 1) == bare(PLAN_AGAIN)


# --- 研判表 ---------------------------------------------------------------------------------------------------

ASSESSMENT = between("附件 1\n\n一站式项目研判表", "附件 2")
STAGES = {"approval": "一、立项用地规划许可证阶段", "planning": "二、规划许可阶段"}
HEADING = re.compile(r"\([一二三四五六]\)|[一二三四五六]、")
Headings = dict[str, list[str]]


def headings(pieces: list[str], found: Headings, current: str = "") -> Headings:
    """Sort headings and □ labels under their headings; what stands before any heading continues ``current``."""
    for piece in pieces:
        if HEADING.match(piece):
            current = piece
            found.setdefault(current, [])
        elif piece:
            assert piece.startswith("□"), piece
            found[current].append(piece[1:])
    return found


def pieces(text: str) -> list[str]:
    """Cut a column into its headings and boxes."""
    text = re.sub(r'<input type="checkbox"/>', "\n□", text)
    return [bare(line) for line in re.split(r"</?p>|<hr/>|\n", text)]


def printed_columns(stage: str) -> tuple[Headings, Headings]:
    """A stage's left column, and what the right one adds to it or continues."""
    begin = ASSESSMENT.index(STAGES[stage]) + len(STAGES[stage])
    end = ASSESSMENT.index(STAGES["planning"]) if stage == "approval" else ASSESSMENT.index("-----")
    left, _, right = (cell for cell in re.split(r"(\t\t\n?\t?)", ASSESSMENT[begin:end], maxsplit=1))
    return headings(pieces(left), {}), headings(pieces(right), {"": []})


def expected(stage: str) -> Headings:
    """The restored grid: headings in printed order, (二) whole before (三), boxes of a repeated heading together."""
    left, right = printed_columns(stage)
    continued = right.pop("")
    merged = {heading: boxes + right.pop(heading, []) for heading, boxes in left.items()}
    merged[next(heading for heading in merged if "市级" in heading)] += continued
    names = list(merged)
    third = next(index for index, name in enumerate(names) if name.startswith("(三)"))
    return {name: (merged | right)[name] for name in [*names[:third], *right, *names[third:]]}


def template_stages() -> dict[str, Headings]:
    """The template's own headings and boxes, by stage."""
    texts = [bare(text) for text in paragraphs("assessment")]
    second = texts.index(STAGES["planning"])
    first = texts.index(STAGES["approval"])
    parts = {"approval": texts[first + 1 : second], "planning": texts[second + 1 :]}
    return {
        stage: headings([piece for text in part for piece in re.split("(?=□)", text)], {})
        for stage, part in parts.items()
    }


@pytest.mark.parametrize("stage", list(STAGES))
def test_assessment_prints_every_heading_and_box_in_order(stage: str) -> None:
    """Each stage of the 研判表 has the notice's headings in order, and under each its boxes in order."""
    found = template_stages()[stage]
    assert found == expected(stage)
    assert list(found) == list(expected(stage))


def test_assessment_has_all_boxes_of_the_notice() -> None:
    """54 boxes in stage 1 and 60 in stage 2: as many as the notice has, none lost and none added."""
    counts = {stage: sum(map(len, found.values())) for stage, found in template_stages().items()}
    assert counts == {"approval": 54, "planning": 60}
    assert sum(counts.values()) == ASSESSMENT.count('<input type="checkbox"/>') == NOTICE.count("checkbox")


def test_assessment_head_reads_as_printed() -> None:
    """Over the stages stand label, title, 项目名称 and 填表人, and nothing else."""
    texts = [bare(text) for text in paragraphs("assessment")]
    head = "".join(texts[: texts.index(STAGES["approval"])])
    assert head == bare(ASSESSMENT[: ASSESSMENT.index(STAGES["approval"])])


@dataclass
class PrintedBox:
    """A check box of the template: its id, the text printed after it, whether a line to write on follows."""

    id: str
    label: str = ""
    line: str = ""


def printed_boxes() -> list[PrintedBox]:
    """The template's check boxes in order, each with what stands after it in its paragraph."""
    found: list[PrintedBox] = []
    for paragraph in Document(str(FORMS / "assessment" / "template.docx")).element.body.iter(qn("w:p")):
        here: list[PrintedBox] = []
        for item in paragraph.iterchildren(qn("w:sdt"), qn("w:r")):
            tag = item.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
            if tag is not None and item.find(f"{qn('w:sdtPr')}/{CHECKBOX}") is not None:
                here.append(PrintedBox(tag.get(qn("w:val"))))
            elif here and tag is not None:
                here[-1].line = tag.get(qn("w:val"))
            elif here:
                here[-1].label += "".join(text.text or "" for text in item.iter(qn("w:t")))
        found += here
    return found


def test_each_box_has_the_label_that_is_printed_after_it() -> None:
    """form.toml labels all 114 boxes as they are printed; a blank box has a line to write on instead."""
    fields = {item["id"]: item for item in definition("assessment")["field"]}
    boxes = printed_boxes()
    assert {box.id for box in boxes} == {
        name for name, field in fields.items() if field.get("kind") == "checkbox"
    }
    for box in boxes:
        group, _, number = box.id.rpartition(".")
        blank = fields[box.id].get("note") == "printed blank"
        expected_line = f"{group}.text_{number}" if blank else ""
        assert (box.label, box.line) == ("" if blank else fields[box.id]["label"], expected_line), box.id


def test_boxes_of_a_group_are_numbered_in_printed_order() -> None:
    """Within each group the boxes count from 0 without a gap, blank ones included, as they follow on the page."""
    groups: dict[str, list[int]] = {}
    for box in printed_boxes():
        group, _, number = box.id.rpartition(".")
        groups.setdefault(group, []).append(int(number))
    assert all(numbers == list(range(len(numbers))) for numbers in groups.values())
