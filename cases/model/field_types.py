"""The types of a case's fields, annotated for pydantic, and the base class of its groups of fields.

Each type reads what a person wrote, normalises what may be normalised and rejects the rest with pydantic's own error
of type :data:`INVALID_VALUE`, whose context carries the Chinese reason; :mod:`cases.checking` translates it into a
problem, so nothing parses message texts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from cases.identifiers import phone, project_code, uscc
from cases.values.case_ids import read_case_id
from cases.values.dates import format_date, read_date
from cases.values.documents import read_document
from cases.values.invalid import Flaw, InvalidValue, errors_of
from cases.values.stages import Stage, fold_stages, read_stage
from cases.values.text import clean_line, clean_text, fold_code
from foundation.field_tree import FieldNode
from foundation.frozen_model import FrozenModel

INVALID_VALUE = "invalid_value"  # type of the pydantic errors that the validators of this package raise
T = TypeVar("T")
_BETWEEN_CHOICES = re.compile(r"[、，,；;/和及\n]")


class FieldGroup(FrozenModel):
    """A group of fields of a case; written as an empty value (``contact:`` with nothing after it), an empty group."""

    model_config = ConfigDict(hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _none_is_an_empty_group(cls, value: Any) -> Any:
        return {} if value is None else value

    def tree(self) -> dict[str, FieldNode]:
        """Plain nested data in field order: every key there, None or ``[]`` for what is absent.

        Dates are ``datetime.date``; a stage is its Chinese label, as a case file writes it.
        """
        # What nearly all are is told here: the trees of a batch are millions of values.
        return {
            name: value if value is None or type(value) is str else _plain(value)
            for name, value in vars(self).items()
        }

    def late_members(self) -> dict[str, Callable[[], FieldNode]]:
        """The same name by name, each worked out when it is called."""
        return {name: partial(_plain, value) for name, value in vars(self).items()}


def _plain(value: object) -> FieldNode:
    if value is None or type(value) is str:
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, FieldGroup):
        return value.tree()
    if isinstance(value, Stage):
        return value.label
    assert isinstance(value, str | dt.date)
    return value


def invalid_value(reason: str, advice: str | None = None) -> PydanticCustomError:
    """The error for a validator to raise; reason and advice, both Chinese, travel in its context."""
    return PydanticCustomError(INVALID_VALUE, "{reason}", {"reason": reason, "advice": advice})


def validating(read: Callable[[str], T]) -> Callable[[Any], T | None]:
    """A pydantic validator that calls ``read`` on text: blank is None, and what is not text is rejected.

    ``read`` raises :class:`InvalidValue`, which becomes pydantic's own error.
    """

    def validate(value: Any) -> T | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise invalid_value(f"应为文字，现为{_type_name(value)}", "加上引号，按文字填写")
        if not value.strip():
            return None
        try:
            return read(value)
        except InvalidValue as error:
            raise invalid_value(error.reason, error.advice) from None

    return validate


def one_of(names: Mapping[str, str]) -> Callable[[Any], str | None]:
    """A validator of a choice: what people write → what is printed; two choices at once are rejected by name."""
    known = "、".join(dict.fromkeys(names.values()))

    def read(text: str) -> str:
        found = names.get(fold_code(text))
        if found is None:
            parts = [names.get(fold_code(part)) for part in _BETWEEN_CHOICES.split(text)]
            if len(parts) > 1 and all(parts):
                raise InvalidValue(f"写了{len(parts)}个选项“{text}”，只能有一个", f"只留{known}之一")
            raise InvalidValue(f"“{text}”不是可选的内容", f"填{known}之一")
        return found

    def validate(value: Any) -> str | None:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            value = "、".join(value)
        return validating(lambda text: read(clean_line(text)))(value)

    return validate


def none_as_empty(value: Any) -> Any:
    """A validator of lists: ``materials:`` with nothing after it is an empty list."""
    return () if value is None else value


def require_order(earlier_name: str, earlier: dt.date | None, later_name: str, later: dt.date | None) -> None:
    """Reject two dates of which the later one lies before the earlier one; a missing one is in order.

    :param later_name: with the word that joins it to the name of its group: ``的恢复日期``, ``里印发日期``.
    :raises PydanticCustomError: naming both dates.
    """
    if earlier is not None and later is not None and later < earlier:
        reason = f"{later_name}（{format_date(later)}）早于{earlier_name}（{format_date(earlier)}）"
        raise invalid_value(reason, "核对两个日期")


def _required(read: Callable[[str], T]) -> Callable[[Any], T]:
    validate_optional = validating(read)

    def validate(value: Any) -> T:
        result = validate_optional(value)
        if result is None:
            raise invalid_value("必须填写")
        return result

    return validate


def _type_name(value: Any) -> str:
    names = {bool: "逻辑值", int: "数值", float: "数值", list: "列表", tuple: "列表", dict: "一组键值"}
    return names.get(type(value), type(value).__name__)


def _identifier(
    compact: Callable[[str], str], validate: Callable[[str], tuple[Flaw, ...]]
) -> Callable[[str], str]:
    def read(text: str) -> str:
        cleaned = clean_line(text)
        errors = errors_of(validate(cleaned))
        if errors:
            raise InvalidValue(errors[0].reason, errors[0].advice)
        return compact(cleaned)

    return read


def _read_date(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        try:
            return read_date(value)
        except InvalidValue as error:
            raise invalid_value(error.reason, error.advice) from None
    return validating(lambda text: read_date(clean_line(text)))(value)


def _required_day(value: Any) -> dt.date:
    day = _read_date(value)
    if day is None:
        raise invalid_value("必须填写")
    return day


def _join_lines(value: Any) -> Any:
    """A list of texts as one text, an entry a line; anything else as it is."""
    if isinstance(value, list | tuple) and all(item is None or isinstance(item, str) for item in value):
        return "\n".join(item.strip() for item in value if item and item.strip())
    return value


def _entry(value: Any) -> str:
    return validating(clean_line)(value) or ""


def _drop_blank(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, entries))


CaseId = Annotated[str, BeforeValidator(_required(read_case_id))]
DocumentId = Annotated[str, BeforeValidator(_required(read_document))]
RequiredLine = Annotated[str, BeforeValidator(_required(clean_line))]
RequiredText = Annotated[str, BeforeValidator(_required(clean_text))]
Line = Annotated[str | None, BeforeValidator(validating(clean_line))]
Text = Annotated[str | None, BeforeValidator(validating(clean_text))]
JoinedText = Annotated[str | None, BeforeValidator(lambda value: validating(clean_text)(_join_lines(value)))]
Entries = Annotated[
    tuple[Annotated[str, BeforeValidator(_entry)], ...],
    BeforeValidator(none_as_empty),
    AfterValidator(_drop_blank),
]
Uscc = Annotated[str | None, BeforeValidator(validating(_identifier(uscc.compact, uscc.validate)))]
ProjectCode = Annotated[
    str | None, BeforeValidator(validating(_identifier(project_code.compact, project_code.validate)))
]
Phone = Annotated[str | None, BeforeValidator(validating(_identifier(phone.compact, phone.validate)))]
Day = Annotated[dt.date | None, BeforeValidator(_read_date)]
RequiredDay = Annotated[dt.date, BeforeValidator(_required_day)]
CaseStage = Annotated[Stage | None, BeforeValidator(validating(lambda text: read_stage(clean_line(text))))]
StageText = Annotated[str | None, BeforeValidator(validating(lambda text: fold_stages(clean_line(text))))]
