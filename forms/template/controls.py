"""Reads content controls (内容控件, ``w:sdt``) and plain text from WordprocessingML: the one place that does.

A field keeps its id in its control's ``w:tag``. Lint reads templates here, the generator its own outputs
before they count, the extractors what comes back. It runs on every output of a batch, so it is plain
iteration: some milliseconds for a form of 114 controls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.template.docx_file import DocxFile, DocxSource
from forms.template.ooxml import MC_NAMESPACE, VAL, Element, is_on, w, w14
from forms.template.reading_order import CELL, PARAGRAPH, ROW, SDT, SDT_CONTENT, Level, spots_in

SDT_PROPERTIES = w("sdtPr")
_TAG, _ALIAS, _PLACEHOLDER = w("tag"), w("alias"), w("showingPlcHdr")
_CHECKBOX, _CHECKED, _CHECKED_VAL = w14("checkbox"), w14("checked"), w14("val")
_FALLBACK = f"{{{MC_NAMESPACE}}}Fallback"

TICKED_GLYPHS = frozenset("☑☒■√✓✔⊠▣🗹")
OPEN_GLYPHS = frozenset("□☐◻▢")

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
    w("br"): "\n",
    w("cr"): "\n",
    w("tab"): "\t",
    w("ptab"): "\t",
    w("noBreakHyphen"): "\u2011",
}
_TEXT, _SYMBOL = w("t"), w("sym")
# Properties hold no text of the page (w:tab there is a tab stop); deleted and moved-away text is not on it
# either; mc:Fallback says the same as its mc:Choice a second time.
_PROPERTIES = ("rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr")
_NOT_ON_THE_PAGE = ("del", "moveFrom", "instrText", "delText")
SKIPPED = frozenset({*map(w, _PROPERTIES), *map(w, _NOT_ON_THE_PAGE), _FALLBACK})
# Ends of paragraphs and cells while text is being gathered; XML text can hold neither.
_PARAGRAPH_END, _CELL_END = "\x00", "\x01"


@dataclass(frozen=True, slots=True)
class Control:
    """One content control as it stands in the document.

    ``tag`` is the field id (empty if there is none), ``alias`` the label Word shows, ``text`` what it
    holds: line breaks and paragraph ends as ``\\n``, tabs as ``\\t``, no-break and ideographic spaces kept.

    ``state`` is what ``w14:checked`` says, ``glyph`` what the drawn box says; both None where it says
    nothing. ``place`` is Chinese: ``表1 第3行 第2格``, ``第5段``, ``页脚``. ``level`` tells what the
    control wraps.
    """

    tag: str
    alias: str
    text: str
    is_checkbox: bool
    state: bool | None
    glyph: bool | None
    is_placeholder: bool
    place: str
    level: Level
    element: Element | None = field(default=None, compare=False, repr=False)

    @property
    def checked(self) -> bool | None:
        """Whether the box is ticked; None if it is no box, or if state and glyph contradict each other."""
        if not self.is_checkbox:
            return None
        if self.glyph is None or self.state is None or self.glyph == self.state:
            return self.state if self.glyph is None else self.glyph
        return None


def read_controls(source: DocxSource, name: str = "") -> tuple[Control, ...]:
    """All content controls of a DOCX: body first, then headers, footers and notes; outer before inner.

    :param source: a path, or the file's bytes.
    :param name: how problems call the file.
    :raises UnreadableError: the file cannot be read as a DOCX.
    """
    with DocxFile(source, name) as docx:
        return tuple(control for story in docx.stories() for control in controls_in(story.root, story.label))


def controls_in(tree: Element, label: str = "") -> tuple[Control, ...]:
    """The content controls under an element (a whole part, or any container of blocks), in document order.

    :param label: what to call the part in each place: ``页脚``; empty for the body.
    """
    found: list[Control] = []
    for spot in spots_in(tree, label):
        if spot.level is not None:
            found.append(control_of(spot.element, spot.place, spot.level))
        else:
            found.extend(control_of(sdt, spot.place, "run") for sdt in _inline_controls(spot.element))
    return tuple(found)


def control_of(sdt: Element, place: str, level: Level) -> Control:
    """The control an ``w:sdt`` element stands for."""
    tag = alias = ""
    checkbox: Element | None = None
    placeholder = False
    properties = sdt.find(SDT_PROPERTIES)
    for item in properties if properties is not None else ():
        if item.tag == _TAG:
            tag = item.get(VAL, "")
        elif item.tag == _ALIAS:
            alias = item.get(VAL, "")
        elif item.tag == _PLACEHOLDER:
            placeholder = is_on(item)
        elif item.tag == _CHECKBOX:
            checkbox = item
    content = sdt.find(SDT_CONTENT)
    text = document_text(content) if content is not None else ""
    return Control(
        tag=tag,
        alias=alias,
        text=text,
        is_checkbox=checkbox is not None,
        state=_state(checkbox),
        glyph=_glyph(text) if checkbox is not None else None,
        is_placeholder=placeholder,
        place=place,
        level=level,
        element=sdt,
    )


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


def _gather(element: Element, out: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == _TEXT:
            out.append(child.text or "")
        elif tag in _CHARACTERS:
            out.append(_CHARACTERS[tag])
        elif tag == _SYMBOL:
            out.append(symbol_text(child))
        elif tag not in SKIPPED:
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


def symbol_text(element: Element) -> str:
    """The character a ``w:sym`` draws: a Wingdings box as its Unicode twin, otherwise the code itself."""
    font = element.get(w("font"), "").lower()
    try:
        code = int(element.get(w("char"), ""), 16)
    except ValueError:
        return ""
    return _SYMBOLS.get((font, code & 0xFF), chr(code))


def _inline_controls(paragraph: Element) -> Iterator[Element]:
    for sdt in paragraph.iter(SDT):
        if next(sdt.iterancestors(_FALLBACK), None) is None:
            yield sdt


def _state(checkbox: Element | None) -> bool | None:
    if checkbox is None:
        return None
    checked = checkbox.find(_CHECKED)
    value = "0" if checked is None else checked.get(_CHECKED_VAL, "1")
    return {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}.get(value)


def _glyph(text: str) -> bool | None:
    if any(character in TICKED_GLYPHS for character in text):
        return True
    return False if any(character in OPEN_GLYPHS for character in text) else None
