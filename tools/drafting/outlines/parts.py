"""Parts that several outlines share: titles, blanks in running text, places to sign, red heads, 版记."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tools.drafting.markup import (
    JOINT,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    control_line,
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


def entry_table(
    controls: Controls,
    list_id: str,
    columns: Sequence[tuple[str, str, int]],
    *,
    number: int = 700,
    height: int = 680,
    dates: Collection[str] = (),
    centred: Collection[str] = (),
    small: bool = False,
    keep_last: bool = False,
) -> str:
    """A table of one row per entry: 序号, then (title, leaf, width) per column; the heading row repeats.

    Rows are kept whole: only one higher than a page is broken. ``number``: width of 序号. ``dates``, ``centred``:
    leaves that hold one line, in the middle; all others may hold several. ``keep_last``: the last row stays with what
    follows.
    """
    text, label_style = ("CellSmall", "CellSmallLabel") if small else ("CellText", "CellLabel")
    one_line = {*dates, *centred}

    def row(properties: str = "") -> TableRow:
        running = paragraph(label_style, run("{{ loop.index }}"), properties=properties)
        cells = [
            paragraph(
                label_style if leaf in one_line else text,
                controls.entry(list_id, leaf, f"e.{leaf}", multiline=leaf not in one_line),
                properties=properties,
            )
            for _, leaf, _ in columns
        ]
        return TableRow([TableCell([cell]) for cell in (running, *cells)], height=height, whole=True)

    count = len(columns) + 1
    rows = [row()]
    if keep_last:
        tags = ("{%tr if loop.last %}", "{%tr else %}", "{%tr endif %}")
        first, other, end = (loop_row(tag, count) for tag in tags)
        rows = [first, row("<w:keepNext/>"), other, row(), end]
    return table(
        (number, *(width for *_, width in columns)),
        [
            head_row(("序号", *(name for name, *_ in columns)), small=small),
            loop_row(f"{{%tr for e in {list_id} %}}", count),
            *rows,
            loop_row("{%tr endfor %}", count),
        ],
    )


def part_row(text: str, columns: int) -> TableRow:
    """A heading within a table, over its whole width; it keeps with the row under it."""
    return TableRow([TableCell([printed("CellSection", text)], span=columns)], height=510, whole=True)


def boxes(controls: Controls, group: str, *, style: str = "CellText", apart: bool = False) -> TableCell:
    """A cell with a group's boxes, in a line, or each on its own (``apart``)."""
    runs = [
        (controls.box(f"{group}.{number}"), run(f" {controls.label(f'{group}.{number}')}"))
        for number in controls.numbered(group)
    ]
    if apart:
        return TableCell([paragraph(style, *pair) for pair in runs])
    spaced = [part for number, pair in enumerate(runs) for part in ((run("　"),) if number else ()) + pair]
    return TableCell([paragraph(style, *spaced)])


def pages_of(list_id: str, name: str, heading: str, content: str) -> str:
    """A page for each entry of a list, called ``name`` in its content, under the form's title."""
    return "".join(
        (
            control_line(f"{{%p for {name} in {list_id} %}}"),
            control_line("{%p if loop.first %}"),
            title(heading, gap=400),
            control_line("{%p else %}"),
            title(heading, gap=400, properties="<w:pageBreakBefore/>"),
            control_line("{%p endif %}"),
            content,
            paragraph("TableGap"),
            control_line("{%p endfor %}"),
        )
    )


def addressee(control: str) -> str:
    """主送机关: flush left, with a colon (GB/T 9704-2012, 7.3.2)."""
    return paragraph(
        "FormBody", control, run("："), properties='<w:keepNext/><w:ind w:firstLine="0"/>' + RAGGED
    )


def addressed(text: str) -> str:
    """A printed 主送机关."""
    return addressee(run(text))


def text_lines(controls: Controls, field_id: str) -> str:
    """A field of several lines within the text, all of them two characters in."""
    indent = '<w:ind w:left="632" w:firstLine="0"/><w:jc w:val="left"/>'
    return paragraph("FormBody", controls.text(field_id, multiline=True), properties=indent)


def closing(*lines: str) -> str:
    """署名 and 成文日期 at the right, two free lines over them for a seal that presses both (7.3.5.1)."""
    *names, date = lines
    signed = [
        paragraph("Signing", name, properties='<w:ind w:right="632"/><w:jc w:val="right"/>') for name in names
    ]
    last = '<w:keepNext w:val="0"/><w:ind w:right="1264"/><w:jc w:val="right"/>'
    return FREE_LINE * 2 + "".join(signed) + paragraph("Signing", date, properties=last)


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
