"""What a person's choice makes of a merged 研判: one contradiction settled, the rest as it was.

A person chooses by command (``daiban settle``), or by a row of the roster's sheet 研判矛盾: a :class:`Ruling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cases.model.assessment import AUTHORITIES, Assessment
from cases.model.contradictions import Contradiction, Ruling, Settlement
from cases.model.field_types import FieldGroup
from cases.values.invalid import InvalidValue
from cases.values.text import fold_code, fold_name

PREFIX = "assessment."
TICKED, NOT_TICKED = "勾选", "不勾选"
KEEP, REMOVE = "保留", "删去"
AS_THE_FILE_SAYS = "按文件"
"""What a ruling chooses where the merged file itself was put right by hand."""
_IN_THE_FILE = "在 cases/ 里汇总的文件上改好，再用 daiban settle 记下，或在花名册的“定为”写“按文件”"
_SHORTEST = 2  # characters that can name a contradiction

Ticks = Iterable[tuple[str, str]]
"""Every list and an entry that somebody ticked or wrote there, as the merge found them."""


def chosen(contradiction: Contradiction, text: str) -> str:
    """What a person means: one of the options, by its number or its words, or a text of their own where one may be
    written.

    :raises InvalidValue: it is none of the options, with all of them.
    """
    options = contradiction.options
    if text.isdecimal() and 1 <= int(text) <= len(options):
        return options[int(text) - 1]
    if text in options or contradiction.kind == "text" or not options:
        return text
    listed = "；".join(f"{number} {option}" for number, option in enumerate(options, 1))
    raise InvalidValue(f"“{text}”不在可选的里面", f"可以写：{listed}")


def settled(
    assessment: Assessment, contradiction: Contradiction, choice: str, ticks: Ticks = ()
) -> Assessment:
    """The 研判 as a choice makes it. ``ticks``: as merged; an earlier choice may have removed what this one wants.

    :raises InvalidValue: this contradiction is settled only by hand, in the file.
    """
    change = _CHANGES.get(contradiction.kind or "")
    if change is None:
        raise InvalidValue("这一处不能由程序改定", _IN_THE_FILE)
    return change(assessment, contradiction, choice, tuple(ticks))


# -- rulings: rows of a roster ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RulingFlaw:
    """What is wrong or doubtful about a ruling, by its place in the list (from 0) and the field of it."""

    index: int
    field: str
    severity: Literal["error", "warning"]
    reason: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A 研判 and its contradictions with every ruling applied that can be, and what is to be said of the others."""

    assessment: Assessment
    contradictions: tuple[Contradiction, ...]
    flaws: tuple[RulingFlaw, ...]


def ruled(
    assessment: Assessment,
    contradictions: Sequence[Contradiction],
    rulings: Sequence[Ruling],
    ticks: Ticks = (),
) -> Ruled:
    """What rulings make of a 研判, in their order. One that says what is on record already changes nothing; of two that
    differ, the later day counts.
    """
    found, ticks, flaws = list(contradictions), tuple(ticks), list[RulingFlaw]()
    for index, ruling in enumerate(rulings):
        try:
            place = _place_of(ruling, found)
            one = found[place]
            choice = None if fold_code(ruling.choice) == AS_THE_FILE_SAYS else chosen(one, ruling.choice)
            if not _counts(ruling, choice, one):
                flaws += _overruled(index, choice, one)
                continue
            if choice is not None:
                assessment = settled(assessment, one, choice, ticks)
        except _NoSuchContradiction as unknown:
            flaws.append(RulingFlaw(index, "matter", unknown.severity, unknown.reason, unknown.advice))
        except InvalidValue as error:
            flaws.append(RulingFlaw(index, "choice", "error", error.reason, error.advice))
        else:
            decision = Settlement(
                choice=choice, reason=ruling.reason, by=ruling.by, at=ruling.date.isoformat()
            )
            found[place] = one.model_copy(update={"settled": decision})
    return Ruled(assessment, tuple(found), tuple(flaws))


class _NoSuchContradiction(InvalidValue):
    """A ruling names no contradiction, or more than one."""

    def __init__(self, severity: Literal["error", "warning"], reason: str, advice: str) -> None:
        super().__init__(reason, advice)
        self.severity = severity


def _place_of(ruling: Ruling, contradictions: Sequence[Contradiction]) -> int:
    """Which contradiction a ruling is about: by its code, or by words that stand in one alone.

    Raises _NoSuchContradiction: in none, which is only doubtful, since a later sheet may have ended it; or in several.
    """
    code = fold_code(ruling.matter).upper()
    found = [at for at, one in enumerate(contradictions) if one.code == code]
    words = fold_name(ruling.matter)
    if not found and len(words) >= _SHORTEST:
        found = [at for at, one in enumerate(contradictions) if words in fold_name(one.problem)]
    if len(found) == 1:
        return found[0]
    if found:
        codes = "、".join(contradictions[at].code for at in found)
        raise _NoSuchContradiction("error", f"“{ruling.matter}”不止一处矛盾说到", f"改写代号：{codes}")
    known = "、".join(one.code for one in contradictions if one.settled is None)
    advice = f"没有定的矛盾，代号是：{known}" if known else "现在没有矛盾要定，这一行可以删去"
    raise _NoSuchContradiction(
        "warning", f"汇总的研判里没有“{ruling.matter}”这一处矛盾，也许后来又交回了研判表", advice
    )


def _counts(ruling: Ruling, choice: str | None, one: Contradiction) -> bool:
    """Whether a ruling settles a contradiction: it is open, or was settled otherwise on an earlier day."""
    if one.settled is None:
        return True
    return choice != one.settled.choice and ruling.date.isoformat() > one.settled.at[:10]


def _overruled(index: int, choice: str | None, one: Contradiction) -> Iterator[RulingFlaw]:
    """A doubt where a ruling does not count though it says something else."""
    done = one.settled
    if done is not None and done.choice != choice:
        now = done.choice or AS_THE_FILE_SAYS
        reason = f"这一处已由{done.by}于 {done.at[:10]} 定为“{now}”，这一行没有用"
        yield RulingFlaw(index, "choice", "warning", reason, "要改定，写更晚的日期；不改就删去这一行")


# -- what a choice makes of each kind -------------------------------------------------------------------------


def _level(assessment: Assessment, one: Contradiction, choice: str, _: Ticks) -> Assessment:
    """The matter under the chosen level alone."""
    for level, authority in AUTHORITIES.items():
        path = [*_path(one.field), level]
        kept = _without(_at(assessment, path), [one.entry or ""])
        assessment = _with(assessment, path, (*kept, one.entry) if authority == choice else kept)
    return assessment


def _exclusive(assessment: Assessment, one: Contradiction, choice: str, ticks: Ticks) -> Assessment:
    """Only the chosen one of matters that exclude each other, at every level where it was ticked."""
    for level in AUTHORITIES:
        path = [*_path(one.field), level]
        others = [option for option in one.options if option != choice]
        kept = _without(_at(assessment, path), others)
        was = any(
            field == f"{one.field}.{level}" and fold_name(entry) == fold_name(choice)
            for field, entry in ticks
        )
        there = any(fold_name(entry) == fold_name(choice) for entry in kept)
        assessment = _with(assessment, path, (*kept, choice) if was and not there else kept)
    return assessment


def _text(assessment: Assessment, one: Contradiction, choice: str, _: Ticks) -> Assessment:
    return _with(assessment, _path(one.field), choice)


def _unread(assessment: Assessment, one: Contradiction, choice: str, _: Ticks) -> Assessment:
    """A box that could not be made out is ticked or not; a text is as a person read it."""
    if not one.options:
        return _with(assessment, _path(one.field), choice)
    path = _path(one.field)[:-1]
    kept = _without(_at(assessment, path), [one.entry or ""])
    return _with(assessment, path, (*kept, one.entry) if choice == TICKED else kept)


def _idle(assessment: Assessment, one: Contradiction, choice: str, _: Ticks) -> Assessment:
    """What was written beside a box that is not ticked stays or goes."""
    path, written = _path(one.field)[:-1], (one.entry or "").split("；")
    now = _at(assessment, path)
    if choice == REMOVE:
        return _with(assessment, path, _without(now, written))
    there = {fold_name(entry) for entry in now}
    return _with(assessment, path, (*now, *(entry for entry in written if fold_name(entry) not in there)))


_CHANGES: dict[str, Callable[[Assessment, Contradiction, str, Ticks], Assessment]] = {
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
    unwanted = {fold_name(name) for name in names}
    return tuple(entry for entry in entries if fold_name(entry) not in unwanted)


def _with(assessment: Assessment, path: Sequence[str], value: object) -> Assessment:
    """The same with another value at a path.

    :raises InvalidValue: the 研判 holds nothing there, since the paper's line is no place of its own.
    """

    def changed(node: FieldGroup, rest: Sequence[str]) -> FieldGroup:
        first, *others = rest
        if first not in type(node).model_fields:
            raise InvalidValue("这一处要在文件里改定", _IN_THE_FILE)
        new = changed(getattr(node, first), others) if others else value
        return node.model_copy(update={first: new})

    return Assessment.model_validate(changed(assessment, path).model_dump())
