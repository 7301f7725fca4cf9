"""From raw data to a case, or to everything that is wrong with it.

Workbooks and case files are both checked here, so the same mistake gets the same message wherever it was made.
Pydantic's errors are translated by their type and context, never by their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pydantic import ValidationError

from cases.chronology import dates_before_start
from cases.consistency import contradictions
from cases.identifiers import phone, project_code, uscc
from cases.model.case import Case
from cases.model.field_types import INVALID_VALUE
from cases.model.fields import keys, nearest_key, title
from cases.parts import FlawedPart, costs_the_case, part_at, without_parts
from cases.values.characters import doubtful_characters
from cases.values.invalid import Flaw, warnings_of
from cases.values.paths import Loc, dotted
from cases.values.stages import STAGE_LABELS, fold_stages, is_stages
from foundation.errors import Problem


class CaseOrigin(Protocol):
    """Where a case's data came from."""

    def where(self, loc: Loc) -> str:
        """The place a person can go to for a field: a cell, or a file with line and key."""
        ...


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case after its check: what can be used of it, and everything that is wrong or doubtful.

    ``case``: without the parts that are wrong; None where there is no case without them (``problems`` says why).
    ``flaws``: those parts. ``problems``: errors of the case as a whole, and warnings (存疑).
    """

    case: Case | None
    flaws: tuple[FlawedPart, ...]
    problems: tuple[Problem, ...]


def check_case(raw: object, origin: CaseOrigin) -> tuple[Case | None, tuple[Problem, ...]]:
    """A case from its tree of raw values if all of it is right, else None; with every problem at once."""
    checked = usable_case(raw, origin)
    problems = (*(flaw.problem for flaw in checked.flaws), *checked.problems)
    return (None if checked.flaws else checked.case), problems


def usable_case(raw: object, origin: CaseOrigin) -> CheckedCase:
    """What can be used of a case, from its tree of raw values, with every problem at once."""
    warnings = _warnings(raw, origin)
    flaws: list[FlawedPart] = []
    tree = raw
    while True:
        try:
            case = Case.model_validate(tree)
        except ValidationError as error:
            details = _details(error)
            found = [FlawedPart(_part_of_error(detail), _translate(detail, origin)) for detail in details]
            wrong = {part_at(detail["loc"]) for detail in details}
        else:
            found = list(_inconsistent_parts(case, origin))
            wrong = {flaw.field for flaw in found}
            if not found:
                return CheckedCase(case, tuple(flaws), warnings)
        flaws = _joined(flaws, found)
        left = without_parts(tree, wrong) if isinstance(tree, dict) else tree
        if any(costs_the_case(flaw.field) for flaw in found) or left == tree:
            return CheckedCase(None, (), (*(flaw.problem for flaw in flaws), *warnings))
        tree = left


def _joined(before: list[FlawedPart], found: list[FlawedPart]) -> list[FlawedPart]:
    """All flaws so far. A group that is wrong only because a part of it was left out is one flaw with that part."""
    consequences = {
        flaw.field for flaw in found if any(item.field.startswith(f"{flaw.field}.") for item in before)
    }
    widened = [
        replace(
            item, field=next((name for name in consequences if item.field.startswith(f"{name}.")), item.field)
        )
        for item in before
    ]
    return [*widened, *(flaw for flaw in found if flaw.field not in consequences)]


def problems_of(error: ValidationError, origin: CaseOrigin) -> tuple[Problem, ...]:
    """Every error of a model of this package as a problem, in Chinese, each at its place."""
    return tuple(_translate(detail, origin) for detail in _details(error))


def _details(error: ValidationError) -> list[Any]:
    return list(error.errors(include_url=False, include_input=False))


def _part_of_error(detail: Mapping[str, Any]) -> str:
    """The part an error concerns; of an unknown key what it may be meant for: the nearest key, or the group's any."""
    loc: Loc = detail["loc"]
    if detail["type"] != "extra_forbidden":
        return part_at(loc)
    near = nearest_key(loc)
    return part_at((*loc[:-1], near) if near else loc[:-1])


def _inconsistent_parts(case: Case, origin: CaseOrigin) -> Iterator[FlawedPart]:
    """What is wrong between the values of a case, each at its own cell or line."""
    for loc, reason in dates_before_start(case):
        problem = Problem(origin.where(loc), reason, dotted(loc), "核对这个日期和起算日")
        yield FlawedPart(part_at(loc), problem)
    for loc, reason, advice in contradictions(case):
        problem = Problem(origin.where(loc), f"“{title(loc)}”{reason}", dotted(loc), advice)
        yield FlawedPart(part_at(loc[:-1]), problem)


def _translate(detail: Mapping[str, Any], origin: CaseOrigin) -> Problem:
    loc: Loc = detail["loc"]
    reason, advice = _reason_and_advice(detail, loc)
    return Problem(where=origin.where(loc), problem=reason, field=dotted(loc) or None, advice=advice)


def _reason_and_advice(detail: Mapping[str, Any], loc: Loc) -> tuple[str, str | None]:
    kind = detail["type"]
    name = title(loc)
    quoted = f"“{name}”" if name else "此处"
    if kind == INVALID_VALUE:
        reason, advice = detail["ctx"]["reason"], detail["ctx"]["advice"]
        return (reason if name and name in reason else f"{quoted}{reason}"), advice
    if kind == "missing":
        return f"{quoted}必须填写", None
    if kind == "extra_forbidden":
        return _unknown_key(loc)
    if kind in {"tuple_type", "list_type"}:
        return f"{quoted}应为列表", "每项单独一行，以“- ”开头"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        expected = "、".join(keys(loc))
        return f"{quoted}应为一组“键: 值”", f"可用的键：{expected}" if expected else None
    return f"{quoted}的值不合规则", "对照填表说明改正"


def _unknown_key(loc: Loc) -> tuple[str, str]:
    near = nearest_key(loc)
    known = keys(loc[:-1])
    advice = f"是不是“{near}”（{known[near]}）？" if near else f"可用的键：{'、'.join(known)}"
    return f"不认识的键“{loc[-1]}”", advice


def _unknown_stages(text: str) -> tuple[Flaw, ...]:
    if is_stages(fold_stages(text)):
        return ()
    return (Flaw("warning", f"“{text}”不是四个阶段的名称", f"一般填{'、'.join(STAGE_LABELS)}"),)


_VALIDATORS: tuple[tuple[Loc, Callable[[str], tuple[Flaw, ...]]], ...] = (
    (("project", "code"), project_code.validate),
    (("enterprise", "uscc"), uscc.validate),
    (("contact", "phone"), phone.validate),
    (("manager", "phone"), phone.validate),
    (("authorisation", "stage"), _unknown_stages),
    (("handover", "stage"), _unknown_stages),
)


def _warnings(raw: object, origin: CaseOrigin) -> tuple[Problem, ...]:
    """What is doubtful, read from the raw values so that it is shown beside the errors of the same case."""
    problems = []
    for loc, validate in _VALIDATORS:
        text = _text_at(raw, loc)
        for flaw in warnings_of(validate(text)) if text else ():
            problems.append(
                Problem(origin.where(loc), flaw.reason, dotted(loc), advice=flaw.advice, severity="warning")
            )
    for loc, text in _texts(raw, ()):
        for flaw in doubtful_characters(text):
            reason = f"“{title(loc) or loc[-1]}”{flaw.reason}"
            problems.append(Problem(origin.where(loc), reason, dotted(loc), flaw.advice, "warning"))
    return tuple(problems)


def _texts(raw: object, loc: Loc) -> list[tuple[Loc, str]]:
    """Every text of a tree of raw values that is not plain ASCII, with its place."""
    if isinstance(raw, str):
        return [] if raw.isascii() else [(loc, raw)]
    if isinstance(raw, dict):
        parts: Iterable[tuple[int | str, object]] = raw.items()
    else:
        parts = enumerate(raw) if isinstance(raw, list | tuple) else ()
    return [found for key, value in parts for found in _texts(value, (*loc, key))]


def _text_at(raw: object, loc: Loc) -> str | None:
    for part in loc:
        raw = raw.get(part) if isinstance(raw, dict) else None
    return raw.strip() if isinstance(raw, str) and raw.strip() else None
