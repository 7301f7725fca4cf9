"""What a DOCX holds beside what a person sees of it: hidden, white or tiny text, tracked changes, things laid over
text.

A document is held against the one that was issued: only what it has more of counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extractors.model import Doubt
from extractors.thresholds import load_thresholds
from forms.template.docx_file import DocxFile
from forms.template.ooxml import VAL, Element, is_on, w, whole_number

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_HIDDEN = tuple(w(name) for name in ("vanish", "webHidden", "specVanish"))
_TRACKED = frozenset(w(name) for name in ("ins", "del", "moveFrom", "moveTo"))
#: Things that may lie over text; frames and tables that stand anywhere on the page.
_DRAWN = frozenset(w(name) for name in ("drawing", "pict", "object", "framePr", "tblpPr"))
_PAPER = frozenset({"background1", "background2", "light1", "light2"})  # theme colours of the paper
_PICTOGRAPHS = ("wingdings", "webdings", "symbol")
_EMBEDDED = frozenset(w(f"embed{name}") for name in ("Regular", "Bold", "Italic", "BoldItalic"))
_STYLES, _FONTS = "word/styles.xml", "word/fontTable.xml"
_SHOWN = 20
#: What holds text, and where its properties stand.
_HOLDERS = {w("r"): w("rPr"), w("p"): w("pPr"), w("tr"): w("trPr")}

_SAID = {
    "hidden": "有隐藏的文字",
    "white": "有白色或几乎看不见的文字",
    "tiny": "有小得看不见的文字",
    "tracked": "有没有接受或拒绝的修订",
    "chunk": "嵌入了别的文件的内容",
    "alternate": "有随程序不同而显示不同的内容",
    "drawn": "放了图片、图形、文本框或浮动的框和表格，可能盖住文字",
    "moved": "有移到页面以外或压扁了的文字",
    "font": "用了符号字体或内嵌的字体，看到的可能不是文字本身",
    "style": "改了样式，有样式会使文字看不见",
    "margin": "页眉、页脚或脚注的文字与发出的不同",
}


def docx_doubts(issued: bytes, returned: Path, name: str) -> tuple[Doubt, ...]:
    """Why a person must look at a returned DOCX.

    :raises UnreadableError: one of them cannot be read as a DOCX.
    """
    with DocxFile(issued) as docx:
        before = _measures(docx)
        margins = _margins(docx)
    with DocxFile(returned, name) as docx:
        after = _measures(docx)
        moved = _margins(docx) != margins
    found = [kind for kind in _SAID if len(after.get(kind, [])) > len(before.get(kind, []))]
    if moved:
        found.append("margin")
    return tuple(
        Doubt(reason=f"交回的 DOCX 里{_SAID[kind]}{_example(after, kind)}，请人工核对") for kind in found
    )


def _example(measures: dict[str, list[str]], kind: str) -> str:
    text = next((one for one in measures.get(kind, []) if one.strip()), "")
    return f"“{text[:_SHOWN]}”" if text else ""


def _measures(docx: DocxFile) -> dict[str, list[str]]:
    """What is to be found of each kind, with its text."""
    found: dict[str, list[str]] = {}
    roots = [story.root for story in docx.stories()]
    for kind, text in (one for root in roots for one in _in_story(root)):
        found.setdefault(kind, []).append(text)
    if docx.has(_STYLES):
        for properties in docx.tree(_STYLES).iter(w("rPr"), w("pPr")):
            found.setdefault("style", []).extend(_unseen(properties))
    if docx.has(_FONTS):
        found.setdefault("font", []).extend("" for _ in docx.tree(_FONTS).iter(*_EMBEDDED))
    return found


def _in_story(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if element.tag in _HOLDERS:
            text = "".join(one.text or "" for one in element.iter(w("t")))
            properties = element.find(_HOLDERS[element.tag])
            if text.strip() and properties is not None:
                yield from ((kind, text) for kind in _unseen(properties))
        elif element.tag in _TRACKED:
            yield "tracked", "".join(one.text or "" for one in element.iter(w("t"), w("delText")))
        elif element.tag == w("altChunk"):
            yield "chunk", ""
        elif element.tag == _MC:
            yield "alternate", ""
        elif element.tag in _DRAWN:
            yield "drawn", ""


def _unseen(properties: Element) -> Iterator[str]:
    """How text with these properties (of a run, a paragraph or a row) cannot be seen."""
    limits = load_thresholds().digital
    if any(is_on(one) for tag in _HIDDEN if (one := properties.find(tag)) is not None):
        yield "hidden"
    if _is_in_colour_of_paper(properties):
        yield "white"
    if _number(properties, "sz", VAL, limits.docx_half_points) < limits.docx_half_points:
        yield "tiny"
    if _is_out_of_place(properties):
        yield "moved"
    fonts = properties.find(w("rFonts"))
    if fonts is not None and any(
        str(name).lower().startswith(_PICTOGRAPHS) for name in fonts.attrib.values()
    ):
        yield "font"


def _is_out_of_place(properties: Element) -> bool:
    """Whether a line is squeezed flat, a character narrowed to nothing, or text shifted off the page."""
    limits = load_thresholds().digital
    half_points = limits.docx_half_points
    squeezed = any(
        (one := properties.find(w(name))) is not None
        and one.get(w(rule)) == "exact"
        and (whole_number(one.get(w(height))) or 0) < half_points * 10  # twips
        for name, rule, height in (("spacing", "lineRule", "line"), ("trHeight", "hRule", "val"))
    )
    narrowed = _number(properties, "w", VAL, 100) < limits.docx_narrowest
    lifted = abs(_number(properties, "position", VAL, 0)) > limits.docx_lifted
    indents = (
        _number(properties, "ind", w(side), 0) for side in ("left", "start", "right", "end", "firstLine")
    )
    return squeezed or narrowed or lifted or any(abs(one) > limits.docx_indent for one in indents)


def _number(properties: Element, name: str, attribute: str, otherwise: int) -> int:
    one = properties.find(w(name))
    found = whole_number(one.get(attribute)) if one is not None else None
    return otherwise if found is None else found


def _is_in_colour_of_paper(properties: Element) -> bool:
    """Whether text is as pale as paper, or as dark as what it is shaded with."""
    colour, shade = properties.find(w("color")), properties.find(w("shd"))
    pale = load_thresholds().digital.docx_white
    ink = (colour.get(VAL) if colour is not None else None) or "auto"
    if colour is not None and (_least(ink, 0) >= pale or colour.get(w("themeColor")) in _PAPER):
        return True
    fill = (shade.get(w("fill")) if shade is not None else None) or "auto"
    return max(_parts(ink, 0), default=0) <= 255 - pale and max(_parts(fill, 255), default=255) <= 255 - pale


def _least(colour: str, otherwise: int) -> int:
    return min(_parts(colour, otherwise), default=otherwise)


def _parts(colour: str, otherwise: int) -> bytes:
    """Red, green and blue of a colour; of ``auto`` and what is none: ``otherwise``."""
    try:
        parts = bytes.fromhex(colour)
    except ValueError:
        parts = b""
    return parts if len(parts) == 3 else bytes([otherwise])


def _margins(docx: DocxFile) -> Counter[str]:
    """The words of headers, footers and notes; digits aside: programs write page numbers anew."""
    texts = (
        "".join(one.text or "" for one in story.root.iter(w("t"))) for story in docx.stories() if story.label
    )
    plain = ("".join(one for one in text if not one.isspace() and not one.isdigit()) for text in texts)
    return Counter(one for one in plain if one)
