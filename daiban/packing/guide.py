"""签署指引, the packet's first pages: a form of its own, laid out like every other, its pictures drawn in afterwards.

It is not an issue, has no form field and need not be sent back. Its page marks say that it is a guide, so that it is
known for what it is when a packet comes back whole.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image

from daiban.access_codes import NewAccessCode
from daiban.documents.document_data import DocumentData
from daiban.packing.pictures import page_picture
from daiban.packing.todos import PacketForm, PageTodos
from forms.definition import FormDefinition
from forms.definition_file import read_form
from forms.geometry import MM_PER_PT, Box
from forms.page_mark import GUIDE_NUMBER
from foundation.errors import ToolMissingError
from generator.bind import bind
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.model import Failed, Order, Produced
from generator.output.qr_code import QUIET_MODULES, QrCode

_FOLDER = Path(__file__).with_name("guide")
_AROUND_MM = 1.5  # between a picture and its cell's rules
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_KEEP = "不用签署，请留存"
_OTHERS = "其余空白由代办机构填写"


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """Until when and where to an enterprise brings papers back, and the day its packet is made.

    ``due`` None, ``address`` empty: the guide names none. ``code``: for the page, where the office has one.
    """

    today: dt.date
    due: dt.date | None
    address: str
    code: NewAccessCode | None = None


@cache
def guide_form() -> FormDefinition:
    """The guide's own definition."""
    return read_form(_FOLDER)


def make_guide(
    data: DocumentData,
    forms: Sequence[PacketForm],
    terms: ReturnTerms,
    root: Path,
    settings: GeneratorSettings,
    staging: Path,
) -> Path:
    """The guide as a staged PDF, with a short covering letter. ``data``: of the case; ``root``: the workspace.

    :raises ToolMissingError, ToolFailedError, UnreadableError: LibreOffice, or an issued PDF.
    """
    rows = [(form, page) for form in forms for page in form.pages or (PageTodos(1, (), False),)]
    tree = data.field_tree()
    agency = tree.get("agency")
    guide = {
        "sender": agency.get("name") if isinstance(agency, Mapping) else None,
        "date": terms.today,
        "due": terms.due if any(form.pages for form in forms) else None,
        "address": terms.address or None,
        "pages": [_row(form, page) for form, page in rows],
        "entrance": terms.code.address.partition("#")[0] if terms.code else None,
        "code": terms.code.letters if terms.code else None,
        "code_until": terms.code.expires_at.astimezone().date() if terms.code else None,
        "code_picture": None,
    }
    bound = bind({**tree, "guide": guide}, guide_form())
    produced = _laid_out(Order(GUIDE_NUMBER, bound), settings, staging)
    pictures = [_picture(form, page, root) for form, page in rows]
    _draw(produced, pictures, terms.code)
    assert produced.pdf is not None
    return produced.pdf


def _row(form: PacketForm, page: PageTodos) -> dict[str, str | None]:
    todos = [f"{_numeral(todo.number)} {todo.text}" for todo in page.todos] or [_KEEP]
    return {
        "form": form.form.title,
        "page": f"第{page.page}页，共{form.record.pages}页" if page.todos else f"共{form.record.pages}页",
        "issue": form.record.number,
        "picture": None,
        "todos": "\n".join([*todos, *([_OTHERS] if page.others and page.todos else [])]),
    }


def _numeral(number: int) -> str:
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else f"({number})"


def _laid_out(order: Order, settings: GeneratorSettings, staging: Path) -> Produced:
    with DocumentGenerator(settings) as generator:
        (result,) = generator.run([order], staging)
    if isinstance(result, Failed):
        raise result.error()
    if result.pdf is None:
        raise ToolMissingError(*result.problems)
    return result


def _picture(form: PacketForm, page: PageTodos, root: Path) -> bytes:
    assert form.record.pdf is not None
    return page_picture(root / form.record.pdf, page.page, page.todos)


def _draw(guide: Produced, pictures: Sequence[bytes], code: NewAccessCode | None) -> None:
    """Put each picture into the cell that was left open for it, and the page's address as a QR code into its own."""
    assert guide.pdf is not None
    cells = {area.id: area for area in guide.areas}
    with pikepdf.open(guide.pdf, allow_overwriting_input=True) as pdf:
        for number, picture in enumerate(pictures):
            cell = cells[f"guide.pages.{number}.picture"]
            _place(pdf, pdf.pages[cell.page - 1], cell.box, picture)
        if code is not None:
            cell = cells["guide.code_picture"]
            _place_code(pdf.pages[cell.page - 1], cell.box, code.address)
        for page in pdf.pages:
            _drop(page.obj, "/Annots")
        _drop(pdf.Root, "/AcroForm")
        pdf.save(guide.pdf, deterministic_id=True)


def _drop(dictionary: pikepdf.Object, key: str) -> None:
    if key in dictionary:
        del dictionary[key]


def _place_code(page: pikepdf.Page, cell: Box, address: str) -> None:
    code = QrCode.of(address, "M")
    side = min(cell.width, cell.height) - 2 * _AROUND_MM
    side *= code.size / (code.size + 2 * QUIET_MODULES)
    x, y = cell.centre
    box = Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    height_mm = float(page.mediabox[3]) * MM_PER_PT
    page.contents_add(f"q 0 g {code.content(box, height_mm)} Q".encode("ascii"))


def _place(pdf: pikepdf.Pdf, page: pikepdf.Page, cell: Box, picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
    room = cell.all_round(-_AROUND_MM)
    scale = min(room.width / width, room.height / height)
    x, y = room.centre
    box = Box(x - width * scale / 2, y - height * scale / 2, x + width * scale / 2, y + height * scale / 2)
    left, bottom, right, top = box.to_pdf(float(page.mediabox[3]))
    stream = pikepdf.Stream(
        pdf,
        picture,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    name = page.add_resource(stream, pikepdf.Name.XObject)
    content = f"q {right - left:.3f} 0 0 {top - bottom:.3f} {left:.3f} {bottom:.3f} cm {name} Do Q"
    page.contents_add(content.encode("ascii"))
