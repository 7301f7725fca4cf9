"""The plain text of WordprocessingML: what a reader of the page sees, in reading order."""

from __future__ import annotations

from collections.abc import Mapping

from forms.template.ooxml import BREAK, CELL, MC_NAMESPACE, PARAGRAPH, ROW, TEXT, Element, w

#: For programs that cannot draw the mc:Choice before it: the same content once more.
FALLBACK = f"{{{MC_NAMESPACE}}}Fallback"
#: What characters of symbol fonts show, as characters that fonts of text have too: family in small letters → low byte
#: of the code (which Word writes as 0xF06C or 0x6C) → character. Word and WPS draw boxes and bullets by them.
SYMBOLS: Mapping[str, Mapping[int, str]] = {
    "symbol": {0xB7: "•", 0xA8: "♦", 0xAE: "→", 0xD7: "·", 0x2D: "−"},
    "wingdings": {
        0x6C: "●",
        0x6D: "❍",
        0x6E: "■",
        0x6F: "□",
        0x71: "❑",
        0x72: "❒",
        0x74: "⧫",
        0x75: "◆",
        0x76: "❖",
        0x77: "◆",
        0x9E: "·",
        0x9F: "•",
        0xA1: "○",
        0xA4: "◉",
        0xA7: "▪",
        0xA8: "□",
        0xAB: "★",
        0xB2: "◇",
        0xD8: "➢",
        0xE0: "→",
        0xE8: "➔",
        0xF0: "⇨",
        0xFC: "✓",
        0xFD: "☒",
        0xFE: "☑",
    },
    "wingdings 2": {0x50: "✓", 0x52: "☑", 0xA3: "□"},
}
_CHARACTERS = {
    BREAK: "\n",
    w("cr"): "\n",
    w("tab"): "\t",
    w("ptab"): "\t",
    w("noBreakHyphen"): "\u2011",
}
SYMBOL = w("sym")
# Properties hold no text of the page (w:tab there is a tab stop); deleted and moved-away text is not on it
# either; mc:Fallback holds the same content as its mc:Choice.
_PROPERTIES = ("rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr")
_NOT_ON_THE_PAGE = ("del", "moveFrom", "instrText", "delText")
#: Elements that hold no text of the page.
WITHOUT_TEXT = frozenset({*map(w, _PROPERTIES), *map(w, _NOT_ON_THE_PAGE), FALLBACK})
# Ends of paragraphs and cells while text is being gathered; XML text can hold neither.
_PARAGRAPH_END, _CELL_END = "\x00", "\x01"


def document_text(tree: Element) -> str:
    """Plain text in reading order: a paragraph or row ends in ``\\n``, a cell in ``\\t``, the last in none.

    Field codes (``w:instrText``), deleted text and property elements are left out; field results stay.
    """
    out: list[str] = []
    _gather(tree, out)
    text = "".join(out)
    if text.endswith((_PARAGRAPH_END, _CELL_END)):
        text = text[:-1]
    return text.replace(_PARAGRAPH_END, "\n").replace(_CELL_END, "\t")


def symbol_text(element: Element) -> str:
    """The character a ``w:sym`` draws: one of a symbol font as Unicode has it, otherwise the character of that code."""
    try:
        code = int(element.get(w("char"), ""), 16)
    except ValueError:
        return ""
    return SYMBOLS.get(element.get(w("font"), "").lower(), {}).get(code & 0xFF, chr(code))


def _gather(element: Element, out: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == TEXT:
            out.append(child.text or "")
        elif tag in _CHARACTERS:
            out.append(_CHARACTERS[tag])
        elif tag == SYMBOL:
            out.append(symbol_text(child))
        elif tag not in WITHOUT_TEXT:
            _gather(child, out)
            _close(tag, out)


def _close(tag: str, out: list[str]) -> None:
    if tag == PARAGRAPH:
        out.append(_PARAGRAPH_END)
    elif tag == CELL:
        _replace_end(out, _PARAGRAPH_END, _CELL_END)
    elif tag == ROW:
        _replace_end(out, _CELL_END, _PARAGRAPH_END)


def _replace_end(out: list[str], old: str, new: str) -> None:
    if out and out[-1] == old:
        out[-1] = new
    else:
        out.append(new)
