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
from forms.template.ooxml import VAL, Element, is_on, w

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_HIDDEN = tuple(w(name) for name in ("vanish", "webHidden"))
_TRACKED = frozenset(w(name) for name in ("ins", "del", "moveFrom", "moveTo"))
_DRAWN = frozenset(w(name) for name in ("drawing", "pict", "object"))
_STYLES = "word/styles.xml"
_SHOWN = 20

_SAID = {
    "hidden": "有隐藏的文字",
    "white": "有白色或几乎看不见的文字",
    "tiny": "有小得看不见的文字",
    "tracked": "有没有接受或拒绝的修订",
    "chunk": "嵌入了别的文件的内容",
    "alternate": "有随程序不同而显示不同的内容",
    "drawn": "放了图片、图形或文本框，可能盖住文字",
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
        for properties in docx.tree(_STYLES).iter(w("rPr")):
            found.setdefault("style", []).extend(kind for kind in _unseen(properties))
    return found


def _in_story(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if element.tag == w("r"):
            text = "".join(one.text or "" for one in element.iter(w("t")))
            properties = element.find(w("rPr"))
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
    """How text with these properties cannot be seen."""
    if any(is_on(one) for tag in _HIDDEN if (one := properties.find(tag)) is not None):
        yield "hidden"
    colour, size = properties.find(w("color")), properties.find(w("sz"))
    if colour is not None and _is_white(colour.get(VAL) or ""):
        yield "white"
    half_points = (size.get(VAL) or "") if size is not None else ""
    if half_points.isdigit() and int(half_points) < load_thresholds().digital.docx_half_points:
        yield "tiny"


def _is_white(colour: str) -> bool:
    try:
        parts = bytes.fromhex(colour)
    except ValueError:
        return False
    return len(parts) == 3 and min(parts) >= load_thresholds().digital.docx_white


def _margins(docx: DocxFile) -> Counter[str]:
    """The words of headers, footers and notes; digits aside: programs write page numbers anew."""
    texts = (
        "".join(one.text or "" for one in story.root.iter(w("t"))) for story in docx.stories() if story.label
    )
    plain = ("".join(one for one in text if not one.isspace() and not one.isdigit()) for text in texts)
    return Counter(one for one in plain if one)
