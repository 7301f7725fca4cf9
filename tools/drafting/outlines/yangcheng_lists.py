"""Outlines of the lists of 阳政办函〔2026〕9号: 模拟清单, 问题清单, 督办通报; and the 审核表 of the 人社局."""

from __future__ import annotations

from tools.drafting.markup import (
    END,
    Controls,
    TableCell,
    TableRow,
    on_page,
    paragraph,
    printed,
    run,
    tab,
    table,
)
from tools.drafting.outlines.parts import FREE_LINE, entry_table, imprint, red_rule, title
from tools.drafting.page import section

_UNDER_HEAD = '<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'


@on_page(section(landscape=True))
def simulated_checklist(controls: Controls) -> str:
    """项目落地审批服务模拟清单: landscape, a row for each matter."""
    return "".join(
        (
            title("项目落地审批服务模拟清单", gap=240),
            paragraph("Normal", run("项目名称："), controls.text("project.name")),
            paragraph("Normal", run("项目单位："), controls.text("enterprise.name"), properties=_UNDER_HEAD),
            entry_table(
                controls,
                "checklist",
                (
                    ("审批事项", "item", 2457),
                    ("牵头部门", "department", 1800),
                    ("申请材料", "materials", 2900),
                    ("时限", "duration", 1750),
                    ("办理方式\n（线上/线下）", "method", 1750),
                    ("备注", "remark", 1400),
                ),
            ),
            END,
        )
    )


def issue_list(controls: Controls) -> str:
    """联席会议问题清单: each problem with who answers for it and until when."""
    return "".join(
        (
            title("联席会议问题清单", gap=290),
            paragraph("Normal", run("项目名称："), controls.text("project.name")),
            paragraph(
                "Normal", run("会议时间："), controls.date("joint_meeting.date"), properties=_UNDER_HEAD
            ),
            entry_table(
                controls,
                "joint_meeting.issues",
                (
                    ("问题", "problem", 2495),
                    ("问题症结", "cause", 1900),
                    ("责任单位", "department", 1600),
                    ("解决时限", "due", 2150),
                ),
                dates={"due"},
            ),
            END,
        )
    )


def supervision_notice(controls: Controls) -> str:
    """督办通报: red head, number and red rule; sentence and signature stay together on the first page, what is late is
    its 附件, 版记 at the foot of the last page.
    """
    return "".join(
        (
            printed("RedSpace", ""),
            printed("RedHead", "阳城县政府办督查室"),
            FREE_LINE * 2,
            red_rule(controls.text("supervision.number")),
            FREE_LINE * 2,
            title("督办通报", gap=400),
            paragraph("FormBody", run("各有关责任单位："), properties='<w:ind w:firstLine="0"/>'),
            paragraph(
                "FormBody",
                run("根据阳城县化工项目“五办”代办服务机制，现对"),
                controls.text("project.name"),
                run("未按时限完成的事项进行督办通报。请有关责任单位抓紧办理，确保项目得到有效推动。"),
                properties="<w:keepNext/>",
            ),
            FREE_LINE,
            paragraph("FormBody", run("附件：未按时限完成的事项"), properties="<w:keepNext/>"),
            FREE_LINE * 2,
            paragraph(
                "Signing", run("阳城县政府办督查室"), properties='<w:ind w:right="948"/><w:jc w:val="right"/>'
            ),
            paragraph(
                "Signing",
                controls.date("supervision.date"),
                properties='<w:keepNext w:val="0"/><w:ind w:right="1264"/><w:jc w:val="right"/>',
            ),
            paragraph("AttachmentLabel", run("附件"), properties="<w:pageBreakBefore/>"),
            paragraph(
                "HeadingOne",
                run("未按时限完成的事项"),
                properties='<w:spacing w:before="290" w:after="290" w:line="579" w:lineRule="exact"/>'
                '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>',
            ),
            entry_table(
                controls,
                "supervision.matters",
                (
                    ("未按时限完成的事项", "matter", 2495),
                    ("责任单位", "department", 1700),
                    ("完成时限", "due", 2150),
                    ("办理情况", "status", 1800),
                ),
                dates={"due"},
                keep_last=True,
            ),
            imprint(
                [run("抄送："), controls.text("supervision.copies")],
                [run("阳城县政府办督查室"), tab(), controls.date("supervision.issued"), run("印发")],
                first_if="supervision.copies",
            ),
            # What the 版记 hangs on, as high as the 版记, so that no row of the table reaches into it.
            paragraph("TableGap", properties='<w:spacing w:before="1200" w:line="20" w:lineRule="exact"/>'),
        )
    )


def social_security_review(controls: Controls) -> str:
    """被征地农民社会保障落实情况审核表: what was assessed, and the seal of the county's 人社局."""

    def row(name: str, *paragraphs: str, height: int, align: str = "center") -> TableRow:
        return TableRow(
            [TableCell([printed("CellLargeLabel", name)]), TableCell(paragraphs, align=align)],
            height=height,
            whole=align == "bottom",
        )

    def line(field_id: str, *, multiline: bool = False) -> str:
        return paragraph("CellLarge", controls.text(field_id, multiline=multiline))

    return "".join(
        (
            title("被征地农民社会保障落实情况审核表", gap=290),
            table(
                (2300, 6545),
                [
                    row("项目名称", line("project.name"), height=800),
                    row("被征地村", line("social_security.village"), height=800),
                    row("拟征收地块", line("social_security.plot", multiline=True), height=1200),
                    row(
                        "被征地农民养老保险费核定情况",
                        line("social_security.contribution", multiline=True),
                        height=2900,
                        align="top",
                    ),
                    row(
                        "社会保障落实情况审核意见",
                        line("social_security.opinion", multiline=True),
                        height=1800,
                        align="top",
                    ),
                    row(
                        "县人社局",
                        *[paragraph("CellLarge")] * 3,
                        paragraph(
                            "CellLarge",
                            run("县人社局（盖章）："),
                            controls.text("social_security.signature"),
                            properties='<w:ind w:left="632"/>',
                        ),
                        paragraph("CellLarge"),
                        paragraph(
                            "CellLarge",
                            controls.date("social_security.date"),
                            properties='<w:ind w:right="948"/><w:jc w:val="right"/>',
                        ),
                        height=3560,
                        align="bottom",
                    ),
                ],
            ),
            END,
        )
    )
