"""One case into one form's template: the issued DOCX, and the body that layout goes on with."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from forms.definition import FormDefinition
from forms.lint.check import refuse_wrong
from forms.lint.typography import Typography
from forms.template.controls import tag_of
from forms.template.numbering import NUMBERING_PART, STYLES_PART, Numbering, write_labels
from forms.template.ooxml import SDT, SDT_PROPERTIES, TAG, VAL, Element, w, w14
from foundation.digests import sha256_of_file
from generator.bind import Bound
from generator.template.docx_package import DocxPackage
from generator.template.hanging import hang_lists
from generator.template.rendering import CompiledTemplate

_ID, _PLACEHOLDER = w("id"), w("showingPlcHdr")
#: Types of content control (CT_SdtPr), of which w:sdtPr holds at most one, after all that this module puts in.
_CONTROL_TYPES = frozenset(
    map(
        w,
        (
            "equation",
            "comboBox",
            "date",
            "docPartObj",
            "docPartList",
            "dropDownList",
            "picture",
            "richText",
            "text",
            "citation",
            "group",
            "bibliography",
        ),
    )
) | {w14("checkbox")}
#: Content-control ids are signed 32-bit and unique in a document; ours count up from here.
_FIRST_CONTROL_ID = 100_001


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """A filled document: the issued DOCX, and its body as a tree, which the layout may use up.

    In ``body`` automatic numbers and bullets are text; in ``docx`` they stay automatic.
    """

    docx: bytes
    body: Element


class FormFiller:
    """One form's template, compiled once."""

    def __init__(self, form: FormDefinition) -> None:
        """Compile the form's template; FormError with all that ``forms check`` refuses."""
        refuse_wrong(form)
        self.form = form
        self.template = CompiledTemplate.load(form.template)
        self.sha256 = sha256_of_file(form.template)
        self._numbering = _numbering(self.template.package)
        self._typography = Typography.of(_styles(self.template.package))

    @property
    def package(self) -> DocxPackage:
        """The template's package, whose unchanged parts every document shares."""
        return self.template.package

    def fill(self, bound: Bound) -> FilledDocument:
        """Render one case. Raises FormError with the place of an expression the case has no answer to."""
        rendered = self.template.render(bound.context())
        body = rendered.body
        hang_lists(body, self._typography)
        _finish_controls(body, bound)
        docx = rendered.to_bytes()
        if self._numbering is not None:
            write_labels(self._numbering, body)
        return FilledDocument(docx, body)


def label_lists(package: DocxPackage, body: Element) -> None:
    """Write the automatic numbers and bullets of a body as text, as layout needs them."""
    numbering = _numbering(package)
    if numbering is not None:
        write_labels(numbering, body)


def _numbering(package: DocxPackage) -> Numbering | None:
    """The template's lists; None where nothing can be numbered."""
    if NUMBERING_PART not in package.names:
        return None
    return Numbering(etree.fromstring(package[NUMBERING_PART]), _styles(package))


def _styles(package: DocxPackage) -> Element | None:
    return etree.fromstring(package[STYLES_PART]) if STYLES_PART in package.names else None


def _finish_controls(body: Element, bound: Bound) -> None:
    """Give controls what only the finished document knows: unique ids, ticks, and that a blank is a placeholder.

    ``w14:checked`` beside the glyph makes the box a box in Word and WPS; ``w:showingPlcHdr`` makes a click select the
    whole blank, so that typing replaces it and keeps the underline.
    """
    for number, control in enumerate(body.iter(SDT), _FIRST_CONTROL_ID):
        properties = control.find(SDT_PROPERTIES)
        tag = properties.find(TAG) if properties is not None else None
        if properties is None or tag is None:
            continue
        _set_id(properties, tag, number)
        value = bound.values.get(tag_of(control))
        checked = properties.find(f"{w14('checkbox')}/{w14('checked')}")
        if checked is not None:
            checked.set(w14("val"), "1" if value else "0")
        elif value is None:
            _show_as_placeholder(properties)


def _set_id(properties: Element, tag: Element, number: int) -> None:
    element = properties.find(_ID)
    if element is None:
        element = etree.Element(_ID)
        properties.insert(properties.index(tag) + 1, element)
    element.set(VAL, str(number))


def _show_as_placeholder(properties: Element) -> None:
    if properties.find(_PLACEHOLDER) is not None:
        return
    later = next((child for child in properties if child.tag in _CONTROL_TYPES), None)
    at = len(properties) if later is None else properties.index(later)
    properties.insert(at, etree.Element(_PLACEHOLDER))
