"""Looks at Word's own fields (域): they change by themselves, so that paper and file may say different things.

Page numbers and page counts in headers and footers are printed right. Any other is refused, with what to do instead.
"""

from __future__ import annotations

import re

from forms.lint.places import Places
from forms.template.field_codes import PAGE_COUNTS, FieldCode, field_codes
from forms.template.ooxml import Element
from foundation.errors import Problem

#: Fields that headers and footers may hold.
PAGE_FIELDS = frozenset({"PAGE", *PAGE_COUNTS})
_FETCHING = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|IMPORT|MACROBUTTON)\b")
_PLAIN_SWITCHES = re.compile(r"(?:\s*\\\*\s*(?:MERGEFORMAT|Arabic))*\s*", re.IGNORECASE)
_TO_TEXT = "选中它，按 Ctrl+Shift+F9 变成普通文字，再保存"
_ADVICE = {
    "DATE": ("会变成打开当天的日期", "删去这个域，直接键入文字；要填日期，就用日期字段"),
    "TIME": ("会变成打开时的时刻", "删去这个域，直接键入文字；要填日期，就用日期字段"),
    "EQ": ("画出的字（如带圈字符）不能照样印出", "改用现成的字符（如①、㊣）或普通文字"),
    "HYPERLINK": ("是超链接，印在纸上没有用", "在链接上按右键“取消超链接”"),
    "TOC": ("目录里的页码不会更新", "删去目录，或变成普通文字（Ctrl+Shift+F9）"),
    "FORMTEXT": ("是旧式窗体域，读不回来", "换成内容控件，标记填字段编号"),
    "FORMCHECKBOX": ("是旧式窗体域，读不回来", "换成复选框内容控件，标记填字段编号"),
    "FORMDROPDOWN": ("是旧式窗体域，读不回来", "换成内容控件，标记填字段编号"),
}
_NUMPAGES_IN_BODY = "页码和总页数的域只能放在页眉、页脚里"


def check_field_codes(places: Places, sections: int) -> list[Problem]:
    """Every field of a part that cannot be printed as it is meant.

    :param sections: how many sections the document has: pages are counted for a document, not for a section.
    """
    is_margin = places.story.kind in ("header", "footer")
    refused: dict[tuple[str, str], list[Element]] = {}
    for code in field_codes(places.story.root):
        reason = _refusal(code, is_margin, sections)
        if reason is not None:
            refused.setdefault(reason, []).append(code.element)
    return [problem for reason, found in refused.items() for problem in places.problems(found, *reason)]


def _refusal(code: FieldCode, is_margin: bool, sections: int) -> tuple[str, str] | None:
    """Why a field is refused and what to do; None where it is printed right."""
    fetching = _FETCHING.search(code.instruction.upper())
    if fetching:
        return f"有会取外部内容的域 {fetching.group()}", "取消域的链接（Ctrl+Shift+F9）"
    if code.name in PAGE_FIELDS:
        return _page_field_refusal(code, is_margin, sections)
    if not code.name:
        return "有空的域", "删去这个域"
    reason, advice = _ADVICE.get(code.name, ("会自动更新，打开或打印时可能变成别的文字", _TO_TEXT))
    return f"有域 {code.name}，{reason}", advice


def _page_field_refusal(code: FieldCode, is_margin: bool, sections: int) -> tuple[str, str] | None:
    if not is_margin:
        return f"有域 {code.name}，{_NUMPAGES_IN_BODY}", "移到页脚，或改为普通文字"
    if not _PLAIN_SWITCHES.fullmatch(code.switches):
        return f"页码域 {code.name} 带格式开关“{code.switches.strip()}”", "改为不带格式的页码（1、2、3…）"
    if code.name == "SECTIONPAGES" and sections > 1:
        return "本节页数的域 SECTIONPAGES 印不对，文档分了几节", "改用总页数 NUMPAGES，或只留一节"
    return None
