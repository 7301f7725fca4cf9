"""The roster's sheets of people and of what each answers for: 领导小组, 工作专班, 任务分工."""

from __future__ import annotations

from collections.abc import Mapping

from cases.roster.layout import Column, Sheet, category_column, id_column

GROUP: Mapping[str, tuple[str, ...]] = {
    "组长": ("leaders",),
    "副组长": ("deputies",),
    "成员": ("members",),
}
TASK_FORCE: Mapping[str, tuple[str, ...]] = {
    "负责人": ("heads",),
    **{
        f"{name}{role}": (key, place)
        for name, key in (("社会投资类", "social"), ("城市建设类", "urban"), ("工业四改类", "industrial"))
        for role, place in (("组长", "leaders"), ("组员", "members"))
    },
}
"""身份 of each sheet, and where under its target each goes."""
_PRINTED = "一个人也不填，就照文件印发的名单。"


def _people(
    name: str,
    purpose: str,
    target: str,
    categories: Mapping[str, tuple[str, ...]],
    documents: tuple[str, ...],
) -> Sheet:
    return Sheet(
        name=name,
        purpose=purpose + _PRINTED,
        columns=(
            id_column(),
            category_column("身份", categories),
            Column("姓名", "name", needed=True, filled=True, width=14, example="示例人"),
            Column("职务", "post", width=40, example="示例县政府办副主任"),
        ),
        target=f"{target}.{{category}}",
        rows="group",
        categories=categories,
        documents=documents,
        usual=False,
    )


PEOPLE: tuple[Sheet, ...] = (
    _people(
        "领导小组",
        "领导小组（领导组）名单，一人一行，从上到下的次序就是打印的次序。",
        "leading_group",
        GROUP,
        ("yangcheng", "jiaocheng"),
    ),
    _people(
        "工作专班",
        "攻坚工作专班成员名单，一人一行，从上到下的次序就是打印的次序。",
        "task_force",
        TASK_FORCE,
        ("anshan",),
    ),
    Sheet(
        name="任务分工",
        purpose="任务分工清单，一行一项具体举措。一行也不填，就照文件的二十一项举措。",
        columns=(
            id_column(),
            Column(
                "具体举措", "measure", needed=True, filled=True, width=50, example="全面放宽市场准入条件。"
            ),
            Column("牵头领导", "leader", width=14, example="示例人"),
            Column("牵头部室", "department", width=18, example="审批中心"),
            Column("进展", "progress", width=40, example="负面清单已形成初稿"),
            Column("整改时限", "deadline", width=18, example="2023年6月底"),
        ),
        target="tasks",
        rows="group",
        aliases=("任务分工清单",),
        documents=("jiaocheng",),
        usual=False,
    ),
)
