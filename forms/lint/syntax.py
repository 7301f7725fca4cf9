"""Checks a template's docxtpl/Jinja syntax as docxtpl will see it, after its tags were read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError
from lxml import etree

from forms.template.docx_file import Story
from forms.template.docxtpl_patch import patch
from forms.template.ooxml import Element, w
from forms.template.tags import TemplateTags
from foundation.errors import Problem

_CONTAINERS = {"p": ("段", w("p")), "tr": ("行", w("tr")), "tc": ("格", w("tc"))}
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


def check_patched(story: Story) -> list[Problem]:
    """What is still wrong after docxtpl mended the XML; asked only when the tags themselves are in order."""
    xml = etree.tostring(story.root, encoding="unicode")
    return list(_whole(patch(xml), story.label or "正文"))


def _whole(patched: str, where: str) -> Iterator[Problem]:
    try:
        Environment().parse(patched)
    except TemplateSyntaxError as error:
        problem = f"标签拼合后仍有语法错误（Jinja：{error.message}）"
        yield Problem(where, problem, advice="把标签删去，一次键入")
        return
    try:
        etree.fromstring(_STATEMENT.sub("", patched))
    except etree.XMLSyntaxError:
        yield Problem(where, "标签被格式拆开，拼合后文档不完整", advice="把标签删去，一次键入，不设格式")


def _container(paragraph: Element, name: str) -> Element | None:
    return paragraph if paragraph.tag == name else next(paragraph.iterancestors(name), None)
