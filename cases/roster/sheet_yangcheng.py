"""The roster's sheets for 阳政办函〔2026〕9号: 阶段安排, 模拟清单, 联审, 入园意见, 问题清单, 督办, 社会保障."""

from __future__ import annotations

import datetime as dt

from cases.model.joint_review import VERDICTS
from cases.roster.layout import DATE_NOTE, Column, Sheet, id_column, stage_column

_DOCUMENT = ("yangcheng",)
_LINES_NOTE = "几项用 Alt+回车 换行，一行一项。"
_ONE_ROW_NOTE = "必填。填“项目”表里已有的编号；一个项目只填一行。"
_YES_NO = ("是", "否")


def _day(heading: str, key: str, month: int, day: int, note: str = "") -> Column:
    example = dt.date(2026, month, day)
    return Column(heading, key, "date", width=16, note=note + DATE_NOTE, example=example)


STAGE_ARRANGEMENTS = Sheet(
    name="阶段安排",
    purpose="代办服务方案各阶段的时限、方式和责任分工，一个阶段一行。审批事项和材料填“事项”“材料”两张表。",
    columns=(
        id_column(),
        stage_column(),
        Column("时限", "duration", width=24, example="约20个工作日"),
        Column("方式", "method", width=20, example="线上申报，线下代办", aliases=("办理方式",)),
        Column("审批牵头部门", "department", width=24, example="开发区审批局", aliases=("牵头部门",)),
        Column("牵头代办员", "lead_agent", width=16, example="示例人"),
        Column("协同代办员", "assisting_agents", width=28, example="示例人（县发改局）"),
        Column("责任人", "responsible", width=14, example="示例人"),
        Column("时间节点", "milestone", width=20, example="2026年9月底前"),
    ),
    target="plan.{stage}",
    rows="texts",
    documents=_DOCUMENT,
    usual=False,
)

CHECKLIST = Sheet(
    name="模拟清单",
    purpose="项目落地审批服务模拟清单，一行一个审批事项。",
    columns=(
        id_column(),
        Column("审批事项", "item", needed=True, filled=True, width=36, example="企业投资项目备案"),
        Column("牵头部门", "department", width=24, example="开发区审批局"),
        Column("申请材料", "materials", width=44, note=_LINES_NOTE, example="项目可行性研究报告"),
        Column("时限", "duration", width=16, example="约1个工作日"),
        Column("办理方式", "method", width=12, example="线上", choices=("线上", "线下", "线上/线下")),
        Column("备注", "remark", width=30),
    ),
    target="checklist",
    rows="group",
    documents=_DOCUMENT,
    usual=False,
)

REVIEW = Sheet(
    name="联审",
    purpose="县级联审、市级联审的推送函、会议和随附资料，一个项目一行；各部门的意见填“入园意见”。",
    columns=(
        id_column(_ONE_ROW_NOTE),
        Column(
            "是否涉及“两重点一重大”",
            "review.hazard",
            width=14,
            note="是的，县级联审之后还要报市级联审。",
            example="是",
            choices=_YES_NO,
        ),
        Column(
            "征求意见单位",
            "review.departments",
            "lines",
            width=28,
            note="推送函、入园意见一个单位一份；空着就是文件写明的各单位。" + _LINES_NOTE,
            example="县发改局\n县应急局",
        ),
        Column("推送函发文字号", "review.referral.number", width=24, example="示例审函〔2026〕7号"),
        _day("推送日期", "review.referral.date", 5, 18),
        _day("反馈期限", "review.referral.reply_by", 5, 25),
        Column(
            "推送的项目资料",
            "review.referral.materials",
            "lines",
            width=36,
            note=_LINES_NOTE,
            example="项目可行性研究报告\n化学反应安全风险评估报告",
        ),
        Column("纪要编号", "review.minutes.number", width=16, example="〔2026〕2号"),
        _day("联审会议日期", "review.minutes.date", 5, 27),
        Column("会议地点", "review.minutes.place", width=24, example="开发区管委会会议室"),
        Column("主持人", "review.minutes.chair", width=12, example="示例人"),
        Column(
            "与会单位",
            "review.minutes.attending",
            "lines",
            width=28,
            note="空着就是“入园意见”里的各部门。" + _LINES_NOTE,
        ),
        Column("会议结论", "review.minutes.conclusion", width=44, example="与会单位同意该项目入园。"),
        _day("纪要印发日期", "review.minutes.issued", 5, 29),
        Column(
            "市级联审随附资料",
            "review.city.enclosures",
            "lines",
            width=36,
            note="空着就用文件写明的三项。" + _LINES_NOTE,
        ),
    ),
    rows="fields",
    documents=_DOCUMENT,
    usual=False,
)

OPINIONS = Sheet(
    name="入园意见",
    purpose="各部门在联审会议上的和书面的入园意见，一个部门一行。",
    columns=(
        id_column(),
        Column(
            "部门", "department", needed=True, filled=True, width=28, example="县发改局", aliases=("单位",)
        ),
        Column("入园意见", "verdict", width=14, example=VERDICTS[0], choices=VERDICTS, strict=True),
        Column("理由", "reasons", width=44, example="符合产业政策和园区产业规划"),
        Column(
            "是否涉及“两重点一重大”",
            "hazard",
            width=14,
            example="是",
            choices=_YES_NO,
        ),
        _day("日期", "date", 6, 1),
    ),
    target="review.opinions",
    rows="group",
    aliases=("部门入园意见",),
    documents=_DOCUMENT,
    usual=False,
)

SUPERVISION = Sheet(
    name="督办",
    purpose="联席会议和督办通报，一个项目一行；问题填“问题清单”，未按时限完成的事项填“督办事项”。",
    columns=(
        id_column(_ONE_ROW_NOTE),
        _day("联席会议日期", "joint_meeting.date", 8, 11),
        Column("通报发文字号", "supervision.number", width=24, example="示例督通〔2026〕11号"),
        _day("通报日期", "supervision.date", 9, 4),
        Column(
            "抄送单位", "supervision.copies", "lines", width=30, note=_LINES_NOTE, example="领导小组办公室"
        ),
    ),
    rows="fields",
    aliases=("督办通报",),
    documents=_DOCUMENT,
    usual=False,
)

ISSUES = Sheet(
    name="问题清单",
    purpose="联席会议问题清单，一行一个问题。",
    columns=(
        id_column(),
        Column("问题", "problem", needed=True, filled=True, width=40, example="地块内线路尚未迁改"),
        Column("问题症结", "cause", width=36, example="迁改费用分担未定"),
        Column("责任单位", "department", width=24, example="台头化工园区"),
        _day("解决时限", "due", 8, 28),
    ),
    target="joint_meeting.issues",
    rows="group",
    documents=_DOCUMENT,
    usual=False,
)

OVERDUE = Sheet(
    name="督办事项",
    purpose="督办通报里未按时限完成的事项，一行一项。",
    columns=(
        id_column(),
        Column("事项", "matter", needed=True, filled=True, width=40, example="地块内线路迁改"),
        Column("责任单位", "department", width=24, example="台头化工园区"),
        _day("完成时限", "due", 8, 28),
        Column("办理情况", "status", width=40, example="已签订迁改协议，尚未进场施工"),
    ),
    target="supervision.matters",
    rows="group",
    documents=_DOCUMENT,
    usual=False,
)

SOCIAL_SECURITY = Sheet(
    name="社会保障",
    purpose="被征地农民社会保障落实情况审核表，一个项目一行。",
    columns=(
        id_column(_ONE_ROW_NOTE),
        Column("被征地村", "social_security.village", width=24, example="示例镇示例村"),
        Column("拟征收地块", "social_security.plot", width=30, example="示例地块，152亩"),
        Column(
            "养老保险费核定情况",
            "social_security.contribution",
            width=50,
            note="可换行（Alt+回车）。",
            example="涉及被征地农民86人，核定养老保险费1032万元。",
        ),
    ),
    rows="fields",
    documents=_DOCUMENT,
    usual=False,
)

YANGCHENG: tuple[Sheet, ...] = (
    STAGE_ARRANGEMENTS,
    CHECKLIST,
    REVIEW,
    OPINIONS,
    ISSUES,
    SUPERVISION,
    OVERDUE,
    SOCIAL_SECURITY,
)
