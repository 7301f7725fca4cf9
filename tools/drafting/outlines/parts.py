"""Parts that several outlines share: titles, blanks in running text, places to sign, red heads, 版记."""

from __future__ import annotations

from collections.abc import Sequence

from tools.drafting.markup import (
    JOINT,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    lines,
    loop_row,
    paragraph,
    printed,
    run,
    table,
)
from tools.drafting.page import RED as _RED
from tools.drafting.page import TYPE_AREA

#: Text with blanks in it is not justified: a blank does not break, and the line before it would be pulled apart.
RAGGED = '<w:jc w:val="left"/>'
FREE_LINE = paragraph("Signing")


def heading(number: str, text: str, *, gap: int = 579) -> str:
    """附件 N flush left, one empty line, the title (GB/T 9704-2012, 7.3.7); ``gap``: the space under it."""
    return printed("AttachmentLabel", number) + title(text, above=579, gap=gap)


def title(text: str, *, above: int = 0, gap: int = 579, properties: str = "") -> str:
    """A form's title without a label above; ``above``, ``gap``: the space over and under it."""
    under = f'<w:spacing w:before="{above}" w:after="{gap}" w:line="579" w:lineRule="exact"/>'
    return paragraph("FormTitle", lines(text), properties=properties + under)


def body(*runs: str) -> str:
    """A paragraph of running text with blanks in it."""
    return paragraph("FormBody", *runs, properties=RAGGED)


def blank(controls: Controls, field_id: str) -> str:
    """An underlined blank."""
    return controls.text(field_id, UNDERLINED)


def signing_pair(*sides: tuple[str, str, str]) -> str:
    """Both sides' places to sign or seal, next to each other: (label, signature control, date control) of each.

    Over and under the place stand two free lines, since a seal is 40 mm wide and presses the name (骑年盖月).
    """
    cells = [
        TableCell(
            [
                paragraph("Signing", run(text)),
                FREE_LINE,
                paragraph("Signing", signature, properties='<w:ind w:left="632"/>'),
                FREE_LINE * 2,
                paragraph("Signing", date, properties='<w:ind w:left="948"/>'),
            ],
            align="top",
        )
        for text, signature, date in sides
    ]
    return FREE_LINE + table((4520, 4325), [TableRow(cells, whole=True)], ruled=False) + JOINT


def label(text: str, *, span: int = 1) -> TableCell:
    """A table cell with the name of what stands beside or below it."""
    return TableCell([printed("CellLabel", text)], span=span)


def small_label(text: str) -> TableCell:
    """A label in a narrow column."""
    return TableCell([printed("CellSmallLabel", text)])


def field(controls: Controls, field_id: str, *, span: int = 1, multiline: bool = False) -> TableCell:
    """A table cell that holds one field."""
    return TableCell([paragraph("CellText", controls.text(field_id, multiline=multiline))], span=span)


def head_row(titles: Sequence[str], *, small: bool = False) -> TableRow:
    """The row of headings, repeated on every page."""
    style = "CellSmallLabel" if small else "CellLabel"
    cells = [TableCell([printed(style, line) for line in text.split("\n")]) for text in titles]
    return TableRow(cells, height=510 if small else 624, whole=True, header=True)


def red_head(control: str) -> str:
    """发文机关标志 of a letter (GB/T 9704-2012, 10.1): 30 mm under the paper's edge, a red double line (thick over
    thin, 170 mm) 4 mm under it."""
    frame = _frame('w:y="1678"')
    line = f'<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="7" w:color="{_RED}"/></w:pBdr>'
    return paragraph("RedHead", control, properties=frame + line)


def red_foot() -> str:
    """The letter's second red double line, thin over thick, 20 mm over the paper's lower edge."""
    frame = _frame('w:y="15614"')
    line = f'<w:pBdr><w:top w:val="thickThinSmallGap" w:sz="24" w:space="0" w:color="{_RED}"/></w:pBdr>'
    return paragraph("RedLine", properties=frame + line)


def _frame(at: str) -> str:
    return (
        f'<w:framePr w:w="9638" w:wrap="notBeside" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" {at}/>'
    )


def red_rule(*runs: str, centred: bool = True) -> str:
    """发文字号 over the red rule as wide as the 版心, 4 mm under it (7.2.7)."""
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="7" w:color="{_RED}"/></w:pBdr>'
    align = '<w:jc w:val="center"/>' if centred else ""
    return paragraph("DocumentNumber", *runs, properties=rule + align)


def imprint(*rows: Sequence[str], first_if: str = "") -> str:
    """版记 (7.4): at the foot of the page that the paragraph after it stands on; rules of 0.35 mm around, of 0.25 mm
    between. That paragraph is the document's last, so that no page holds a 版记 alone.

    A floating table: paragraphs in a frame do not keep together where their rules differ. ``first_if``: a condition for
    the first row (抄送).
    """
    tabs = '<w:tabs><w:tab w:val="right" w:pos="8565"/></w:tabs>'
    content = [
        TableRow([TableCell([paragraph("Imprint", *runs, properties=tabs)], align="top")]) for runs in rows
    ]
    if first_if:
        content = [
            loop_row(f"{{%tr if {first_if} %}}", 1),
            content[0],
            loop_row("{%tr endif %}", 1),
            *content[1:],
        ]
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for side, size in (("top", 8), ("bottom", 8), ("insideH", 6))
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableNormal"/>'
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="200" w:vertAnchor="margin" '
        'w:horzAnchor="margin" w:tblpXSpec="left" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
        f'<w:tblW w:w="{TYPE_AREA}" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0000"/>'
        f'</w:tblPr><w:tblGrid><w:gridCol w:w="{TYPE_AREA}"/></w:tblGrid>'
        f"{''.join(row.xml((TYPE_AREA,)) for row in content)}</w:tbl>"
    )
