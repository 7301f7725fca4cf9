"""Paragraphs, tables and content controls as WordprocessingML, for drafting a first template.

Every function returns a fragment of ``document.xml``. Properties are written in the order of the schema
(ECMA-376 Part 1, CT_PPr, CT_RPr, CT_TblPr, CT_TcPr, CT_SdtPr): Word refuses a file that has them in another.
Lengths are in twips (1/20 pt, 1440 to the inch) unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from xml.sax.saxutils import escape, quoteattr

#: 宋体 has the empty box; the ticked one is not in the official fonts, so Word's own symbol font draws it.
BOX_FONT, TICK_FONT = "宋体", "Segoe UI Symbol"
_BOX = (
    '<w14:checkbox><w14:checked w14:val="0"/>'
    f'<w14:checkedState w14:val="2611" w14:font="{TICK_FONT}"/>'
    f'<w14:uncheckedState w14:val="25A1" w14:font="{BOX_FONT}"/></w14:checkbox>'
)
#: Word keeps no more of a control's title.
ALIAS_LENGTH = 64
#: Between two tables that read as one: without a paragraph Word joins them, hidden it takes no room.
JOINT = '<w:p><w:pPr><w:pStyle w:val="TableGap"/><w:rPr><w:vanish/></w:rPr></w:pPr></w:p>'
#: After a table that ends the body, where Word must have a paragraph: hidden too, or a table that just fills a page
#: would leave an empty one behind.
END = JOINT


@dataclass(frozen=True, slots=True)
class Look:
    """How a run differs from its paragraph's style."""

    font: str = ""
    underline: bool = False

    def xml(self) -> str:
        """The run properties, empty where nothing differs."""
        fonts = (
            f'<w:rFonts w:hint="eastAsia" w:ascii="{self.font}" w:eastAsia="{self.font}" w:hAnsi="{self.font}"/>'
            if self.font
            else ""
        )
        line = '<w:u w:val="single"/>' if self.underline else ""
        return f"<w:rPr>{fonts}{line}</w:rPr>" if fonts or line else ""


PLAIN = Look()
UNDERLINED = Look(underline=True)
HEI = Look(font="黑体")


def run(text: str, look: Look = PLAIN) -> str:
    """A run of printed text."""
    return f'<w:r>{look.xml()}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def lines(text: str, look: Look = PLAIN) -> str:
    """Printed text whose line ends are the template's own (``\n``), where a column would break it inside a word."""
    return "<w:r><w:br/></w:r>".join(run(line, look) for line in text.split("\n"))


def tab(look: Look = PLAIN) -> str:
    """A tab; underlined, it draws a writing line to its stop."""
    return f"<w:r>{look.xml()}<w:tab/></w:r>"


def expression(field_id: str) -> str:
    """A field id as a Jinja path: a number is an index (``items.city.0`` → ``items.city[0]``)."""
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in field_id.split(".")).lstrip(".")


class Controls:
    """Makes the content controls of one template: labels from its form.toml, each with an id of its own.

    :param labels: field id → Chinese label, as in form.toml.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._next_id = 1000

    def has(self, field_id: str) -> bool:
        """Whether form.toml knows the field."""
        return field_id in self._labels

    def label(self, field_id: str) -> str:
        """The field's label: for a check box, what is printed after it."""
        return self._labels[field_id]

    def numbered(self, group: str) -> list[int]:
        """The indices of a group's boxes, in order."""
        return list(takewhile(lambda number: f"{group}.{number}" in self._labels, count()))

    def text(self, field_id: str, look: Look = PLAIN, *, multiline: bool = False) -> str:
        """A text control, for words, for a signature, or for a whole date."""
        kind = '<w:text w:multiLine="1"/>' if multiline else "<w:text/>"
        return self._control(field_id, look, kind, _value(expression(field_id), look))

    def date(self, field_id: str, slot: Look = PLAIN) -> str:
        """A date: three slots, and 年 月 日 printed after them."""
        path = expression(field_id)
        parts = (("year", "年"), ("month", "月"), ("day", "日"))
        content = "".join(_value(f"{path}.{name}", slot) + run(unit) for name, unit in parts)
        return self._control(field_id, PLAIN, "<w:text/>", content)

    def box(self, field_id: str) -> str:
        """A check box."""
        look = Look(font=BOX_FONT)
        return self._control(field_id, look, _BOX, _value(expression(field_id), look))

    def entry(
        self, list_id: str, name: str, variable: str, look: Look = PLAIN, *, multiline: bool = False
    ) -> str:
        """A control of a list's entry, inside its loop: the index is the loop's, the ``w:id`` the generator's."""
        field_id = ".".join(part for part in (list_id, "*", name) if part)
        kind = '<w:text w:multiLine="1"/>' if multiline else "<w:text/>"
        return self._of_entry(field_id, look, kind, _value(variable, look))

    def entry_date(self, list_id: str, name: str, variable: str) -> str:
        """A date of a list's entry, inside its loop: three slots, and 年 月 日 printed after them."""
        field_id = f"{list_id}.*.{name}"
        parts = (("year", "年"), ("month", "月"), ("day", "日"))
        content = "".join(_value(f"{variable}.{name}.{part}", PLAIN) + run(unit) for part, unit in parts)
        return self._of_entry(field_id, PLAIN, "<w:text/>", content)

    def entry_box(self, list_id: str, name: str, number: int, variable: str) -> str:
        """A check box of a list's entry, inside its loop."""
        field_id = f"{list_id}.*.{name}.{number}"
        look = Look(font=BOX_FONT)
        return self._of_entry(field_id, look, _BOX, _value(f"{variable}.{name}[{number}]", look))

    def _of_entry(self, field_id: str, look: Look, kind: str, content: str) -> str:
        tag = field_id.replace("*", "{{ loop.index0 }}")
        alias = self._labels[field_id] + "{{ loop.index }}"
        return _sdt(look.xml(), alias, tag, "", kind, content)

    def _control(self, field_id: str, look: Look, kind: str, content: str) -> str:
        self._next_id += 1
        number = f'<w:id w:val="{self._next_id}"/>'
        return _sdt(look.xml(), self._labels[field_id], field_id, number, kind, content)


def _value(path: str, look: Look) -> str:
    return run(f"{{{{ {path} }}}}", look)


def _alias(label: str) -> str:
    return label if len(label) <= ALIAS_LENGTH else label[: ALIAS_LENGTH - 1] + "…"


def _sdt(look: str, alias: str, tag: str, number: str, kind: str, content: str) -> str:
    names = f"<w:alias w:val={quoteattr(_alias(alias))}/><w:tag w:val={quoteattr(tag)}/>"
    return (
        f"<w:sdt><w:sdtPr>{look}{names}{number}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def paragraph(style: str, *runs: str, properties: str = "") -> str:
    """A paragraph. ``properties``: direct formatting after the style, in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'


def printed(style: str, text: str) -> str:
    """A paragraph of printed text alone."""
    return paragraph(style, run(text))


def control_line(tag: str) -> str:
    """A paragraph holding nothing but a ``{%p … %}`` tag; docxtpl removes the paragraph around it."""
    return paragraph("Normal", run(tag))


@dataclass(frozen=True, slots=True)
class TableCell:
    """A table cell over ``span`` grid columns.

    ``merge``: ``restart`` or ``continue`` of a vertical merge. ``without``: sides drawn without a rule. ``margin``:
    left and right, where it is not the table's.
    """

    paragraphs: Sequence[str]
    span: int = 1
    align: str = "center"
    merge: str = ""
    without: Sequence[str] = ()
    margin: int | None = None

    def xml(self, width: int) -> str:
        """The cell at its width."""
        sides = [side for side in ("top", "left", "bottom", "right") if side in self.without]
        properties = "".join(
            (
                f'<w:tcW w:w="{width}" w:type="dxa"/>',
                f'<w:gridSpan w:val="{self.span}"/>' if self.span > 1 else "",
                f'<w:vMerge w:val="{self.merge}"/>' if self.merge else "",
                "<w:tcBorders>" + "".join(f'<w:{side} w:val="nil"/>' for side in sides) + "</w:tcBorders>"
                if sides
                else "",
                self._margins(),
                f'<w:vAlign w:val="{self.align}"/>',
            )
        )
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(self.paragraphs)}</w:tc>"

    def _margins(self) -> str:
        if self.margin is None:
            return ""
        sides = (f'<w:{side} w:w="{self.margin}" w:type="dxa"/>' for side in ("left", "right"))
        return f"<w:tcMar>{''.join(sides)}</w:tcMar>"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table row at least ``height`` high. ``whole``: never broken over pages. ``header``: repeated on each page."""

    cells: Sequence[TableCell]
    height: int = 0
    whole: bool = False
    header: bool = False

    def xml(self, grid: Sequence[int]) -> str:
        """The row on its grid; its cells must fill the grid exactly."""
        properties = "".join(
            (
                "<w:cantSplit/>" if self.whole else "",
                f'<w:trHeight w:val="{self.height}" w:hRule="atLeast"/>' if self.height else "",
                "<w:tblHeader/>" if self.header else "",
            )
        )
        cells, column = [], 0
        for cell in self.cells:
            cells.append(cell.xml(sum(grid[column : column + cell.span])))
            column += cell.span
        if column != len(grid):
            raise ValueError(f"a row covers {column} of {len(grid)} grid columns")
        return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


#: Makes the XML of a form's body out of its controls.
Outline = Callable[[Controls], str]


@dataclass(frozen=True, slots=True)
class OutlineOnPage:
    """An outline whose form ends with another section than the upright page, or has page headers."""

    body: Outline
    section: str
    headers: tuple[str, ...] = ()

    def __call__(self, controls: Controls) -> str:
        """The body's XML."""
        return self.body(controls)


def on_page(section: str, *headers: str) -> Callable[[Outline], OutlineOnPage]:
    """Decorates an outline with the section its form ends with, where that is not the upright page.

    ``headers``: the page headers that the template's sections refer to by number.
    """
    return lambda outline: OutlineOnPage(outline, section, headers)


def loop_row(tag: str, columns: int) -> TableRow:
    """A row holding nothing but a ``{%tr … %}`` tag; docxtpl removes the row around it."""
    return TableRow([TableCell([printed("CellText", tag)], span=columns)])


def table(grid: Sequence[int], rows: Sequence[TableRow], *, ruled: bool = True) -> str:
    """A table of fixed layout: table, grid and cell widths agree, or WPS squeezes it. ``ruled``: with lines."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    style = "FormGrid" if ruled else "TableNormal"
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(row.xml(grid) for row in rows)}</w:tbl>"
    )
