"""Everything wrong with a template file, before any case is filled with it.
 Compiling finds what Jinja refuses. Beyond that, this finds what docxtpl accepts and loses: a tag torn over a
content control, a row replaced together with its text, tags in a part that is never rendered, a table whose
columns docxtpl would change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import Environment
from lxml import etree

from daiban.errors import FormError, Problem
from generator import docxtpl_adapter as adapter
from generator.docx_package import DocxPackage
from generator.rendering import CompiledTemplate
from generator.template_diagnosis import lettered_tags, unfinished_tags
from generator.template_tags import TAG, W, paragraphs

_TAGGED: Final = re.compile(rb"\{\{|\{%")
_TEXT_PART: Final = re.compile(
    r"word/(endnotes|comments|header\d*|footer\d*|footnotes|glossary/document)\.xml"
)


def template_problems(source: Path | str | bytes, environment: Environment | None = None) -> list[Problem]:
    """Lint a template; all problems of all parts, in Chinese with their places, errors and warnings."""
    try:
        package = DocxPackage.read(source)
        sources = adapter.part_sources(package)
    except FormError as error:
        return list(error.problems)
    problems: list[Problem] = []
    for part in sources:
        found = paragraphs(package.parse(part.name), f"{package.where} {part.label}")
        problems += (*unfinished_tags(found), *lettered_tags(found))
        if not any(tag.crosses for paragraph in found for tag in paragraph.tags):
            problems += _torn_markup(part, package.where)
    problems += (*_unrendered(package, {part.name for part in sources}), *_grids(package))
    try:
        CompiledTemplate(package, environment)
    except FormError as error:
        problems += error.problems
    return list(dict.fromkeys(problems))


def _torn_markup(part: adapter.PartSource, where: str) -> Iterator[Problem]:
    """With its tags taken out, a patched part is still XML; if not, a tag swallowed half an element."""
    skeleton = TAG.sub("", adapter.patch(part.source))
    try:
        etree.fromstring(f"{part.before}{skeleton}{part.after}".encode())
    except etree.XMLSyntaxError as error:
        told = f"有标签跨了内容控件、单元格或段落，填写后文件会损坏：{error}"
        yield Problem(f"{where} {part.label}", told, advice="逐个检查标签，删去后重新输入")


def _unrendered(package: DocxPackage, rendered: set[str]) -> Iterator[Problem]:
    for name in package.names:
        if name not in rendered and _TEXT_PART.fullmatch(name) and _TAGGED.search(package[name]):
            told = f"{name} 里的标签不会被填写，会原样印出"
            yield Problem(
                package.where, told, advice="把标签移到正文、页眉、页脚或脚注里", severity="warning"
            )


def _grids(package: DocxPackage) -> Iterator[Problem]:
    tables = package.parse(package.main_part).iter(W + "tbl")
    for number, table in enumerate(tables, 1):
        if not TAG.search("".join(node.text or "" for node in table.iter(W + "t"))) and adapter.grid_differs(
            table
        ):
            told = f"第{number}个表格的列定义（gridCol）比各行的单元格多或少，列宽会被改动"
            advice = "单元格不要整个放进内容控件；或在 Word 里重新调整列宽后另存"
            yield Problem(f"{package.where} 正文", told, advice=advice, severity="warning")
