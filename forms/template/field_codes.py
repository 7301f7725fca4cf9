"""Word's own fields (域): text that Word writes by itself, such as the page's number (ECMA-376 Part 1, 17.16)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from lxml import etree

from forms.template.ooxml import RUN, TEXT, Element, w

SIMPLE_FIELD = w("fldSimple")
_MARK, _MARK_TYPE, _INSTRUCTION = w("fldChar"), w("fldCharType"), w("instrText")
#: The document's page count; a document of one section counts its pages the same.
PAGE_COUNTS = frozenset({"NUMPAGES", "SECTIONPAGES"})


@dataclass(slots=True)
class FieldCode:
    """One field: its instruction (``PAGE \\* MERGEFORMAT``), the element it begins with, the runs of its result.

    ``marks``: the runs of a field that is made of several, besides its result.
    """

    element: Element
    instruction: str = ""
    has_result: bool = False
    results: list[Element] = field(default_factory=list)
    marks: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The field's name in capitals; empty for a field without an instruction."""
        words = self.instruction.split(maxsplit=1)
        return words[0].upper() if words else ""

    @property
    def switches(self) -> str:
        """What follows the name."""
        return self.instruction.strip()[len(self.name) :]


def field_codes(root: Element) -> list[FieldCode]:
    """The fields of a part, in the order they begin; inner ones after the ones around them."""
    found: list[FieldCode] = []
    opened: list[FieldCode] = []
    for element in root.iter(SIMPLE_FIELD, RUN):
        if element.tag == SIMPLE_FIELD:
            runs = list(element.iterchildren(RUN))
            found.append(FieldCode(element, element.get(w("instr"), ""), has_result=True, results=runs))
        else:
            _read_run(element, opened, found)
    return found


def _read_run(run: Element, opened: list[FieldCode], found: list[FieldCode]) -> None:
    """Read on in the fields that are open before a run. Word writes each mark in a run of its own, others do not."""
    is_mark = False
    for element in run.iterchildren(_MARK, _INSTRUCTION):
        is_mark = True
        kind = element.get(_MARK_TYPE)
        if kind == "begin":
            opened.append(FieldCode(element))
            found.append(opened[-1])
        if opened:
            opened[-1].marks.append(run)
            if element.tag == _INSTRUCTION and not opened[-1].has_result:
                opened[-1].instruction += element.text or ""
            opened[-1].has_result |= kind == "separate"
        if kind == "end" and opened:
            opened.pop()
    if not is_mark and opened and opened[-1].has_result:
        opened[-1].results.append(run)


def write_results(root: Element, names: Collection[str], text: str) -> None:
    """Put a fixed text in the place of every field of these names, in the type of its result."""
    for code in field_codes(root):
        if code.name not in names:
            continue
        runs = code.results or code.marks[:1]
        parent = code.element.getparent()
        if not runs or parent is None:
            continue
        first = runs[0]
        shape = first.find(w("rPr"))
        first[:] = [] if shape is None else [shape]
        etree.SubElement(first, TEXT).text = text
        for run in (*code.results, *code.marks):
            owner = run.getparent()
            if run is not first and owner is not None:
                owner.remove(run)
        if code.element.tag == SIMPLE_FIELD:
            parent.replace(code.element, first)
