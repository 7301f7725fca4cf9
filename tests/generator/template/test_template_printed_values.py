"""What a value holds is what the document says, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from docxtpl import RichText
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from foundation.errors import CaseDataError
from generator.template.rendering import CompiledTemplate

XML_TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
    | st.sampled_from("&<>\"'{}%#_\n\t 彧喆堃😀＆。"),
    max_size=40,
)


@pytest.fixture(scope="module")
def everywhere(kit: Any) -> CompiledTemplate:
    """One value in a paragraph, a cell, a control, the header, the footer, a footnote and the title."""
    control = (
        '<w:p><w:sdt><w:sdtPr><w:tag w:val="v"/></w:sdtPr><w:sdtContent>'
        "<w:r><w:t>{{ v }}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    body = kit.paragraph("{{ v }}") + kit.table(kit.cell("{{ v }}"), columns=1) + control
    one = kit.paragraph("{{ v }}")
    core = "<dc:title>{{ v }}</dc:title>"
    return CompiledTemplate.load(kit.make(body, header=one, footer=one, footnote=one, core=core))


@given(value=XML_TEXT)
@example("{_{ x }_} {_% if %_}")
@example("{{ v }}{% for %}{# #}")
@example("\n<w:p>\n</w:p><w:p >")
@example("&amp;&lt;&#39;<b>\"'")
@example("  空格  ")
@example("]]><![CDATA[")
@settings(max_examples=200, deadline=None)
def test_value_is_read_back_as_written(kit: Any, everywhere: CompiledTemplate, value: str) -> None:
    """Any text XML can hold is read back from every place exactly as it was put in."""
    document = everywhere.render({"v": value}).to_bytes()
    assert kit.text(document) == "\n".join([value] * 3)
    for part in ("header1", "footer1", "footnotes"):
        assert kit.text(document, f"word/{part}.xml") == value


@given(
    value=XML_TEXT.filter(lambda text: not {"{_", "_}", "%_", "_%"} & {text[i : i + 2] for i in range(40)})
)
@settings(max_examples=60, deadline=None)
def test_any_value_is_rendered_as_docxtpl_renders_it(
    kit: Any, everywhere: CompiledTemplate, value: str
) -> None:
    """Body, header, footer and footnote equal docxtpl's for any value it does not itself change."""
    template = everywhere.package.write({})
    ours, theirs = everywhere.render({"v": value}).to_bytes(), kit.by_docxtpl(template, {"v": value})
    for part in ("document", "header1", "footer1", "footnotes"):
        name = f"word/{part}.xml"
        assert kit.canonical(kit.read(ours)[name]) == kit.canonical(kit.read(theirs)[name])


@pytest.mark.parametrize("value", ["A & B <C> {{ v }} {_{", "题目", "😀彧"])
def test_property_is_read_back_as_written(kit: Any, everywhere: CompiledTemplate, value: str) -> None:
    """A document property is text: nothing in it comes out escaped twice or replaced."""
    core = etree.fromstring(kit.read(everywhere.render({"v": value}).to_bytes())["docProps/core.xml"])
    assert core.findtext("{*}title") == value


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_every_kind_of_newline_is_one_line_break(
    kit: Any, everywhere: CompiledTemplate, newline: str
) -> None:
    """Windows, old Mac and Unix line ends all become one line break."""
    document = everywhere.render({"v": f"甲{newline}乙"}).to_bytes()
    assert kit.text(document, "word/header1.xml") == "甲\n乙"
    assert kit.read(document)["word/header1.xml"].count(b"<w:br/>") == 1


def test_footnote_value_is_not_executed(kit: Any) -> None:
    """A value with a tag in it stays text in a footnote, though the document has several sections."""
    section = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    template = kit.make(section * 2, footnote=kit.paragraph("{{ v }}"))
    document = CompiledTemplate.load(template).render({"v": "{{ 1 + 1 }}"}).to_bytes()
    assert kit.text(document, "word/footnotes.xml") == "{{ 1 + 1 }}"


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1e", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_character_xml_cannot_hold_is_refused_by_name(everywhere: CompiledTemplate, character: str) -> None:
    """A character no Word file can hold is refused with its number and the text around it, never dropped."""
    with pytest.raises(CaseDataError) as refused:
        everywhere.render({"v": f"甲乙{character}丙"})
    for problem in refused.value.problems:
        assert f"U+{ord(character):04X}" in problem.problem and "甲乙�丙" in problem.problem
    assert {"正文", "页眉", "页脚", "脚注", "文档属性“标题”"} == {
        problem.where.removeprefix("模板 ") for problem in refused.value.problems
    }


def test_paragraph_break_inside_a_control_is_refused(everywhere: CompiledTemplate) -> None:
    """A paragraph break that would tear a content control apart is refused, not recovered from."""
    with pytest.raises(CaseDataError, match="换段符"):
        everywhere.render({"v": "甲\a乙"})


def test_overlong_property_is_refused(everywhere: CompiledTemplate) -> None:
    """A value that does not fit a document property is refused with its length."""
    with pytest.raises(CaseDataError, match="256"):
        everywhere.render({"v": "长" * 256})


class Node:
    """The shape of the product's contexts: attributes and items of a tree, and a text."""

    def __init__(self, **children: Any) -> None:
        self._children = children

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_children"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, key: Any) -> Any:
        return self._children[str(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._children.values())

    def __bool__(self) -> bool:
        return bool(self._children)

    def __str__(self) -> str:
        return "<树&>"


def test_tree_object_is_a_context(kit: Any) -> None:
    """Attributes named like dict methods, items, iteration, truth and text work in the sandbox."""
    plan = Node(items=Node(a=Node(name="备案"), b=Node(name="环评")), get="取", update=Node())
    text = (
        "{% for i in plan.items %}{{ i.name }},{% endfor %}{{ plan.get }}{{ plan['items'].a.name }}{{ plan }}"
    )
    template = kit.make(kit.paragraph(text + "{% if plan.update %}有{% else %}无{% endif %}"))
    assert (
        kit.text(CompiledTemplate.load(template).render({"plan": plan}).to_bytes())
        == "备案,环评,取备案<树&>无"
    )


def test_no_document_shows_another_case(kit: Any) -> None:
    """Rendered in a loop or in threads at once, every document holds its own case's values only."""
    text = "{% set mine = v %}{% for i in range(3) %}{{ mine }};{% endfor %}{{ rich }}"
    template = CompiledTemplate.load(kit.make(kit.paragraph(text), header=kit.paragraph("{{ v }}")))

    def fill(number: int) -> tuple[str, str]:
        document = template.render({"v": f"案{number}号", "rich": RichText(f"富{number}")}).to_bytes()
        return kit.text(document), kit.text(document, "word/header1.xml")

    expected = [(f"案{n}号;" * 3 + f"富{n}", f"案{n}号") for n in range(200)]
    assert list(map(fill, range(200))) == expected
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fill, range(200))) == expected


def test_tree_changes_are_in_parts_and_file(kit: Any) -> None:
    """What a caller changes in a tree is in the parts and the file, and in no other document."""
    template = CompiledTemplate.load(kit.make(kit.paragraph("{{ v }}"), header=kit.paragraph("{{ v }}")))
    first, second = template.render({"v": "一"}), template.render({"v": "二"})
    for tree in (first.body_tree, first.tree("word/header1.xml")):
        next(tree.iter("{*}t")).text = "改"
    first.body.set("{urn:x}mark", "1")
    document = first.to_bytes()
    assert kit.text(document) == kit.text(document, "word/header1.xml") == "改"
    assert b"mark" in first.parts["word/document.xml"]
    assert kit.text(second.to_bytes()) == "二"
    assert second.to_bytes() == template.render({"v": "二"}).to_bytes()
