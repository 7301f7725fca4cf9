"""What is wrong with a template's tags, all at once, in Chinese, at the place where they stand.
 Jinja stops at the first error. So when a part does not compile its tags are looked at one by one, and the
blocks (``{% for %}`` … ``{% endfor %}``) are matched in document order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from jinja2 import Environment, TemplateSyntaxError

from foundation.errors import Problem
from generator.template.tags import TAG, Paragraph, TemplateTag

_BLOCKS: Final = frozenset(
    {"for", "if", "macro", "call", "filter", "with", "autoescape", "block", "raw", "set"}
)
_BRANCHES: Final = {"else": frozenset({"if", "for"}), "elif": frozenset({"if"})}
_DOCXTPL_TAGS: Final = frozenset({"vm", "hm"})
_FULL_WIDTH: Final = re.compile(r"[（），。：；！？＝＋－＊／％｛｝［］＜＞｜．＂＇　‚„‛‟«»″′“”‘’]")
_OPENING: Final = re.compile(r"\{[{%#]")
_CLOSING: Final = re.compile(r"[}%#]\}")
_WIDE_BRACES: Final = re.compile(r"[{｛]｛|｛[{%％]|[}｝]｝")
_ADVICE: Final = "把标签整个删去，用英文标点重新输入"


def unfinished_tags(found: Iterable[Paragraph]) -> Iterator[Problem]:
    """Tags that are not closed in their paragraph, full-width braces, tags torn over elements docxtpl cannot
    join.
    """
    for paragraph in found:
        rest = TAG.sub("", paragraph.text)
        if _OPENING.search(rest):
            told = f"标签没有写完整或跨了段落：“{paragraph.text.strip()}”"
            yield Problem(paragraph.place, told, advice="一个标签要写在同一段里，括号成对")
        elif _CLOSING.search(rest):
            told = f"有标签的结尾没有开头：“{paragraph.text.strip()}”"
            yield Problem(paragraph.place, told, advice="补上开头的 {{ 或 {%", severity="warning")
        if _WIDE_BRACES.search(rest):
            yield Problem(paragraph.place, f"标签用了全角括号：“{paragraph.text.strip()}”", advice=_ADVICE)
        for tag in paragraph.tags:
            if tag.crosses:
                told = f"标签“{tag.text}”一半在内容控件、链接或修订里面，一半在外面"
                yield Problem(tag.place, told, advice=_ADVICE)


def syntax_problems(tags: Sequence[TemplateTag], environment: Environment) -> list[Problem]:
    """Every tag that Jinja does not understand by itself, and every block that is not closed or not open."""
    return [*_broken_tags(tags, environment), *_unmatched(tags)]


def _broken_tags(tags: Sequence[TemplateTag], environment: Environment) -> Iterator[Problem]:
    for tag in tags:
        try:
            environment.compile(_alone(tag))  # not parse, which does not know the filters
        except TemplateSyntaxError as error:
            yield syntax_problem(tag.place, tag, error)


def _alone(tag: TemplateTag) -> str:
    """A source in which the tag stands correctly, if it is correct."""
    keyword, inner = tag.keyword, tag.inner
    if tag.text.startswith("{{"):
        return f"{{{{ {inner} }}}}"
    if keyword in ("cellbg", "colspan"):
        return f"{{{{ {inner.removeprefix(keyword)} }}}}"
    if (
        keyword in _DOCXTPL_TAGS
        or keyword == "else"
        or keyword.startswith("end")
        or tag.text.startswith("{#")
    ):
        return ""
    if keyword == "elif":
        return f"{{% if x %}}{{% {inner} %}}{{% endif %}}"
    return f"{{% {inner} %}}{{% end{keyword} %}}" if _opens(tag) else f"{{% {inner} %}}"


def _opens(tag: TemplateTag) -> bool:
    return tag.keyword in _BLOCKS and not (tag.keyword == "set" and "=" in tag.inner)


def _unmatched(tags: Sequence[TemplateTag]) -> Iterator[Problem]:
    """Blocks in document order; a wrong end closes nothing, so that one mistake is one problem."""
    open_blocks: list[TemplateTag] = []
    for tag in tags:
        keyword = tag.keyword
        if _opens(tag):
            open_blocks.append(tag)
        elif keyword.startswith("end"):
            expected = open_blocks[-1].keyword if open_blocks else None
            if keyword == f"end{expected}":
                open_blocks.pop()
            else:
                hint = f"前面开着的是“{open_blocks[-1].text}”" if expected else "前面没有开着的标签"
                yield Problem(
                    tag.place, f"标签“{tag.text}”没有对应的开头，{hint}", advice="成对书写，不要交叉"
                )
        elif keyword in _BRANCHES and not (open_blocks and open_blocks[-1].keyword in _BRANCHES[keyword]):
            yield Problem(tag.place, f"标签“{tag.text}”不在 if 里", advice="检查它前面的 if 和 endif")
    for tag in open_blocks:
        ending = f"end{tag.keyword}"
        yield Problem(
            tag.place, f"标签“{tag.text}”没有用 {ending} 结束", advice=f"在该结束的地方加 {{% {ending} %}}"
        )


def syntax_problem(where: str, tag: TemplateTag | None, error: TemplateSyntaxError) -> Problem:
    """One syntax error as a problem; full-width punctuation, the usual cause, is named."""
    if tag is None:
        return Problem(
            where, f"模板的标签写法有误，Jinja 报告：{error.message}", advice="检查各标签是否成对、完整"
        )
    wide = "".join(dict.fromkeys(_FULL_WIDTH.findall(tag.text)))
    told = f"标签“{tag.text}”写法有误，Jinja 报告：{error.message}"
    if wide:
        return Problem(where, f"{told}；标签里有全角或弯的标点 {wide}", advice="标签里只用英文标点")
    return Problem(where, told, advice="对照模板编写说明改正")
