"""The page and the styles of an official document, GB/T 9704-2012, as the fixed parts of a template.

A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, 22 lines of 28 characters of 3号; "附件 N" 3号黑体; title 2号小标宋
centred; body 3号仿宋; page number 4号半角宋体 between one-character rules, 7 mm under the 版心, odd pages right and
even pages left, one character in. Official fonts are named, never embedded.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:w14="{W14}" mc:Ignorable="w14"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: 版心 width, twips: 156 mm. Tables are this wide.
TYPE_AREA = 8845
#: One of the page's 22 lines, twips (28.95 pt).
LINE = 579
FANG, KAI, HEI, SONG, XIAOBIAOSONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋_GBK"

#: 版心 width of a page lying on its side, twips: 225 mm.
WIDE_AREA = 12757
RED = "FF0000"
#: The relationship of a template's first page header; further ones count on.
FIRST_HEADER_ID = 7
#: From the paper's upper edge to a page header, twips: its line ends 2 mm over the 版心.
HEADER_OVER_TYPE_AREA = 1685


def section(
    *,
    landscape: bool = False,
    letter: bool = False,
    number_from: int | None = 1,
    header: int = 0,
    first_header: int = 0,
) -> str:
    """A section of the page of GB/T 9704-2012.

    The footer's line ends 25.5 mm above the paper's edge: its rule then lies 7 mm under the 版心.

    :param landscape: the page turned; its 订口 lies on top, its 天头 right.
    :param letter: 信函格式 (10.1): no page number on the first page.
    :param number_from: None: pages go on counting.
    :param header: which of the template's page headers its pages have, from 1; 0: none.
    :param first_header: which of them the section's first page has, an odd one; without one of its own, an empty one
        too, it would have that of the section before.
    """
    size, margins = (
        (
            '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>',
            '<w:pgMar w:top="1587" w:right="2098" w:bottom="1474" w:left="1984" w:header="851" w:footer="935" '
            'w:gutter="0"/>',
        )
        if landscape
        else (
            '<w:pgSz w:w="11906" w:h="16838"/>',
            '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1446" '
            'w:gutter="0"/>',
        )
    )
    kinds = {"even": header, "default": header, "first": first_header}
    headers = "".join(
        f'<w:headerReference w:type="{kind}" r:id="rId{FIRST_HEADER_ID + number - 1}"/>'
        for kind, number in kinds.items()
        if number
    )
    first_footer = '<w:footerReference w:type="first" r:id="rId5"/>' if first_header else ""
    distance = HEADER_OVER_TYPE_AREA if header else 851
    margins = margins.replace('w:header="851"', f'w:header="{distance}"')
    start = f'<w:pgNumType w:start="{number_from}"/>' if number_from is not None else ""
    return (
        f'<w:sectPr>{headers}<w:footerReference w:type="even" r:id="rId4"/>'
        f'<w:footerReference w:type="default" r:id="rId5"/>{first_footer}'
        f'{size}{margins}{start}<w:cols w:space="720"/>{"<w:titlePg/>" if letter or first_header else ""}'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="-847"/></w:sectPr>'
    )


_EXACT = '<w:spacing w:line="{line}" w:lineRule="exact"/>'
#: Where the writing line behind a blank box ends: the right side of the 研判表's inner columns.
_LINE_END = '<w:tab w:val="right" w:pos="3960"/>'
_CENTRED = '<w:jc w:val="center"/>'
_CELL = '<w:snapToGrid w:val="0"/>'


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: ``paragraph`` and size (half-points) and font as they differ from the style it is based on."""

    id: str
    name: str
    paragraph: str = ""
    font: str = ""
    size: int = 0
    based_on: str = "Normal"
    colour: str = ""

    def xml(self) -> str:
        """The style's definition."""
        size = f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>' if self.size else ""
        colour = f'<w:color w:val="{self.colour}"/>' if self.colour else ""
        runs = (_fonts(self.font) if self.font else "") + colour + size
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{self.id}"><w:name w:val="{self.name}"/>'
            f'<w:basedOn w:val="{self.based_on}"/><w:qFormat/>'
            + (f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else "")
            + (f"<w:rPr>{runs}</w:rPr>" if runs else "")
            + "</w:style>"
        )


def _fonts(name: str) -> str:
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'
    )


def _first_line(characters: int) -> str:
    return f'<w:ind w:firstLineChars="{characters * 100}" w:firstLine="{characters * 316}"/>'


#: Ids stay ASCII, names are what Word and WPS show.
STYLES = (
    Style("AttachmentLabel", "附件标号", '<w:keepNext/><w:jc w:val="left"/>', HEI),
    Style(
        "FormTitle",
        "公文标题",
        f'<w:keepNext/><w:spacing w:before="{LINE}" w:after="{LINE}" w:line="{LINE}" w:lineRule="exact"/>'
        '<w:jc w:val="center"/><w:outlineLvl w:val="0"/>',
        XIAOBIAOSONG,
        44,
    ),
    # No mark of punctuation hangs over the 版心's edge.
    Style("FormBody", "公文正文", '<w:widowControl/><w:overflowPunct w:val="0"/>' + _first_line(2)),
    Style("HeadingOne", "一级标题", f'<w:keepNext/>{_first_line(2)}<w:outlineLvl w:val="1"/>', HEI),
    Style("HeadingTwo", "二级标题", f'<w:keepNext/>{_first_line(2)}<w:outlineLvl w:val="2"/>', KAI),
    Style("Signing", "落款", '<w:keepNext/><w:keepLines/><w:jc w:val="left"/>'),
    Style(
        "CellText",
        "表格内容",
        "<w:widowControl/>" + _CELL + _EXACT.format(line=340) + '<w:jc w:val="left"/>',
        size=24,
    ),
    Style("CellLabel", "表格栏目", f"<w:keepLines/>{_CENTRED}", based_on="CellText"),
    Style("CellLarge", "表格内容三号", _EXACT.format(line=LINE), size=32, based_on="CellText"),
    Style("CellLargeLabel", "表格栏目三号", _EXACT.format(line=LINE), size=32, based_on="CellLabel"),
    Style("CellSmall", "表格内容五号", _EXACT.format(line=300), size=21, based_on="CellText"),
    # 小五 for dates and limits: the longest stands on one line.
    Style("CellTiny", "表格内容小五", _EXACT.format(line=280), size=18, based_on="CellText"),
    Style("CellSmallLabel", "表格栏目五号", f"<w:keepLines/>{_CENTRED}", based_on="CellSmall"),
    Style("PartHeading", "表间标题", _CELL + '<w:jc w:val="left"/>', HEI, 24),
    Style(
        "RoadMap", "路线图", _EXACT.format(line=260) + '<w:jc w:val="left"/>', SONG, 18, based_on="CellText"
    ),
    # A 名单: label, name spread to one width (two characters as wide as three), post.
    Style("GroupLabel", "名单栏目", '<w:jc w:val="left"/>'),
    Style("GroupName", "名单姓名", '<w:jc w:val="distribute"/>'),
    Style("GroupPost", "名单职务", '<w:ind w:left="160"/><w:jc w:val="left"/>'),
    Style("CellSection", "表格内一级标题", "<w:keepNext/>", HEI, based_on="CellSmall"),
    Style("CellHeading", "表格内二级标题", "<w:keepNext/>", KAI, based_on="CellSmall"),
    # One character a line in a narrow column: LibreOffice breaks no row over pages that has vertical writing in it.
    Style(
        "CellSide",
        "表格侧栏",
        f'<w:keepLines/><w:kinsoku w:val="0"/><w:overflowPunct w:val="0"/>{_CENTRED}',
        based_on="CellText",
    ),
    Style(
        "BoxItem",
        "表格内选项",
        f'<w:keepLines/><w:tabs>{_LINE_END}</w:tabs><w:ind w:left="210" w:hanging="210"/>',
        based_on="CellSmall",
    ),
    Style(
        "BoxPair",
        "并列选项",
        f'<w:tabs><w:tab w:val="left" w:pos="1870"/><w:tab w:val="left" w:pos="1985"/>{_LINE_END}</w:tabs>'
        '<w:ind w:left="210" w:hanging="210"/>',
        based_on="CellSmall",
    ),
    Style("Note", "表注", _CELL + '<w:spacing w:before="80" w:line="340" w:lineRule="exact"/>', size=24),
    # 红头: the issuing office's name, or 纪要's own; its size is the issuer's choice (GB/T 9704-2012, 7.2.4): a name of
    # 15 characters stays clear of the page mark. The line is exact, so that it stands at one height in whatever face.
    Style(
        "RedHead",
        "发文机关标志",
        '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="672" w:lineRule="exact"/><w:jc w:val="center"/>',
        XIAOBIAOSONG,
        60,
        colour=RED,
    ),
    Style("RedSpace", "红头上空", '<w:keepNext/><w:snapToGrid w:val="0"/>' + _EXACT.format(line=1961)),
    Style("RedLine", "红色双线", '<w:snapToGrid w:val="0"/>' + _EXACT.format(line=20), size=2),
    Style("DocumentNumber", "发文字号", "<w:keepNext/>"),
    # 4号 (7.4.2).
    Style(
        "Imprint",
        "版记",
        '<w:keepLines/><w:snapToGrid w:val="0"/>'
        + _EXACT.format(line=480)
        + '<w:ind w:left="280" w:right="280"/>',
        size=28,
    ),
    Style("RunningHead", "页眉", _CELL + _EXACT.format(line=300) + '<w:jc w:val="left"/>', HEI, 21),
    Style("TableGap", "表间", _CELL + _EXACT.format(line=10), size=2),
    Style("PageNumber", "页码", _CELL + '<w:spacing w:line="280" w:lineRule="exact"/>', SONG, 28),
)

_NORMAL = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANG)}"
    '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl w:val="0"/>'
    f'<w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
    # Repeated here, though it is the default: LibreOffice takes the character grid's pitch from this style.
    '<w:rPr><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
)

_TABLE_STYLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="FormGrid"><w:name w:val="表格网格线"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def styles_xml() -> str:
    """The part word/styles.xml."""
    styles = "".join(style.xml() for style in STYLES)
    return f"{HEAD}<w:styles {NAMESPACES}>{_NORMAL}{_TABLE_STYLES}{styles}</w:styles>"


def settings_xml() -> str:
    """The part word/settings.xml: odd and even footers, underlined blanks drawn to their end."""
    mode = "http://schemas.microsoft.com/office/word"
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        "<w:compat><w:balanceSingleByteDoubleByteWidth/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>"
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{mode}" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def font_table_xml() -> str:
    """The part word/fontTable.xml: the official fonts, by name only."""
    fonts = (
        (FANG, "modern", "仿宋"),
        (KAI, "modern", "楷体"),
        (HEI, "modern", "SimHei"),
        (SONG, "auto", "SimSun"),
        (XIAOBIAOSONG, "script", "方正小标宋简体"),
    )
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, family, other in fonts
    )
    return f"{HEAD}<w:fonts {NAMESPACES}>{entries}</w:fonts>"


def header_xml(text: str) -> str:
    """A page header part: one line of printed text over the 版心."""
    return (
        f'{HEAD}<w:hdr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="RunningHead"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:hdr>'
    )


def footer_xml(*, odd: bool) -> str:
    """A footer part: "— 1 —", one character in from the right edge on odd pages, from the left on even ones."""
    side = "right" if odd else "left"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{1 if odd else 2}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        f'{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="PageNumber"/>'
        f'<w:ind w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">— </w:t></w:r>{field}'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )
