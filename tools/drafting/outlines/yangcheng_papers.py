"""Outlines of the papers that 阳政办函〔2026〕9号 names: 指派、备案、用地收储计划、任务交办、协调报告、联席会议纪要."""

from __future__ import annotations

from collections.abc import Mapping

from tools.drafting.markup import (
    HEI,
    Controls,
    Outline,
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
from tools.drafting.outlines.parts import (
    FREE_LINE,
    addressed,
    addressee,
    closing,
    entry_table,
    imprint,
    pages_of,
    red_rule,
    text_lines,
    title,
)
from tools.drafting.page import section

_UNDER = '<w:keepNext/><w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'


def agent_assignment(controls: Controls) -> str:
    """专职代办员指派表: the three to five who serve one project."""
    columns = (
        ("姓名", "name", 1600),
        ("所在单位", "unit", 2745),
        ("职务", "post", 1700),
        ("联系电话", "phone", 2100),
    )
    return "".join(
        (
            title("专职代办员指派表", gap=290),
            paragraph("Normal", run("项目名称："), controls.text("project.name")),
            paragraph("Normal", run("项目单位："), controls.text("enterprise.name"), properties=_UNDER),
            entry_table(
                controls, "agents.members", columns, centred={"name", "phone"}, height=850, keep_last=True
            ),
            paragraph("TableGap", properties="<w:keepNext/>"),
            closing(controls.text("agency.name"), controls.date("agents.date")),
        )
    )


def replacement_record(controls: Controls) -> str:
    """责任人变更备案表: a page for each change, sealed by the unit whose person changes."""
    changes = "replacements"

    def row(name: str, leaf: str, *, height: int = 900, multiline: bool = False) -> TableRow:
        cell = TableCell(
            [paragraph("CellLarge", controls.entry(changes, leaf, f"c.{leaf}", multiline=multiline))]
        )
        return TableRow([_large(name), cell], height=height, whole=True)

    day = TableCell([paragraph("CellLarge", controls.entry_date(changes, "date", "c"))])
    seal = [
        *[paragraph("CellLarge")] * 3,
        paragraph(
            "CellLarge",
            run("所在单位（盖章）："),
            controls.entry(changes, "signature", "c.signature"),
            properties='<w:ind w:left="632"/>',
        ),
        paragraph("CellLarge"),
        paragraph(
            "CellLarge",
            controls.entry_date(changes, "sealed", "c"),
            properties='<w:ind w:right="948"/><w:jc w:val="right"/>',
        ),
    ]
    rows = [
        row("单　　位", "unit"),
        row("原责任人", "former"),
        row("递补责任人", "successor"),
        row("职　　务", "post"),
        row("联系电话", "phone"),
        TableRow([_large("变更日期"), day], height=900, whole=True),
        row("变更原因", "reason", height=1800, multiline=True),
        TableRow([_large("单位盖章"), TableCell(seal, align="bottom")], height=3560, whole=True),
    ]
    return pages_of(changes, "c", "责任人变更备案表", table((2300, 6545), rows))


@on_page(section(landscape=True))
def land_plan(controls: Controls) -> str:
    """下一年度用地收储计划报送表: landscape, a row for each project that is to come."""
    columns = (
        ("项目名称", "name", 3000),
        ("项目单位", "enterprise", 2200),
        ("建设地点", "location", 2400),
        ("建设规模", "scale", 2300),
        ("用地情况", "land", 2157),
    )
    year = paragraph("Normal", run("计划年度："), controls.text("listing.next_year"), properties=_UNDER)
    return "".join(
        (
            title("年度用地收储计划报送表", gap=240),
            addressed("县自然资源局"),
            year,
            entry_table(controls, "projects", columns, height=760, keep_last=True),
            paragraph("TableGap", properties="<w:keepNext/>"),
            closing(run("台头化工园区"), controls.date("listing.reported")),
        )
    )


def matter_assignment(controls: Controls) -> str:
    """代办事项任务交办单: a page for each department, with its matters."""
    assigned = "assigned"

    def entry(leaf: str, *, multiline: bool = False) -> str:
        return controls.entry(assigned, leaf, f"a.{leaf}", multiline=multiline)

    content = "".join(
        (
            addressee(entry("department")),
            paragraph(
                "FormBody",
                run("根据"),
                entry("enterprise"),
                entry("project"),
                run("《代办服务方案》，现将涉及你单位的下列代办事项交办，请抓紧办理："),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            paragraph(
                "FormBody",
                entry("matters", multiline=True),
                properties='<w:ind w:left="632" w:firstLine="0"/><w:jc w:val="left"/>',
            ),
            paragraph(
                "FormBody",
                run("管家及电话："),
                entry("steward"),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            closing(entry("sender"), controls.entry_date(assigned, "date", "a")),
        )
    )
    return pages_of(assigned, "a", "代办事项任务交办单", content)


def coordination_report(controls: Controls) -> str:
    """需协调事项报告: to the county's government, about one project."""
    return "".join(
        (
            title("需协调事项报告"),
            addressed("县政府"),
            paragraph(
                "FormBody",
                controls.text("project.name"),
                run("（项目单位："),
                controls.text("enterprise.name"),
                run("）代办中有需要协调解决的事项，现将有关情况报告如下："),
                properties='<w:jc w:val="left"/>',
            ),
            printed("HeadingOne", "一、堵点、难点及重大事项"),
            text_lines(controls, "coordination.problem"),
            printed("HeadingOne", "二、已采取的措施"),
            text_lines(controls, "coordination.measures"),
            printed("HeadingOne", "三、提请县政府协调解决的事项"),
            text_lines(controls, "coordination.request"),
            paragraph("FormBody", run("特此报告。"), properties="<w:keepNext/>"),
            closing(controls.text("agency.name"), controls.date("coordination.date")),
        )
    )


def meeting_minutes(controls: Controls) -> str:
    """联席会议纪要: 纪要格式 (10.3); what was studied, and the problems with who answers for each and until when."""

    def line(name: str, *fields: str) -> str:
        return paragraph("FormBody", run(f"{name}：", HEI), *fields, properties='<w:jc w:val="left"/>')

    issues = "joint_meeting.issues"

    def said(name: str, field: str) -> str:
        return paragraph("FormBody", run(f"{name}："), field, properties='<w:jc w:val="left"/>')

    return "".join(
        (
            printed("RedSpace", ""),
            printed("RedHead", "联席会议纪要"),
            FREE_LINE,
            red_rule(controls.text("joint_meeting.number")),
            FREE_LINE,
            line("时间", controls.date("joint_meeting.date")),
            line("地点", controls.text("joint_meeting.place")),
            line("召集人", controls.text("joint_meeting.chair")),
            line("项目", controls.text("project.name")),
            printed("HeadingOne", "一、问题症结、责任单位与解决时限"),
            control_line(f"{{%p for i in {issues} %}}"),
            paragraph(
                "FormBody",
                run("{{ loop.index }}. "),
                controls.entry(issues, "problem", "i.problem", multiline=True),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            said("问题症结", controls.entry(issues, "cause", "i.cause", multiline=True)),
            said("责任单位", controls.entry(issues, "department", "i.department")),
            said("解决时限", controls.entry_date(issues, "due", "i")),
            control_line("{%p endfor %}"),
            printed("HeadingOne", "二、审批流程优化"),
            text_lines(controls, "joint_meeting.optimisation"),
            imprint([run("领导小组办公室"), tab(), controls.date("joint_meeting.issued"), run("印发")]),
            FREE_LINE,
            paragraph(
                "FormBody",
                run("出席：", HEI),
                controls.text("joint_meeting.attending"),
                properties='<w:jc w:val="left"/>',
            ),
        )
    )


def _large(text: str) -> TableCell:
    return TableCell([printed("CellLargeLabel", text)])


PAPERS: Mapping[str, Outline] = {
    "agent-assignment": agent_assignment,
    "replacement-record": replacement_record,
    "land-plan": land_plan,
    "matter-assignment": matter_assignment,
    "coordination-report": coordination_report,
    "meeting-minutes": meeting_minutes,
}
