"""Looks at a template's document properties (title, author …), where a form may print its fields too."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import FormDefinition
from forms.template.docx_file import DocxFile
from forms.template.language import names_in
from forms.template.tags import TAG, parse_tag
from foundation.errors import Problem
from foundation.nearest import did_you_mean


def check_properties(docx: DocxFile, form: FormDefinition | None) -> Iterator[Problem]:
    """Tags that are not simply the form's fields. ``form`` None: whose fields are not known."""
    part = docx.core_properties
    if part is None:
        return
    for item in docx.tree(part):
        text, where = item.text or "", "文档属性"
        rest = TAG.sub("", text)
        for source in TAG.findall(text):
            yield from _tag(source, where, form)
        if any(half in rest for half in ("{{", "{%", "}}", "%}")):
            yield Problem(where, f"标签没有写完：{text[:40]}", advice="写成 {{ 字段编号 }}")


def _tag(source: str, where: str, form: FormDefinition | None) -> Iterator[Problem]:
    if not source.startswith("{{"):
        yield Problem(where, f"标签 {source[:40]} 不能用", advice="属性里只写 {{ 字段编号 }}")
        return
    _, _, node, problem = parse_tag(source, where)
    if problem is not None:
        yield problem
    if node is None or form is None:
        return
    for name in dict.fromkeys(name for name, _ in names_in(node)):
        known = [item.id for item in form.fields]
        if not any(f"{item}.".startswith(f"{name}.") or f"{name}.".startswith(f"{item}.") for item in known):
            advice = did_you_mean(name, known, "改为已定义的字段编号")
            yield Problem(where, f"{source} 用到了没有定义的字段“{name}”", name, advice)
