"""Which steps a case goes through: its document's tracks, or the steps its own 进度 lists, each with a limit.

Everything that cannot be planned is a problem with its field id: an unknown step, a step given twice, one of a track
the case does not go through, a step without a limit, steps without a day to count from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.model.case import Case
from cases.model.progress import Step, read_limit
from cases.values.text import fold_name
from forms.matters.lists import Matter
from forms.matters.tracks import StepDefinition, Track, Tracks, tracks_of
from foundation.errors import CaseDataError, Problem
from foundation.nearest import did_you_mean

_LIMIT_ADVICE = "在“进度”表的“时限”一列填工作日数，如 10 或 1-3"


@dataclass(frozen=True, slots=True)
class StepToPlan:
    """One step to plan. ``days``: working days, least and most; ``limit``: the same as people wrote it.

    ``entry``: what the case says of it, or None.
    """

    id: str
    title: str
    phase: str
    department: str
    limit: str
    days: tuple[int, int]
    entry: Step | None = None


@dataclass(frozen=True, slots=True)
class StepSequence:
    """Steps one after the other. ``after``: the id of the sequence it follows; None: it starts on a day of the case."""

    id: str
    title: str
    steps: tuple[StepToPlan, ...]
    after: str | None = None


def step_sequences(case: Case, reference: Iterable[Matter]) -> tuple[StepSequence, ...]:
    """The step sequences of a case; none where there is nothing to plan.

    ``reference``: matters whose limits are known from practice, for documents that print no steps.

    :raises CaseDataError: with every step that cannot be planned, at its field.
    """
    progress = case.progress
    problems: list[Problem] = []
    if progress.steps and progress.began is None:
        problems.append(
            Problem("", "有环节进度，没有起算日，排不出时间表", "progress.start", "填写“项目”表的“起算日”")
        )
    tracks = tracks_of(case.document)
    sequences = _of_tracks(case, tracks, problems) if tracks else _of_case(case, reference, problems)
    if problems:
        raise CaseDataError(*problems)
    return sequences if progress.began else ()


# -- documents that print their steps ----------------------------------------------------------------------


def _of_tracks(case: Case, tracks: Tracks, problems: list[Problem]) -> tuple[StepSequence, ...]:
    land = case.progress.land_start is not None
    needed = tracks.needed_for(land=land, hazard=case.review.hazard == "是")
    if case.progress.start is None:
        needed = tuple(track for track in needed if track.needed == "land")
    entries = _matched(case, needed, tracks, problems)
    return tuple(
        StepSequence(
            track.id,
            track.title,
            tuple(_tracked(step, entries.get(step.id)) for step in track.steps),
            track.after,
        )
        for track in needed
    )


def _tracked(step: StepDefinition, entry: Step | None) -> StepToPlan:
    limit, days = step.limit, step.days
    if entry is not None and entry.limit is not None:
        limit, days = entry.limit, read_limit(entry.limit)
    assert limit is not None and days is not None, f"{step.id}: the document's steps have limits"
    department = (entry.department if entry else None) or "、".join(step.departments)
    return StepToPlan(step.id, step.title, step.phase, department, limit, days, entry)


def _matched(
    case: Case, needed: Sequence[Track], tracks: Tracks, problems: list[Problem]
) -> Mapping[str, Step]:
    """What the case says of each step, by the step's id."""
    wanted, known = _names(needed), _names(tracks.tracks)
    found: dict[str, Step] = {}
    for index, entry in enumerate(case.progress.steps):
        field, key = f"progress.steps.{index}.step", fold_name(entry.step)
        step = wanted.get(key)
        if step is None:
            problems.append(_unusable_step(entry.step, known.get(key), known, field))
        elif step.id in found:
            problems.append(Problem("", f"环节“{step.title}”写了不止一次", field, "一个环节只留一行"))
        else:
            found[step.id] = entry
    return found


def _names(tracks: Iterable[Track]) -> dict[str, StepDefinition]:
    """Every way to name a step: its id, its title, its track and title."""
    names: dict[str, StepDefinition] = {}
    for track in tracks:
        for step in track.steps:
            for name in (step.id, step.title, track.title + step.title):
                names[fold_name(name)] = step
    return names


def _unusable_step(
    written: str, other: StepDefinition | None, known: Mapping[str, StepDefinition], field: str
) -> Problem:
    if other is None:
        titles = list(dict.fromkeys(step.title for step in known.values()))
        return Problem(
            "", f"没有环节“{written}”", field, did_you_mean(written, titles, f"可填：{'、'.join(titles)}")
        )
    reasons = {
        "land": ("项目没有土地保障起算日，不走土地保障流程", "需要走就填“土地保障起算日”"),
        "city": ("项目不涉及“两重点一重大”，不走市级联审", "涉及的，把“两重点一重大”填“是”"),
    }
    fallback = ("项目涉及“两重点一重大”，到市级联审后才立项备案", "把日期填在市级联审的立项备案")
    if other.id != "county.7":
        fallback = ("项目没有起算日，排不出这个环节", "填写“起算日”")
    reason, advice = reasons.get(other.id.partition(".")[0], fallback)
    return Problem("", f"环节“{written}”用不上：{reason}", field, advice)


# -- steps a case lists ------------------------------------------------------------------------------------


def _of_case(case: Case, reference: Iterable[Matter], problems: list[Problem]) -> tuple[StepSequence, ...]:
    """The steps a case lists, one after the other; a limit is its own, or that of the 参考 list."""
    known = {fold_name(matter.name): matter.days for matter in reference}
    steps: list[StepToPlan] = []
    for index, entry in enumerate(case.progress.steps):
        field, key = f"progress.steps.{index}", fold_name(entry.step)
        days = read_limit(entry.limit) if entry.limit else known.get(key)
        if any(fold_name(step.title) == key for step in steps):
            problems.append(
                Problem("", f"环节“{entry.step}”写了不止一次", f"{field}.step", "一个环节只留一行")
            )
        elif days is None:
            problems.append(
                Problem("", f"环节“{entry.step}”没有时限，排不出时间表", f"{field}.limit", _LIMIT_ADVICE)
            )
        else:
            limit = entry.limit or limit_text(days)
            steps.append(
                StepToPlan(f"own.{index}", entry.step, "", entry.department or "", limit, days, entry)
            )
    return (StepSequence("own", "办理进度", tuple(steps)),) if steps else ()


def limit_text(days: tuple[int, int]) -> str:
    """``3个工作日``, ``3-7个工作日``."""
    least, most = days
    return f"{least}个工作日" if least == most else f"{least}-{most}个工作日"
