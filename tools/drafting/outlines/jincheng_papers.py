"""Outlines of the papers that 晋市审管发〔2022〕28号 names without printing them: 会商, 勘验, 告知, 补正, 中止 …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.drafting.markup import (
    END,
    JOINT,
    Controls,
    Outline,
    TableCell,
    TableRow,
    loop_row,
    paragraph,
    printed,
    run,
    table,
)
from tools.drafting.outlines.parts import (
    addressee,
    body,
    boxes,
    closing,
    entry_table,
    field,
    head_row,
    label,
    pages_of,
    part_row,
    signing_pair,
    small_label,
    text_lines,
    title,
)

_STAGES = (
    ("立项用地规划许可阶段", "approval"),
    ("工程建设许可阶段", "planning"),
    ("施工许可阶段", "construction"),
    ("竣工验收阶段", "completion"),
)
#: Label, field, label, field: the head of a record.
_FACTS = (1720, 2803, 1520, 2802)
#: The last sentence of a notice; it goes with the signature, which never stands on a page alone.
_SAID = paragraph("FormBody", run("特此告知。"), properties="<w:keepNext/>")
_UNDER = '<w:keepNext/><w:spacing w:after="120" w:line="579" w:lineRule="exact"/><w:jc w:val="left"/>'


def _row(*cells: TableCell, height: int = 624) -> TableRow:
    return TableRow(cells, height=height, whole=True)


def _wide(controls: Controls, name: str, field_id: str, *, height: int = 624) -> TableRow:
    """A label (of one or more lines) and its field over the rest of the row; only one higher than a page is broken."""
    names = TableCell([printed("CellLabel", line) for line in name.split("\n")])
    return _row(names, field(controls, field_id, span=3, multiline=True), height=height)


def _project_rows(controls: Controls) -> Iterator[TableRow]:
    for name, field_id in (("项目名称", "project.name"), ("项目单位", "enterprise.name")):
        yield _row(label(name), field(controls, field_id, span=3))


def _date(controls: Controls, field_id: str) -> TableCell:
    return TableCell([paragraph("CellText", controls.date(field_id))])


def consultation(controls: Controls) -> str:
    """集体会商意见: the 综合研判 of 第七条, then its five contents under the headings it gives them."""

    def by_stage(leaf: str) -> Iterator[TableRow]:
        for name, key in _STAGES:
            yield _wide(controls, "\n".join(_broken(name)), f"plan.{key}.{leaf}", height=794)

    levels = "consultation.levels"
    level = [
        TableCell([paragraph("CellLabel", controls.entry(levels, "level", "e.level"))]),
        TableCell(
            [paragraph("CellText", controls.entry(levels, "items", "e.items", multiline=True))], span=3
        ),
    ]
    optimisation = paragraph("CellText", controls.text("plan.optimisation", multiline=True))
    mode = boxes(controls, "consultation.mode", apart=True)
    rows = [
        *_project_rows(controls),
        _row(label("会商时间"), _date(controls, "consultation.date"), label("会商方式"), mode, height=800),
        _wide(controls, "参加会商的\n科室和单位", "consultation.attending", height=800),
        part_row("综合研判", 4),
        _wide(controls, "产业政策", "consultation.policy", height=1021),
        _wide(controls, "项目选址", "consultation.siting", height=1021),
        part_row("（一）项目审批全环节事项清单", 4),
        *by_stage("items"),
        part_row("（二）项目审批分阶段材料清单", 4),
        *by_stage("materials"),
        part_row("（三）项目审批事项审批层级", 4),
        loop_row(f"{{%tr for e in {levels} %}}", 4),
        TableRow(level, height=794, whole=True),
        loop_row("{%tr endfor %}", 4),
        part_row("（四）项目审批流程优化方案", 4),
        TableRow([TableCell([optimisation], span=4)], height=1021, whole=True),
        part_row("（五）行业主管部门和项目单位需提供的基础资料", 4),
        _wide(controls, "行业主管部门", "consultation.department_materials", height=1021),
        _wide(controls, "项目单位", "consultation.enterprise_materials", height=1021),
    ]
    return title("项目集体会商意见", gap=290) + table(_FACTS, rows) + END


def joint_survey(controls: Controls) -> str:
    """联合勘验（论证）记录: what was seen and argued, and each department's opinion over its signature."""
    kind = boxes(controls, "survey.kind")
    head = [
        *_project_rows(controls),
        _row(label("时间"), _date(controls, "survey.date"), label("地点"), field(controls, "survey.place")),
        _row(label("方式"), TableCell(kind.paragraphs, span=3)),
        _wide(controls, "勘验论证情况", "survey.findings", height=2041),
        _wide(controls, "可行性\n论证结论", "survey.conclusion", height=1588),
        part_row("各部门意见", 4),
    ]
    return "".join(
        (
            title("联合勘验（论证）记录", gap=290),
            table(_FACTS, head),
            paragraph("TableGap", properties="<w:keepNext/>"),
            entry_table(
                controls,
                "survey.opinions",
                (("部门", "department", 2200), ("意见", "opinion", 3845), ("签字", "signature", 2100)),
                centred={"signature"},
                height=1021,
            ),
            END,
        )
    )


def policy_notice(controls: Controls) -> str:
    """项目不符合政策告知书: to the enterprise, in what its project does not fit."""
    return "".join(
        (
            title("项目不符合政策告知书"),
            addressee(controls.text("enterprise.name")),
            body(
                run("根据《晋城市投资项目审批“全代办”工作方案》，我局对你单位"),
                controls.text("project.name"),
                run("进行了联合预审。经论证，该项目不符合政策，情形如下："),
            ),
            text_lines(controls, "consultation.unfit"),
            _SAID,
            closing(controls.text("agency.name"), controls.date("consultation.notified")),
        )
    )


def materials_notice(controls: Controls) -> str:
    """申请材料一次性告知单: 审批内容、材料清单、中介环节 per stage, and the 要点提示."""

    def cell(field_id: str, *, span: int = 1) -> TableCell:
        return TableCell([paragraph("CellSmall", controls.text(field_id, multiline=True))], span=span)

    columns = ("items", "materials", "intermediaries")
    stages = [
        _row(_stage_label(name), *(cell(f"plan.{key}.{leaf}") for leaf in columns), height=1361)
        for name, key in _STAGES
    ]
    agency = field(controls, "agency.name")
    facts = [
        *_project_rows(controls),
        _row(label("告知机关"), agency, label("告知日期"), _date(controls, "materials_notice.date")),
    ]
    return "".join(
        (
            title("申请材料一次性告知单", gap=290),
            table(_FACTS, facts),
            JOINT,
            table(
                (1720, 2340, 2985, 1800),
                [
                    head_row(("阶段", "审批内容", "材料清单", "中介环节"), small=True),
                    *stages,
                    _row(small_label("要点提示"), cell("plan.tips", span=3), height=1361),
                ],
            ),
            END,
        )
    )


def _stage_label(name: str) -> TableCell:
    return TableCell([printed("CellSmallLabel", line) for line in _broken(name)])


def _broken(name: str) -> list[str]:
    """A stage's name in lines: what does not fit one is broken before 许可阶段."""
    ending = "许可阶段"
    return [name.removesuffix(ending), ending] if len(name) > 6 and name.endswith(ending) else [name]


def correction_opinion(controls: Controls) -> str:
    """一次性补正意见: everything at once, by when, and whom to ask."""
    return "".join(
        (
            title("申请材料一次性补正意见", gap=400),
            addressee(controls.text("enterprise.name")),
            paragraph(
                "FormBody",
                run("经相关科室对你单位"),
                controls.text("project.name"),
                run("的申请材料进行初步审查，现一次性提出补正意见如下："),
                properties=_UNDER,
            ),
            entry_table(
                controls,
                "correction.items",
                (
                    ("申请材料", "material", 2445),
                    ("补正意见", "opinion", 3900),
                    ("初审科室", "section", 1800),
                ),
            ),
            paragraph("TableGap", properties="<w:keepNext/>"),
            paragraph(
                "FormBody",
                run("请于"),
                controls.date("correction.due"),
                run("前补正。"),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            paragraph(
                "FormBody",
                run("联系人及电话："),
                controls.text("manager.name"),
                run("　"),
                controls.text("manager.phone"),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            closing(controls.text("agency.name"), controls.date("correction.date")),
        )
    )


def suspension_notice(controls: Controls) -> str:
    """“全代办”服务中止告知书: the seven cases as boxes, the one that has come about ticked."""
    cases = [
        paragraph(
            "FormBody",
            controls.box(f"suspension.case.{number}"),
            run(f" {number + 1}. {controls.label(f'suspension.case.{number}')}"),
            properties='<w:ind w:left="1106" w:hanging="474"/><w:jc w:val="left"/>',
        )
        for number in controls.numbered("suspension.case")
    ]
    return "".join(
        (
            title("“全代办”服务中止告知书", gap=400),
            addressee(controls.text("enterprise.name")),
            body(
                run("你单位委托办理的"),
                controls.text("project.name"),
                run("“全代办”服务，因出现下列勾选的情况无法进行，自"),
                controls.date("suspension.date"),
                run("起中止："),
            ),
            *cases,
            paragraph(
                "FormBody",
                run("具体情况："),
                controls.text("suspension.remark", multiline=True),
                properties='<w:jc w:val="left"/>',
            ),
            _SAID,
            closing(controls.text("agency.name"), controls.date("suspension.notice_date")),
        )
    )


def resumption_notice(controls: Controls) -> str:
    """“全代办”服务恢复告知书: which suspension ends, and when."""
    return "".join(
        (
            title("“全代办”服务恢复告知书"),
            addressee(controls.text("enterprise.name")),
            body(
                run("你单位委托办理的"),
                controls.text("project.name"),
                run("“全代办”服务，因"),
                controls.text("suspension.text"),
                run("，于"),
                controls.date("suspension.date"),
                run("中止。"),
            ),
            body(
                run("现自"),
                controls.date("suspension.resumed"),
                run("起恢复该项目的“全代办”服务，由项目长"),
                controls.text("manager.name"),
                run("（联系电话"),
                controls.text("manager.phone"),
                run("）继续办理。"),
            ),
            _SAID,
            closing(controls.text("agency.name"), controls.date("suspension.resumption_date")),
        )
    )


def stage_delivery(controls: Controls) -> str:
    """阶段办结告知与证照送达单: results of a stage, and the papers handed over against signature."""
    return "".join(
        (
            title("阶段办结告知与证照送达单", gap=400),
            addressee(controls.text("enterprise.name")),
            paragraph(
                "FormBody",
                run("你单位"),
                controls.text("project.name"),
                controls.text("delivery.stage"),
                run("阶段的下列审批事项已办结，现告知审批结果，并送达相关证照文件："),
                properties=_UNDER,
            ),
            entry_table(
                controls,
                "delivery.items",
                (
                    ("审批事项", "item", 2045),
                    ("审批结果", "result", 1150),
                    ("办结日期", "completed", 2150),
                    ("送达的证照文件", "certificate", 2000),
                    ("份数", "copies", 800),
                ),
                dates={"completed"},
                centred={"result", "copies"},
            ),
            signing_pair(
                (
                    "项目单位（签收）：",
                    controls.text("delivery.enterprise_signature"),
                    controls.date("delivery.enterprise_date"),
                ),
                (
                    "项目长（签字）：",
                    controls.text("delivery.manager_signature"),
                    controls.date("delivery.manager_date"),
                ),
            ),
        )
    )


def push_slip(controls: Controls) -> str:
    """跨层级项目推送单: a page for each matter that goes on to another authority."""
    slips = "push_slips"

    def entry(name: str, leaf: str) -> TableRow:
        cell = TableCell([paragraph("CellLarge", controls.entry(slips, leaf, f"s.{leaf}"))])
        return TableRow([_large(name), cell], height=900, whole=True)

    def day(name: str, leaf: str) -> TableRow:
        cell = TableCell([paragraph("CellLarge", controls.entry_date(slips, leaf, "s"))])
        return TableRow([_large(name), cell], height=900, whole=True)

    rows = [
        entry("接收部门", "department"),
        entry("项目名称", "project"),
        entry("项目代码", "code"),
        entry("项目单位", "enterprise"),
        entry("已完成的审批事项", "item"),
        day("本级完成日期", "completed"),
        day("推送期限", "due"),
        day("推送日期", "pushed"),
        entry("推送部门", "sender"),
        entry("项目长及电话", "manager"),
    ]
    return pages_of(slips, "s", "跨层级项目推送单", table((2900, 5945), rows))


def _large(text: str) -> TableCell:
    return TableCell([printed("CellLargeLabel", text)])


PAPERS: Mapping[str, Outline] = {
    "consultation": consultation,
    "joint-survey": joint_survey,
    "policy-notice": policy_notice,
    "materials-notice": materials_notice,
    "correction-opinion": correction_opinion,
    "suspension-notice": suspension_notice,
    "resumption-notice": resumption_notice,
    "stage-delivery": stage_delivery,
    "push-slip": push_slip,
}
