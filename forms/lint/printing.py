"""Looks for what a template shows and its paper would not, or the other way round.

Hidden text, notes, formulas and symbols; numbers of pages, lines and lists that cannot be printed as Word prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.lint.field_codes import check_field_codes
from forms.lint.places import Places
from forms.lint.typography import Typography
from forms.template.docx_file import DocxFile, Story
from forms.template.numbering import NUMBERING_PART, STYLES_PART, Numbering
from forms.template.ooxml import PARAGRAPH, RUN, Element, is_on, sections, w, whole_number
from forms.template.text import SYMBOLS, document_text, symbol_text
from foundation.errors import Problem

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_LETTER = re.compile("[!-\u00ff]")
_HIDING = ("vanish", "webHidden", "specVanish")
_NOTES = {"footnoteReference": "脚注", "endnoteReference": "尾注"}


def check_printing(docx: DocxFile, stories: tuple[Story, ...], typography: Typography) -> list[Problem]:
    """Everything in a template that would be printed otherwise than it is meant."""
    parts, numbering = sections(stories[0].root), _numbering(docx)
    problems: list[Problem] = []
    for story in stories:
        places = Places(story)
        problems += check_field_codes(places, len(parts))
        problems += _hidden(places, typography)
        problems += _capitals(places, typography)
        problems += _notes(places)
        problems += _signs(places, typography)
        problems += _numbers(places, numbering)
    return [*problems, *_pages(parts)]


def _numbering(docx: DocxFile) -> Numbering:
    return Numbering(*(docx.tree(part) if docx.has(part) else None for part in (NUMBERING_PART, STYLES_PART)))


def _hidden(places: Places, typography: Typography) -> list[Problem]:
    runs = [
        run
        for paragraph, run in _runs(places.story)
        if any(typography.has(run, paragraph, name) for name in _HIDING)
    ]
    rows = [item for item in places.story.root.iter(w("hidden")) if is_on(item)]
    paragraphs = [
        paragraph
        for paragraph in places.story.root.iter(PARAGRAPH)
        if is_on(paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('vanish')}")) and document_text(paragraph).strip()
    ]
    shown = document_text(runs[0]).strip()[:12] if runs else ""
    return [
        *places.problems(
            runs, f"有隐藏文字“{shown}”，纸上没有，DOCX 里却带着", "删去，或在“字体”里取消“隐藏文字”"
        ),
        *places.problems(rows, "表格有隐藏的行，纸上没有，DOCX 里却带着", "删去这一行，或取消隐藏"),
        *places.problems(
            paragraphs, "段落标记设为隐藏，会与下一段连成一段", "显示编辑标记，选中段末的 ¶，取消“隐藏文字”"
        ),
    ]


def _capitals(places: Places, typography: Typography) -> list[Problem]:
    runs = [
        run
        for paragraph, run in _runs(places.story)
        if document_text(run) != document_text(run).upper()
        and any(typography.has(run, paragraph, name) for name in ("caps", "smallCaps"))
    ]
    return places.problems(
        runs, "字体设为“全部大写”或“小型大写”，印出的字母与文字不同", "直接键入大写字母，取消该格式"
    )


def _runs(story: Story) -> Iterator[tuple[Element, Element]]:
    """Paragraphs and their runs that have text."""
    for paragraph in story.root.iter(PARAGRAPH):
        for run in paragraph.iter(RUN):
            if document_text(run).strip():
                yield paragraph, run


def _notes(places: Places) -> list[Problem]:
    problems: list[Problem] = []
    for name, label in _NOTES.items():
        marks = list(places.story.root.iter(w(name)))
        problems += places.problems(
            marks, f"有{label}，印不准确", "把注的文字移到正文里，如段末的“注：…”，再删去注"
        )
    return problems


def _signs(places: Places, typography: Typography) -> list[Problem]:
    root = places.story.root
    typed = [
        run
        for paragraph, run in _runs(places.story)
        if (typography.font(run, paragraph, "ascii") or "").lower() in SYMBOLS and _LETTER.search(_typed(run))
    ]
    symbols = [item for item in root.iter(w("sym")) if _is_private(symbol_text(item))]
    texts = [item for item in root.iter(w("t")) if any(map(_is_private, item.text or ""))]
    return [
        *places.problems(root.iter(_MATH), "有公式，印不准确", "改为普通文字"),
        *places.problems(symbols, "有符号字体的字符，换一台电脑就可能变样", "改用普通字符，如 ●、■、√"),
        *places.problems(
            typed, "有用符号字体（如 Wingdings）键入的字符，印不准确", "改用普通字符，如 ●、■、√"
        ),
        *places.problems(texts, "有只在某种字体里才有的字符（专用区），印不出来", "改用普通字符"),
    ]


def _typed(run: Element) -> str:
    return "".join(item.text or "" for item in run.iterchildren(w("t")))


def _is_private(text: str) -> bool:
    return any("\ue000" <= character <= "\uf8ff" for character in text)


def _numbers(places: Places, numbering: Numbering) -> list[Problem]:
    refused: dict[str, list[Element]] = {}
    for paragraph in places.story.root.iter(PARAGRAPH):
        level = numbering.level(paragraph)
        if level is None:
            continue
        is_body = places.story.kind == "body" and not any(paragraph.iterancestors(w("txbxContent")))
        reason = level.refusal if is_body else "页眉、页脚或文本框里有自动编号"
        if reason is not None:
            refused.setdefault(reason, []).append(paragraph)
    advice = "改用“1.”“一、”“（一）”“①”“●”一类的编号，或直接键入"
    return [
        problem for reason, found in refused.items() for problem in places.problems(found, reason, advice)
    ]


def _pages(parts: list[Element]) -> Iterator[Problem]:
    """Page numbers count 1, 2, 3 … from the first page: the page mark says the same."""
    for number, section in enumerate(parts, start=1):
        place = "页面设置" if len(parts) == 1 else f"第{number}节 页面设置"
        numbers = section.find(w("pgNumType"))
        if numbers is not None:
            yield from _page_numbers(numbers, place, is_first=number == 1)
        if section.find(w("lnNumType")) is not None:
            yield Problem(place, "设了行号，印出来会混进正文", advice="在“布局—行号”里选“无”")


def _page_numbers(numbers: Element, place: str, *, is_first: bool) -> Iterator[Problem]:
    form, start = numbers.get(w("fmt"), "decimal"), whole_number(numbers.get(w("start")))
    if form != "decimal":
        advice = "在“设置页码格式”里选“1, 2, 3, …”；两边的横线直接打在页脚里“— 1 —”"
        yield Problem(place, f"页码的格式是 {form}，印不准确", advice=advice)
    if start is not None and not (is_first and start == 1):
        problem = f"页码从 {start} 起" if is_first else "页码在这一节重新起编"
        yield Problem(place, problem, advice="在“设置页码格式”里改为从 1 起，后面各节“续前节”")
    if numbers.get(w("chapStyle")) is not None:
        yield Problem(place, "页码里带章节号", advice="在“设置页码格式”里取消“包含章节号”")
