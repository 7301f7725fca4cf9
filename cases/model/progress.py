"""办理进度: when the steps of a case began and ended, and its pushes (推送) between authorities; 中止 of the service.

Sources: 阳政办函〔2026〕9号, 六: each step's 完成时限; 晋市审管发〔2022〕28号, 四(二)1: what one
authority has finished is pushed to the next within one working day; 四(三): the seven situations in which the service
may be suspended. Which steps there are, and how long each may take, is data of the forms (``forms/matters/``): a case
only names them.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    Day,
    FieldGroup,
    Line,
    RequiredLine,
    Text,
    invalid_value,
    none_as_empty,
    require_order,
    validating,
)
from cases.values.invalid import InvalidValue
from cases.values.text import clean_line, fold_code

SUSPENSION_REASONS = 7
"""How many situations of 中止 the 委托书 lists."""
MAX_LIMIT = 999
_LIMIT = re.compile(r"(?:约|大约)?(\d{1,4})(?:(?:-|~|至|到)(\d{1,4}))?(?:个?工作日|天|日)?")


def read_limit(text: str) -> tuple[int, int]:
    """A 时限 in working days, least and most: ``约 1-3 个工作日`` → (1, 3), ``10`` → (10, 10).

    :raises InvalidValue: it is no number of days, or zero, or a range whose first number is the greater.
    """
    match = _LIMIT.fullmatch(fold_code(text))
    if match is None:
        raise InvalidValue(f"“{text}”不是时限", "写成 10 或 1-3，单位是工作日")
    least, most = int(match[1]), int(match[2] or match[1])
    if not 1 <= least <= most <= MAX_LIMIT:
        raise InvalidValue(f"时限“{text}”不对：应在1至{MAX_LIMIT}个工作日之间，先少后多", "核对时限")
    return least, most


def _read_limit_text(text: str) -> str:
    line = clean_line(text)
    read_limit(line)
    return line


def _read_suspension_reason(text: str) -> str:
    line = clean_line(text)
    number = fold_code(line).removeprefix("第").removesuffix("种").removesuffix("项").rstrip(".、")
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= SUSPENSION_REASONS:
        advice = f"填委托书第三条所列情形的序号，1至{SUSPENSION_REASONS}"
        raise InvalidValue(f"“{line}”不是中止情形的序号", advice)
    return str(int(number))


Limit = Annotated[str | None, BeforeValidator(validating(_read_limit_text))]
SuspensionReason = Annotated[str | None, BeforeValidator(validating(_read_suspension_reason))]


class Step(FieldGroup):
    """One step (环节) of a case: a step of its document by number or name, or one of its own with ``limit``."""

    step: RequiredLine = Field(title="环节")
    department: Line = Field(default=None, title="责任单位")
    limit: Limit = Field(default=None, title="时限")
    started: Day = Field(default=None, title="实际开始")
    finished: Day = Field(default=None, title="实际完成")
    remark: Text = Field(default=None, title="办理情况")

    @model_validator(mode="after")
    def _finished_after_started(self) -> Step:
        require_order("实际开始", self.started, "的实际完成", self.finished)
        return self


class Push(FieldGroup):
    """跨层级推送: a matter that one authority has finished, and when it was pushed to the next."""

    item: RequiredLine = Field(title="事项")
    department: Line = Field(default=None, title="推送部门")
    completed: Day = Field(default=None, title="本级完成日期")
    pushed: Day = Field(default=None, title="推送日期")

    @model_validator(mode="after")
    def _pushed_after_completed(self) -> Push:
        if self.pushed is not None and self.completed is None:
            raise invalid_value("写了推送日期，没有写本级完成日期", "补上本级完成日期")
        require_order("本级完成日期", self.completed, "的推送日期", self.pushed)
        return self


class CaseProgress(FieldGroup):
    """办理进度. ``start``: the day the timetable counts from; ``land_start``: that of 土地保障, where needed."""

    start: Day = Field(default=None, title="起算日")
    land_start: Day = Field(default=None, title="土地保障起算日")
    steps: Annotated[tuple[Step, ...], BeforeValidator(none_as_empty)] = Field(default=(), title="环节进度")
    pushes: Annotated[tuple[Push, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="跨层级推送"
    )

    @property
    def began(self) -> dt.date | None:
        """The earliest day on which the case is known to have begun."""
        return min(filter(None, (self.start, self.land_start)), default=None)


class Suspension(FieldGroup):
    """中止: the number of the situation, since when, and when the service was resumed."""

    reason: SuspensionReason = Field(default=None, title="中止情形")
    date: Day = Field(default=None, title="中止日期")
    resumed: Day = Field(default=None, title="恢复日期")
    remark: Text = Field(default=None, title="中止说明")

    @property
    def is_on(self) -> bool:
        """Whether the service is suspended now."""
        return self.reason is not None and self.resumed is None

    @model_validator(mode="after")
    def _is_complete(self) -> Suspension:
        if (self.reason is None) != (self.date is None):
            missing = "中止情形" if self.reason is None else "中止日期"
            raise invalid_value(f"缺少{missing}", f"中止要写明情形的序号（1至{SUSPENSION_REASONS}）和日期")
        if self.resumed is not None and self.date is None:
            raise invalid_value("写了恢复日期，没有写中止情形和日期", "补上中止情形和日期")
        require_order("中止日期", self.date, "的恢复日期", self.resumed)
        return self
