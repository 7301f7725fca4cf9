"""Ways to make a PDF say one thing and show another, each on an issued and filled one; what is right is with its
test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

Spoil = Callable[[pikepdf.Pdf, str], None]


def _helvetica(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))


def spoilt(source: Path, target: Path, spoil: Spoil, field: str) -> Path:
    """A copy of a PDF with one thing done to it, at a field."""
    with pikepdf.open(source) as pdf:
        spoil(pdf, field)
        pdf.save(target)
    return target


def widget(pdf: pikepdf.Pdf, field: str) -> tuple[pikepdf.Page, pikepdf.Object]:
    """A form field as it is drawn, and its page."""
    for page in pdf.pages:
        for one in page.obj.get("/Annots", Array()):
            if _name(one) == field:
                return page, one
    raise LookupError(field)


def _name(one: pikepdf.Object) -> str:
    names = []
    while one is not None:
        if "/T" in one:
            names.append(str(one.T))
        one = one.get("/Parent")
    return ".".join(reversed(names))


def drawn(pdf: pikepdf.Pdf, field: str, operators: str) -> None:
    """Operators added to a page's content; ``{x0}`` … ``{y1}`` are the field's rectangle, /Q is a font."""
    page, one = widget(pdf, field)
    x0, y0, x1, y1 = (float(side) for side in one.Rect)
    page.add_resource(_helvetica(pdf), Name.Font, Name.Q)
    page.contents_add(f"q {operators.format(x0=x0, y0=y0, x1=x1, y1=y1, w=x1 - x0, h=y1 - y0)} Q".encode())


def appearance(pdf: pikepdf.Pdf, field: str, operators: str) -> None:
    """A field's appearance replaced."""
    _, one = widget(pdf, field)
    x0, y0, x1, y1 = (float(side) for side in one.Rect)
    stream = Stream(pdf, f"/Tx BMC q {operators} Q EMC".encode())
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, x1 - x0, y1 - y0])
    stream.Resources = Dictionary(Font=Dictionary(Q=_helvetica(pdf)))
    one.AP = Dictionary(N=pdf.make_indirect(stream))


def _emptied(pdf: pikepdf.Pdf, field: str) -> None:
    """The value and what draws it are gone, for others to be put there."""
    _, one = widget(pdf, field)
    del one.V
    appearance(pdf, field, "")


# -- values and appearances ------------------------------------------------------------------------------


def no_appearance(pdf: pikepdf.Pdf, field: str) -> None:
    """The value stands in the file and nothing draws it."""
    del widget(pdf, field)[1].AP


def empty_appearance(pdf: pikepdf.Pdf, field: str) -> None:
    """The value is drawn by an appearance that draws nothing."""
    appearance(pdf, field, "")


def no_value(pdf: pikepdf.Pdf, field: str) -> None:
    """An appearance without a value."""
    del widget(pdf, field)[1].V


def another_year(pdf: pikepdf.Pdf, field: str) -> None:
    """1999 is seen where the value says 2026."""
    appearance(pdf, field, "BT /Q 10 Tf 2 4 Td (1999-08-29) Tj ET")


def another_year_to_be_redrawn(pdf: pikepdf.Pdf, field: str) -> None:
    """The same, and viewers are asked to draw the value: some do, some do not."""
    another_year(pdf, field)
    pdf.Root.AcroForm.NeedAppearances = True


def read_aloud(pdf: pikepdf.Pdf, field: str) -> None:
    """1999 is seen, and the file says that it stands for 2026."""
    appearance(
        pdf, field, "/Span << /ActualText (2026-08-29) >> BDC BT /Q 10 Tf 2 4 Td (1999-08-29) Tj ET EMC"
    )


def _flag(flag: int) -> Spoil:
    def spoil(pdf: pikepdf.Pdf, field: str) -> None:
        widget(pdf, field)[1].F = flag

    return spoil


def off_the_page(pdf: pikepdf.Pdf, field: str) -> None:
    """The field is drawn beside the sheet."""
    _, one = widget(pdf, field)
    one.Rect = Array([float(side) + 2000 for side in one.Rect])


def _typed(operators: str) -> Spoil:
    def spoil(pdf: pikepdf.Pdf, field: str) -> None:
        appearance(pdf, field, operators)

    return spoil


def covered(pdf: pikepdf.Pdf, field: str) -> None:
    """An annotation in white lies over the field."""
    page, one = widget(pdf, field)
    _noted(pdf, page, one, "1 1 1 rg 0 0 {w} {h} re f", Name.Square)


def noise_over(pdf: pikepdf.Pdf, field: str) -> None:
    """A picture of noise lies over the field."""
    page, one = widget(pdf, field)
    picture = noise(pdf)
    _noted(pdf, page, one, "q {w} 0 0 {h} 0 0 cm /P Do Q", Name.Stamp, picture)


def noise(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A picture that shows nothing."""
    data = bytes((number * 7919 + number * number * 31) % 256 for number in range(64 * 64))
    picture = Stream(pdf, data)
    picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 64, 64
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
    return pdf.make_indirect(picture)


def pasted_seal(pdf: pikepdf.Pdf, field: str) -> None:
    """A red picture in a signing place, as page content."""
    page, _ = widget(pdf, field)
    page.add_resource(_seal(pdf), Name.XObject, Name.Seal)
    drawn(pdf, field, "{w} 0 0 {h} {x0} {y0} cm /Seal Do")


def stamped_seal(pdf: pikepdf.Pdf, field: str) -> None:
    """The same as a stamp of a viewer's."""
    page, one = widget(pdf, field)
    _noted(pdf, page, one, "q {w} 0 0 {h} 0 0 cm /P Do Q", Name.Stamp, _seal(pdf))


def _seal(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A red ring on white, 60 × 60 pixels."""
    ring = (20 < (((x - 30) ** 2 + (y - 30) ** 2) ** 0.5) < 28 for y in range(60) for x in range(60))
    picture = Stream(pdf, b"".join(b"\xd0\x10\x10" if one else b"\xff\xff\xff" for one in ring))
    picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 60, 60
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceRGB, 8
    return pdf.make_indirect(picture)


def _noted(
    pdf: pikepdf.Pdf,
    page: pikepdf.Page,
    one: pikepdf.Object,
    operators: str,
    subtype: pikepdf.Name,
    picture: pikepdf.Object | None = None,
) -> pikepdf.Object:
    x0, y0, x1, y1 = (float(side) for side in one.Rect)
    stream = Stream(pdf, operators.format(w=x1 - x0, h=y1 - y0).encode())
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, x1 - x0, y1 - y0])
    stream.Resources = Dictionary(Font=Dictionary(Q=_helvetica(pdf)))
    if picture is not None:
        stream.Resources.XObject = Dictionary(P=picture)
    note = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=subtype,
            Rect=Array([x0, y0, x1, y1]),
            F=4,
            AP=Dictionary(N=pdf.make_indirect(stream)),
        )
    )
    page.obj.Annots.append(note)
    return note


def _in_layer(**usage: str) -> Spoil:
    """The field's value, written into the page by a layer that is off on the screen, or in print."""

    def spoil(pdf: pikepdf.Pdf, field: str) -> None:
        _emptied(pdf, field)
        group = _layer(pdf, field, **usage)
        page, _ = widget(pdf, field)
        page.add_resource(group, Name.Properties, Name.L)
        drawn(pdf, field, "/OC /L BDC BT /Q 10 Tf {x0} {y0} Td 2 4 Td (2026-08-29) Tj ET EMC")

    return spoil


def _layer(pdf: pikepdf.Pdf, field: str, *, screen: str = "ON", printed: str = "ON") -> pikepdf.Object:
    usage = Dictionary(
        View=Dictionary(ViewState=Name(f"/{screen}")), Print=Dictionary(PrintState=Name(f"/{printed}"))
    )
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x"), Usage=usage))
    off = Array([group]) if screen == "OFF" else Array()
    events = Array(
        [
            Dictionary(Event=Name(f"/{event}"), OCGs=Array([group]), Category=Array([Name(f"/{event}")]))
            for event in ("View", "Print")
        ]
    )
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(Order=Array([group]), OFF=off, AS=events)
    )
    return group


def field_in_layer(pdf: pikepdf.Pdf, field: str) -> None:
    """The form field itself belongs to a layer that is off."""
    _, one = widget(pdf, field)
    one.OC = _layer(pdf, field, screen="OFF", printed="OFF")


def hidden_text(pdf: pikepdf.Pdf, field: str) -> None:
    """The value is invisible text of the page, in an empty field."""
    _emptied(pdf, field)
    drawn(pdf, field, "BT 3 Tr /Q 10 Tf {x0} {y0} Td 2 4 Td (2026-08-29) Tj ET")


# -- the page as a whole ---------------------------------------------------------------------------------


def white_page(pdf: pikepdf.Pdf, field: str) -> None:
    """White over all print but the page marks at the corners."""
    page, _ = widget(pdf, field)
    page.contents_add(b"q 1 1 1 rg 60 250 480 480 re f Q")


def noisy_page(pdf: pikepdf.Pdf, field: str) -> None:
    """A picture of noise over all print but the page marks at the corners."""
    page, _ = widget(pdf, field)
    page.add_resource(noise(pdf), Name.XObject, Name.Noise)
    page.contents_add(b"q 480 0 0 480 60 250 cm /Noise Do Q")


def see_through(pdf: pikepdf.Pdf, field: str) -> None:
    """A picture that is transparent all over makes the page look like a scan, over a typed name."""
    page, _ = widget(pdf, field)
    mask = Stream(pdf, b"\0")
    mask.Type, mask.Subtype, mask.Width, mask.Height = Name.XObject, Name.Image, 1, 1
    mask.ColorSpace, mask.BitsPerComponent = Name.DeviceGray, 8
    picture = Stream(pdf, b"\xff")
    picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 1, 1
    picture.ColorSpace, picture.BitsPerComponent, picture.SMask = Name.DeviceGray, 8, pdf.make_indirect(mask)
    page.add_resource(pdf.make_indirect(picture), Name.XObject, Name.Veil)
    page.contents_add(b"q 595 0 0 842 0 0 cm /Veil Do Q")
    no_appearance(pdf, field)


def lying_font(pdf: pikepdf.Pdf, field: str) -> None:
    """Two digits of a code change places in what is drawn; the font says that they have not."""
    page = pdf.pages[0]
    fonts = page.obj.Resources.Font
    font = ""
    out: list[tuple[list[object], pikepdf.Operator]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        given = list(operands)
        if str(operator) == "Tf":
            font = str(given[0])
        if str(operator) == "TJ" and "/Liar" not in fonts:
            codes = _codes(fonts[font])
            used = [one for part in given[0] if isinstance(part, String) for one in bytes(part)]
            digits = [one for one in dict.fromkeys(used) if codes.get(one, "").isdigit()]
            if len(digits) > 1:
                one, other = digits[:2]
                fonts.Liar = _liar(pdf, fonts[font], one, other)
                table = bytes.maketrans(bytes([one, other]), bytes([other, one]))
                swapped = [
                    String(bytes(x).translate(table)) if isinstance(x, String) else x for x in given[0]
                ]
                size = next(list(item[0])[1] for item in reversed(out) if str(item[1]) == "Tf")
                out.append(([Name.Liar, size], pikepdf.Operator("Tf")))
                given = [Array(swapped)]
        out.append((given, operator))
    assert "/Liar" in fonts
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(out))


def _codes(font: pikepdf.Object) -> dict[int, str]:
    """Code of a simple font → the character it says it is."""
    pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>", font.ToUnicode.read_bytes())
    return {int(code, 16): chr(int(character, 16)) for code, character in pairs}


def _liar(pdf: pikepdf.Pdf, font: pikepdf.Object, one: int, other: int) -> pikepdf.Object:
    """The same font, that says of two codes that each is the other."""
    liar = pdf.make_indirect(Dictionary(dict(font)))
    said = font.ToUnicode.read_bytes()
    for code, true in ((one, _codes(font)[other]), (other, _codes(font)[one])):
        said = re.sub(rb"<%02X> <[0-9A-F]{4}>" % code, b"<%02X> <%04X>" % (code, ord(true)), said)
    liar.ToUnicode = pdf.make_stream(said)
    return liar


SPOILS: dict[str, Spoil] = {
    "value without appearance": no_appearance,
    "empty appearance": empty_appearance,
    "appearance without value": no_value,
    "1999 under 2026": another_year,
    "1999 under 2026, to be drawn anew": another_year_to_be_redrawn,
    "1999 that stands for 2026": read_aloud,
    "hidden": _flag(4 | 2),
    "no view": _flag(4 | 32),
    "not printed": _flag(0),
    "off the page": off_the_page,
    "white": _typed("1 1 1 rg BT /Q 10 Tf 2 4 Td (2026-08-29) Tj ET"),
    "invisible": _typed("BT 3 Tr /Q 10 Tf 2 4 Td (2026-08-29) Tj ET"),
    "clipped": _typed("0 0 1 1 re W n BT /Q 10 Tf 2 4 Td (2026-08-29) Tj ET"),
    "0.3 pt": _typed("BT /Q 0.3 Tf 2 4 Td (2026-08-29) Tj ET"),
    "transparent white over it": covered,
    "noise over it": noise_over,
    "layer off on screen": _in_layer(screen="OFF"),
    "layer off in print": _in_layer(printed="OFF"),
    "field in a layer": field_in_layer,
    "invisible text of the page": hidden_text,
    "white over the page": white_page,
    "noise over the page": noisy_page,
    "transparent picture over the page": see_through,
    "font that lies": lying_font,
}


def names() -> Iterator[str]:
    """The names of all ways."""
    return iter(SPOILS)
