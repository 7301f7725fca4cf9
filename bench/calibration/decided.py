"""Readings for calibration out of people's decisions: what ``daiban decisions --export`` wrote.

A decision says whether a place is as it must be. That is a label only where it can mean one thing: what the machine
took for blank, or was unsure of, is filled (accepted) or blank (rejected). The rest is left out, and counted by why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bench.calibration.measures import CalibratedMeasure, LabelledReading, measured_value
from daiban.deciding.labelled import DecidedReading, DecidedReadings
from forms.definition import FieldKind

#: What the machine said of a place that it took for blank.
_BLANK = ("field-blank", "signature-missing")
_TIER = "人定"


@dataclass(frozen=True, slots=True)
class DecidedLabels:
    """What decisions say: labelled readings, and how many of them are no label, by why (in Chinese); of the measures of
    altered print a line each.
    """

    readings: tuple[LabelledReading, ...]
    left_out: Counter[str]
    of_print: tuple[str, ...]


def decided_labels(file: Path, workspace: Path, measures: Sequence[CalibratedMeasure]) -> DecidedLabels:
    """The labels of an exported file. ``workspace``: where the pictures of the places are.

    Raises SystemExit with what is wrong where the file is none.
    """
    try:
        found = DecidedReadings.model_validate_json(file.read_bytes()).readings
    except OSError as error:
        raise SystemExit(f"{file} 读不出来：{error.strerror}") from error
    except ValidationError as error:
        raise SystemExit(
            f"{file} 不是 daiban decisions 工作区 --export 写的文件（有 {error.error_count()} 处不对）"
        ) from error
    told = [(one, _no_label(one)) for one in found]
    labels = (
        label
        for one, why in told
        if not why
        for measure in measures
        if (label := _label(one, measure, workspace)) is not None
    )
    left_out = Counter(why for _, why in told if why)
    return DecidedLabels(tuple(labels), left_out, tuple(_print_measures(found)))


def _no_label(one: DecidedReading) -> str:
    """Why a decision is no label of its place; empty: it is one."""
    if one.field is None:
        return "印刷内容的改动，不是填写处"
    if one.about == "document":
        return "整份一起定的，没有逐处定"
    if one.code not in _BLANK and one.state != "unsure":
        return "不是空白或存疑的处（填得不对、日期不合理等）"
    if one.code not in _BLANK and not one.accepted:
        return "看不清的处定为有问题，不等于空白"
    if one.kind is FieldKind.SIGNATURE and one.accepted:
        return "签章处收下的，不知是笔迹还是印章"
    if one.kind is FieldKind.SIGNATURE and (one.pen or one.seals):
        return "签章处缺一样的，不知是哪一样"
    return ""


def _label(one: DecidedReading, measure: CalibratedMeasure, workspace: Path) -> LabelledReading | None:
    if measure.kind != one.kind:
        return None
    value = measured_value(measure, one.measures)
    if value is None:
        return None  # of an electronic file, where nothing is measured
    return LabelledReading(
        measure=measure.key,
        field=one.field or "",
        tier=_TIER,
        look=f"{one.by} {one.at.astimezone().date().isoformat()}",
        value=value,
        filled=one.accepted,
        how=one.reason,
        state=one.state or "unsure",
        reason="",
        crop=_picture(one, workspace),
    )


def _picture(one: DecidedReading, workspace: Path) -> bytes | None:
    place = workspace / one.picture if one.picture is not None else None
    if place is None or not place.resolve().is_relative_to(workspace.resolve()) or not place.is_file():
        return None
    return place.read_bytes()


def _print_measures(found: Sequence[DecidedReading]) -> Iterator[str]:
    """How often each measure of altered print was right, and where."""
    by_name: dict[str, list[tuple[float, float | None, bool]]] = {}
    for one in found:
        for measure in one.measures if one.field is None else ():
            by_name.setdefault(measure.name, []).append((measure.value, measure.threshold, one.accepted))
    for name, seen in sorted(by_name.items()):
        false = sorted(value for value, _, accepted in seen if accepted)
        true = sorted(value for value, _, accepted in seen if not accepted)
        threshold = next((limit for _, limit, _ in seen if limit is not None), None)
        yield (
            f"印刷改动 {name}：{len(seen)} 处，现用 {threshold}；"
            f"人收下（没有改动）{_range(false)}，人定为改动 {_range(true)}"
        )


def _range(values: Sequence[float]) -> str:
    return f"{len(values)} 处（{values[0]:g}～{values[-1]:g}）" if values else "0 处"
