"""The check of every output can fail, in each of the ways an output can be wrong, and lets pass what is right."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from forms.definition import FormDefinition
from forms.geometry import Box, FieldArea
from forms.template.ooxml import W_NAMESPACE
from foundation.errors import Problem
from generator.bind import Bound, bind
from generator.layout.composite import BODY_PART
from generator.output import check
from generator.template.docx_package import DocxPackage
from generator.template.fill import FormFiller

Form = Callable[[str], FormDefinition]
A4 = (210.0, 297.0)
TICKED = "assessment.approval.items.city.3"


@pytest.fixture
def bound(form: Form, tree: dict[str, Any]) -> Bound:
    """A 工作建议表: two fields filled, one open."""
    return bind(tree, form("suggestions"))


def changed(bound: Bound, *edits: tuple[str, str]) -> bytes:
    """The case's DOCX with its body edited; every edit must hit something."""
    filled = FormFiller(bound.form).fill(bound)
    package = DocxPackage.read(filled.docx)
    xml = package[BODY_PART].decode()
    for old, new in edits:
        assert old in xml, old
        xml = xml.replace(old, new, 1)
    return package.write({BODY_PART: xml.encode()})


def reported(problems: list[Problem]) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.problem) for problem in problems]


# --- the DOCX ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["suggestions", "authorisation", "completion", "assessment", "ledger", "service-plan"]
)
def test_a_right_docx_passes(form: Form, tree: dict[str, Any], name: str) -> None:
    """Each form filled with a case and not touched has no problem."""
    bound = bind(tree, form(name))
    assert check.docx_problems(changed(bound), bound) == []


def test_a_control_twice(bound: Bound) -> None:
    """Two controls with one tag are found, at the second's place."""
    docx = changed(bound, ('w:tag w:val="suggestion.remark"', 'w:tag w:val="project.name"'))
    problems = check.docx_problems(docx, bound)
    assert any("出现两次" in problem.problem and problem.where.startswith("表1") for problem in problems)


def test_an_unknown_tag(bound: Bound) -> None:
    """A control whose tag is no field of the form is found."""
    docx = changed(bound, ('w:tag w:val="suggestion.remark"', 'w:tag w:val="suggestion.rumour"'))
    assert ("suggestion.rumour", "内容控件“suggestion.rumour”不是本表的字段") in reported(
        check.docx_problems(docx, bound)
    )


def test_a_changed_value(bound: Bound) -> None:
    """A value that reads back differently by one character is found, by its label."""
    docx = changed(bound, ("建议提前开展联合预审。", "建议提前开展联合预审！"))
    assert reported(check.docx_problems(docx, bound)) == [
        ("suggestion.opinion", "“意见和建议”读回的内容与案卷数据不一致")
    ]


def test_a_filled_blank(bound: Bound) -> None:
    """Text in a field that the case leaves open is found."""
    blank = "\u00a0\u00a0</w:t>"
    docx = changed(bound, (blank, f"别人的话{blank}"))
    assert [field for field, _ in reported(check.docx_problems(docx, bound))] == ["suggestion.remark"]


@pytest.mark.parametrize(
    "edit", [('w14:checked w14:val="1"', 'w14:checked w14:val="0"'), ("☑", "□")], ids=["state", "glyph"]
)
def test_a_changed_tick(form: Form, tree: dict[str, Any], edit: tuple[str, str]) -> None:
    """A box whose state or whose glyph alone was changed contradicts itself and is found."""
    bound = bind(tree, form("assessment"))
    assert bound.values[TICKED] is True
    assert [field for field, _ in reported(check.docx_problems(changed(bound, edit), bound))] == [TICKED]


def test_a_lost_field(bound: Bound) -> None:
    """A value whose control has gone is found."""
    docx = changed(bound, ('<w:tag w:val="project.name"/>', ""))
    assert ("project.name", "字段“项目”没有印出来") in reported(check.docx_problems(docx, bound))


# --- the PDF's text ------------------------------------------------------------------------------------------------


def body(*paragraphs: str, header: str = "") -> etree._Element:
    space = f'xmlns:w="{W_NAMESPACE}"'
    row = "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = f"<w:tbl>{row.format(header)}</w:tbl>" if header else ""
    flow = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return etree.fromstring(f"<w:body {space}>{table}{flow}</w:body>")


PRINTED = check.PrintedText.of(body("项目名称", "陶瓷项目"))


def test_the_same_text_in_any_order_passes() -> None:
    """Two columns may come out in another order; the characters are what counts."""
    assert check.text_problems(PRINTED, ["陶瓷项目项目名称"]) == []
    assert check.text_problems(PRINTED, ["项目名", "称陶瓷项目"]) == []


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        (["项目名称陶瓷项"], "缺少文字“目”"),
        (["项目名称陶瓷项目甲"], "多出文字“甲”"),
        (["项目名称陶瓷项目项目名称"], "多出文字“项目名称”"),
        (["项目名称陶瓷项日"], "缺少文字“目”"),
    ],
    ids=["lost", "extra", "twice", "garbled"],
)
def test_lost_and_extra_characters(pages: list[str], problem: str) -> None:
    """A character lost, added, doubled or turned into another is found and shown."""
    assert problem in [item.problem for item in check.text_problems(PRINTED, pages)]


def test_an_empty_page() -> None:
    """A page without text is found by its number."""
    problems = check.text_problems(PRINTED, ["项目名称陶瓷项目", ""])
    assert [(problem.where, problem.problem) for problem in problems] == [("第2页", "页面是空的")]


def test_header_rows_repeat_on_further_pages_only() -> None:
    """A table's head may stand once more on each further page, and no oftener."""
    printed = check.PrintedText.of(body("甲", "乙", header="序号"))
    assert check.text_problems(printed, ["序号甲", "序号乙"]) == []
    assert check.text_problems(printed, ["序号甲", "乙"]) == []
    assert "多出文字“序号”" in [
        problem.problem for problem in check.text_problems(printed, ["序号序号甲", "序号乙"])
    ]


def test_what_does_not_print_does_not_count() -> None:
    """Spaces of every width, soft breaks and zero-width characters are no text."""
    assert check.squeezed("项 目\u3000名\u00a0称\r\n\u200b\ufeff。") == "项目名称。"


_PAGE = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
_COUNT = '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>7</w:t></w:r></w:fldSimple>'
_RUN = "<w:r><w:t>{}</w:t></w:r>"
FOOTERS = {
    "word/header1.xml": f"<w:hdr {{0}}><w:p>{_RUN.format('内部资料')}</w:p></w:hdr>",
    "word/footer1.xml": f"<w:ftr {{0}}><w:p>{_RUN.format('— ')}{_PAGE}{_RUN.format(' —')}</w:p></w:ftr>",
    "word/footer2.xml": f"<w:ftr {{0}}><w:p>{_RUN.format('第')}{_PAGE}{_RUN.format('页')}</w:p></w:ftr>",
    "word/footer3.xml": f"<w:ftr {{0}}><w:p>{_PAGE}{_RUN.format('/')}{_COUNT}</w:p></w:ftr>",
    "word/styles.xml": "<w:styles {0}/>",
}


@pytest.mark.parametrize(
    ("page", "number", "left"),
    [
        ("—1—项目", 1, "项目"),
        ("项目第3页", 3, "项目"),
        ("项目—12—", 12, "项目"),
        ("—2—项目", 1, "—2—项目"),
        ("项—1—目", 1, "项—1—目"),
        ("内部资料—1—项目", 1, "项目"),
        ("—1—项目内部资料", 1, "项目"),
        ("项目3/9", 3, "项目"),
        ("项目3/7", 3, "项目3/7"),
    ],
    ids=[
        "first",
        "last",
        "two digits",
        "wrong number",
        "in the middle",
        "with header",
        "header last",
        "with count",
        "wrong count",
    ],
)
def test_page_numbers_are_not_the_documents_text(page: str, number: int, left: str) -> None:
    """A page's own number, first or last in its content, is taken off; a wrong one stays, and so is found."""
    space = f'xmlns:w="{W_NAMESPACE}"'
    furniture = check.PageFurniture({name: xml.format(space).encode() for name, xml in FOOTERS.items()})
    assert furniture.without(page, number, 9) == left


# --- values in the PDF ---------------------------------------------------------------------------------------------


def pages(bound: Bound, *cuts: str) -> list[str]:
    """The case's values as pages, cut where named."""
    text = "项目年产5万吨高性能陶瓷材料生产线建设项目意见和建议建议提前开展联合预审。备注"
    out = []
    for cut in cuts:
        before, _, text = text.partition(cut)
        out.append(before + cut)
    return [*out, text]


@pytest.mark.parametrize(
    "cuts", [(), ("高性能陶瓷",), ("年产", "材料", "提前")], ids=["one page", "two", "four"]
)
def test_a_value_over_page_ends_passes(bound: Bound, cuts: tuple[str, ...]) -> None:
    """A value that runs on over one or more page ends is found whole."""
    assert check.value_problems(bound, pages(bound, *cuts)) == []


def test_a_value_over_a_page_end_with_a_repeated_head_passes(bound: Bound) -> None:
    """Between the parts of a value the next page may repeat the table's head."""
    first, second = pages(bound, "高性能陶瓷")
    assert check.value_problems(bound, [first, "项目意见和建议" + second]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("陶瓷材料", "材料陶瓷"), ("5万吨", "6万吨"), ("年产", "")],
    ids=["order", "another value", "cut"],
)
def test_a_value_that_does_not_stand_in_one_piece(bound: Bound, old: str, new: str) -> None:
    """A value whose characters are out of order, changed or partly gone is found, by its label."""
    text = [page.replace(old, new) for page in pages(bound)]
    assert reported(check.value_problems(bound, text)) == [("project.name", "找不到“项目”的内容")]


# --- page count and areas ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "sane"), [(0, False), (1, True), (4, True), (40, False)])
def test_a_page_count_must_suit_the_content(bound: Bound, count: int, sane: bool) -> None:
    """No page at all, or far more than the template and the values can fill, is found."""
    assert (check.page_problems(bound.form, bound, count) == []) is sane


def test_long_values_may_take_more_pages(form: Form, tree: dict[str, Any]) -> None:
    """What is too many pages for a short case is right for a long one."""
    long = bind({**tree, "suggestion": {"opinion": "意见" * 3000}}, form("suggestions"))
    short = bind(tree, form("suggestions"))
    assert check.page_problems(short.form, short, 12)
    assert check.page_problems(long.form, long, 12) == []


def test_no_document_has_more_pages_than_a_mark_counts(tree: dict[str, Any], form: Form) -> None:
    """However long its values are, a document of more than 1,023 pages is told as too long, with what to do."""
    long = bind({**tree, "suggestion": {"opinion": "意见" * 200_000}}, form("suggestions"))
    assert check.page_problems(long.form, long, 1023) == []
    (problem,) = check.page_problems(long.form, long, 1024)
    assert "1023 页" in problem.problem and problem.advice is not None


def area(field_id: str, *corners: float, page: int = 1) -> FieldArea:
    return FieldArea(field_id, "text", page, Box(*corners), True)


@pytest.fixture
def open_bound(form: Form) -> Bound:
    """A 工作建议表 with two open fields."""
    return bind({"id": "A", "project": {"name": "甲"}}, form("suggestions"))


OPINION, REMARK = "suggestion.opinion", "suggestion.remark"
SHOWN = (OPINION, REMARK)
GOOD = area(OPINION, 30, 50, 180, 120)


def areas(bound: Bound, *found: FieldArea) -> list[tuple[str | None, str]]:
    return reported(check.area_problems(bound, SHOWN, found, [A4, A4]))


def test_areas_apart_and_on_the_page_pass(open_bound: Bound) -> None:
    """One area per open field, on the page, side by side or on different pages."""
    assert areas(open_bound, GOOD, area(REMARK, 30, 120, 180, 160)) == []
    assert areas(open_bound, GOOD, area(REMARK, 30, 50, 180, 120, page=2)) == []


def test_a_missing_area(open_bound: Bound) -> None:
    """An open field without an area is found."""
    assert areas(open_bound, GOOD) == [(REMARK, "待填的“备注”没有位置")]


@pytest.mark.parametrize(
    "corners",
    [(30, 280, 180, 298), (-1, 130, 180, 160), (30, 130, 211, 160), (30, 130, 180, 131), (30, 130, 31, 160)],
    ids=["below", "left", "right", "flat", "narrow"],
)
def test_an_area_off_the_page_or_too_small(open_bound: Bound, corners: tuple[float, ...]) -> None:
    """An area that leaves its page, or is too small to write in, is found."""
    assert areas(open_bound, GOOD, area(REMARK, *corners)) == [(REMARK, "“备注”的填写位置出页或太小")]


def test_overlapping_areas(open_bound: Bound) -> None:
    """Two areas that overlap by more than a hair are found, with both labels; a hair is let pass."""
    (reported,) = areas(open_bound, GOOD, area(REMARK, 100, 110, 180, 140))
    assert reported == (OPINION, "“意见和建议”与“备注”的填写位置互相重叠")
    assert areas(open_bound, GOOD, area(REMARK, 30, 119.999, 180, 140)) == []


def test_a_filled_fields_area_is_nobodys_to_write_in(open_bound: Bound) -> None:
    """The area of a filled field neither overlaps an open one nor replaces it."""
    filled = FieldArea("project.name", "text", 1, Box(30, 50, 180, 120), False)
    assert areas(open_bound, GOOD, area(REMARK, 30, 120, 180, 160), filled) == []
