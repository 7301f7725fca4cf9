"""What a person's choice makes of a merged 研判: one contradiction settled, the rest as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cases.model.assessment import Assessment
from cases.model.contradictions import Contradiction
from cases.model.field_types import FieldGroup
from daiban.merging.assessment_sheets import PREFIX
from daiban.planning.plan_from_assessment import AUTHORITIES
from daiban.planning.steps import fold
from foundation.errors import Problem, UsageError

TICKED, NOT_TICKED = "勾选", "不勾选"
KEEP, REMOVE = "保留", "删去"


def chosen(contradiction: Contradiction, text: str) -> str:
    """What a person means: one of the options, by its number or its words, or a text of their own where one may be
    written.

    :raises UsageError: it is none of the options, with all of them.
    """
    options = contradiction.options
    if text.isdecimal() and 1 <= int(text) <= len(options):
        return options[int(text) - 1]
    if text in options or contradiction.kind == "text" or not options:
        return text
    listed = "；".join(f"{number} {option}" for number, option in enumerate(options, 1))
    raise UsageError(Problem("--choose", f"“{text}”不在可选的里面", advice=f"可以写：{listed}"))


def settled(assessment: Assessment, contradiction: Contradiction, choice: str) -> Assessment:
    """The 研判 as a choice makes it.

    :raises UsageError: this contradiction is settled only by hand, in the file.
    """
    change = _CHANGES.get(contradiction.kind or "")
    if change is None:
        advice = "在 cases/ 里汇总的文件上改好，再用 daiban settle 记下（不写 --choose）"
        raise UsageError(Problem("--choose", "这一处不能由程序改定", advice=advice))
    return change(assessment, contradiction, choice)


def _level(assessment: Assessment, one: Contradiction, choice: str) -> Assessment:
    """The matter under the chosen level alone."""
    for level, authority in AUTHORITIES.items():
        path = [*_path(one.field), level]
        kept = _without(_at(assessment, path), [one.entry or ""])
        assessment = _with(assessment, path, (*kept, one.entry) if authority == choice else kept)
    return assessment


def _exclusive(assessment: Assessment, one: Contradiction, choice: str) -> Assessment:
    """Only the chosen one of matters that exclude each other."""
    for level in AUTHORITIES:
        path = [*_path(one.field), level]
        others = [option for option in one.options if option != choice]
        assessment = _with(assessment, path, _without(_at(assessment, path), others))
    return assessment


def _text(assessment: Assessment, one: Contradiction, choice: str) -> Assessment:
    return _with(assessment, _path(one.field), choice)


def _unread(assessment: Assessment, one: Contradiction, choice: str) -> Assessment:
    """A box that could not be made out is ticked or not; a text is as a person read it."""
    if not one.options:
        return _with(assessment, _path(one.field), choice)
    path = _path(one.field)[:-1]
    kept = _without(_at(assessment, path), [one.entry or ""])
    return _with(assessment, path, (*kept, one.entry) if choice == TICKED else kept)


def _idle(assessment: Assessment, one: Contradiction, choice: str) -> Assessment:
    """What was written beside a box that is not ticked stays or goes."""
    path = _path(one.field)[:-1]
    if choice == KEEP:
        return assessment
    return _with(assessment, path, _without(_at(assessment, path), (one.entry or "").split("；")))


_CHANGES: dict[str, Callable[[Assessment, Contradiction, str], Assessment]] = {
    "level": _level,
    "exclusive": _exclusive,
    "text": _text,
    "unread": _unread,
    "idle": _idle,
}


def _path(field_id: str) -> list[str]:
    return field_id.removeprefix(PREFIX).split(".")


def _at(assessment: Assessment, path: Sequence[str]) -> tuple[str, ...]:
    node: object = assessment
    for name in path:
        node = getattr(node, name, ())
    return node if isinstance(node, tuple) else ()


def _without(entries: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    unwanted = {fold(name) for name in names}
    return tuple(entry for entry in entries if fold(entry) not in unwanted)


def _with(assessment: Assessment, path: Sequence[str], value: object) -> Assessment:
    """The same with another value at a path.

    :raises UsageError: the 研判 holds nothing there, since the paper's line is no place of its own.
    """

    def changed(node: FieldGroup, rest: Sequence[str]) -> FieldGroup:
        first, *others = rest
        if first not in type(node).model_fields:
            problem = "这一处要在文件里改定"
            raise UsageError(
                Problem("--choose", problem, advice="改好文件，再用 daiban settle 记下（不写 --choose）")
            )
        new = changed(getattr(node, first), others) if others else value
        return node.model_copy(update={first: new})

    return Assessment.model_validate(changed(assessment, path).model_dump())
