"""Outlines of the forms that 晋市审管发〔2022〕28号 prints, from which their first templates were drafted."""

from __future__ import annotations

from collections.abc import Mapping

from tools.drafting.markup import (
    END,
    HEI,
    JOINT,
    UNDERLINED,
    Controls,
    Outline,
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
from tools.drafting.outlines.jincheng_assessment import assessment
from tools.drafting.outlines.jincheng_papers import PAPERS
from tools.drafting.outlines.jincheng_reference import assessment_reference
from tools.drafting.outlines.parts import heading


def service_plan(controls: Controls) -> str:
    """项目审批“全代办”服务方案: three tables that read as one.

    Word repeats header rows only at the top of a table, so the 审批事项清单 is a table of its own between the other
    two. Its first column is open between the header row and the rows below it, so that on the first page it reads as
    the one cell the source prints, and on later pages the repeated header closes above what is left.
    """
    return "".join(
        (
            heading("附件 1", "项目审批“全代办”服务方案", gap=240),
            table(_PLAN_GRID, [_names_row(controls), _contacts_row(controls)]),
            JOINT,
            table(_PLAN_GRID, [_PLAN_HEAD, *(_stage_row(controls, *stage) for stage in _STAGES)]),
            JOINT,
            table(
                _PLAN_GRID,
                [
                    *(_wide_row(controls, *wide) for wide in _WIDE[:-1]),
                    _wide_row(controls, *_WIDE[-1], keep="<w:keepNext/>"),
                    _note_row(),
                ],
            ),
            END,
        )
    )


#: Eight columns in the source; the last three only ever appear spanned together, and so they do here.
#: The second holds six characters, so that “竣工验收阶段” is not broken.
_PLAN_GRID = (480, 1640, 2345, 1140, 1780, 480, 490, 490)
_STAGES = (
    ("立项用地规划\n许可阶段", "approval"),
    ("工程建设\n许可阶段", "planning"),
    ("施工许可阶段", "construction"),
    ("竣工验收阶段", "completion"),
)
_WIDE = (
    ("立项用地阶段\n申请材料清单", "plan.approval.materials"),
    ("工程建设许可阶段\n申请材料清单", "plan.planning.materials"),
    ("施工许可阶段\n申请材料清单", "plan.construction.materials"),
    ("竣工验收阶段\n申请材料清单", "plan.completion.materials"),
    ("审批要点提示", "plan.tips"),
    ("流程优化方案", "plan.optimisation"),
)
_PLAN_NOTE = (
    "注：根据项目单位前期提供材料形成本审批方案，后期因项目建设条件进一步明确，"
    "涉及到其他审批事项及优化流程等以实际情况为准。"
)
#: Four stages with their materials fill two pages at this pitch, and three at the usual one.
_TIGHT = '<w:spacing w:line="320" w:lineRule="exact"/>'
#: Two lines; with rows higher than that a plan that says little ran over onto a second page.
_ROW = 680
_PLAN_HEAD = TableRow(
    [
        TableCell([printed("CellLabel", "")], without=("bottom",)),
        TableCell([printed("CellLabel", "阶段")]),
        TableCell([printed("CellLabel", "事项及审批权限")], span=2),
        TableCell([printed("CellLabel", "特殊环节")]),
        TableCell([printed("CellLabel", "需缴纳费用")], span=3),
    ],
    height=510,
    whole=True,
    header=True,
)


def _names_row(controls: Controls) -> TableRow:
    cells = [
        TableCell([printed("CellLabel", "项目名称")], span=2),
        TableCell([_field(controls, "project.name")]),
        TableCell([printed("CellLabel", "项目单位")]),
        TableCell([_field(controls, "enterprise.name")], span=4),
    ]
    return TableRow(cells, height=680, whole=True)


def _contacts_row(controls: Controls) -> TableRow:
    cells = [
        TableCell([paragraph("CellLabel", lines("项目单位联系人\n及联系方式"))], span=2),
        TableCell([_field(controls, "contact.name"), _field(controls, "contact.phone")]),
        TableCell([printed("CellLabel", "审批部门"), printed("CellLabel", "项目长")]),
        TableCell([_field(controls, "agency.name"), _field(controls, "manager.name")], span=4),
    ]
    return TableRow(cells, height=800, whole=True)


def _stage_row(controls: Controls, name: str, stage: str) -> TableRow:
    first = stage == "approval"
    fields = [
        _field(controls, f"plan.{stage}.{leaf}", multiline=True)
        for leaf in ("items", "special_steps", "fees")
    ]
    cells = [
        TableCell(
            [printed("CellSide", "审批事项清单" if first else "")],
            merge="restart" if first else "continue",
            without=("top",) if first else (),
        ),
        TableCell([paragraph("CellLabel", lines(name), properties=_TIGHT)]),
        TableCell(fields[:1], span=2),
        TableCell(fields[1:2]),
        TableCell(fields[2:], span=3),
    ]
    return TableRow(cells, height=_ROW, whole=True)


def _wide_row(controls: Controls, label: str, field_id: str, *, keep: str = "") -> TableRow:
    cells = [
        TableCell([paragraph("CellLabel", lines(label), properties=keep + _TIGHT)], span=2),
        TableCell([_field(controls, field_id, multiline=True)], span=6),
    ]
    return TableRow(cells, height=_ROW, whole=True)


def _note_row() -> TableRow:
    """The note under the table as a row without rules: rows can be kept together, a row and a paragraph cannot."""
    note = paragraph(
        "Note", run(_PLAN_NOTE), properties='<w:keepLines/><w:ind w:left="480" w:hanging="480"/>'
    )
    return TableRow([TableCell([note], span=8, align="top", without=("left", "bottom", "right"))], whole=True)


def _field(controls: Controls, field_id: str, *, multiline: bool = False) -> str:
    return paragraph("CellText", controls.text(field_id, multiline=multiline), properties=_TIGHT)


#: Text with blanks in it is not justified: a blank does not break, and the line before it would be pulled apart.
_RAGGED = '<w:jc w:val="left"/>'


def authorisation(controls: Controls) -> str:
    """“全代办”服务委托书: running text with blanks; the place to seal stands free on the last page."""

    def blank(field_id: str) -> str:
        return controls.text(field_id, UNDERLINED)

    def clause(ordinal: str, *parts: str) -> str:
        return paragraph("FormBody", run(ordinal, HEI), *parts)

    return "".join(
        (
            heading("附件 2", "“全代办”服务委托书", gap=579),
            paragraph(
                "FormBody",
                run("根据《项目审批“全代办”工作方案》，"),
                blank("enterprise.name"),
                run("（项目单位名称）委托"),
                blank("agency.name"),
                run("（“全代办”机构名称），开展"),
                blank("project.name"),
                run("（项目名称）审批“全代办”服务，现对委托内容明确如下："),
            ),
            printed("HeadingOne", "一、代办服务事项"),
            paragraph(
                "FormBody",
                run("本次主要是开展"),
                blank("authorisation.stage"),
                run("阶段“全代办”工作，代办涉及审批事项："),
                blank("authorisation.items"),
            ),
            clause(
                "二、",
                run("我单位承诺按时提供项目审批需要的材料、缴纳相关规费、到现场实名认证和签字，并指定"),
                blank("contact.name"),
                run("为我单位项目联系人，联系电话"),
                blank("contact.phone"),
                run("。"),
            ),
            clause(
                "三、",
                run(
                    "我单位承诺在委托代办期间，因出现下列情况之一导致“全代办”服务中止，由此产生的损失由本单位自行承担："
                ),
            ),
            *(printed("FormBody", text) for text in _SUSPENSIONS),
            clause(
                "四、",
                run(
                    "我单位对提交材料的真实性负责，因材料问题产生的法律责任由我单位承担，包括但不限于撤销审批文书。"
                ),
            ),
            paragraph("FormBody", run("本委托书自签署之日起生效。"), properties="<w:keepNext/>"),
            _signing(controls, "项目单位（盖章或签字）：", "authorisation.signature", above=3),
            _signing_date(controls, "authorisation.date", above=1, last=True),
        )
    )


_SUSPENSIONS = (
    "1. 投资项目不符合相关法律法规和政策要求；",
    "2. 申请材料不符合法定条件、标准，且不能补正；",
    "3. 申请材料的内容不真实；",
    "4. 项目单位未在规定期限内提交审批材料，项目长催促后仍未提交；",
    "5. 项目单位未及时缴纳相关规费；",
    "6. 项目单位提出暂停委托“全代办”服务等；",
    "7. 其他确需中止“全代办”服务的客观情况。",
)


def completion(controls: Controls) -> str:
    """“全代办”服务办结单: both sides sign; the materials are as many as the case has, two at least."""

    def blank(field_id: str) -> str:
        return controls.text(field_id, UNDERLINED)

    return "".join(
        (
            heading("附件 3", "“全代办”服务办结单", gap=579),
            paragraph(
                "FormBody",
                run("兹有“全代办”项目(项目名称/地块编号)"),
                blank("project.name"),
                run("{%r if project.plot %}"),
                run("／", UNDERLINED),
                blank("project.plot"),
                run("{%r endif %}"),
                run("，项目代码"),
                blank("project.code"),
                run("已于"),
                controls.date("handover.date", UNDERLINED),
                run("完结"),
                blank("handover.stage"),
                run("阶段“全代办”服务工作，有关材料已向项目单位移交完毕，现作办结处理。"),
                properties=_RAGGED,
            ),
            printed("FormBody", "已移交材料如下："),
            control_line("{%p for m in handover.materials %}"),
            # The last line goes with the signatures: a page that is signed says what was handed over.
            control_line("{%p if loop.last %}"),
            _material(controls, properties="<w:keepNext/>"),
            control_line("{%p else %}"),
            _material(controls),
            control_line("{%p endif %}"),
            control_line("{%p endfor %}"),
            _signing(controls, "项目单位：（盖章或签字）", "handover.enterprise_signature", above=3),
            _signing_date(controls, "handover.enterprise_date", above=1),
            _signing(controls, "项目长：", "handover.manager_signature", above=1),
            _signing_date(controls, "handover.manager_date", above=0, last=True),
        )
    )


def _material(controls: Controls, properties: str = "") -> str:
    entry = controls.entry("handover.materials", "", "m")
    return paragraph("FormBody", run("{{ loop.index }}. "), entry, properties=properties)


def _signing(controls: Controls, label: str, field_id: str, *, above: int) -> str:
    """A place to sign; ``above``: lines left free for the seal. Empty paragraphs, since the space before one is lost
    at the top of a page."""
    line = paragraph("Signing", run(label), controls.text(field_id), properties='<w:ind w:left="2370"/>')
    return _FREE_LINE * above + line


def _signing_date(controls: Controls, field_id: str, *, above: int, last: bool = False) -> str:
    """Its date, four characters in from the right (右空四字)."""
    properties = ('<w:keepNext w:val="0"/>' if last else "") + '<w:ind w:right="1264"/><w:jc w:val="right"/>'
    return _FREE_LINE * above + paragraph("Signing", controls.date(field_id), properties=properties)


_FREE_LINE = paragraph("Signing")


def ledger(controls: Controls) -> str:
    """晋城市投资项目“代办”信息台账: one row per entry; the heading row repeats on every page."""
    # 附件 without its number, as the source prints it here; its list of attachments has 附件1.
    titles = ("序号", "时间", "内 容", "完成许可事项情况")
    entry = [
        TableCell([paragraph("CellLabel", run("{{ loop.index }}"))]),
        TableCell([paragraph("CellLabel", controls.entry("ledger", "date", "e.date"))]),
        TableCell([paragraph("CellText", controls.entry("ledger", "content", "e.content", multiline=True))]),
        TableCell(
            [paragraph("CellText", controls.entry("ledger", "completed", "e.completed", multiline=True))]
        ),
    ]
    return "".join(
        (
            heading("附件", "晋城市投资项目“代办”信息台账", gap=290),
            paragraph("Normal", run("项目名称："), controls.text("project.name")),
            paragraph(
                "Normal",
                run("项目长："),
                controls.text("manager.name"),
                properties='<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>',
            ),
            table(
                (700, 2150, 3595, 2400),
                [
                    TableRow(
                        [TableCell([printed("CellLabel", title)]) for title in titles],
                        height=624,
                        whole=True,
                        header=True,
                    ),
                    loop_row("{%tr for e in ledger %}", 4),
                    TableRow(entry, height=624, whole=True),
                    loop_row("{%tr endfor %}", 4),
                ],
            ),
            END,
        )
    )


def suggestions(controls: Controls) -> str:
    """晋城市投资项目“全代办”工作建议表: three rows, the middle one filling the page."""
    rows = (
        ("项目", "project.name", 1134, "center"),
        ("意见和建议", "suggestion.opinion", 7300, "top"),
        ("备注", "suggestion.remark", 2100, "top"),
    )
    return "".join(
        (
            heading("附件 2", "晋城市投资项目“全代办”工作建议表", gap=290),
            table(
                (1985, 6860),
                [
                    TableRow(
                        [
                            TableCell([printed("CellLargeLabel", label)]),
                            TableCell(
                                [paragraph("CellLarge", controls.text(field_id, multiline=align == "top"))],
                                align=align,
                            ),
                        ],
                        height=height,
                        whole=field_id == "suggestion.remark",
                    )
                    for label, field_id, height, align in rows
                ],
            ),
            END,
        )
    )


OUTLINES: Mapping[str, Outline] = {
    "service-plan": service_plan,
    "authorisation": authorisation,
    "completion": completion,
    "assessment": assessment,
    "assessment-reference": assessment_reference,
    "ledger": ledger,
    "suggestions": suggestions,
    **PAPERS,
}
