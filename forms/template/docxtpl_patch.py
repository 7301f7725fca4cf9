"""docxtpl's mending of Word's XML: what its template language makes of a part before Jinja sees it."""

from __future__ import annotations

from docxtpl import DocxTemplate

# patch_xml uses nothing of its object; one made of a file would parse that file.
_DOCXTPL = DocxTemplate(None)


def patch(xml: str) -> str:
    """A part's XML as Jinja source: tags joined over runs, ``{%tr`` and its kin, colspan, cellbg, vm, hm, and straight
    quotes.
    """
    return str(_DOCXTPL.patch_xml(xml))
