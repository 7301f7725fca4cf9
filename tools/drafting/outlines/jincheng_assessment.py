"""Outline of the 一站式项目研判表: its grid; the 114 boxes and their labels are form.toml's.

Each stage is a band of rows beside its name, on pages of its own whose header says the name again. (一) and (二) have
two inner columns, (三) to (六) run across. In stage 1 the left column holds (一), and (二) up to 三、; the right one
begins with 四、. The source prints 县级 and 省级 of stage 2 twice, a box under each; here each heading stands
once, its two boxes side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.drafting.markup import (
    END,
    HEI,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    control_line,
    on_page,
    paragraph,
    printed,
    run,
    tab,
    table,
)
from tools.drafting.page import section

#: Stage name | left column | right column, and the head row's own edges in between.
_GRID = (567, 783, 1500, 1856, 1044, 1000, 2095)
_LEFT, _RIGHT, _LABEL, _VALUE = 3, 3, 2, 4
#: One line of the inner columns, twips (15 pt); and one to write on by hand (7 mm).
_LINE, _WRITING_LINE = 300, 400
_WRITING = f'<w:spacing w:line="{_WRITING_LINE}" w:lineRule="exact"/>'
_KEPT = "<w:keepNext/>"
_STAGE_NAMES = ("一、立项用地规划许可证阶段", "二、规划许可阶段")


@on_page(section(number_from=None, header=2), *_STAGE_NAMES, "")
def assessment(controls: Controls) -> str:
    """The whole body: heading, a table for each stage."""
    head = TableRow(
        [
            TableCell([printed("CellLabel", "项目名称")], span=2),
            TableCell([paragraph("CellText", controls.text("project.name"))], span=3),
            TableCell([printed("CellLabel", "填表人")]),
            TableCell([paragraph("CellText", controls.text("assessment.filled_by"))]),
        ],
        height=624,
        whole=True,
    )
    title = printed("AttachmentLabel", "附件 1") + paragraph(
        "FormTitle",
        run("一站式项目研判表"),
        properties='<w:spacing w:before="579" w:after="240" w:line="579" w:lineRule="exact"/>',
    )
    next_stage = paragraph("TableGap", properties=section(header=1, first_header=3))
    return "".join(
        (
            title,
            table(_GRID, [head, *_Approval(controls).rows()]),
            next_stage,
            table(_GRID, _Planning(controls).rows()),
            END,
        )
    )


def _lower(lines: int) -> str:
    return f'<w:spacing w:before="{lines * _LINE}" w:line="{_LINE}" w:lineRule="exact"/>' if lines else ""


class _Stage:
    """What both stages share. ``key``: their part of the ids; ``name``: as printed down the side."""

    key = name = ""
    section_height = 900  # of (三) to (六)

    def __init__(self, controls: Controls) -> None:
        self.controls = controls

    def rows(self) -> list[TableRow]:
        """The stage's rows, (一) to (六). (三) to (六) stay together, so that no page holds one of them alone."""
        return [
            *self.columns(),
            self._across("(三) 特殊环节", self._field("special_steps", _KEPT), label_keeps=True),
            self._across("(四) 需缴纳费用", *self.fees(_KEPT), label_keeps=True),
            self._across("(五) 要点提示", self._field("tips", _KEPT), label_keeps=True),
            self._across("(六) 优化流程建议", self._field("optimisation")),
        ]

    def columns(self) -> list[TableRow]:
        """The rows with two inner columns: (一) and (二)."""
        raise NotImplementedError

    def fees(self, properties: str) -> list[str]:
        """(四)."""
        return [self._field("fees", properties)]

    def _columns(
        self, left: Sequence[str], right: Sequence[str], *, first: bool = False, whole: bool = False
    ) -> TableRow:
        return self._row(
            TableCell(left, _LEFT, "top"), TableCell(right, _RIGHT, "top"), first=first, whole=whole
        )

    def _row(self, *cells: TableCell, first: bool = False, height: int = 0, whole: bool = False) -> TableRow:
        side = TableCell(
            [paragraph("CellSide", run(self.name if first else "", HEI))],
            merge="restart" if first else "continue",
        )
        # Only what holds (二) is long enough to be worth breaking over pages.
        return TableRow([side, *cells], height=height, whole=whole)

    def _across(self, label: str, *paragraphs: str, label_keeps: bool = False) -> TableRow:
        keep = "" if label_keeps else '<w:keepNext w:val="0"/>'
        return self._row(
            TableCell([paragraph("CellSection", run(label), properties=keep)], _LABEL),
            TableCell(paragraphs, _VALUE),
            height=self.section_height,
            whole=True,
        )

    def _field(self, leaf: str, properties: str = "") -> str:
        text = self.controls.text(f"assessment.{self.key}.{leaf}", multiline=True)
        return paragraph("CellSmall", text, properties=properties)

    def _group(self, heading: str, group: str, stop: int | None = None, below: int = 0) -> list[str]:
        """A heading and its boxes, each on a line of its own. ``below``: lines to leave free at the column's top."""
        numbers = self.controls.numbered(f"assessment.{self.key}.{group}")[:stop]
        boxes = [self._box_line(group, number) for number in numbers]
        return [
            paragraph("CellHeading", run(heading), properties=_lower(below)),
            *boxes,
            *self._others(group),
        ]

    def _others(self, group: str) -> list[str]:
        """A line for what a case names beyond the boxes, where the source prints no blank one; absent otherwise."""
        others = f"assessment.{self.key}.{group}.others"
        if not self.controls.has(others):
            return []
        line = paragraph("BoxItem", self.controls.text(others))
        return [control_line(f"{{%p if {others} %}}"), line, control_line("{%p endif %}")]

    def _pair(self, heading: str, group: str) -> list[str]:
        """A heading and its two blank boxes side by side."""
        left, right = self._box(group, 0), self._box(group, 1)
        return [
            printed("CellHeading", heading),
            paragraph("BoxPair", *left, tab(), *right, properties=_WRITING),
        ]

    def _box_line(self, group: str, number: int, above: int = 0) -> str:
        """A box on a line of its own; one to write on is higher. ``above``: lines to leave free."""
        is_written = self.controls.has(f"assessment.{self.key}.{group}.text_{number}")
        return paragraph(
            "BoxItem", *self._box(group, number), properties=_WRITING if is_written else _lower(above)
        )

    def _box(self, group: str, number: int) -> tuple[str, ...]:
        """A box and what stands behind it: its label, or for a blank one the line to write on."""
        base = f"assessment.{self.key}.{group}"
        line = f"{base}.text_{number}"
        box = f"{base}.{number}"
        if not self.controls.has(line):
            return self.controls.box(box), run(self.controls.label(box))
        # The tab draws the line, in one piece: of a blank's no-break spaces each is underlined by itself.
        return self.controls.box(box), self.controls.text(line, UNDERLINED), tab(UNDERLINED)


class _Approval(_Stage):
    """Stage 1 (001, 附件1 of the 一站式 mechanism)."""

    key, name = "approval", _STAGE_NAMES[0]

    def columns(self) -> list[TableRow]:
        """One row: the right column begins beside (一)."""
        left = [
            printed("CellSection", "(一) 事项清单"),
            *self._group("一、市级审批事项", "items.city"),
            *self._group("二、县级审批事项", "items.county"),
            *self._group("三、省级审批事项", "items.province"),
            printed("CellSection", "(二) 材料清单"),
            *self._group("一、各类申请(原件, 加盖公章)", "materials.applications"),
            *self._group("二、项目批准文件(非市审批局核发的项目提供复印件)", "materials.approvals"),
            *self._group("三、土地手续(复印件)", "materials.land"),
        ]
        right = [
            *self._group("四、部门意见(复印件)", "materials.opinions"),
            *self._group("五、评估文本类(原件)", "materials.reports"),
            *self._group("六、其他", "materials.other"),
        ]
        return [self._columns(left, right, first=True)]


class _Planning(_Stage):
    """Stage 2."""

    key, name = "planning", _STAGE_NAMES[1]
    _CITY_LEFT = 8

    def columns(self) -> list[TableRow]:
        """(一), whose right column begins with the rest of 市级, and (二)."""
        items_left = [
            printed("CellSection", "(一) 事项清单"),
            *self._group("一、市级审批事项", "items.city", stop=self._CITY_LEFT),
        ]
        items_right = [
            *self._rest_of_city(),
            *self._pair("二、县级审批事项", "items.county"),
            *self._pair("三、省级审批事项", "items.province"),
        ]
        materials_left = [
            printed("CellSection", "(二) 材料清单"),
            *self._group("一、各类申请（原件，加盖公章）", "materials.applications"),
            *self._group(
                "二、项目批准文件（非市审批局核发的项目提供复印件，市审批局核发的不需提供）",
                "materials.approvals",
            ),
            *self._group("三、土地手续（复印件）", "materials.land"),
        ]
        materials_right = [
            *self._group("四、部门意见", "materials.opinions", below=1),
            *self._group("五、评估文本类（原件）", "materials.reports"),
            *self._group("六、其他", "materials.other"),
        ]
        return [
            self._columns(items_left, items_right, first=True, whole=True),
            self._columns(materials_left, materials_right),
        ]

    def _rest_of_city(self) -> list[str]:
        # Level with the boxes on the left, not with the two headings over them.
        numbers = self.controls.numbered("assessment.planning.items.city")[self._CITY_LEFT :]
        return [
            self._box_line("items.city", number, above=0 if index else 2)
            for index, number in enumerate(numbers)
        ]

    def fees(self, properties: str) -> list[str]:
        """(四): its two boxes, and room to write."""
        first, second = self._box("fee_items", 0), self._box("fee_items", 1)
        boxes = paragraph("BoxPair", *first, tab(), *second, properties=properties)
        return [boxes, self._field("fees", properties)]
