"""The roster's sheets about procedures and lists of projects: 手续, 项目清单."""

from __future__ import annotations

from cases.model.projects import APPROVALS, CATEGORIES
from cases.roster.layout import Column, Sheet, id_column

_HANDLINGS = tuple(
    column
    for key, (name, _) in APPROVALS.items()
    for column in (
        Column(f"{name}承办部门", f"{key}.department", width=20),
        Column(f"{name}承诺时限", f"{key}.limit", width=14),
    )
)

PROJECT_LISTS: tuple[Sheet, ...] = (
    Sheet(
        name="手续",
        purpose="项目需要办理的手续：审批手续办理工作计划一行一项，项目清单也从这里取承办部门和承诺时限。",
        columns=(
            id_column(),
            Column(
                "需要办理的事项",
                "item",
                needed=True,
                filled=True,
                width=36,
                example="企业投资项目备案",
                aliases=("事项",),
            ),
            Column("承办部门", "department", width=24, example="市发展改革委"),
            Column("承诺办结时限", "limit", width=16, example="1个工作日", aliases=("承诺时限", "时限")),
            Column("受理条件", "conditions", width=36, example="符合国家产业政策"),
            Column(
                "申请材料", "materials", width=44, note="几份材料用 Alt+回车 换行。", example="备案信息登记表"
            ),
            Column("设定依据", "basis", width=44, example="《企业投资项目核准和备案管理条例》"),
        ),
        target="procedures",
        rows="group",
        documents=("anshan", "jinkai"),
    ),
    Sheet(
        name="项目清单",
        purpose="自己列的项目清单，一个项目一行；编号填“项目”表里代表这张清单的那一行。不填这张表，清单就由各个项目合成。",
        columns=(
            id_column(),
            Column("项目名称", "name", needed=True, filled=True, width=36, example="示例产业园建设项目"),
            Column(
                "清单类别",
                "category",
                width=14,
                note="鞍山的清单用：" + "、".join(CATEGORIES) + "。",
                example=CATEGORIES[0],
                choices=CATEGORIES,
                strict=True,
            ),
            Column("项目性质", "type", width=16),
            Column("项目内容", "content", width=36, example="新建标准厂房3万平方米"),
            Column("形象进度", "progress", width=20, example="主体施工"),
            Column("项目经理", "manager", width=12),
            Column("代办员", "steward", width=12, aliases=("领办代办人员",)),
            Column("需要办理的手续事项", "matters", width=36, note="几项用 Alt+回车 换行。"),
            Column("手续办理情况", "status", width=30),
            Column("存在问题", "problems", width=30),
            Column("解决情况", "solution", width=30),
            Column("上一年度办理情况", "previous", width=30),
            *_HANDLINGS,
        ),
        target="projects",
        rows="group",
        documents=("anshan", "jinkai"),
    ),
)
