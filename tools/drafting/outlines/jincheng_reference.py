"""Outline of the 研判表 of the two stages 晋城 prints no list for: 参考 items, a box per level, lines for the rest."""

from __future__ import annotations

from tools.drafting.markup import (
    END,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    paragraph,
    printed,
    run,
    tab,
    table,
)
from tools.drafting.outlines.parts import head_row, small_label, title

_STAGES = (("construction", "一、施工许可阶段"), ("completion", "二、竣工验收阶段"))
_LEVELS = (("city", "市级"), ("county", "县级"), ("province", "省级"))
_GROUPS = (
    ("applications", "各类申请"),
    ("approvals", "项目批准文件"),
    ("land", "土地手续"),
    ("opinions", "部门意见"),
    ("reports", "评估文本类"),
    ("other", "其他"),
)
_TEXTS = (
    ("special_steps", "特殊环节"),
    ("fees", "需缴纳费用"),
    ("tips", "要点提示"),
    ("optimisation", "优化流程建议"),
)
_GRID = (2100, 2745, 1333, 1333, 1334)
_NOTE = "注：事项清单为参考，取自其他城市的做法，不是本市的清单。请按实际情况勾选并选定审批层级，未列的写在横线上。"


def assessment_reference(controls: Controls) -> str:
    """The whole body: head, note, then per stage its items and its materials."""
    head = TableRow(
        [
            small_label("项目名称"),
            TableCell([paragraph("CellText", controls.text("project.name"))]),
            small_label("填表人"),
            TableCell([paragraph("CellText", controls.text("assessment.filled_by"))], span=2),
        ],
        height=624,
        whole=True,
    )
    parts = [title("施工许可、竣工验收阶段项目研判表（参考）", gap=240), table(_GRID, [head])]
    parts.append(paragraph("CellSmall", run(_NOTE), properties='<w:spacing w:before="120" w:after="60"/>'))
    under = '<w:keepNext/><w:spacing w:before="160" w:line="10" w:lineRule="exact"/>'
    for key, name in _STAGES:
        gap = paragraph("TableGap", properties=under)
        parts += [gap, table(_GRID, [_stage_row(name), *_items(controls, key), *_rest(controls, key)])]
    return "".join((*parts, END))


def _stage_row(name: str) -> TableRow:
    """The stage's name, on every page that its table runs over."""
    line = '<w:spacing w:line="340" w:lineRule="exact"/>'
    cell = TableCell([paragraph("PartHeading", run(name), properties=line)], span=len(_GRID))
    return TableRow([cell], height=440, whole=True, header=True)


def _items(controls: Controls, stage: str) -> list[TableRow]:
    """(一)事项清单: a row per item with a box under each level, then a line per level for others."""
    heading = head_row(("事项清单（参考）", "", *(name for _, name in _LEVELS)), small=True)
    cells = [TableCell([printed("CellSmallLabel", "事项清单（参考）")], span=2), *heading.cells[2:]]
    rows = [TableRow(cells, height=440, whole=True)]
    base = f"assessment.{stage}.items"
    for number in controls.numbered(f"{base}.city")[:-1]:
        name = TableCell([printed("CellSmall", controls.label(f"{base}.city.{number}"))], span=2)
        boxes = [
            TableCell([paragraph("CellSmallLabel", controls.box(f"{base}.{level}.{number}"))])
            for level, _ in _LEVELS
        ]
        rows.append(TableRow([name, *boxes], height=360, whole=True))
    for level, level_name in _LEVELS:
        number = controls.numbered(f"{base}.{level}")[-1]
        rows.append(_line_row(controls, f"未列的{level_name}事项", f"{base}.{level}", (number,)))
    return rows


def _rest(controls: Controls, stage: str) -> list[TableRow]:
    """(二)材料清单 by group, and (三)–(六)."""
    base = f"assessment.{stage}"
    rows = [_line_row(controls, name, f"{base}.materials.{key}", (0, 1)) for key, name in _GROUPS]
    for key, name in _TEXTS:
        text = TableCell([paragraph("CellSmall", controls.text(f"{base}.{key}", multiline=True))], span=4)
        rows.append(TableRow([small_label(name), text], height=640))
    return rows


def _line_row(controls: Controls, name: str, group: str, numbers: tuple[int, ...]) -> TableRow:
    """A label, and beside it boxes with lines to write on."""
    lines = [
        paragraph(
            "CellSmall",
            controls.box(f"{group}.{number}"),
            controls.text(f"{group}.text_{number}", UNDERLINED),
            tab(UNDERLINED),
            properties='<w:tabs><w:tab w:val="left" w:pos="6400"/></w:tabs>'
            '<w:spacing w:line="400" w:lineRule="exact"/>',
        )
        for number in numbers
    ]
    return TableRow([small_label(name), TableCell(lines, span=4)], height=400, whole=True)
