"""Reading content controls and text, wherever Word and WPS put them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from lxml import etree

from forms.template.controls import Control, controls_in, read_controls
from forms.template.ooxml import W_NAMESPACE, Element, parse_xml
from forms.template.text import document_text

Docx = Callable[[str], bytes]
Parts = Callable[[str], dict[str, str]]
Zip = Callable[[dict[str, str]], bytes]


def sdt(tag: str, content: str, properties: str = "") -> str:
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="甲"/><w:tag w:val="{tag}"/>{properties}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def cell(content: str) -> str:
    return f"<w:tc><w:tcPr/>{content}</w:tc>"


def tree(body: str) -> Element:
    return parse_xml(
        f'<w:document xmlns:w="{W_NAMESPACE}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>".encode(),
        "试",
    )


def read(body: str) -> list[tuple[str, str, str]]:
    return [(item.tag, item.place, item.text) for item in controls_in(tree(body))]


def only(body: str) -> Control:
    [control] = controls_in(tree(body))
    return control


def test_every_level_has_its_place() -> None:
    """A control is found around runs, paragraphs, cells and rows, each with the place a person would count to."""
    row = f"<w:tr>{cell(paragraph(text('一')))}{sdt('c', cell(paragraph(text('二'))))}</w:tr>"
    second = f"<w:tr>{cell(paragraph(text('三')))}{cell(paragraph(sdt('i', text('四'))))}</w:tr>"
    table = f"<w:tbl>{row}{sdt('r', second)}</w:tbl>"
    body = paragraph(text("零")) + sdt("b", paragraph(text("五")) + paragraph(text("六"))) + table
    body += paragraph(text("七") + sdt("last", text("八")))
    assert read(body) == [
        ("b", "第2段", "五\n六"),
        ("c", "表1 第1行 第2格", "二"),
        ("r", "表1 第2行", "三\t四"),
        ("i", "表1 第2行 第2格", "四"),
        ("last", "第4段", "八"),
    ]
    levels = [item.level for item in controls_in(tree(body))]
    assert levels == ["block", "cell", "row", "run", "run"]


def test_nested_and_duplicate_controls() -> None:
    """An outer control holds its inner one's text and comes before it; duplicate tags are both there."""
    body = paragraph(sdt("a", text("甲") + sdt("b", text("乙")))) + paragraph(sdt("b", text("丙")))
    assert read(body) == [("a", "第1段", "甲乙"), ("b", "第1段", "乙"), ("b", "第2段", "丙")]


def test_nested_table_place() -> None:
    """A table inside a cell is named by the cell it stands in, and does not shift the numbers of later tables."""
    inner = f"<w:tbl><w:tr>{cell(paragraph(sdt('in', text('甲'))))}</w:tr></w:tbl>"
    body = f"<w:tbl><w:tr>{cell(inner + paragraph(''))}</w:tr></w:tbl>" + (
        f"<w:tbl><w:tr>{cell(paragraph(sdt('next', text('乙'))))}</w:tr></w:tbl>"
    )
    assert [place for _, place, _ in read(body)] == ["表1 第1行 第1格 内嵌表 第1行 第1格", "表2 第1行 第1格"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>", "一\n二"),
        ("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:cr/></w:r>", "一\t二\n"),
        ('<w:r><w:t xml:space="preserve"> \u00a0\u3000 </w:t></w:r>', " \u00a0\u3000 "),
        ("<w:r><w:t>&lt;&amp;&gt;{{ x }}</w:t></w:r>", "<&>{{ x }}"),
        ("<w:r><w:t>0</w:t><w:noBreakHyphen/><w:t>1</w:t></w:r>", "0\u20111"),
        ("<w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r><w:proofErr/><w:r><w:t>细</w:t></w:r>", "粗细"),
        ("<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>", "新"),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:r><w:t>新</w:t></w:r>", "新"),
        ("<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:t>1</w:t></w:r>", "1"),
        ("<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>", "链"),
        (
            "<mc:AlternateContent><mc:Choice><w:r><w:t>一</w:t></w:r></mc:Choice>"
            "<mc:Fallback><w:r><w:t>一</w:t></w:r></mc:Fallback></mc:AlternateContent>",
            "一",
        ),
    ],
)
def test_text_is_what_the_page_shows(xml: str, expected: str) -> None:
    """A control's text is what is printed: breaks and tabs kept, field codes and deleted words not."""
    assert only(paragraph(sdt("a", xml))).text == expected


def test_tab_stops_are_not_tabs() -> None:
    """A tab stop in a paragraph's properties is no tab in its text."""
    stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs></w:pPr>'
    assert document_text(tree(paragraph(stops + text("甲")))) == "甲"


def test_document_text_reads_in_order() -> None:
    """The whole text runs paragraph by paragraph, row by row, cell by cell."""
    row = f"<w:tr>{cell(paragraph(text('一')) + paragraph(text('二')))}{cell(paragraph(text('三')))}</w:tr>"
    body = paragraph(text("首")) + f"<w:tbl>{row}{row}</w:tbl>" + paragraph(text("尾"))
    assert document_text(tree(body)) == "首\n一\n二\t三\n一\n二\t三\n尾"


def checkbox(checked: str, glyph: str) -> Control:
    state = f'<w14:checked w14:val="{checked}"/>' if checked else ""
    return only(paragraph(sdt("a", text(glyph), f"<w14:checkbox>{state}</w14:checkbox>")))


@pytest.mark.parametrize(
    ("checked", "glyph", "expected"),
    [
        ("1", "☑", True),
        ("true", "☒", True),
        ("0", "□", False),
        ("", "☐", False),
        ("1", "{{ x }}", True),
        ("1", "□", None),
        ("0", "☑", True),
        ("0", "√", True),
        ("0", "✓", True),
        ("0", "■", True),
        ("0", "□√", True),
        ("0", "×", None),
        ("0", "", False),
        ("{{ x }}", "√", True),
        ("{{ x }}", "无", None),
    ],
)
def test_a_box_is_ticked_as_it_shows(checked: str, glyph: str, expected: bool | None) -> None:
    """A tick that shows is a tick, typed or switched on; what contradicts or is neither tick nor box is unknown."""
    control = checkbox(checked, glyph)
    assert control.is_checkbox
    assert control.checked is expected


def test_text_control_is_no_check_box() -> None:
    """A glyph alone makes no check box."""
    control = only(paragraph(sdt("a", text("☑"))))
    assert (control.is_checkbox, control.state, control.glyph, control.checked) == (False, None, None, None)


@pytest.mark.parametrize(
    ("font", "char", "expected"),
    [("Wingdings", "F0FE", True), ("Wingdings 2", "F052", True), ("Wingdings 2", "00A3", False)],
)
def test_wingdings_boxes(font: str, char: str, expected: bool) -> None:
    """A box drawn as a Wingdings symbol is read like the Unicode one."""
    content = f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'
    properties = f'<w14:checkbox><w14:checked w14:val="{int(expected)}"/></w14:checkbox>'
    assert only(paragraph(sdt("a", content, properties))).glyph is expected


@pytest.mark.parametrize(
    ("xml", "expected"), [("<w:showingPlcHdr/>", True), ('<w:showingPlcHdr w:val="0"/>', False)]
)
def test_placeholder_is_known(xml: str, expected: bool) -> None:
    """A control that shows its placeholder says so, unless the property is switched off."""
    assert only(paragraph(sdt("a", text("单击输入"), xml))).is_placeholder is expected


def test_headers_and_footers_are_read(docx_parts: Parts, zip_parts: Zip) -> None:
    """Controls of the footer are found too, after the body's, and named after it."""
    parts = docx_parts(paragraph(sdt("a", text("甲"))))
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace(
        "</w:ftr>", paragraph(sdt("f", text("乙"))) + "</w:ftr>"
    )
    found = read_controls(zip_parts(parts))
    assert [(item.tag, item.place) for item in found] == [("a", "第1段"), ("f", "页脚")]


def test_control_knows_its_element(docx: Docx) -> None:
    """A control leads back to its element, which takes no part in comparing two controls."""
    data = docx(paragraph(sdt("a", text("甲"))))
    first, second = read_controls(data)[0], read_controls(data)[0]
    assert first == second
    assert first.element is not None and etree.QName(first.element).localname == "sdt"


def test_reading_is_linear() -> None:
    """Reading ten times the controls takes about ten times as long: it is done on every output of a batch."""
    row = f"<w:tr>{cell(paragraph(sdt('a', text('甲'))))}{cell(paragraph(sdt('b', text('乙'))))}</w:tr>"

    def seconds(rows: int) -> float:
        root = tree(f"<w:tbl>{row * rows}</w:tbl>")
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            assert len(controls_in(root)) == 2 * rows
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(2000) < 40 * seconds(200)
