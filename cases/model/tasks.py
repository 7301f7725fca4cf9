"""任务分工: measures, who leads each, its progress and its deadline.

Source: 交开党工委发〔2023〕9号, 二 (21 具体举措, each with 牵头领导 and 牵头部室); 三: 列出清单，分类、分层、
分责限期挂账整改.
The measures as printed are in ``cases/reference``; those of a case are joined with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import FieldGroup, Line, RequiredText, Text, none_as_empty
from cases.model.people import People
from cases.values.text import fold_code


class TaskAssignment(FieldGroup):
    """One measure (具体举措)."""

    measure: RequiredText = Field(title="具体举措")
    leader: Line = Field(default=None, title="牵头领导")
    department: Line = Field(default=None, title="牵头部室")
    progress: Text = Field(default=None, title="进展")
    deadline: Line = Field(default=None, title="整改时限")


_SHORTEST = 4  # characters of the beginning of a measure that name it
Tasks = Annotated[tuple[TaskAssignment, ...], BeforeValidator(none_as_empty)]


def joined_tasks(
    own: Sequence[TaskAssignment], printed: Sequence[TaskAssignment]
) -> tuple[TaskAssignment, ...]:
    """The measures of a case: those its document prints, with what the case says of each, and its own after them.

    A measure is named by its text or the beginning of it, as offices write it. A case with at least as many measures
    as the document has a list of its own.
    """
    if len(own) >= len(printed):
        return tuple(own)
    joined, further = list(printed), []
    for task in own:
        number = next((n for n, item in enumerate(printed) if _names(task.measure, item.measure)), None)
        if number is None:
            further.append(task)
        else:
            said = {name: value for name, value in task if value is not None and name != "measure"}
            joined[number] = joined[number].model_copy(update=said)
    return (*joined, *further)


def _names(written: str, printed: str) -> bool:
    """Whether a text is a printed measure or begins it with its first clause at least."""
    own, whole = (fold_code(text).rstrip("。，；.,;") for text in (written, printed))
    return own == whole or (len(own) >= _SHORTEST and whole.startswith(own))


class TaskGroup(FieldGroup):
    """One 工作推进组: 组长 and 组员."""

    leaders: People = Field(default=(), title="组长")
    members: People = Field(default=(), title="组员")


class TaskForce(FieldGroup):
    """攻坚工作专班 (鞍营商发〔2024〕4号, 附件1): its head and three groups."""

    heads: People = Field(default=(), title="负责人")
    social: TaskGroup = Field(default_factory=TaskGroup, title="社会投资类项目审批工作推进组")
    urban: TaskGroup = Field(default_factory=TaskGroup, title="城市建设类项目审批工作推进组")
    industrial: TaskGroup = Field(default_factory=TaskGroup, title="工业四改类项目审批工作推进组")
