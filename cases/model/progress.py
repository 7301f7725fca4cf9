"""办理进度: when a case's steps began and ended, and the pushes between levels; 中止 of the service.

Sources: 阳政办函〔2026〕9号, 六: each step's 完成时限; 晋市审管发〔2022〕28号, 四(二)1: what the own level has finished
is pushed to the next authority within one working day; 四(三): the seven cases in which the service may be suspended.
Which steps there are, and how long each may take, is data of the forms (``forms/matters/``): a case only names them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cases.refusal import Refusal
from cases.values.dates import format_date
from cases.values.kinds import Day, Line, NeededLine, Text, Value, nothing_is_no_entries, refused
from cases.values.text import clean_line, fold_code

SUSPENSION_REASONS = 7
"""How many 中止 cases the 委托书 numbers."""
MAX_LIMIT = 999
_LIMIT = re.compile(r"(?:约|大约)?(\d{1,4})(?:(?:-|~|至|到)(\d{1,4}))?(?:个?工作日|天|日)?")


def read_limit(text: str) -> tuple[int, int]:
    """A 时限 in working days, least and most: ``约 1-3 个工作日`` → (1, 3), ``10`` → (10, 10).

    Errors: Refusal for what is no number of days, is 0, or is a range the wrong way round.
    """
    match = _LIMIT.fullmatch(fold_code(text))
    if match is None:
        raise Refusal(f"“{text}”不是时限", "写成 10 或 1-3，单位是工作日")
    least, most = int(match[1]), int(match[2] or match[1])
    if not 1 <= least <= most <= MAX_LIMIT:
        raise Refusal(f"时限“{text}”不对：应在1至{MAX_LIMIT}个工作日之间，先少后多", "核对时限")
    return least, most


def _checked_limit(text: str) -> str:
    read_limit(text)
    return clean_line(text)


def _read_reason(text: str) -> str:
    number = fold_code(text).removeprefix("第").removesuffix("种").removesuffix("项").rstrip(".、")
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= SUSPENSION_REASONS:
        raise Refusal(f"“{text}”不是中止情形的序号", f"填委托书第三条所列情形的序号，1至{SUSPENSION_REASONS}")
    return str(int(number))


def _where_given(read: Callable[[str], str]) -> AfterValidator:
    def validate(text: str | None) -> str | None:
        try:
            return None if text is None else read(text)
        except Refusal as refusal:
            raise refused(refusal.reason, refusal.advice) from None

    return AfterValidator(validate)


Limit = Annotated[Line, _where_given(_checked_limit)]
Reason = Annotated[Line, _where_given(_read_reason)]


class Step(Value):
    """One step (环节) of a case: a step of its document by number or name, or one of its own with ``limit``."""

    step: NeededLine = Field(title="环节")
    department: Line = Field(default=None, title="责任单位")
    limit: Limit = Field(default=None, title="时限")
    started: Day = Field(default=None, title="实际开始")
    finished: Day = Field(default=None, title="实际完成")
    remark: Text = Field(default=None, title="办理情况")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Step:
        _in_order("实际开始", self.started, "实际完成", self.finished)
        return self


class Push(Value):
    """跨层级推送: a matter finished at the own level, and when it was pushed to the next authority."""

    item: NeededLine = Field(title="事项")
    department: Line = Field(default=None, title="推送部门")
    completed: Day = Field(default=None, title="本级完成日期")
    pushed: Day = Field(default=None, title="推送日期")

    @model_validator(mode="after")
    def _pushed_when_completed(self) -> Push:
        if self.pushed is not None and self.completed is None:
            raise refused("写了推送日期，没有写本级完成日期", "补上本级完成日期")
        _in_order("本级完成日期", self.completed, "推送日期", self.pushed)
        return self


class Progress(Value):
    """办理进度. ``start``: the day the timetable counts from; ``land_start``: that of 土地保障, where it is needed."""

    start: Day = Field(default=None, title="起算日")
    land_start: Day = Field(default=None, title="土地保障起算日")
    steps: Annotated[tuple[Step, ...], BeforeValidator(nothing_is_no_entries)] = Field(
        default=(), title="环节进度"
    )
    pushes: Annotated[tuple[Push, ...], BeforeValidator(nothing_is_no_entries)] = Field(
        default=(), title="跨层级推送"
    )

    @property
    def began(self) -> dt.date | None:
        """The first day of the case that is known."""
        return min(filter(None, (self.start, self.land_start)), default=None)

    def too_early(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every date that lies before the case began: its place under ``progress``, and what is wrong, in Chinese."""
        began = self.began
        if began is None:
            return
        for group, entries in (("steps", self.steps), ("pushes", self.pushes)):
            for index, entry in enumerate(entries):
                for name, field in type(entry).model_fields.items():
                    day = getattr(entry, name)
                    if isinstance(day, dt.date) and day < began:
                        told = f"{field.title}（{format_date(day)}）早于起算日（{format_date(began)}）"
                        yield (group, index, name), told


class Suspension(Value):
    """中止: which of the seven numbered cases, since when, and when the service was taken up again."""

    reason: Reason = Field(default=None, title="中止情形")
    date: Day = Field(default=None, title="中止日期")
    resumed: Day = Field(default=None, title="恢复日期")
    remark: Text = Field(default=None, title="中止说明")

    @property
    def is_on(self) -> bool:
        """Whether the service is suspended now."""
        return self.reason is not None and self.resumed is None

    @model_validator(mode="after")
    def _whole(self) -> Suspension:
        if (self.reason is None) != (self.date is None):
            missing = "中止情形" if self.reason is None else "中止日期"
            raise refused(f"缺少{missing}", f"中止要写明情形的序号（1至{SUSPENSION_REASONS}）和日期")
        if self.resumed is not None and self.date is None:
            raise refused("写了恢复日期，没有写中止情形和日期", "补上中止情形和日期")
        _in_order("中止日期", self.date, "恢复日期", self.resumed)
        return self


def _in_order(first: str, earlier: dt.date | None, second: str, later: dt.date | None) -> None:
    if earlier is not None and later is not None and later < earlier:
        raise refused(
            f"的{second}（{format_date(later)}）早于{first}（{format_date(earlier)}）", "核对两个日期"
        )
