"""What a person types into a form field or content control, and an issued DOCX edited so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from lxml import etree

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from simulator.filling.planning import PlannedEntry, ReturnPlan

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"


def typed_value(item: PlannedEntry) -> str:
    """What a person types into a field (``/Yes`` for a ticked box); empty for a blank and for a signature field."""
    if not item.methods or item.area.kind == FieldKind.SIGNATURE:
        return ""
    if item.area.kind == FieldKind.CHECKBOX:
        return "/Yes"
    if item.day is not None:
        return f"{item.day.year}年{item.day.month}月{item.day.day}日"
    return item.text


def edited(
    document: IssuedDocument, plan: ReturnPlan, change: Callable[[etree._Element], None] = lambda root: None
) -> bytes:
    """The issued DOCX with its content controls filled as planned, its body then changed by ``change``."""
    out = io.BytesIO()
    with zipfile.ZipFile(document.docx) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == _BODY:
                root = etree.fromstring(data)
                _write_controls(root, plan)
                change(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(name, data)
    return out.getvalue()


def _write_controls(root: etree._Element, plan: Mapping[str, PlannedEntry]) -> None:
    for control in root.iter(f"{W}sdt"):
        item = plan.get(tag(control) or "")
        if item is None or not (text := typed_value(item)):
            continue
        properties = control.find(f"{W}sdtPr")
        hint = None if properties is None else properties.find(f"{W}showingPlcHdr")
        if properties is not None and hint is not None:
            properties.remove(hint)
        if text == "/Yes":
            _tick(control)
        else:
            _set_text(control, text)


def _set_text(control: etree._Element, text: str) -> None:
    """The first run gets the text, the others become empty."""
    first, *others = control.iter(f"{W}t")
    first.text = text
    for node in others:
        node.text = ""


def _tick(control: etree._Element) -> None:
    for node in control.iter():
        if etree.QName(node).localname == "checked":
            for key in node.attrib:
                node.set(key, "1")
    for node in control.iter(f"{W}t"):
        node.text = (node.text or "").replace("□", "☑").replace("☐", "☑")


def tag(control: etree._Element) -> str | None:
    """The field id of a content control."""
    node = control.find(f"{W}sdtPr/{W}tag")
    return None if node is None else node.get(f"{W}val")
