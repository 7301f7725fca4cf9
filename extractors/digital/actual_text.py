"""A PDF without what it says its text stands for (``/ActualText``).

A program may write, beside what it draws, how the text is to be read aloud or copied. A person sees what is drawn, so
that is what is read here; and pdfium loses the place of text in a form field's appearance that has such a note.
"""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

_SAYS = b"/ActualText"
_SAYS_NOTHING = b"/ActualTexT"  # a key that means nothing, as long as the other
_LARGEST = 4_000_000  # bytes of a stream that is looked into: what a page or an appearance draws is far less


def without_actual_text(source: Path) -> Path | bytes:
    """The file itself where it has none, or cannot be taken apart by another library than pdfium."""
    try:
        with pikepdf.open(source) as pdf:
            cleared = [_cleared(one) for one in pdf.objects]
            if not any(cleared):
                return source
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return source


def _cleared(one: pikepdf.Object) -> bool:
    """Whether an object said what text stands for; it does not any more."""
    if isinstance(one, pikepdf.Stream):
        return _cleared_stream(one)
    return isinstance(one, pikepdf.Dictionary) and _cleared_dictionary(one)


def _cleared_stream(one: pikepdf.Stream) -> bool:
    subtype = one.get("/Subtype")
    draws = subtype == pikepdf.Name.Form or (subtype is None and "/Length1" not in one and "/N" not in one)
    if not draws or len(one.read_raw_bytes()) > _LARGEST:
        return False
    data = one.read_bytes()
    if _SAYS not in data:
        return False
    one.write(data.replace(_SAYS, _SAYS_NOTHING))
    return True


def _cleared_dictionary(one: pikepdf.Dictionary) -> bool:
    found = "/ActualText" in one
    if found:
        del one["/ActualText"]
    resources = one.get("/Resources")
    lists = resources.get("/Properties") if isinstance(resources, pikepdf.Dictionary) else None
    for inner in lists.values() if isinstance(lists, pikepdf.Dictionary) else ():
        if isinstance(inner, pikepdf.Dictionary) and "/ActualText" in inner:
            del inner["/ActualText"]
            found = True
    return found
