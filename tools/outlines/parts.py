"""Parts that several outlines share: titles, blanks in running text, places to sign, red heads, 版记."""

from __future__ import annotations

from collections.abc import Sequence

from template_markup import UNDERLINED, Cell, Controls, Row, paragraph, printed, run

#: Text with blanks in it is not justified: a blank does not break, and the line before it would be pulled apart.
RAGGED = '<w:jc w:val="left"/>'
FREE_LINE = paragraph("Signing")
_RED = "FF0000"


def title(text: str, *, gap: int = 579, properties: str = "") -> str:
    """A form's title without a label above; ``gap``: the space under it."""
    under = f'<w:spacing w:before="0" w:after="{gap}" w:line="579" w:lineRule="exact"/>'
    return paragraph("FormTitle", run(text), properties=properties + under)


def body(*runs: str) -> str:
    """A paragraph of running text with blanks in it."""
    return paragraph("FormBody", *runs, properties=RAGGED)


def blank(controls: Controls, field_id: str) -> str:
    """An underlined blank."""
    return controls.text(field_id, UNDERLINED)


def signing(label: str, control: str, *, above: int) -> str:
    """A place to sign; ``above``: lines left free for the seal. Empty paragraphs, since the space before one is lost
    at the top of a page."""
    return FREE_LINE * above + paragraph("Signing", run(label), control, properties='<w:ind w:left="2370"/>')


def signing_date(control: str, *, above: int = 0, last: bool = False) -> str:
    """Its date, four characters in from the right (右空四字)."""
    properties = ('<w:keepNext w:val="0"/>' if last else "") + '<w:ind w:right="1264"/><w:jc w:val="right"/>'
    return FREE_LINE * above + paragraph("Signing", control, properties=properties)


def label(text: str, *, span: int = 1) -> Cell:
    """A table cell that says what stands beside or below it."""
    return Cell([printed("CellLabel", text)], span=span)


def field(controls: Controls, field_id: str, *, span: int = 1, multiline: bool = False) -> Cell:
    """A table cell that holds one field."""
    return Cell([paragraph("CellText", controls.text(field_id, multiline=multiline))], span=span)


def head_row(titles: Sequence[str], height: int = 624) -> Row:
    """The row of headings, repeated on every page."""
    return Row([label(text) for text in titles], height=height, whole=True, header=True)


def red_head(control: str) -> str:
    """发文机关标志 of a letter (GB/T 9704-2012, 10.1): 30 mm under the paper's edge, a red double line (thick over
    thin, 170 mm) 4 mm under it."""
    frame = _frame('w:y="1560"')
    line = f'<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="8" w:color="{_RED}"/></w:pBdr>'
    return paragraph("RedHead", control, properties=frame + line)


def red_foot() -> str:
    """The letter's second red double line, thin over thick, 20 mm over the paper's lower edge."""
    frame = _frame('w:y="15680"')
    line = f'<w:pBdr><w:top w:val="thickThinSmallGap" w:sz="24" w:space="0" w:color="{_RED}"/></w:pBdr>'
    return paragraph("RedLine", properties=frame + line)


def _frame(at: str) -> str:
    return (
        f'<w:framePr w:w="9638" w:wrap="notBeside" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" {at}/>'
    )


def red_rule(*runs: str, centred: bool = True) -> str:
    """发文字号 over the red rule as wide as the 版心, 4 mm under it (7.2.7)."""
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="11" w:color="{_RED}"/></w:pBdr>'
    align = '<w:jc w:val="center"/>' if centred else ""
    return paragraph("DocumentNumber", *runs, properties=rule + align)


def imprint(*lines: Sequence[str]) -> str:
    """版记 (7.4): at the foot of the last page, rules of 0.35 mm around, of 0.25 mm between."""
    frame = (
        '<w:framePr w:w="8845" w:hSpace="0" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin" '
        'w:xAlign="left" w:yAlign="bottom"/>'
    )
    last = len(lines) - 1
    drawn = []
    for number, runs in enumerate(lines):
        top = '<w:top w:val="single" w:sz="8" w:space="1" w:color="auto"/>' if number == 0 else ""
        weight = 8 if number == last else 6
        rules = f'<w:pBdr>{top}<w:bottom w:val="single" w:sz="{weight}" w:space="1" w:color="auto"/></w:pBdr>'
        tabs = '<w:tabs><w:tab w:val="right" w:pos="8565"/></w:tabs>'
        drawn.append(paragraph("Imprint", *runs, properties=frame + rules + tabs))
    return "".join(drawn)
