"""Reads content controls (内容控件, ``w:sdt``): which field each is, what it holds, where it stands.

A field keeps its id in its control's ``w:tag``. Lint reads templates here, the generator its own outputs before they
count, the extractors what comes back. It runs on every output of a batch, so it is plain iteration: some milliseconds
for a form of 114 controls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.template.docx_file import DocxFile, DocxSource
from forms.template.ooxml import SDT, SDT_CONTENT, SDT_PROPERTIES, TAG, VAL, Element, is_on, w, w14
from forms.template.text import FALLBACK, document_text
from forms.template.walker import Level, walk

_ALIAS, _PLACEHOLDER = w("alias"), w("showingPlcHdr")
_CHECKBOX, _CHECKED, _CHECKED_VAL = w14("checkbox"), w14("checked"), w14("val")

TICKED_GLYPHS = frozenset("☑☒■√✓✔⊠▣🗹✅🗸⬛◼")
OPEN_GLYPHS = frozenset("□☐◻▢")


@dataclass(frozen=True, slots=True)
class Control:
    """One content control as it stands in the document.

    ``tag`` is the field id (empty if there is none), ``alias`` the label Word shows, ``text`` what it
    holds: line breaks and paragraph ends as ``\\n``, tabs as ``\\t``, no-break and ideographic spaces kept.

    ``state``: ticked or not by ``w14:checked``; ``glyph``: by the box that is drawn; None where that is unknown.
    ``place`` is Chinese: ``表1 第3行 第2格``, ``第5段``, ``页脚``. ``level``: what the control wraps.
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
    def is_gallery(self) -> bool:
        """Whether it is one of Word's own building blocks (a page number, say), not a field."""
        element = self.element
        return element is not None and element.find(f"{SDT_PROPERTIES}/{w('docPartObj')}") is not None

    @property
    def checked(self) -> bool | None:
        """Whether the box is ticked; None if it is no box, or if that cannot be told.

        A tick typed over the box is a tick, though the control was never switched: that is how people tick in Word.
        A box drawn open in a control that is switched on, and anything else typed into it, is for a person to judge.
        """
        if not self.is_checkbox:
            return None
        if self.glyph is None:
            return None if self.text.strip() and not self.state else self.state
        return None if self.state and not self.glyph else self.glyph


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
    for block in walk(tree, label):
        if block.level is not None:
            found.append(control_of(block.element, block.place, block.level))
        else:
            found.extend(control_of(sdt, block.place, "run") for sdt in _inline_controls(block.element))
    return tuple(found)


def control_of(sdt: Element, place: str, level: Level) -> Control:
    """The control an ``w:sdt`` element stands for."""
    tag = alias = ""
    checkbox: Element | None = None
    placeholder = False
    properties = sdt.find(SDT_PROPERTIES)
    for item in properties if properties is not None else ():
        if item.tag == TAG:
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


def tag_of(sdt: Element) -> str:
    """The field id in a control's ``w:tag``; empty if it has none."""
    tag = sdt.find(f"{SDT_PROPERTIES}/{TAG}")
    return tag.get(VAL, "") if tag is not None else ""


def _inline_controls(paragraph: Element) -> Iterator[Element]:
    for sdt in paragraph.iter(SDT):
        if next(sdt.iterancestors(FALLBACK), None) is None:
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
