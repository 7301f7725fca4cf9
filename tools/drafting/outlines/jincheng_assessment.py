"""Outline of the 一站式项目研判表: its grid; the 114 boxes and their labels are form.toml's.

Each stage is a band of rows beside its name. (一) and (二) have two inner columns, (三) to (六) run across. The
source prints 县级 and 省级 of stage 2 twice, a box under each; here each heading stands once, its two boxes side by
side. They stand in the right column in stage 1 too, so that both stages read alike.
"""

from __future__ import annotations

from tools.drafting.markup import (
    END,
    HEI,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    control_line,
    paragraph,
    printed,
    run,
    tab,
    table,
)

#: Stage name | left column | right column, and the head row's own edges in between.
_GRID = (567, 783, 1500, 1856, 1044, 1000, 2095)
_LEFT, _RIGHT, _LABEL, _VALUE = 3, 3, 2, 4
#: One line of the inner columns, twips (15 pt).
_LINE = 300


def assessment(controls: Controls) -> str:
    """The whole body: heading, one table."""
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
    rows = [head, *_Approval(controls).rows(), *_Planning(controls).rows()]
    return title + table(_GRID, rows) + END


def _lower(lines: int) -> str:
    return f'<w:spacing w:before="{lines * _LINE}" w:line="{_LINE}" w:lineRule="exact"/>' if lines else ""


class _Stage:
    """What both stages share. ``key``: their part of the ids; ``name``: as printed down the side."""

    key = name = ""
    section_height = 900  # of (三) to (六)

    def __init__(self, controls: Controls) -> None:
        self.controls = controls

    def rows(self) -> list[TableRow]:
        """The stage's rows, (一) to (六)."""
        return [
            self._row(
                TableCell(self.items_left(), _LEFT, "top"),
                TableCell(self.items_right(), _RIGHT, "top"),
                first=True,
            ),
            self._row(
                TableCell(self.materials_left(), _LEFT, "top"),
                TableCell(self.materials_right(), _RIGHT, "top"),
            ),
            self._across("(三) 特殊环节", self._field("special_steps")),
            self._across("(四) 需缴纳费用", *self.fees()),
            self._across("(五) 要点提示", self._field("tips")),
            self._across("(六) 优化流程建议", self._field("optimisation")),
        ]

    def items_left(self) -> list[str]:
        """(一), left."""
        raise NotImplementedError

    def items_right(self) -> list[str]:
        """(一), right."""
        raise NotImplementedError

    def materials_left(self) -> list[str]:
        """(二), left: 一 to 三."""
        raise NotImplementedError

    def materials_right(self) -> list[str]:
        """(二), right: 四 to 六."""
        raise NotImplementedError

    def fees(self) -> list[str]:
        """(四)."""
        return [self._field("fees")]

    def _row(self, *cells: TableCell, first: bool = False, height: int = 0) -> TableRow:
        side = TableCell(
            [paragraph("CellSide", run(self.name if first else "", HEI))],
            merge="restart" if first else "continue",
        )
        # Only (二) is long enough to be worth breaking over pages.
        return TableRow([side, *cells], height=height, whole=first or height > 0)

    def _across(self, label: str, *paragraphs: str) -> TableRow:
        return self._row(
            TableCell([printed("CellSection", label)], _LABEL),
            TableCell(paragraphs, _VALUE),
            height=self.section_height,
        )

    def _field(self, leaf: str) -> str:
        return paragraph("CellSmall", self.controls.text(f"assessment.{self.key}.{leaf}", multiline=True))

    def _group(self, heading: str, group: str, stop: int | None = None, below: int = 0) -> list[str]:
        """A heading and its boxes, each on a line of its own. ``below``: lines to leave free at the column's top."""
        numbers = self.controls.numbered(f"assessment.{self.key}.{group}")[:stop]
        boxes = [paragraph("BoxItem", *self._box(group, number)) for number in numbers]
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
        return [printed("CellHeading", heading), paragraph("BoxPair", *left, tab(), *right)]

    def _box(self, group: str, number: int) -> tuple[str, ...]:
        """A box and what stands behind it: its label, or for a blank one the line to write on."""
        base = f"assessment.{self.key}.{group}"
        line = f"{base}.text_{number}"
        box = f"{base}.{number}"
        if not self.controls.has(line):
            return self.controls.box(box), run(self.controls.label(box))
        # The tab draws the line on to its stop: a blank alone, at the end of its paragraph, is not underlined.
        return self.controls.box(box), self.controls.text(line, UNDERLINED), tab(UNDERLINED)


class _Approval(_Stage):
    """Stage 1 (001, 附件1 of the 一站式 mechanism)."""

    key, name = "approval", "一、立项用地规划许可证阶段"
    #: A little more room, so that on a blank sheet no heading of stage 2 stands alone at the foot of the second page.
    section_height = 975

    def items_left(self) -> list[str]:
        return [printed("CellSection", "(一) 事项清单"), *self._group("一、市级审批事项", "items.city")]

    def items_right(self) -> list[str]:
        return [
            *self._group("二、县级审批事项", "items.county", below=1),
            *self._group("三、省级审批事项", "items.province"),
        ]

    def materials_left(self) -> list[str]:
        return [
            printed("CellSection", "(二) 材料清单"),
            *self._group("一、各类申请(原件, 加盖公章)", "materials.applications"),
            *self._group("二、项目批准文件(非市审批局核发的项目提供复印件)", "materials.approvals"),
            *self._group("三、土地手续(复印件)", "materials.land"),
        ]

    def materials_right(self) -> list[str]:
        return [
            *self._group("四、部门意见(复印件)", "materials.opinions", below=1),
            *self._group("五、评估文本类(原件)", "materials.reports"),
            *self._group("六、其他", "materials.other"),
        ]


class _Planning(_Stage):
    """Stage 2."""

    key, name = "planning", "二、规划许可阶段"
    _CITY_LEFT = 8

    def items_left(self) -> list[str]:
        return [
            printed("CellSection", "(一) 事项清单"),
            *self._group("一、市级审批事项", "items.city", stop=self._CITY_LEFT),
        ]

    def _rest_of_city(self) -> list[str]:
        # Level with the boxes on the left, not with the two headings over them.
        numbers = self.controls.numbered("assessment.planning.items.city")[self._CITY_LEFT :]
        boxes = [self._box("items.city", number) for number in numbers]
        return [
            paragraph("BoxItem", *box, properties="" if index else _lower(2))
            for index, box in enumerate(boxes)
        ]

    def items_right(self) -> list[str]:
        return [
            *self._rest_of_city(),
            *self._pair("二、县级审批事项", "items.county"),
            *self._pair("三、省级审批事项", "items.province"),
        ]

    def materials_left(self) -> list[str]:
        return [
            printed("CellSection", "(二) 材料清单"),
            *self._group("一、各类申请（原件，加盖公章）", "materials.applications"),
            *self._group(
                "二、项目批准文件（非市审批局核发的项目提供复印件，市审批局核发的不需提供）",
                "materials.approvals",
            ),
            *self._group("三、土地手续（复印件）", "materials.land"),
        ]

    def materials_right(self) -> list[str]:
        return [
            *self._group("四、部门意见", "materials.opinions", below=1),
            *self._group("五、评估文本类（原件）", "materials.reports"),
            *self._group("六、其他", "materials.other"),
        ]

    def fees(self) -> list[str]:
        first, second = self._box("fee_items", 0), self._box("fee_items", 1)
        return [paragraph("BoxPair", *first, tab(), *second), self._field("fees")]
