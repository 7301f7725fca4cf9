"""The kinds of value a case is made of, as annotated types for pydantic.

Each kind reads what a person wrote, folds what may be folded and raises pydantic's own error with the
Chinese reason in its context (type ``refused``), which :mod:`cases.checking` hands on; nothing parses
messages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from cases.identifiers import phone, project_code, uscc
from cases.refusal import Flaw, Refusal, errors_of
from cases.values.dates import read_date
from cases.values.naming import read_case_id
from cases.values.stages import Stage, fold_stages, read_stage
from cases.values.text import clean_line, clean_text, fold_code

REFUSED = "refused"  # pydantic error type of every objection made in this room
T = TypeVar("T")
_BETWEEN_CHOICES = re.compile(r"[、，,；;/和及\n]")


def refused(reason: str, advice: str | None = None) -> PydanticCustomError:
    """The error a validator raises; reason and advice travel in its context."""
    return PydanticCustomError(REFUSED, "{reason}", {"reason": reason, "advice": advice})


class Value(BaseModel):
    """Frozen, no unknown keys; an empty value (``contact:`` with nothing after it) is an empty group."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: Any) -> Any:
        return {} if value is None else value


def _reading(read: Callable[[str], T]) -> Callable[[Any], T | None]:
    """A validator over ``read``: blank is None, refusals become pydantic errors, other types are refused."""

    def validate(value: Any) -> T | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise refused(f"应为文字，现为{_kind(value)}", "加上引号，按文字填写")
        if not value.strip():
            return None
        try:
            return read(value)
        except Refusal as refusal:
            raise refused(refusal.reason, refusal.advice) from None

    return validate


def _needed(read: Callable[[str], T]) -> Callable[[Any], T]:
    validate = _reading(read)

    def needed(value: Any) -> T:
        result = validate(value)
        if result is None:
            raise refused("必须填写")
        return result

    return needed


def one_of(names: Mapping[str, str]) -> Callable[[Any], str | None]:
    """A validator of a choice: what people write → what is printed; two choices at once are refused by name."""
    known = "、".join(dict.fromkeys(names.values()))

    def read(text: str) -> str:
        found = names.get(fold_code(text))
        if found is None:
            parts = [names.get(fold_code(part)) for part in _BETWEEN_CHOICES.split(text)]
            if len(parts) > 1 and all(parts):
                raise Refusal(f"写了{len(parts)}个选项“{text}”，只能有一个", f"只留{known}之一")
            raise Refusal(f"“{text}”不是可选的内容", f"填{known}之一")
        return found

    def validate(value: Any) -> str | None:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            value = "、".join(value)
        return _reading(lambda text: read(clean_line(text)))(value)

    return validate


def _kind(value: Any) -> str:
    kinds = {bool: "逻辑值", int: "数值", float: "数值", list: "列表", tuple: "列表", dict: "一组键值"}
    return kinds.get(type(value), type(value).__name__)


def _identifier(
    compact: Callable[[str], str], validate: Callable[[str], tuple[Flaw, ...]]
) -> Callable[[str], str]:
    def read(text: str) -> str:
        cleaned = clean_line(text)
        wrong = errors_of(validate(cleaned))
        if wrong:
            raise Refusal(wrong[0].reason, wrong[0].advice)
        return compact(cleaned)

    return read


def _read_date(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        try:
            return read_date(value)
        except Refusal as refusal:
            raise refused(refusal.reason, refusal.advice) from None
    return _reading(lambda text: read_date(clean_line(text)))(value)


def _join_lines(value: Any) -> Any:
    """A list of texts as one text, an entry a line; anything else as it is."""
    if isinstance(value, list | tuple) and all(item is None or isinstance(item, str) for item in value):
        return "\n".join(item.strip() for item in value if item and item.strip())
    return value


def _entry(value: Any) -> str:
    return _reading(clean_line)(value) or ""


def _drop_blank(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, entries))


def nothing_is_no_entries(value: Any) -> Any:
    """``materials:`` with nothing after it is an empty list."""
    return () if value is None else value


DOCUMENTS = {
    "晋城": "jincheng",
    "阳城": "yangcheng",
    "鞍山": "anshan",
    "交城": "jiaocheng",
    "晋开": "jinkai",
}
"""The documents by their places, as people name them."""
_DOCUMENT_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
DEFAULT_DOCUMENT = "jincheng"


def read_document(text: str) -> str:
    """The id of a document, written as its id or by its place: 阳城 → yangcheng. Errors: Refusal for neither."""
    folded = fold_code(text).lower()
    document = DOCUMENTS.get(folded.removesuffix("市").removesuffix("县"), folded)
    if not _DOCUMENT_ID.fullmatch(document):
        raise Refusal(f"“{text}”不是文件的编号", "填 jincheng 或 晋城；有哪些文件可用 daiban forms 查看")
    return document


CaseId = Annotated[str, BeforeValidator(_needed(read_case_id))]
DocumentId = Annotated[str, BeforeValidator(_needed(read_document))]
NeededLine = Annotated[str, BeforeValidator(_needed(clean_line))]
NeededText = Annotated[str, BeforeValidator(_needed(clean_text))]
Line = Annotated[str | None, BeforeValidator(_reading(clean_line))]
Text = Annotated[str | None, BeforeValidator(_reading(clean_text))]
JoinedText = Annotated[str | None, BeforeValidator(lambda value: _reading(clean_text)(_join_lines(value)))]
Entries = Annotated[
    tuple[Annotated[str, BeforeValidator(_entry)], ...],
    BeforeValidator(nothing_is_no_entries),
    AfterValidator(_drop_blank),
]
Uscc = Annotated[str | None, BeforeValidator(_reading(_identifier(uscc.compact, uscc.validate)))]
ProjectCode = Annotated[
    str | None, BeforeValidator(_reading(_identifier(project_code.compact, project_code.validate)))
]
Phone = Annotated[str | None, BeforeValidator(_reading(_identifier(phone.compact, phone.validate)))]
Day = Annotated[dt.date | None, BeforeValidator(_read_date)]
CaseStage = Annotated[Stage | None, BeforeValidator(_reading(lambda text: read_stage(clean_line(text))))]
StageText = Annotated[str | None, BeforeValidator(_reading(lambda text: fold_stages(clean_line(text))))]
