"""Checks a template's docxtpl/Jinja syntax as docxtpl will see it, after its tags were read one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes
from lxml import etree

from forms.template.docx_file import Story
from forms.template.docxtpl_patch import patch
from forms.template.language import UNPARSABLE, names_in, refusal
from forms.template.ooxml import Element, w
from forms.template.tags import TemplateTags
from forms.template.tracing import tag_key
from foundation.errors import Problem

_AS_STORED = etree.XMLParser(resolve_entities=False, no_network=True)
_CONTAINERS = {"p": ("段", w("p")), "tr": ("行", w("tr")), "tc": ("格", w("tc"))}
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STATEMENT = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)


def check_lost_text(found: TemplateTags) -> list[Problem]:
    """Text that docxtpl throws away: ``{%p`` takes its paragraph, ``{%tr`` its row, ``{%tc`` its cell."""
    problems: list[Problem] = []
    for tag in found.tags:
        if tag.prefix not in _CONTAINERS:
            continue
        name, container = _CONTAINERS[tag.prefix]
        scope = _container(tag.paragraph, container)
        lost = "".join(text.text for text in found.texts if _container(text.paragraph, container) is scope)
        if lost.strip():
            problem = f"{tag.source} 会连同整{name}一起去掉，同{name}的“{lost.strip()[:20]}”会丢失"
            problems.append(Problem(tag.place, problem, advice=f"让标签独占一{name}"))
    return problems


def check_patched(story: Story, xml: bytes, found: TemplateTags) -> list[Problem]:
    """What is still wrong after docxtpl mended a part's XML; asked only when the tags themselves are in order.

    ``xml``: the part as it is stored: docxtpl renders comments and attributes as well.
    """
    source = etree.tostring(etree.fromstring(xml, _AS_STORED), encoding="unicode")
    return list(_whole(patch(source), story.label or "正文", found))


def _whole(patched: str, where: str, found: TemplateTags) -> Iterator[Problem]:
    try:
        yield from _out_of_sight(patched, Environment().parse(patched), where, found)
    except TemplateSyntaxError as error:
        problem = f"标签拼合后仍有语法错误（Jinja：{error.message}）"
        yield Problem(where, problem, advice="把标签删去，一次键入")
        return
    except UNPARSABLE:
        yield Problem(where, "标签嵌套太深，或数字太长", advice="拆成几张表，或少套几层")
        return
    try:
        etree.fromstring(_STATEMENT.sub("", patched))
    except etree.XMLSyntaxError:
        yield Problem(where, "标签被格式拆开，拼合后文档不完整", advice="把标签删去，一次键入，不设格式")


def _out_of_sight(patched: str, tree: nodes.Template, where: str, found: TemplateTags) -> Iterator[Problem]:
    """Tags where no paragraph shows them, in an attribute or a comment: docxtpl renders them as well.

    Only the count of a loop is wanted there, in a control's tag and title; docxtpl's own (``{% hm %}``) are no others.
    """
    hidden = Counter(map(tag_key, _TAG.findall(patched))) - Counter(tag_key(tag.source) for tag in found.tags)
    said = {name for tag in found.tags if tag.node for name, _ in names_in(tag.node)}
    names = {name for name, _ in names_in(tree) if name.partition(".")[0] != "loop"} - said
    if hidden and names:
        problem = f"有写在文字以外（属性、批注）的标签，用到“{max(sorted(names), key=len)}”"
        yield Problem(where, problem, advice="标签只写在正文、页眉和页脚的文字里")
    for reason in dict.fromkeys(filter(None, map(refusal, tree.find_all(nodes.Node)))):
        yield Problem(where, f"有标签{reason}", advice="改正表达式")


def _container(paragraph: Element, name: str) -> Element | None:
    return paragraph if paragraph.tag == name else next(paragraph.iterancestors(name), None)
