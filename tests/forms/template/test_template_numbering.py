"""Automatic numbers and bullets: what Word prints before a paragraph, counted and written into the text."""

from __future__ import annotations

import pytest
from lxml import etree

from forms.template.number_formats import FORMATS
from forms.template.numbering import Numbering, write_labels
from forms.template.ooxml import W_NAMESPACE, Element, w
from forms.template.text import document_text

NAMESPACE = f'xmlns:w="{W_NAMESPACE}"'


def level(index: int, form: str, text: str, more: str = "") -> str:
    """A w:lvl from 1; ``more`` stands before its text."""
    start = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    return f'<w:lvl w:ilvl="{index}">{start}{more}<w:lvlText w:val="{text}"/></w:lvl>'


def bullet(font: str, text: str) -> str:
    """A w:lvl of bullets."""
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
    return f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{text}"/>{fonts}</w:lvl>'


LEVELS = (
    level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCountingThousand", "（%2）", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.", '<w:suff w:val="space"/>')
    + level(3, "decimal", "%1.%2.%3.%4", "<w:isLgl/>")
)


def numbering(levels: str = LEVELS, instances: str = "", styles: str = "") -> Numbering:
    """List 1 with these levels, further instances, and styles."""
    part = (
        f'<w:numbering {NAMESPACE}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{instances}</w:numbering>'
    )
    return Numbering(etree.fromstring(part), etree.fromstring(f"<w:styles {NAMESPACE}>{styles}</w:styles>"))


def paragraph(number: int, depth: int, text: str = "文", more: str = "") -> str:
    """A paragraph of a list's level."""
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{listed}{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def body(*paragraphs: str) -> Element:
    """A body of these paragraphs."""
    return etree.fromstring(f"<w:body {NAMESPACE}>{''.join(paragraphs)}</w:body>")


def labels(found: Numbering, *paragraphs: str) -> list[str]:
    """The paragraphs' labels."""
    return [label.text for label in found.labels(body(*paragraphs))]


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 12, "十二"),
        ("chineseCountingThousand", 30, "三十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("japaneseCounting", 21, "二十一"),
        ("chineseLegalSimplified", 10, "壹拾"),
        ("chineseLegalSimplified", 23, "贰拾叁"),
        ("ideographDigital", 10, "一〇"),
        ("ideographTraditional", 3, "丙"),
        ("ideographTraditional", 11, "11"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircleChinese", 21, "21"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalFullWidth", 10, "１０"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("numberInDash", 2, "- 2 -"),
    ],
)
def test_a_number_is_written_as_word_writes_it(form: str, number: int, text: str) -> None:
    """Each format of ST_NumberFormat writes its numbers as ECMA-376 lists them."""
    assert FORMATS[form](number) == text


def test_levels_count_within_the_level_above() -> None:
    """A deeper level begins again after a higher one, and prints the numbers above where it asks for them."""
    steps = (0, 1, 2, 2, 3, 1, 2, 0, 1, 3)
    assert labels(numbering(), *(paragraph(1, depth) for depth in steps)) == [
        "一、",
        "（一）",
        "1.",
        "2.",
        "1.1.2.1",
        "（二）",
        "1.",
        "二、",
        "（一）",
        "2.1.1.1",
    ]


def test_another_instance_goes_on_counting_unless_it_says_where_to_begin() -> None:
    """Lists of one definition share its numbers; one with a start of its own begins there, once."""
    further = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    used = [paragraph(number, 0) for number in (1, 2, 3, 3, 1)]
    assert labels(numbering(instances=further), *used) == ["一、", "二、", "五、", "六、", "七、"]


def test_counting_begins_anew_in_every_document() -> None:
    """Labels of one document do not depend on those asked for before."""
    found = numbering()
    assert labels(found, paragraph(1, 0)) == labels(found, paragraph(1, 0)) == ["一、"]


def test_a_style_numbers_its_paragraphs() -> None:
    """A paragraph is numbered by its style, at the level that names the style; number 0 takes it out."""
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2", '<w:pStyle w:val="B"/>')
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    styled = '<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr></w:p>'
    out = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    found = numbering(levels, styles=styles)
    used = [styled.format("A", ""), styled.format("B", ""), styled.format("A", out), styled.format("A", "")]
    assert labels(found, *used) == ["1.", "1.1", "2."]


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        ("Symbol", "\uf0b7", "•"),
        ("Wingdings", "\uf06c", "●"),
        ("Wingdings", "n", "■"),
        ("宋体", "●", "●"),
        ("Courier New", "o", "o"),
    ],
)
def test_a_bullet_of_a_symbol_font_is_the_character_it_shows(font: str, text: str, shown: str) -> None:
    """Word's bullets are places in symbol fonts; what is printed is the same sign of a font for text."""
    assert labels(numbering(bullet(font, text)), paragraph(1, 0)) == [shown]


def test_what_cannot_be_printed_says_why() -> None:
    """A format or bullet that no text font has is refused; the paragraphs after it are counted all the same."""
    words = numbering(level(0, "cardinalText", "%1."))
    for found, reason in [
        (words, "cardinalText"),
        (numbering(bullet("Wingdings", "\uf061")), "Wingdings"),
    ]:
        listed = found.level(body(paragraph(1, 0))[0])
        assert listed is not None
        assert listed.refusal is not None
        assert reason in listed.refusal


def test_labels_become_text_with_their_lists_indents() -> None:
    """Written labels stand in the text, followed as the level says; the list's indent becomes the paragraph's own."""
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '<w:pPr><w:ind w:left="840" w:hanging="840"/></w:pPr><w:rPr><w:b/></w:rPr></w:lvl>'
    )
    tree = body(paragraph(1, 0, "甲"), paragraph(1, 0, "乙", '<w:ind w:left="100"/>'), "<w:p/>")
    write_labels(numbering(levels), tree)
    assert document_text(tree) == "3.\t甲\n4.\t乙\n"
    indents = [dict(item.attrib) for item in tree.iter(w("ind"))]
    assert indents == [{w("left"): "840", w("hanging"): "840"}, {w("left"): "100", w("hanging"): "840"}]
    assert [item.get(w("val")) for item in tree.iter(w("numId"))] == ["0", "0"]
    assert tree.find(f".//{w('r')}/{w('rPr')}/{w('b')}") is not None
