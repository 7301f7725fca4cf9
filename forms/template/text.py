"""The plain text of WordprocessingML: what a reader of the page sees, in reading order."""

from __future__ import annotations

from forms.template.ooxml import BREAK, CELL, MC_NAMESPACE, PARAGRAPH, ROW, TEXT, Element, w

#: For programs that cannot draw the mc:Choice before it: the same content once more.
FALLBACK = f"{{{MC_NAMESPACE}}}Fallback"
# Word and WPS also draw boxes as symbols of the Wingdings fonts; the code stands in a private-use area.
_SYMBOLS = {
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFE): "☑",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "□",
}
_CHARACTERS = {
    BREAK: "\n",
    w("cr"): "\n",
    w("tab"): "\t",
    w("ptab"): "\t",
    w("noBreakHyphen"): "\u2011",
}
_SYMBOL = w("sym")
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
    """The character a ``w:sym`` draws: a Wingdings box as Unicode has it, otherwise the character of that code."""
    font = element.get(w("font"), "").lower()
    try:
        code = int(element.get(w("char"), ""), 16)
    except ValueError:
        return ""
    return _SYMBOLS.get((font, code & 0xFF), chr(code))


def _gather(element: Element, out: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == TEXT:
            out.append(child.text or "")
        elif tag in _CHARACTERS:
            out.append(_CHARACTERS[tag])
        elif tag == _SYMBOL:
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
