"""Numbered lists in table cells hang (悬挂缩进): a line that runs over goes on under its words, not under its number.

The lines of a value are parted by line breaks, and a line break has no indentation of its own. So where a field alone
in its cell's paragraph holds a numbered list, each of its lines becomes a paragraph of its own, in the same content
control around all of them: around the cell where it holds nothing else, since a cell has to end with a paragraph.
Nothing the document says is changed by it: it reads back as the same lines.

It is how the same values are printed, not what: digests do not know of it, and what is out already stays.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Final

from lxml import etree

from forms.lint.typography import Typography
from forms.template.ooxml import (
    BREAK,
    CELL,
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    SDT,
    SDT_CONTENT,
    SDT_PROPERTIES,
    SECTION,
    TEXT,
    Element,
    w,
)

_LABEL: Final = re.compile(r"\d{1,3}(?:[．、]|[.] ?)")
#: Widths of what a label is made of, in em of its type; other characters are square.
_EM: Final = {**dict.fromkeys("0123456789", 0.5), ".": 0.3, " ": 0.35}
_TWIPS_PER_POINT = 20
_INDENT, _SPACING, _NUMBERING, _PLAIN_TEXT = w("ind"), w("spacing"), w("numPr"), w("text")
#: What stands after ``w:ind`` in ``w:pPr`` (CT_PPrBase), as far as templates have it.
_AFTER_INDENT = frozenset(
    map(
        w,
        (
            "contextualSpacing",
            "mirrorIndents",
            "suppressOverlap",
            "jc",
            "textDirection",
            "textAlignment",
            "textboxTightWrap",
            "outlineLvl",
            "divId",
            "cnfStyle",
            "rPr",
            "sectPr",
            "pPrChange",
        ),
    )
)


def hang_lists(body: Element, typography: Typography) -> None:
    """Give each line of a numbered list in a cell a hanging paragraph of its own. The tree is changed in place."""
    # Of several lines is only what holds a break: few controls of a document.
    breaks = list(body.iter(BREAK))
    for control in dict.fromkeys(around for found in breaks for around in found.iterancestors(SDT)):
        paragraph = control.getparent()
        if paragraph is None or not _is_alone_in_cell(control, paragraph):
            continue
        lines = _lines(control)
        labels = [_LABEL.match(_text(line)) for line in lines]
        if len(lines) > 1 and all(labels):
            _hang(control, paragraph, lines, [_width(label[0]) for label in labels if label], typography)


def _is_alone_in_cell(control: Element, paragraph: Element) -> bool:
    parent = paragraph.getparent()
    if paragraph.tag != PARAGRAPH or parent is None or parent.tag != CELL:
        return False
    properties = paragraph.find(PARAGRAPH_PROPERTIES)
    if any(child is not properties and child is not control for child in paragraph):
        return False
    if parent[-1] is paragraph and len(parent.findall(PARAGRAPH)) > 1:
        return False  # the control would end a cell that it cannot be around
    return properties is None or all(
        properties.find(tag) is None for tag in (_INDENT, _NUMBERING, SECTION, w("pPrChange"))
    )


def _lines(control: Element) -> list[list[Element]]:
    """The runs of each line of a control's content; none where it holds anything but runs of text and breaks."""
    content = control.find(SDT_CONTENT)
    lines: list[list[Element]] = [[]]
    for run in content if content is not None else ():
        if run.tag != RUN:
            return []
        for child in run:
            if child.tag == BREAK and not child.attrib:
                lines.append([])
            elif child.tag == TEXT:
                lines[-1].append(_run_of(run, child))
            elif child.tag != RUN_PROPERTIES:
                return []
    return lines


def _run_of(run: Element, text: Element) -> Element:
    copy = etree.Element(RUN)
    properties = run.find(RUN_PROPERTIES)
    if properties is not None:
        copy.append(deepcopy(properties))
    copy.append(deepcopy(text))
    return copy


def _text(line: list[Element]) -> str:
    return "".join(text.text or "" for run in line for text in run.iterchildren(TEXT))


def _width(label: str) -> float:
    return sum(_EM.get(character, 1.0) for character in label)


def _hang(
    control: Element,
    paragraph: Element,
    lines: list[list[Element]],
    widths: list[float],
    typography: Typography,
) -> None:
    """``widths``: of the label of each line, in em."""
    content, cell = control.find(SDT_CONTENT), paragraph.getparent()
    assert content is not None and cell is not None
    size = typography.size_pt(lines[0][0], paragraph)
    hanging = [
        _paragraph(paragraph, runs, round(width * size * _TWIPS_PER_POINT))
        for runs, width in zip(lines, widths, strict=True)
    ]
    _keep_spacing_outside(hanging)
    _put_around(control, content, paragraph, cell, hanging)
    properties = control.find(SDT_PROPERTIES)
    plain = properties.find(_PLAIN_TEXT) if properties is not None else None
    if properties is not None and plain is not None:
        properties.remove(plain)  # a control for plain text holds one paragraph


def _put_around(
    control: Element, content: Element, paragraph: Element, cell: Element, hanging: list[Element]
) -> None:
    """Put a control around paragraphs in place of the one it stood in, or around their cell if that is all it holds."""
    row = cell.getparent()
    if cell[-1] is not paragraph or row is None:
        cell.replace(paragraph, control)
        content[:] = hanging
        return
    row.replace(cell, control)
    cell.remove(paragraph)
    cell.extend(hanging)
    content[:] = [cell]


def _paragraph(like: Element, runs: list[Element], indent: int) -> Element:
    """A paragraph with another's properties that holds these runs and hangs by ``indent`` (twips)."""
    paragraph = etree.Element(PARAGRAPH)
    properties = like.find(PARAGRAPH_PROPERTIES)
    properties = deepcopy(properties) if properties is not None else etree.Element(PARAGRAPH_PROPERTIES)
    before = next((child for child in properties if child.tag in _AFTER_INDENT), None)
    at = len(properties) if before is None else properties.index(before)
    properties.insert(at, etree.Element(_INDENT, {w("left"): str(indent), w("hanging"): str(indent)}))
    paragraph.append(properties)
    paragraph.extend(runs)
    return paragraph


def _keep_spacing_outside(paragraphs: list[Element]) -> None:
    """Space above and below stays that of the one paragraph there was."""
    for number, paragraph in enumerate(paragraphs):
        spacing = paragraph.find(f"{PARAGRAPH_PROPERTIES}/{_SPACING}")
        if spacing is None:
            continue
        if number and spacing.get(w("before")):
            spacing.set(w("before"), "0")
        if number < len(paragraphs) - 1 and spacing.get(w("after")):
            spacing.set(w("after"), "0")
