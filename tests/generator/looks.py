"""What every issued page must look like, whatever stands on it."""

from __future__ import annotations

import pikepdf
import pypdfium2
from PIL import Image

from forms.definition import FormDefinition
from forms.geometry import Box
from forms.page_mark import drawn_boxes
from generator.model import Produced

_DPI = 100
_QUIET_MM = 3.6
#: Where the 版心 ends, over the paper's lower edge: of a page that stands, of one that lies (GB/T 9704-2012).
_FOOT_MM, _FOOT_LYING_MM = 35, 26
_EDGE_MM = 5


def assert_looks_clean(produced: Produced, form: FormDefinition) -> None:
    """Where a page's marks are drawn, with the white around them, its form prints nothing: no rule, no red, no word.
    Nothing stands between the foot of its 版心 and its page number.
    """
    assert produced.pdf is not None
    with pikepdf.open(produced.pdf) as pdf:
        for page in pdf.pages:
            if form.page_marks != "none":
                del page.Contents[-1]  # the marks, drawn last
        without = produced.pdf.with_suffix(".bare.pdf")
        pdf.save(without)
    document = pypdfium2.PdfDocument(without)
    for number, page in enumerate(document, 1):
        picture = page.render(scale=_DPI / 72, grayscale=True).to_pil()
        width, height = (side * 25.4 / 72 for side in page.get_size())
        for box in drawn_boxes(form.page_marks, width, height):
            assert _is_white(picture, box.all_round(_QUIET_MM)), f"{form.id}, page {number}"
        foot = height - (_FOOT_MM if height > width else _FOOT_LYING_MM)
        assert _is_white(picture, Box(_EDGE_MM, foot + 1, width, foot + 3)), f"{form.id}, page {number}: 版心"
    document.close()
    without.unlink()


def _is_white(picture: Image.Image, box: Box) -> bool:
    sides = (round(side * _DPI / 25.4) for side in (box.x0, box.y0, box.x1, box.y1))
    return bool(picture.crop(tuple(sides)).getextrema()[0] == 255)  # type: ignore[arg-type]
