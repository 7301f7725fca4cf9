"""Holds a template's page and type against GB/T 9704-2012 (党政机关公文格式).

Page: 5.2.1 (A4 上 37 左 28 mm, 版心 156 × 225 mm); type: 5.2.2 (3号仿宋) and 7.3.1 (标题 2号小标宋, centred);
page number: 7.5; the size of a 发文机关标志 is the issuer's choice (7.2.4), 版记 is 4号 (7.4.2); both are recognised
by their styles. A form's table may use smaller type where its grid needs it. Deviations are warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.definition import FormDefinition
from forms.lint.findings import warning
from forms.lint.typography import Typography
from forms.template.docx_file import Story
from forms.template.ooxml import SDT, TABLE, TWIPS_PER_MM, Element, sections, w, w14, whole_number
from forms.template.tags import TAG
from forms.template.text import document_text
from forms.template.walker import walk
from foundation.errors import Problem

OFFICIAL_FONTS = frozenset(
    {
        "方正小标宋_GBK",
        "方正小标宋简体",
        "仿宋_GB2312",
        "仿宋",
        "楷体_GB2312",
        "楷体",
        "黑体",
        "宋体",
        "Times New Roman",
        "FangSong_GB2312",
        "FangSong",
        "KaiTi_GB2312",
        "KaiTi",
        "SimHei",
        "SimSun",
    }
)
TITLE_PT = 22.0  # 2号
BODY_PT = 16.0  # 3号
TABLE_PT = (12.0, 10.5, 9.0)  # 小四、五号、小五
RED_HEAD_STYLE, IMPRINT_STYLE, IMPRINT_PT = "发文机关标志", "版记", 14.0
_SIZE_NAMES: dict[float, str] = {
    42: "初号",
    26: "1号",
    22: "2号",
    18: "小2号",
    16: "3号",
    15: "小3号",
    14: "4号",
    12: "小4号",
    10.5: "5号",
    9: "小5号",
    7.5: "6号",
}

_A4_MM = (210.0, 297.0)
_PORTRAIT_MM = (37.0, 26.0, 35.0, 28.0)  # top, right, bottom, left
_TOLERANCE_MM = 1.0
_PAGE_FIELD = re.compile(r"\bPAGE\b")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[0-9A-Za-z]")


def check_layout(
    form: FormDefinition | None, stories: tuple[Story, ...], typography: Typography
) -> list[Problem]:
    """Every deviation of page, type and page number; ``form`` gives the title to look for, if any."""
    body = stories[0].root
    problems = [problem for section in sections(body) for problem in _page(section)]
    title = _title(form, body, typography)
    problems += title.problems
    problems += _type(body, typography, title.paragraphs)
    problems += _page_number(stories)
    return problems


def _page(section: Element) -> Iterator[Problem]:
    size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    if size is None or margins is None:
        yield warning("页面设置", "没有写明纸张和页边距", "设为 A4，上 37 下 35 左 28 右 26 毫米")
        return
    width, height = _mm(size, "w"), _mm(size, "h")
    if not _near((min(width, height), max(width, height)), _A4_MM):
        yield warning("页面设置", f"纸张是 {width:.0f}×{height:.0f} 毫米，不是 A4", "纸张改为 A4")
    found = tuple(_mm(margins, side) for side in ("top", "right", "bottom", "left"))
    # Turned, the page keeps its edges: 天头 becomes the left or the right one. Unturned margins are common,
    # too.
    turned = (_PORTRAIT_MM[3:] + _PORTRAIT_MM[:3], _PORTRAIT_MM[1:] + _PORTRAIT_MM[:1])
    allowed = (_PORTRAIT_MM, *turned) if width > height else (_PORTRAIT_MM,)
    if not any(_near(found, wanted) for wanted in allowed):
        top, right, bottom, left = found
        problem = f"页边距上 {top:.1f} 下 {bottom:.1f} 左 {left:.1f} 右 {right:.1f} 毫米，与 GB/T 9704 不符"
        yield warning("页面设置", problem, "改为上 37 下 35 左 28 右 26 毫米")


@dataclass(slots=True)
class _Title:
    paragraphs: list[Element] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _title(form: FormDefinition | None, body: Element, typography: Typography) -> _Title:
    """The paragraphs that print the form's title, which may run over several lines or paragraphs."""
    found = _Title()
    blocks = [block for block in walk(body) if block.level is None and block.cell is None]
    if form is None:
        found.paragraphs += [
            block.element for block in blocks if _looks_like_title(block.element, typography)
        ]
        return found
    texts = [_squeezed(document_text(block.element)) for block in blocks]
    spans = list(_spans(texts, _squeezed(form.title)))
    if not spans:
        problem = f"正文里没有找到标题“{form.title}”"
        found.problems.append(warning("标题", problem, "补上标题，或改 form.toml 的 title"))
    for start, end in spans:
        for block in blocks[start:end]:
            found.paragraphs.append(block.element)
            found.problems += _title_type(block.element, block.place, typography)
    return found


def _looks_like_title(paragraph: Element, typography: Typography) -> bool:
    return typography.is_centred(paragraph) and all(
        size == TITLE_PT for size, _ in _sizes(paragraph, typography)
    )


def _spans(texts: list[str], title: str) -> Iterator[tuple[int, int]]:
    """Where the title stands: once, or on each page of a form with a page for every department."""
    for start, text in enumerate(texts):
        joined, end = text, start + 1
        while joined and title.startswith(joined):
            if joined == title:
                yield start, end
                break
            if end == len(texts):
                break
            joined, end = joined + texts[end], end + 1


def _title_type(paragraph: Element, place: str, typography: Typography) -> Iterator[Problem]:
    if not typography.is_centred(paragraph) and document_text(paragraph).strip():
        yield warning(place, "标题没有居中", "设为居中")
    if typography.style_name(paragraph) == RED_HEAD_STYLE:
        return  # 纪要标志 (10.3): the title is the red head
    sizes = {size for size, text in _sizes(paragraph, typography) if text.strip()}
    if sizes - {TITLE_PT}:
        found = "、".join(_size_name(size) for size in sorted(sizes - {TITLE_PT}))
        yield warning(place, f"标题字号是{found}，应为 2号", "标题用 2号小标宋")


@dataclass(slots=True)
class _Deviation:
    """One deviation, reported once: its first place, and how often it occurs."""

    place: str
    count: int = 0


def _type(body: Element, typography: Typography, title: list[Element]) -> list[Problem]:
    has_table = next(body.iter(TABLE), None) is not None
    allowed = {BODY_PT, *(TABLE_PT if has_table else ())}
    sizes: dict[float, _Deviation] = {}
    fonts: dict[str, _Deviation] = {}
    for block in walk(body):
        if block.level is not None:
            continue
        paragraph = block.element
        for run, text in _runs(paragraph):
            size = typography.size_pt(run, paragraph)
            if size not in allowed | _own_sizes(paragraph, size, typography) and paragraph not in title:
                sizes.setdefault(size, _Deviation(block.place)).count += 1
            for name in _wrong_fonts(run, paragraph, text, typography):
                fonts.setdefault(name, _Deviation(block.place)).count += 1
    wanted = "正文 3号，表格可用小4号、5号、小5号" if has_table else "正文用 3号"
    problems = [_repeated(seen, f"字号是{_size_name(size)}", wanted) for size, seen in sizes.items()]
    advice = "改用 仿宋_GB2312、楷体_GB2312、黑体、宋体 或 方正小标宋_GBK"
    return problems + [
        _repeated(seen, f"字体“{name}”不在公文字体之列", advice) for name, seen in fonts.items()
    ]


def _own_sizes(paragraph: Element, size: float, typography: Typography) -> set[float]:
    """Sizes that a paragraph's style alone allows."""
    style = typography.style_name(paragraph)
    return {size} if style == RED_HEAD_STYLE else {IMPRINT_PT} if style == IMPRINT_STYLE else set()


def _wrong_fonts(run: Element, paragraph: Element, text: str, typography: Typography) -> Iterator[str]:
    if _in_checkbox(run):
        return  # box glyphs come from whichever font has them
    scripts = [("eastAsia", _CHINESE), ("ascii", _LATIN)]
    names = {typography.font(run, paragraph, script) for script, shape in scripts if shape.search(text)}
    yield from sorted((name or "未指定") for name in names if name not in OFFICIAL_FONTS)


def _in_checkbox(run: Element) -> bool:
    return any(sdt.find(f"{w('sdtPr')}/{w14('checkbox')}") is not None for sdt in run.iterancestors(SDT))


def _runs(paragraph: Element) -> Iterator[tuple[Element, str]]:
    """Runs that print something; lines with only loops and conditions leave the document before that."""
    whole = document_text(paragraph)
    if TAG.search(whole) and not re.sub(r"\{%.*?%\}", "", whole).strip():
        return
    for run in paragraph.iter(w("r")):
        text = document_text(run)
        if text.strip():
            yield run, text


def _sizes(paragraph: Element, typography: Typography) -> Iterator[tuple[float, str]]:
    for run, text in _runs(paragraph):
        yield typography.size_pt(run, paragraph), text


def _page_number(stories: tuple[Story, ...]) -> Iterator[Problem]:
    footers = [story for story in stories if story.label.startswith("页脚")]
    if not any(_has_page_field(story.root) for story in footers):
        yield warning("页脚", "没有页码域", "在页脚插入页码，样式“— 1 —”")


def _has_page_field(root: Element) -> bool:
    simple = (item.get(w("instr"), "") for item in root.iter(w("fldSimple")))
    # Word may cut a field code into several runs.
    split = "".join(item.text or "" for item in root.iter(w("instrText")))
    return any(_PAGE_FIELD.search(code) for code in (*simple, split))


def _repeated(seen: _Deviation, problem: str, advice: str) -> Problem:
    more = f"（共 {seen.count} 处）" if seen.count > 1 else ""
    return warning(seen.place, problem + more, advice)


def _size_name(points: float) -> str:
    return _SIZE_NAMES.get(points, f"{points:g}磅")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _mm(element: Element, side: str) -> float:
    return (whole_number(element.get(w(side))) or 0) / TWIPS_PER_MM


def _near(found: tuple[float, ...], wanted: tuple[float, ...]) -> bool:
    # A twip's rounding is no deviation.
    return all(abs(one - other) <= _TOLERANCE_MM + 0.02 for one, other in zip(found, wanted, strict=True))
