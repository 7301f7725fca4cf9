"""Whether a page of a PDF is a scan: one picture, with at most recognised text under it."""

from __future__ import annotations

from ctypes import POINTER, cast, create_string_buffer

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.thresholds import load_thresholds

_INVISIBLE = 3  # text render mode of recognised text
_SCALE = 0.6
#: Annotations that show nothing of their own.
_HARMLESS = frozenset({pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP})


def is_scan(pdf: pdfium.PdfDocument, source: int) -> bool:
    """Whether a page (from 1) is covered by a picture that is what a person sees of it, or is none of the file's.

    A picture that changes nothing (all transparent) makes no scan of a page with text.
    """
    if not 1 <= source <= len(pdf):
        return True
    page = pdf[source - 1]
    try:
        pictures, last, texts = _objects(page)
        if not pictures:
            return False
        if sum(layer > last for layer in texts) > load_thresholds().digital.scan_texts:
            return False  # text drawn over a background
        return not texts or _is_seen(page, pictures)
    finally:
        page.close()


def has_additions(pdf: pdfium.PdfDocument, source: int) -> bool:
    """Whether somebody put something onto a scan (page from 1) in a program: a note, a stamp, typed text, a drawing.

    What stands at the sheet's edge is left out: programs that scan print their names there.
    """
    page = pdf[source - 1]
    try:
        width, height = page.get_size()
        edge = load_thresholds().digital.scan_edge_pt

        def is_inside(left: float, bottom: float, right: float, top: float) -> bool:
            x, y = (left + right) / 2, (bottom + top) / 2
            return bool(edge <= x <= width - edge and edge <= y <= height - edge)

        for index in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)):
            note = pdfium_c.FPDFPage_GetAnnot(page.raw, index)
            kind, rect = pdfium_c.FPDFAnnot_GetSubtype(note), pdfium_c.FS_RECTF()
            pdfium_c.FPDFAnnot_GetRect(note, rect)
            shows = kind not in _HARMLESS and not (kind == pdfium_c.FPDF_ANNOT_WIDGET and _is_empty(note))
            pdfium_c.FPDFPage_CloseAnnot(note)
            if shows and is_inside(rect.left, rect.bottom, rect.right, rect.top):
                return True
        _, last, texts = _objects(page)
        over = (
            pdfium.PdfObject(pdfium_c.FPDFPage_GetObject(page.raw, at), page=page)
            for at in texts
            if at > last
        )
        return any(is_inside(*item.get_bounds()) for item in over)
    finally:
        page.close()


def _is_empty(note: object) -> bool:
    """Whether a form field draws nothing."""
    mode = pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    length = pdfium_c.FPDFAnnot_GetAP(note, mode, None, 0)
    buffer = create_string_buffer(length)
    pdfium_c.FPDFAnnot_GetAP(note, mode, cast(buffer, POINTER(pdfium_c.FPDF_WCHAR)), length)
    drawn = buffer.raw.decode("utf-16-le", "replace").strip("\0")
    return not drawn.replace("/Tx", "").replace("BMC", "").replace("EMC", "").strip()


def _objects(page: pdfium.PdfPage) -> tuple[list[int], int, list[int]]:
    """Which objects of a page are pictures that cover it, the last of them, and which are text that is drawn."""
    width, height = page.get_size()
    pictures: list[int] = []
    texts: list[int] = []
    for layer in range(pdfium_c.FPDFPage_CountObjects(page.raw)):
        item = pdfium.PdfObject(pdfium_c.FPDFPage_GetObject(page.raw, layer), page=page)
        if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            if pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw) != _INVISIBLE:
                texts.append(layer)
        elif _is_or_has_picture(item.raw):
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) > load_thresholds().digital.scan_share * width * height:
                pictures.append(layer)
    return pictures, max(pictures, default=-1), texts


def _is_or_has_picture(item: object, depth: int = 0) -> bool:
    kind = pdfium_c.FPDFPageObj_GetType(item)
    if kind != pdfium_c.FPDF_PAGEOBJ_FORM or depth > 4:
        return bool(kind == pdfium_c.FPDF_PAGEOBJ_IMAGE)
    inner = [
        pdfium_c.FPDFFormObj_GetObject(item, one)
        for one in range(min(8, pdfium_c.FPDFFormObj_CountObjects(item)))
    ]
    only_pictures = {pdfium_c.FPDFPageObj_GetType(one) for one in inner} <= {
        pdfium_c.FPDF_PAGEOBJ_IMAGE,
        pdfium_c.FPDF_PAGEOBJ_FORM,
    }
    return bool(inner) and only_pictures and any(_is_or_has_picture(one, depth + 1) for one in inner)


def _is_seen(page: pdfium.PdfPage, pictures: list[int]) -> bool:
    """Whether the page looks otherwise without its pictures; they are taken off the open page."""
    before = page.render(scale=_SCALE, may_draw_forms=False).to_numpy().astype(np.int16)
    for layer in reversed(pictures):
        pdfium_c.FPDFPage_RemoveObject(page.raw, pdfium_c.FPDFPage_GetObject(page.raw, layer))
    after = page.render(scale=_SCALE, may_draw_forms=False).to_numpy()
    return bool(np.abs(before - after).mean() > load_thresholds().digital.scan_contributes)
