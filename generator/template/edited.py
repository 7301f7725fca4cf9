"""A document that staff edited after it was filled, to be issued as it is: its DOCX, and the body for layout."""

from __future__ import annotations

from lxml import etree

from forms.definition import FormDefinition
from generator.bind import Bound
from generator.template.docx_package import DocxPackage
from generator.template.fill import FilledDocument, label_lists


class EditedDocument:
    """One edited DOCX in the place of a form's template: there is nothing left to fill in."""

    def __init__(self, form: FormDefinition, docx: bytes, where: str) -> None:
        """``where``: how problems name it. FormError: it is no plain Word document."""
        self.form = form
        self.package = DocxPackage.read(docx, where)
        self._docx = docx

    def fill(self, _: Bound) -> FilledDocument:
        """The document as it was edited."""
        body = etree.fromstring(self.package[self.package.main_part])[0]
        label_lists(self.package, body)
        return FilledDocument(self._docx, body)
