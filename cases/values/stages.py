"""The four stages of an approval (审批阶段), their keys and the ways people write them.

Source: 晋市审管发〔2022〕28号, 附件1 项目审批“全代办”服务方案 (阶段 column); its 研判表 calls the first two
立项用地规划许可证阶段 and 规划许可阶段.
"""

from __future__ import annotations

import re
from enum import StrEnum

from cases.values.invalid import InvalidValue
from cases.values.text import fold_code


class Stage(StrEnum):
    """A stage: its value is the key in field ids, its label what is printed (without 阶段)."""

    APPROVAL = "approval"
    PLANNING = "planning"
    CONSTRUCTION = "construction"
    COMPLETION = "completion"

    @property
    def label(self) -> str:
        """The Chinese name, as printed before 阶段."""
        return _LABELS[self]


_LABELS = {
    Stage.APPROVAL: "立项用地规划许可",
    Stage.PLANNING: "工程建设许可",
    Stage.CONSTRUCTION: "施工许可",
    Stage.COMPLETION: "竣工验收",
}
_ALIASES = {
    **{label: stage for stage, label in _LABELS.items()},
    **{stage.value: stage for stage in Stage},
    "立项用地规划许可证": Stage.APPROVAL,
    "立项用地规划": Stage.APPROVAL,
    "立项用地": Stage.APPROVAL,
    "立项": Stage.APPROVAL,
    "规划许可": Stage.PLANNING,
    "工程建设": Stage.PLANNING,
    "工程建设许可证": Stage.PLANNING,
    "建设工程规划许可": Stage.PLANNING,
    "施工": Stage.CONSTRUCTION,
    "施工许可证": Stage.CONSTRUCTION,
    "竣工": Stage.COMPLETION,
    "验收": Stage.COMPLETION,
    "竣工联合验收": Stage.COMPLETION,
}
_NUMBERING = re.compile(r"^(\([一二三四1-4]\)|[一二三四1-4][、.])")
_BETWEEN = re.compile(r"[、,;/和及\n]|至(?=[立工规施竣])")
STAGE_LABELS: tuple[str, ...] = tuple(_LABELS.values())


def find_stage(text: str) -> Stage | None:
    """The stage a text names, or None."""
    folded = _NUMBERING.sub("", fold_code(text)).removesuffix("阶段").lower()
    return _ALIASES.get(folded)


def read_stage(text: str) -> Stage:
    """The stage a text names.

    :raises InvalidValue: it names none of the four.
    """
    stage = find_stage(text)
    if stage is None:
        raise InvalidValue(f"“{text}”不是四个阶段之一", f"填{'、'.join(STAGE_LABELS)}之一")
    return stage


def fold_stages(text: str) -> str:
    """Free text for 委托的阶段 and 完结的阶段: stage names as printed, anything else as written."""
    stage = find_stage(text)
    if stage is not None:
        return stage.label
    parts = [find_stage(part) for part in _BETWEEN.split(text.replace("，", "、").replace("；", "、"))]
    found = [part.label for part in parts if part is not None]
    return "、".join(found) if len(found) == len(parts) else text


def is_stages(folded: str) -> bool:
    """Whether a folded text names stages and nothing else."""
    return all(part in STAGE_LABELS for part in folded.split("、"))
