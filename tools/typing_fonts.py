"""Makes ``generator/output/typing/fonts.pdf``: the fonts that people's typing in form fields is drawn with.

    python -m tools.typing_fonts

Needs fontTools and the Debian packages ``fonts-droid-fallback``, ``fonts-dejavu-core`` and ``unicode-data``. Han
characters are Droid Sans Fallback's, whose glyphs are built of shared parts on a coarse grid: 75 bytes each after
compression, where other free fonts take 125 to 420. Letters and signs are DejaVu Sans's. Glyphs stand in the order of
their code points, so that the map back to text is short. The fonts are TrueType with a ``cmap``, by which PDFBox finds
characters.
"""

from __future__ import annotations

import bz2
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.reorderGlyphs import reorderGlyphs
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, String

TARGET = Path(__file__).resolve().parent.parent / "generator" / "output" / "typing" / "fonts.pdf"
HAN = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
LETTERS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")

#: Of GB 2312, what nobody types into a form: other scripts and the rules of tables.
_LEFT_OUT = ("HIRAGANA", "KATAKANA", "CYRILLIC", "BOPOMOFO", "BOX DRAWINGS")
_NAMES = "䦂䶮䜣䴙䲠㧟䏝䥽"  # whatever the table says
_ADDED = "①②③④⑤⑥⑦⑧⑨⑩№℃㎡㎥²³°‰±×÷≤≥≠≈√□■☐☑○●△▲◇◆★☆←→↑↓￥¥€—–…‘’“”·•àáèéêìíòóùúüāēěīōǎǐǒǔūǚǜ"
_DATES = "0123456789０１２３４５６７８９〇零○一二三四五六七八九十年月日号.-/．－／ \u3000\u00a0"


def main() -> None:
    """Write the file, and say what is in it."""
    font = _merged(_wanted())
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Typing = Dictionary(
            Text=_font_object(pdf, font, "DaibanTyping"),
            Date=_font_object(pdf, _cut(font, _DATES), "DaibanDates"),
        )
        TARGET.parent.mkdir(exist_ok=True)
        pdf.save(TARGET, deterministic_id=True, recompress_flate=True)
    print(f"{len(font.getBestCmap())} characters, {TARGET.stat().st_size} bytes")


def _wanted() -> frozenset[int]:
    """通用规范汉字表 (国发〔2013〕23号, 8,105 characters), GB 2312, ASCII and its full-width forms, usual signs."""
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        table = {line.split("\t")[0] for line in lines if "\tkTGH\t" in line}
    han = {int(code.removeprefix("U+"), 16) for code in table}
    usual = {*range(0x20, 0x7F), 0xA0, *range(0xFF01, 0xFF5F), *map(ord, _ADDED + _NAMES + _DATES)}
    return frozenset(han | usual | set(_gb2312()))


def _gb2312() -> Iterator[int]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            character = bytes([row, cell]).decode("gb2312", errors="ignore")
            if character and not unicodedata.name(character, "").startswith(_LEFT_OUT):
                yield ord(character)


def _merged(wanted: Iterable[int]) -> TTFont:
    """The Han font cut to what is wanted, with the letters that it lacks."""
    font = _cut(TTFont(HAN), map(chr, wanted))
    lacking = sorted(set(wanted) - set(font.getBestCmap()))
    letters = TTFont(LETTERS)
    names, drawn = letters.getBestCmap(), letters.getGlyphSet()
    scale = font["head"].unitsPerEm / letters["head"].unitsPerEm
    for code in lacking:
        if code in names:
            _add(font, code, drawn[names[code]], drawn, scale)
    return _ordered(font)


def _cut(font: TTFont, characters: Iterable[str]) -> TTFont:
    stream = io.BytesIO()
    font.save(stream)
    cut = TTFont(io.BytesIO(stream.getvalue()))
    options = subset.Options(layout_features=[], hinting=False, glyph_names=True, name_IDs=[1, 2, 4, 6])
    options.drop_tables += ["vhea", "vmtx", "VORG", "gasp", "FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    cutter.subset(cut)
    return _ordered(cut)


def _add(font: TTFont, code: int, glyph: Any, glyphs: Any, scale: float) -> None:
    """Draw a glyph of another font, at this one's scale."""
    plain, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
    glyph.draw(plain)
    plain.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    made, name = pen.glyph(), f"letter{code:X}"
    if made.numberOfContours > 0:
        made.coordinates.toInt()
        made.recalcBounds(font["glyf"])
    font["glyf"][name] = made
    font["hmtx"][name] = (round(glyph.width * scale), getattr(made, "xMin", 0))
    for table in font["cmap"].tables:
        table.cmap[code] = name


def _ordered(font: TTFont) -> TTFont:
    """The same with its glyphs in the order of their code points, parts that others are built of after them."""
    codes = font.getBestCmap()
    for name in font.getGlyphOrder():
        font["glyf"][name].expand(font["glyf"])  # reordering must meet parts by name, not by number
    first = [".notdef", *dict.fromkeys(codes[code] for code in sorted(codes))]
    inside = set(first)
    reorderGlyphs(font, [*first, *(name for name in font.getGlyphOrder() if name not in inside)])
    one = CmapSubtable.newSubtable(4)
    one.platformID, one.platEncID, one.language, one.cmap = 3, 1, 0, dict(codes)
    font["cmap"] = newTable("cmap")
    font["cmap"].tableVersion, font["cmap"].tables = 0, [one]
    font["post"].formatType = 3.0
    font["OS/2"].fsType = 0
    return font


def _font_object(pdf: pikepdf.Pdf, font: TTFont, name: str) -> pikepdf.Object:
    """A Type 0 font whose codes are glyph numbers (ISO 32000-1, 9.7), with its file and its map back to text."""
    stream = io.BytesIO()
    font.save(stream)
    file = pdf.make_stream(stream.getvalue())
    file.Length1 = len(stream.getvalue())
    codes = _codes(font)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{name}"),
        Flags=4,
        FontBBox=Array(_thousandths(font, "xMin", "yMin", "xMax", "yMax")),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=730,
        StemV=80,
        FontFile2=file,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{name}"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        W=Array(list(_widths(font, codes))),
        CIDToGIDMap=Name.Identity,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{name}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(codes)),
        )
    )


def _codes(font: TTFont) -> dict[int, int]:
    """Glyph number → the code point it stands for."""
    codes: dict[int, int] = {}
    for code, name in sorted(font.getBestCmap().items()):
        codes.setdefault(font.getGlyphID(name), code)
    return codes


def _thousandths(font: TTFont, *names: str) -> list[int]:
    return [round(getattr(font["head"], name) * 1000 / font["head"].unitsPerEm) for name in names]


def _widths(font: TTFont, codes: Mapping[int, int]) -> Iterator[int]:
    for glyph in codes:
        width = round(font["hmtx"][font.getGlyphName(glyph)][0] * 1000 / font["head"].unitsPerEm)
        if width != 1000:
            yield from (glyph, glyph, width)


def _to_unicode(codes: Mapping[int, int]) -> bytes:
    lines = [f"<{glyph:04X}> <{code:04X}>" for glyph, code in codes.items()]
    blocks = (lines[start : start + 100] for start in range(0, len(lines), 100))
    listed = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{listed}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


if __name__ == "__main__":
    main()
