"""Looks for what has no business in a template: macros, embedded objects, outside links, another kind of document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from posixpath import normpath

from forms.template.docx_file import CONTENT_TYPES, WORD_MAIN_TYPE, DocxFile, Story
from foundation.errors import Problem

_DOTX_TYPE = WORD_MAIN_TYPE.replace("document.main", "template.main")
_MACRO_TYPE = b"macroEnabled"
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


def check_package(docx: DocxFile, stories: tuple[Story, ...]) -> list[Problem]:
    """Everything unsafe or unusual in a template's package."""
    problems = [*_macros(docx), *_kind(docx), *_names(docx)]
    for story in stories:
        problems += _relations(docx, story.label, story.part)
    if docx.has("word/settings.xml"):
        problems += _relations(docx, "文档设置", "word/settings.xml")
    return problems


def _macros(docx: DocxFile) -> Iterator[Problem]:
    has_code = any(name.lower().endswith("vbaproject.bin") for name in docx.part_names)
    if has_code or _MACRO_TYPE in docx.read(CONTENT_TYPES):
        yield Problem("", "模板带宏", advice="另存为不带宏的 .docx")


def _kind(docx: DocxFile) -> Iterator[Problem]:
    kind = docx.content_type(docx.main_part)
    if kind == _DOTX_TYPE:
        problem = "是 Word 模板文件（.dotx），改了扩展名也还是模板"
        yield Problem("", problem, advice="用 Word 或 WPS 打开，另存为“Word 文档（.docx）”")
    elif kind != WORD_MAIN_TYPE and "macroEnabled" not in kind:
        yield Problem("", "不是 Word 文档", advice="用 Word 或 WPS 打开，另存为“Word 文档（.docx）”")


def _names(docx: DocxFile) -> Iterator[Problem]:
    """Names that would leave the folder, or overwrite each other, when an issued document is unpacked."""
    for name, count in Counter(docx.part_names).items():
        if count > 1 or name.startswith("/") or normpath(name).startswith(".."):
            problem = f"压缩包里的文件名不正常：{name}"
            yield Problem("", problem, advice="用 Word 或 WPS 重新另存")
            return


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
