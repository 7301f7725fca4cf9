"""Checks a form.toml by itself: its ids, lists and conditions must not contradict each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from daiban.errors import Problem
from forms.definition import AnyOf, FieldDefinition, FieldKind, FilledBy, FormDefinition
from forms.names import did_you_mean

_BLANK_LINE = re.compile(r"(.*)\.text_([0-9]+)")


def check_definition(form: FormDefinition, where: str = "form.toml") -> list[Problem]:
    """Every contradiction inside one definition; ``where`` is what places call the file."""
    return [
        *_twice(form, where),
        *_overlaps(form, where),
        *_indexes(form, where),
        *_blank_lines(form, where),
        *_conditions(form, where),
        *(problem for field in form.fields for problem in _field(field, f"{where} 字段 {field.id}")),
        *_pages(form, where),
    ]


def _twice(form: FormDefinition, where: str) -> Iterator[Problem]:
    for name, ids in (
        ("field", [item.id for item in form.fields]),
        ("list", [item.id for item in form.lists]),
    ):
        for item_id, count in Counter(ids).items():
            if count > 1:
                problem = f"[[{name}]] 定义了 {count} 次"
                yield Problem(f"{where} 字段 {item_id}", problem, item_id, "只留一个")


def _overlaps(form: FormDefinition, where: str) -> Iterator[Problem]:
    """Two patterns for one id: which one counts would be chance. A concrete id beside a pattern is meant."""
    patterns = sorted({item.id for item in form.fields if "*" in item.id})
    for number, first in enumerate(patterns):
        for second in patterns[number + 1 :]:
            if meet(first, second):
                problem = f"与 {second} 重叠，同一个字段有两个定义"
                yield Problem(f"{where} 字段 {first}", problem, first, "删去一个，或改写编号")


def _indexes(form: FormDefinition, where: str) -> Iterator[Problem]:
    lists = [item.id for item in form.lists]
    bases = dict.fromkeys(item.id.partition(".*")[0] for item in form.fields if "*" in item.id)
    for base in bases:
        if base not in lists:
            advice = did_you_mean(base, lists, f"加上 [[list]] id = “{base}”")
            yield Problem(f"{where} 字段 {base}.*", f"清单“{base}”没有定义，不知有几项", base, advice)
    for item in form.lists:
        if not any(
            field.id == f"{item.id}.*" or field.id.startswith(f"{item.id}.*.") for field in form.fields
        ):
            problem = "清单里没有任何字段"
            yield Problem(f"{where} 清单 {item.id}", problem, item.id, f"加上字段“{item.id}.*”")


def _blank_lines(form: FormDefinition, where: str) -> Iterator[Problem]:
    """The written line of a blank box, ``….text_1``, needs its box ``….1``."""
    for field in form.fields:
        match = _BLANK_LINE.fullmatch(field.id)
        if match is None:
            continue
        box = form.field(f"{match.group(1)}.{match.group(2)}")
        if box is None or box.kind is not FieldKind.CHECKBOX:
            expected = f"{match.group(1)}.{match.group(2)}"
            yield Problem(
                f"{where} 字段 {field.id}", f"空白行没有对应的选项框“{expected}”", field.id, "补上选项框"
            )


def _conditions(form: FormDefinition, where: str) -> Iterator[Problem]:
    known = [item.id for item in form.fields]
    for number, rule in enumerate(form.any_of, start=1):
        place = f"{where} 第{number}个 any_of"
        for wanted in rule.fields:
            if not any(meet(wanted, field_id, any_name=True) for field_id in known):
                advice = did_you_mean(wanted, known, "改为已定义的字段编号")
                yield Problem(place, f"用到了没有定义的字段“{wanted}”", wanted, advice)
        if contradiction := _never_at_issue(form, rule):
            yield Problem(place, contradiction, advice="改为 at = “return”")


def _never_at_issue(form: FormDefinition, rule: AnyOf) -> str | None:
    kinds = {
        field.kind
        for field in form.fields
        if any(meet(wanted, field.id, any_name=True) for wanted in rule.fields)
    }
    if rule.at == "issue" and kinds == {FieldKind.SIGNATURE}:
        return "出件时要求有签章，但签章只能在纸上完成"
    return None


def _field(field: FieldDefinition, place: str) -> Iterator[Problem]:
    if not field.label.strip():
        yield Problem(place, "没有中文名称（label）", field.id, "写上表上印的名称")
    if field.required != "issue":
        return
    if field.kind is FieldKind.SIGNATURE:
        yield Problem(place, "签章处不能是出件前必填", field.id, "改为 required = “return”")
    elif field.filled_by is not FilledBy.OFFICE:
        problem = "出件前必填，却不由代办机构填写"
        advice = "改 filled_by 为 “office”，或改 required 为 “return”"
        yield Problem(place, problem, field.id, advice, "warning")


def _pages(form: FormDefinition, where: str) -> Iterator[Problem]:
    low, high = form.pages
    if not 1 <= low <= high:
        yield Problem(f"{where} pages", f"页数范围 {low}–{high} 不成立", advice="写成 [最少, 最多]，从 1 起")


def meet(first: str, second: str, *, any_name: bool = False) -> bool:
    """Whether two ids, each perhaps with ``*``, can mean the same field.

    ``*`` stands for an index; with ``any_name``, in ``first`` for any one name, as conditions use it.
    """
    ones, others = first.split("."), second.split(".")
    return len(ones) == len(others) and all(
        _segments_meet(one, other, any_name) for one, other in zip(ones, others, strict=True)
    )


def _segments_meet(one: str, other: str, any_name: bool) -> bool:
    if one == other or (any_name and one == "*"):
        return True
    return (one == "*" and other.isdigit()) or (other == "*" and one.isdigit())
