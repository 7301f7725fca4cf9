"""Checks a template's tables and blocks: what Word repairs, WPS squeezes or a composite layout loses.

Also the areas that form.toml gives its fields: a cell needs a table, a signing place needs room.
"""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import FieldDefinition, FieldKind, FormDefinition, Margin
from forms.lint.fields import definition_for
from forms.lint.findings import warning
from forms.lint.typography import Typography
from forms.template.ooxml import (
    CELL,
    PARAGRAPH,
    ROW,
    SDT,
    SDT_CONTENT,
    TABLE,
    TWIPS_PER_MM,
    Element,
    w,
    whole_number,
)
from forms.template.scope import ScopedControl
from foundation.errors import Problem

_TOLERANCE_TWIPS = 20  # 1 pt: what Word itself rounds widths by
_TYPE_AREA_TWIPS = 8845  # 版心 156 mm
_LANDSCAPE_AREA_TWIPS = 12757  # 版心 225 mm, turned
# A hand-written signature; the smallest round seal in use (36 mm).
SIGNATURE_MM = (25.0, 8.0)
SEAL_MM = 36.0
_LINE_TWIPS = 579  # one of the page's 22 lines
_MM_PER_PT = 25.4 / 72


def check_tables(body: Element) -> list[Problem]:
    """Grid, spans and widths of every table, and the paragraph every cell and the body must end in.

    :param body: the root of the main document part.
    """
    container = body.find(w("body"))
    problems: list[Problem] = []
    if container is None:
        return [Problem("", "模板没有正文", advice="用 Word 或 WPS 重新制作")]
    if not _ends_in_paragraph(container):
        problems.append(Problem("文末", "正文最后一个元素不是段落", advice="在末尾加一个空段落"))
    landscape = any(size.get(w("orient")) == "landscape" for size in container.iter(w("pgSz")))
    limit = _LANDSCAPE_AREA_TWIPS if landscape else _TYPE_AREA_TWIPS
    tables = [table for table in container.iter(TABLE) if next(table.iterancestors(CELL), None) is None]
    for number, table in enumerate(tables, start=1):
        problems += _table(table, f"表{number}", limit)
    return problems


def check_areas(
    form: FormDefinition, scoped: tuple[ScopedControl, ...], typography: Typography
) -> list[Problem]:
    """Whether each field has the place on paper that its definition gives it."""
    problems: list[Problem] = []
    for item in scoped:
        definition = definition_for(form, item.pattern)
        if definition is not None:
            problems += _area(definition, item, typography)
    return problems


def _table(table: Element, place: str, limit: int) -> Iterator[Problem]:
    grid = [
        whole_number(column.get(w("w"))) or 0 for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")
    ]
    width = table.find(f"{w('tblPr')}/{w('tblW')}")
    if not grid:
        yield Problem(place, "没有列宽定义（tblGrid）", advice="在 Word 里重设列宽后保存", severity="warning")
        return
    yield from _width(grid, width, place, limit)
    rows = [row for row in table.iter(ROW) if next(row.iterancestors(TABLE)) is table]
    for number, row in enumerate(rows, start=1):
        yield from _row(row, grid, f"{place} 第{number}行")


def _width(grid: list[int], width: Element | None, place: str, limit: int) -> Iterator[Problem]:
    total = sum(grid)
    if width is None or width.get(w("type")) != "dxa":
        yield warning(place, "没有固定的表宽，WPS 会压缩表格", "表格属性里指定宽度（厘米）")
    elif abs((whole_number(width.get(w("w"))) or 0) - total) > _TOLERANCE_TWIPS:
        stated = (whole_number(width.get(w("w"))) or 0) / TWIPS_PER_MM
        yield warning(place, f"表宽 {stated:.1f} 毫米，各列合计 {total / TWIPS_PER_MM:.1f} 毫米", "改成一致")
    if total > limit + _TOLERANCE_TWIPS:
        problem = f"表宽 {total / TWIPS_PER_MM:.1f} 毫米，超出版心 {limit / TWIPS_PER_MM:.0f} 毫米"
        yield warning(place, problem, "收窄表格")


def _row(row: Element, grid: list[int], place: str) -> Iterator[Problem]:
    cells = [cell for cell in row.iter(CELL) if next(cell.iterancestors(ROW)) is row]
    column = _number(row, "trPr", "gridBefore")
    for number, cell in enumerate(cells, start=1):
        cell_place = f"{place} 第{number}格"
        span = _number(cell, "tcPr", "gridSpan", default=1)
        yield from _cell_width(cell, sum(grid[column : column + span]), cell_place)
        if not _ends_in_paragraph(cell):
            yield Problem(
                cell_place, "单元格最后不是段落，Word 打开时会提示修复", advice="在格末加一个空段落"
            )
        yield from _vertical_text(cell, row, cell_place)
        column += span
    column += _number(row, "trPr", "gridAfter")
    if column != len(grid):
        yield Problem(place, f"各格共占 {column} 列，表格有 {len(grid)} 列", advice="检查合并单元格的跨列数")


def _cell_width(cell: Element, wanted: int, place: str) -> Iterator[Problem]:
    width = cell.find(f"{w('tcPr')}/{w('tcW')}")
    if width is None or width.get(w("type")) != "dxa":
        yield warning(place, "没有固定的格宽", "重设列宽后保存")
        return
    found = whole_number(width.get(w("w"))) or 0
    if abs(found - wanted) > _TOLERANCE_TWIPS:
        problem = f"格宽 {found / TWIPS_PER_MM:.1f} 毫米，所跨各列合计 {wanted / TWIPS_PER_MM:.1f} 毫米"
        yield warning(place, problem, "改成一致")


def _vertical_text(cell: Element, row: Element, place: str) -> Iterator[Problem]:
    """A row grows with its text only where that runs across: vertical text needs a height of its own."""
    properties = cell.find(w("tcPr"))
    direction = properties.find(w("textDirection")) if properties is not None else None
    if properties is None or direction is None or direction.get(w("val")) in ("lrTb", "lrTbV", "tb"):
        return
    if not _number(row, "trPr", "trHeight") and properties.find(w("vMerge")) is None:
        problem = "竖排文字的行没有定高，印不全"
        yield Problem(place, problem, advice="在表格属性里给这一行指定高度（最小值）")


def _number(element: Element, properties: str, name: str, *, attribute: str = "val", default: int = 0) -> int:
    """A whole number in an element's properties: ``gridSpan`` in ``tcPr``."""
    found = element.find(f"{w(properties)}/{w(name)}")
    number = whole_number(found.get(w(attribute))) if found is not None else None
    return default if number is None else number


def _ends_in_paragraph(container: Element) -> bool:
    blocks = [child for child in container if child.tag in (PARAGRAPH, TABLE, SDT)]
    if not blocks:
        return False
    if blocks[-1].tag == SDT:
        content = blocks[-1].find(SDT_CONTENT)
        return content is not None and _ends_in_paragraph(content)
    return blocks[-1].tag == PARAGRAPH


def _area(definition: FieldDefinition, scoped: ScopedControl, typography: Typography) -> Iterator[Problem]:
    control = scoped.control
    element = control.element
    if element is None:
        return
    cell = next(element.iterancestors(CELL), None)
    if definition.area == "cell" and cell is None and control.level not in ("cell", "row"):
        problem = "区域定为整格（area = “cell”），控件却不在表格里"
        yield Problem(control.place, problem, definition.id, "改为 text，或给出毫米数")
        return
    if definition.kind is FieldKind.SIGNATURE:
        yield from _signing_room(definition, scoped, cell, typography)


def _signing_room(
    definition: FieldDefinition, scoped: ScopedControl, cell: Element | None, typography: Typography
) -> Iterator[Problem]:
    control = scoped.control
    width, height = _room(definition, control.element, cell, typography)
    room = f"签章处约 {width:.0f}×{height:.0f} 毫米"
    if width < SIGNATURE_MM[0] or height < SIGNATURE_MM[1]:
        problem = f"{room}，签不下名字（至少 {SIGNATURE_MM[0]:.0f}×{SIGNATURE_MM[1]:.0f}）"
        yield Problem(control.place, problem, definition.id, "加大 blank 或 area")
    elif "盖章" in definition.label and min(width, height) < SEAL_MM:
        advice = "加大 area 的上下左右毫米数"
        yield Problem(control.place, f"{room}，盖不下公章（{SEAL_MM:.0f}）", definition.id, advice, "warning")


def _room(
    definition: FieldDefinition, element: Element | None, cell: Element | None, typography: Typography
) -> tuple[float, float]:
    """The signing area in mm, as far as the template alone shows it: a cell may grow, a line may wrap."""
    width = definition.blank * _type_size(element, typography) * _MM_PER_PT
    height = _LINE_TWIPS / TWIPS_PER_MM
    if isinstance(definition.area, Margin):
        area = definition.area
        return width + area.left + area.right, height + area.up + area.down
    if definition.area in ("cell", "row") and cell is not None:
        width = _number(cell, "tcPr", "tcW", attribute="w") / TWIPS_PER_MM
        row = next(cell.iterancestors(ROW), None)
        if definition.area == "cell" and row is not None:
            height = max(height, _number(row, "trPr", "trHeight") / TWIPS_PER_MM)
    elif definition.area == "row":
        width = _TYPE_AREA_TWIPS / TWIPS_PER_MM
    return width, height


def _type_size(element: Element | None, typography: Typography) -> float:
    run = next(element.iter(w("r")), None) if element is not None else None
    paragraph = next(run.iterancestors(PARAGRAPH), None) if run is not None else None
    return typography.size_pt(run, paragraph) if run is not None and paragraph is not None else 16.0
