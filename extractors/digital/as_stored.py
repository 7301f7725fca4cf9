"""A PDF as what is stored in it draws it, without what says something else beside it.

A program may write, beside what it draws, how the text is to be read aloud or copied (``/ActualText``). A person sees
what is drawn, so that is what is read here; and pdfium loses the place of text in a form field's appearance that has
such a note. A form may also ask viewers to draw its fields anew (``/NeedAppearances``): those that have an appearance
with text are read as they are stored, since not every program does as it is asked.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf

_SAYS = b"/ActualText"
_SAYS_NOTHING = b"/ActualTexT"  # a key that means nothing, as long as the other
#: What writes text in a content stream.
WRITES = re.compile(rb"\bT[jJ]\b|['\"]\s")
_LARGEST = 4_000_000  # bytes of a stream that is looked into: what a page or an appearance draws is far less


def as_stored(source: Path) -> Path | bytes:
    """The file itself where it has none, or cannot be taken apart by another library than pdfium."""
    try:
        with pikepdf.open(source) as pdf:
            changed = [_cleared(one) for one in pdf.objects]
            changed.append(_settled(pdf))
            if not any(changed):
                return source
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return source


def _settled(pdf: pikepdf.Pdf) -> bool:
    """Whether the form asked to be drawn anew; only its fields that write nothing are left to be."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/NeedAppearances" not in form:
        return False
    wanted = form["/NeedAppearances"] == True  # noqa: E712  # any object may stand there
    del form["/NeedAppearances"]
    for one in pdf.objects if wanted else ():
        if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == pikepdf.Name.Widget:
            drawn = one.AP.get("/N") if isinstance(one.get("/AP"), pikepdf.Dictionary) else None
            if isinstance(drawn, pikepdf.Stream) and not WRITES.search(drawn.read_bytes()):
                del one["/AP"]
    return True


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
