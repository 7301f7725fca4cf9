"""The list sheets of the roster: 事项, 环节费用, 材料, 委托事项, 移交材料, 台账, 研判."""

from __future__ import annotations

import datetime as dt

from cases.roster_layout import (
    AUTHORITIES,
    CATEGORIES,
    DATE_NOTE,
    VALUE,
    Column,
    Sheet,
    id_column,
    stage_column,
)

LISTS: tuple[Sheet, ...] = (
    Sheet(
        name="事项",
        purpose="服务方案的审批事项清单：哪个项目、哪个阶段、什么事项、哪一级审批。",
        columns=(
            id_column(),
            stage_column(),
            Column(
                "事项",
                "name",
                needed=True,
                filled=True,
                width=44,
                example="企业投资项目备案",
                aliases=("审批事项", "事项名称"),
            ),
            Column(
                "审批权限",
                "authority",
                width=12,
                note="市级、县级或省级。",
                example="市级",
                choices=AUTHORITIES,
            ),
        ),
        target="plan.{stage}.items",
        rows="group",
    ),
    Sheet(
        name="环节费用",
        purpose="服务方案各阶段的特殊环节和需缴纳费用；同一阶段填几行，就按行连起来。",
        columns=(
            id_column(),
            stage_column(),
            Column("特殊环节", "special_steps", width=44, example="节能审查须在开工前完成"),
            Column("需缴纳费用", "fees", width=44, example="城市基础设施配套费", aliases=("费用",)),
        ),
        target="plan.{stage}",
        rows="texts",
        aliases=("环节和费用", "环节与费用"),
    ),
    Sheet(
        name="材料",
        purpose="服务方案各阶段的申请材料清单，一行一份材料。",
        columns=(
            id_column(),
            stage_column(),
            Column(
                "材料",
                VALUE,
                needed=True,
                filled=True,
                width=60,
                example="企业申请备案的文件",
                aliases=("申请材料", "材料名称"),
            ),
        ),
        target="plan.{stage}.materials",
        rows="value",
        aliases=("申请材料",),
    ),
    Sheet(
        name="委托事项",
        purpose="委托书里“代办涉及审批事项”，一行一项。",
        columns=(
            id_column(),
            Column(
                "事项",
                VALUE,
                needed=True,
                filled=True,
                width=60,
                example="企业投资项目备案",
                aliases=("委托事项",),
            ),
        ),
        target="authorisation.items",
        rows="value",
    ),
    Sheet(
        name="移交材料",
        purpose="办结单里“已移交材料如下”，一行一份材料。",
        columns=(
            id_column(),
            Column(
                "材料",
                VALUE,
                needed=True,
                filled=True,
                width=60,
                example="企业投资项目备案证",
                aliases=("移交材料", "已移交材料"),
            ),
        ),
        target="handover.materials",
        rows="value",
        aliases=("已移交材料",),
    ),
    Sheet(
        name="台账",
        purpose="“代办”信息台账，一行一条，从上到下的次序就是打印的次序。",
        columns=(
            id_column(),
            Column(
                "时间",
                "date",
                "date",
                needed=True,
                width=16,
                note=DATE_NOTE,
                example=dt.date(2026, 3, 5),
                aliases=("日期",),
            ),
            Column("内容", "content", needed=True, width=60, example="告知企业备案所需材料"),
            Column("完成许可事项情况", "completed", width=44, example="取得备案证"),
        ),
        target="ledger",
        rows="group",
        aliases=("信息台账",),
    ),
    Sheet(
        name="研判",
        purpose="研判表：内容与表上印的名称一致的，在方框里打勾；印刷以外的，填到空白行。",
        columns=(
            id_column(),
            stage_column(),
            Column(
                "类别",
                "category",
                needed=True,
                filled=True,
                width=18,
                note="从下拉框中选：" + "、".join(CATEGORIES) + "。",
                example="市级审批事项",
                choices=tuple(CATEGORIES),
                strict=True,
            ),
            Column("内容", VALUE, needed=True, filled=True, width=60, example="企业投资项目备案"),
        ),
        target="assessment.{stage}.{category}",
        rows="value",
        aliases=("研判表",),
    ),
)
