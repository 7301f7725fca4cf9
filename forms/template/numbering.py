"""Automatic numbers and bullets: what Word prints before a paragraph though no text of the document says so.

A document only says which list and level a paragraph belongs to; the number follows from the paragraphs before it
(ECMA-376 Part 1, 17.9). :meth:`Numbering.labels` counts as Word does, :func:`write_labels` puts the numbers into the
text, so that what is laid out and what is checked are the same words. The issued DOCX keeps its automatic numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from forms.template.number_formats import FORMATS
from forms.template.ooxml import (
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    VAL,
    XML_SPACE,
    Element,
    is_on,
    w,
    whole_number,
)
from forms.template.text import FALLBACK, SYMBOLS

#: Run properties in the order of their schema (17.3.2.28).
_RUN_ORDER = tuple(
    w(name)
    for names in (
        ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline"),
        ("shadow", "emboss", "imprint", "noProof", "snapToGrid", "color", "spacing", "w", "kern"),
        ("position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl"),
        ("cs", "em", "lang", "eastAsianLayout"),
    )
    for name in names
)
NUMBERING_PART, STYLES_PART = "word/numbering.xml", "word/styles.xml"
NUMBER_PROPERTIES = w("numPr")
_LEVELS = 9
_PART = re.compile(r"%([1-9])")
_INDENT, _TABS, _FONTS, _STYLE = w("ind"), w("tabs"), w("rFonts"), w("pStyle")
#: Elements that come before w:ind and w:tabs in paragraph properties (17.3.1.26), for putting those in their place.
_BEFORE_TABS = (
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
)
_BEFORE_INDENT = (
    *_BEFORE_TABS,
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
)


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """One level of a list: ``format`` is ST_NumberFormat, ``text`` the pattern (``%1、``), ``suffix`` what follows it.

    ``restart``: the deepest level (from 1) whose number lets this one begin again, 0 for never; None: any above.
    ``element``: the w:lvl.
    """

    element: Element = field(compare=False, repr=False)
    format: str
    text: str
    start: int
    suffix: str
    restart: int | None
    is_legal: bool

    @property
    def refusal(self) -> str | None:
        """Why this level cannot be printed as Word prints it; None where it can."""
        if self.element.find(w("lvlPicBulletId")) is not None:
            return "项目符号是图片"
        properties = self.element.find(RUN_PROPERTIES)
        if properties is not None and is_on(properties.find(w("vanish"))):
            return "自动编号是隐藏文字"
        if self.format == "bullet":
            return None if self._bullet is not None else f"项目符号的字符（{_font(self.element)}）印不出来"
        return None if self.format in FORMATS else f"自动编号的格式（{self.format}）印不出来"

    def number(self, value: int) -> str:
        """A number in this level's format."""
        return FORMATS[self.format](value)

    @property
    def bullet(self) -> str:
        """The bullet's character, as fonts of text have it."""
        return self._bullet or ""

    @property
    def is_symbol(self) -> bool:
        """Whether its bullet is of a symbol font, whose name must not go with the character that stands for it."""
        return self.format == "bullet" and _font(self.element).lower() in SYMBOLS

    @property
    def _bullet(self) -> str | None:
        symbols = SYMBOLS.get(_font(self.element).lower())
        if symbols is None:
            return None if any("\ue000" <= one <= "\uf8ff" for one in self.text) else self.text
        shown = [symbols.get(ord(one) & 0xFF) if _is_coded(one) else None for one in self.text]
        return None if None in shown else "".join(filter(None, shown))


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed before one paragraph: ``text`` (``一、``), then its level's suffix."""

    paragraph: Element
    level: NumberLevel
    text: str
    #: Styles, from the paragraph's own to its base, that come after the numbering and override its indents.
    overriding_indents: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: its levels, whose counters they are (w:abstractNum), and where this instance begins anew."""

    counters: str
    levels: Mapping[int, NumberLevel]
    starts: Mapping[int, int]
    by_style: Mapping[str, int]


class Numbering:
    """A template's lists; empty where it has none.

    :param part: the root of ``word/numbering.xml``.
    :param styles: the root of ``word/styles.xml``: a style may number its paragraphs.
    """

    def __init__(self, part: Element | None, styles: Element | None) -> None:
        self._styles = {item.get(w("styleId"), ""): item for item in _items(styles, "style")}
        self._default_style = next(
            (
                name
                for name, item in self._styles.items()
                if item.get(w("type")) == "paragraph" and item.get(w("default")) in ("1", "true")
            ),
            "",
        )
        self._abstract = {item.get(w("abstractNumId"), ""): item for item in _items(part, "abstractNum")}
        self._instances = {item.get(w("numId"), ""): item for item in _items(part, "num")}
        self._lists = {number: self._list(item) for number, item in self._instances.items()}

    def labels(self, body: Element) -> list[Label]:
        """The labels of a part's paragraphs, in reading order. Levels that are refused have an empty one."""
        counts = _Counts()
        return [label for paragraph in _paragraphs(body) if (label := self._label(paragraph, counts))]

    def level(self, paragraph: Element) -> NumberLevel | None:
        """The level that numbers a paragraph; None where it has no number."""
        found = self._place(paragraph)
        return found[0].levels.get(found[1]) if found else None

    def _label(self, paragraph: Element, counts: _Counts) -> Label | None:
        found = self._place(paragraph)
        level = found[0].levels.get(found[1]) if found else None
        if found is None or level is None:
            return None
        counted = counts.next(found[0], found[1])
        if level.refusal is not None:
            return Label(paragraph, level, "")
        return Label(
            paragraph, level, _written(found[0], level, counted), tuple(self._later_indents(paragraph))
        )

    def _place(self, paragraph: Element) -> tuple[_List, int] | None:
        """The list and level of a paragraph: its own, or its style's."""
        own = paragraph.find(f"{PARAGRAPH_PROPERTIES}/{NUMBER_PROPERTIES}")
        number, level = _number_id(own), _level_of(own)
        for name, style in self._chain(paragraph):
            inherited = style.find(f"{PARAGRAPH_PROPERTIES}/{NUMBER_PROPERTIES}")
            if number is not None or inherited is None:
                continue
            number = _number_id(inherited)
            listed = self._lists.get(number or "")
            if level is None and listed is not None:
                level = listed.by_style.get(name, _level_of(inherited))
        found = self._lists.get(number or "")
        return None if found is None else (found, level or 0)

    def _later_indents(self, paragraph: Element) -> Iterator[Element]:
        """Indents that override the list's: of the styles from the paragraph's own to the one that numbers it."""
        if _number_id(paragraph.find(f"{PARAGRAPH_PROPERTIES}/{NUMBER_PROPERTIES}")) is not None:
            return
        for _, style in self._chain(paragraph):
            indent = style.find(f"{PARAGRAPH_PROPERTIES}/{_INDENT}")
            if indent is not None:
                yield indent
            if style.find(f"{PARAGRAPH_PROPERTIES}/{NUMBER_PROPERTIES}") is not None:
                return

    def _chain(self, paragraph: Element) -> Iterator[tuple[str, Element]]:
        named = paragraph.find(f"{PARAGRAPH_PROPERTIES}/{_STYLE}")
        name = named.get(VAL, "") if named is not None else self._default_style
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield name, self._styles[name]
            name = _value(self._styles[name], "basedOn") or ""

    def _list(self, instance: Element) -> _List:
        abstract_id = _value(instance, "abstractNumId") or ""
        abstract = self._linked(abstract_id)
        levels: dict[int, NumberLevel] = {}
        by_style: dict[str, int] = {}
        starts: dict[int, int] = {}
        own = [*abstract.iterchildren(w("lvl"))] if abstract is not None else []
        overrides = list(instance.iterchildren(w("lvlOverride")))
        for item in (*own, *(level for override in overrides for level in override.iterchildren(w("lvl")))):
            index = whole_number(item.get(w("ilvl"))) or 0
            levels[index] = _level(item)
            if style := _value(item, "pStyle"):
                by_style[style] = index
        for override in overrides:
            start = whole_number(_value(override, "startOverride"))
            if start is not None:
                starts[whole_number(override.get(w("ilvl"))) or 0] = start
        return _List(abstract_id, levels, starts, by_style)

    def _linked(self, abstract_id: str) -> Element | None:
        """A list's definition: its own levels, or those of the list style it is linked to (w:numStyleLink)."""
        abstract = self._abstract.get(abstract_id)
        style = _value(abstract, "numStyleLink") if abstract is not None else None
        if not style:
            return abstract
        linked = (item for item in self._abstract.values() if _value(item, "styleLink") == style)
        return next(linked, abstract)


class _Counts:
    """The numbers reached so far in every list."""

    def __init__(self) -> None:
        self._values: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[int, int]] = set()

    def next(self, listed: _List, level: int) -> Mapping[int, int]:
        """Count one paragraph at a level; the numbers of it and the levels above it."""
        values = self._values.setdefault(listed.counters, {})
        for index, start in listed.starts.items():
            # A new instance of a list begins at its own number the first time it is used at that level.
            if index <= level and (id(listed), index) not in self._begun:
                self._begun.add((id(listed), index))
                values[index] = start - (1 if index == level else 0)
                _forget(values, listed, index)
        for index in range(level):
            values.setdefault(index, _start(listed, index))
        values[level] = values[level] + 1 if level in values else _start(listed, level)
        _forget(values, listed, level)
        return dict(values)


def _forget(values: dict[int, int], listed: _List, level: int) -> None:
    """Let the levels below one begin again, but for those that say otherwise (w:lvlRestart)."""
    for index in range(level + 1, _LEVELS):
        deeper = listed.levels.get(index)
        restart = deeper.restart if deeper is not None else None
        if restart is None or (restart and level < restart):
            values.pop(index, None)


def write_labels(numbering: Numbering, body: Element) -> None:
    """Put every automatic number into the text before its paragraph's own, indented as its list says."""
    for label in numbering.labels(body):
        _write(label)


def _write(label: Label) -> None:
    paragraph = label.paragraph
    properties = paragraph.find(PARAGRAPH_PROPERTIES)
    if properties is None:
        properties = etree.Element(PARAGRAPH_PROPERTIES)
        paragraph.insert(0, properties)
    own = properties.find(NUMBER_PROPERTIES)
    if own is not None:
        properties.remove(own)
    _stop_style_numbering(properties)
    _indent(properties, label)
    at = paragraph.index(properties) + 1
    for offset, run in enumerate(_runs(label, properties)):
        paragraph.insert(at + offset, run)


def _stop_style_numbering(properties: Element) -> None:
    """Number 0 takes a paragraph out of its style's list (17.9.18)."""
    none = etree.Element(NUMBER_PROPERTIES)
    etree.SubElement(none, w("numId"), {VAL: "0"})
    _insert(properties, none, _BEFORE_TABS[:6])


def _indent(properties: Element, label: Label) -> None:
    listed = label.level.element.find(PARAGRAPH_PROPERTIES)
    if listed is None:
        return
    tabs, indent = listed.find(_TABS), listed.find(_INDENT)
    if tabs is not None and properties.find(_TABS) is None:
        copied = deepcopy(tabs)
        for tab in copied:
            tab.set(VAL, "left" if tab.get(VAL) == "num" else tab.get(VAL, "left"))
        _insert(properties, copied, _BEFORE_TABS)
    if indent is None:
        return
    own = properties.find(_INDENT)
    merged = deepcopy(indent)
    for later in (*reversed(label.overriding_indents), *([own] if own is not None else [])):
        _override(merged, later)
    if own is not None:
        properties.remove(own)
    _insert(properties, merged, _BEFORE_INDENT)


def _override(indent: Element, later: Element) -> None:
    """Let one indent's attributes take the place of another's; a first line and a hanging one exclude each other."""
    for one, other in (("hanging", "firstLine"), ("firstLine", "hanging")):
        if later.get(w(one)) is not None and w(other) in indent.attrib:
            del indent.attrib[w(other)]
    for name, value in later.attrib.items():
        indent.set(name, value)


def _insert(properties: Element, element: Element, before: tuple[str, ...]) -> None:
    """Put an element behind those of these names."""
    names = {w(name) for name in before}
    at = max((index + 1 for index, child in enumerate(properties) if child.tag in names), default=0)
    properties.insert(at, element)


def _runs(label: Label, properties: Element) -> Iterator[Element]:
    """The label in the type of its paragraph's end and its level, and what separates it from the text."""
    shape = _type(properties.find(RUN_PROPERTIES), label.level)
    text = etree.Element(TEXT, {XML_SPACE: "preserve"})
    text.text = label.text + (" " if label.level.suffix == "space" else "")
    if text.text:
        yield _run(shape, text)
    if label.level.suffix == "tab":
        yield _run(shape, etree.Element(w("tab")))


def _type(mark: Element | None, level: NumberLevel) -> Element | None:
    own = level.element.find(RUN_PROPERTIES)
    if mark is None and own is None:
        return None
    merged = etree.Element(RUN_PROPERTIES)
    for source in (mark, own):
        for item in source if source is not None else ():
            if source is own and item.tag == _FONTS and level.is_symbol:
                continue
            same = merged.find(item.tag)
            if same is None:
                merged.append(deepcopy(item))
            elif item.tag == _FONTS:
                same.attrib.update(item.attrib)
            else:
                merged.replace(same, deepcopy(item))
    return _ordered(merged)


def _ordered(properties: Element) -> Element:
    known = [item for item in properties if item.tag in _RUN_ORDER]
    properties[:] = sorted(known, key=lambda item: _RUN_ORDER.index(str(item.tag)))
    return properties


def _run(shape: Element | None, content: Element) -> Element:
    run = etree.Element(RUN)
    if shape is not None:
        run.append(deepcopy(shape))
    run.append(content)
    return run


def _written(listed: _List, level: NumberLevel, counted: Mapping[int, int]) -> str:
    if level.format == "bullet":
        return level.bullet

    def part(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        shown = listed.levels.get(index)
        if shown is None or index not in counted:
            return ""
        if level.is_legal and shown.format != "none":
            return str(counted[index])
        return shown.number(counted[index]) if shown.format in FORMATS else ""

    return _PART.sub(part, level.text)


def _level(item: Element) -> NumberLevel:
    start = whole_number(_value(item, "start"))
    is_custom = item.find(w("numFmt")) is None  # a custom format stands inside mc:AlternateContent
    return NumberLevel(
        element=item,
        format="custom"
        if is_custom and item.find(f".//{w('numFmt')}") is not None
        else _value(item, "numFmt") or "decimal",
        text=_value(item, "lvlText") or "",
        start=0 if start is None else start,
        suffix=_value(item, "suff") or "tab",
        restart=whole_number(_value(item, "lvlRestart")),
        is_legal=is_on(item.find(w("isLgl"))),
    )


def _start(listed: _List, index: int) -> int:
    level = listed.levels.get(index)
    return listed.starts.get(index, level.start if level is not None else 1)


def _paragraphs(body: Element) -> Iterator[Element]:
    for paragraph in body.iter(PARAGRAPH):
        if next(paragraph.iterancestors(FALLBACK), None) is None:
            yield paragraph


def _items(root: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if root is None else root.iterchildren(w(name))


def _value(parent: Element, name: str) -> str | None:
    found = parent.find(w(name))
    return found.get(VAL) if found is not None else None


def _number_id(properties: Element | None) -> str | None:
    return _value(properties, "numId") if properties is not None else None


def _level_of(properties: Element | None) -> int | None:
    return whole_number(_value(properties, "ilvl")) if properties is not None else None


def _font(level: Element) -> str:
    fonts = level.find(f"{RUN_PROPERTIES}/{_FONTS}")
    return (fonts.get(w("ascii")) or fonts.get(w("hAnsi")) or "") if fonts is not None else ""


def _is_coded(character: str) -> bool:
    """Whether a character is only a place in a symbol font: Word writes 0xF06C or 0x6C for the same sign."""
    return "\ue000" <= character <= "\uf8ff" or character < "\u0100"
