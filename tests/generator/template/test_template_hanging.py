"""generator/template/hanging: numbered lists in cells hang, and say what they said."""

from __future__ import annotations

from lxml import etree

from forms.lint.typography import Typography
from forms.template.controls import controls_in
from forms.template.ooxml import Element, w
from generator.template.hanging import hang_lists

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _cell(text: str, properties: str = "") -> Element:
    lines = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in text.split("\n"))
    return etree.fromstring(
        f"<w:body {_NS}><w:tbl><w:tr><w:tc><w:p><w:pPr>{properties}<w:jc w:val='left'/></w:pPr>"
        f"<w:sdt><w:sdtPr><w:tag w:val='a'/><w:text w:multiLine='1'/></w:sdtPr><w:sdtContent><w:r>"
        f"<w:rPr><w:sz w:val='24'/></w:rPr>{lines}</w:r></w:sdtContent></w:sdt></w:p></w:tc></w:tr></w:tbl></w:body>"
    )


def _indents(body: Element) -> list[str | None]:
    return [element.get(w("hanging")) for element in body.iter(w("ind"))]


def test_a_numbered_list_hangs_and_reads_back_the_same() -> None:
    """Each line hangs by the width of its own label, and the control reads as the same lines."""
    text = "\n".join(f"{number}. 第{number}项" for number in range(1, 11))
    body = _cell(text)
    hang_lists(body, Typography())
    (control,) = controls_in(body)
    assert control.text == text
    assert _indents(body) == ["276"] * 9 + ["396"]  # 1.15 and 1.65 em of 12 pt
    assert body.find(f".//{w('multiLine')}") is None and body.find(f".//{w('text')}") is None


def test_other_texts_stay_as_they_are() -> None:
    """One line, lines without numbers, and paragraphs with an indentation of their own are not touched."""
    for text, properties in (
        ("1. 一项", ""),
        ("第一句\n第二句", ""),
        ("1. 一\n没有编号", ""),
        ("1. 一\n2. 二", "<w:ind w:left='200'/>"),
    ):
        body = _cell(text, properties)
        before = etree.tostring(body)
        hang_lists(body, Typography())
        assert etree.tostring(body) == before


def test_space_around_a_list_stays_outside_it() -> None:
    """A paragraph's space above and below is that of the whole list."""
    body = _cell("1. 一\n2. 二\n3. 三", "<w:spacing w:before='60' w:after='80'/>")
    hang_lists(body, Typography())
    spacings = [(item.get(w("before")), item.get(w("after"))) for item in body.iter(w("spacing"))]
    assert spacings == [("60", "0"), ("0", "0"), ("0", "80")]
