"""Looks for what has no business in a template: macros, embedded objects, outside links, revisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.template.docx_file import CONTENT_TYPES, DocxFile, Story
from forms.template.ooxml import Element, w
from foundation.errors import Problem

_MACRO_TYPE = b"macroEnabled"
_FETCHING_FIELDS = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|IMPORT|MACROBUTTON)\b")
_EXTERNAL = {
    "hyperlink": "外部链接",
    "attachedTemplate": "外部文档模板",
    "image": "外部图片",
    "oleObject": "外部对象",
    "frame": "外部框架",
    "subDocument": "外部子文档",
}
_RELATION_KINDS = {
    "aFChunk": ("嵌入的外部内容（altChunk）", "复制内容到正文，再保存"),
    "oleObject": ("嵌入对象（OLE）", "删去对象"),
    "package": ("嵌入文件", "删去对象"),
    "control": ("ActiveX 控件", "改用内容控件"),
    "vbaProject": ("宏", "另存为不带宏的 .docx"),
}
_REVISIONS = ("ins", "del", "moveFrom", "moveTo")


def check_package(docx: DocxFile, stories: tuple[Story, ...]) -> list[Problem]:
    """Everything unsafe or unusual in a template's package."""
    problems = list(_macros(docx))
    for story in stories:
        problems += _relations(docx, story.label, story.part)
        problems += _fields(story)
        problems += _revisions(story)
    if docx.has("word/settings.xml"):
        problems += _relations(docx, "文档设置", "word/settings.xml")
    return problems


def _macros(docx: DocxFile) -> Iterator[Problem]:
    has_code = any(name.lower().endswith("vbaproject.bin") for name in docx.part_names)
    if has_code or _MACRO_TYPE in docx.read(CONTENT_TYPES):
        yield Problem("", "模板带宏", advice="另存为不带宏的 .docx")


def _relations(docx: DocxFile, label: str, part: str) -> Iterator[Problem]:
    for relation in docx.relations(part):
        if relation.external:
            kind = _EXTERNAL.get(relation.kind, "外部引用")
            yield Problem(
                label, f"有{kind}：{relation.target[:60]}", advice="删去，模板不应引用文件以外的内容"
            )
        elif relation.kind in _RELATION_KINDS and relation.kind != "vbaProject":
            kind, advice = _RELATION_KINDS[relation.kind]
            yield Problem(label, f"有{kind}：{relation.target}", advice=advice)


def _fields(story: Story) -> Iterator[Problem]:
    for paragraph in story.root.iter(w("p")):
        found = _FETCHING_FIELDS.search(_codes(paragraph))
        if found:
            yield Problem(
                story.label, f"有会取外部内容的域 {found.group()}", advice="取消域的链接（Ctrl+Shift+F9）"
            )


def _codes(paragraph: Element) -> str:
    simple = [item.get(w("instr"), "") for item in paragraph.iter(w("fldSimple"))]
    return " ".join([*simple, "".join(item.text or "" for item in paragraph.iter(w("instrText")))])


def _revisions(story: Story) -> Iterator[Problem]:
    marks = [mark for name in _REVISIONS for mark in story.root.iter(w(name))]
    if marks:
        problem = f"有 {len(marks)} 处未接受的修订"
        yield Problem(story.label, problem, advice="在“审阅”里接受或拒绝全部修订")
