"""Combines several departments' 研判表 into one 研判: ticks united, texts kept side by side, contradictions listed.

Source: 晋市审管发〔2022〕28号, “一站式”机制 第八条: each business section fills its part of the 研判表; summed up, they
become the project's plan. Every entry keeps who ticked it; contradictions wait for a person. Sheets of another project,
sheets on which nothing was ticked and the same file twice are refused, all problems at once and nothing written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cases.files.assessment_overlay import AssessmentOverlay, MergedSheet, MergeRecord
from cases.model.assessment import Assessment
from cases.model.case import Case
from cases.settling import KEEP, NOT_TICKED, PREFIX, REMOVE, TICKED
from cases.values.text import fold_name
from daiban.merging.assessment_sheets import FILLED_BY, PROJECT_CODE, PROJECT_NAME, AssessmentSheet
from daiban.merging.collected import LIST, CollectedAnswers, note_contradictions, overlay_of
from daiban.merging.joining import take_up, with_decisions, with_hand_edits
from forms.definition import FieldDefinition, FieldKind, FormDefinition
from foundation.errors import CaseDataError, Problem

_SEVERAL = re.compile(r"[；;\n]+")


@dataclass(frozen=True, slots=True)
class _TickBox:
    """A check box. ``target``: the list that its label is an entry of; ``line``: the id of the field written in beside
    it, where its label is blank.
    """

    definition: FieldDefinition
    target: str
    line: str | None


def merge(
    case: Case,
    sheets: Sequence[AssessmentSheet],
    forms: Iterable[FormDefinition],
    before: AssessmentOverlay | None = None,
) -> AssessmentOverlay:
    """The sheets of one case as its 研判, with where everything came from. ``before``: what was merged earlier, which
    they join; a sheet that is in it already adds nothing.

    :raises CaseDataError: a sheet of another project, one that ticked nothing, the same file twice; all at once.
    """
    fields = {item.id: item for form in forms for item in form.fields}
    boxes = list(_boxes(fields))
    problems = [*_of_other_projects(case, sheets), *_without_ticks(sheets, boxes), *_repeated(sheets)]
    if problems:
        raise CaseDataError(*problems)
    record = before.merged if before is not None else MergeRecord()
    known = {source.sha256 for source in record.sources}
    sheets = [sheet for sheet in sheets if sheet.sha256 not in known]
    names = _names(sheets)
    collected = CollectedAnswers()
    take_up(collected, record, names)
    for sheet, name in zip(sheets, names, strict=True):
        _take_boxes(collected, sheet, name, boxes)
        _take_texts(collected, sheet, name, fields, boxes)
        for field_id in sheet.unsure:
            _doubt_unread(collected, field_id, name, fields, boxes)
    note_contradictions(collected)
    printed = [(box.target, box.definition.label) for box in boxes]
    sources = [
        *(source for source in record.sources if source.department not in names),
        *(
            MergedSheet(file=sheet.file, department=name, sha256=sheet.sha256)
            for sheet, name in zip(sheets, names, strict=True)
        ),
    ]
    found = overlay_of(case.id, sources, collected, printed)
    if before is None:
        return found
    return with_hand_edits(with_decisions(found, before), before, _as_merged(before, printed))


def _as_merged(before: AssessmentOverlay, printed: Sequence[tuple[str, str]]) -> Assessment:
    """What an earlier merge and the decisions about it make, without what people changed in the file by hand."""
    collected = CollectedAnswers()
    take_up(collected, before.merged, ())
    note_contradictions(collected)
    return with_decisions(
        overlay_of(before.case, before.merged.sources, collected, printed), before
    ).assessment


def _doubt_unread(
    collected: CollectedAnswers,
    field_id: str,
    name: str,
    fields: Mapping[str, FieldDefinition],
    boxes: Iterable[_TickBox],
) -> None:
    label = fields[field_id].label if field_id in fields else field_id
    is_box = any(box.definition.id == field_id and box.line is None for box in boxes)
    collected.doubt(
        field_id,
        f"“{label}”一处没有认清，请对照原件核实",
        name,
        kind="unread",
        entry=label if is_box else None,
        options=(TICKED, NOT_TICKED) if is_box else (),
    )


# -- refused sheets ------------------------------------------------------------------------------------------


def _of_other_projects(case: Case, sheets: Iterable[AssessmentSheet]) -> Iterator[Problem]:
    """Sheets that are not of this project: by page mark, by name, by code."""
    for sheet in sheets:
        if sheet.case is not None and sheet.case != case.id:
            problem = f"是案件“{sheet.case}”的研判表，不是“{case.id}”的"
            yield Problem(sheet.file, problem, "id", "只汇总同一个项目的研判表")
            continue
        for field_id, own, title in (
            (PROJECT_NAME, case.project.name, "项目名称"),
            (PROJECT_CODE, case.project.code, "项目代码"),
        ):
            written = sheet.text(field_id)
            if written and own and fold_name(written) != fold_name(own):
                problem = f"{title}是“{written}”，案件“{case.id}”的是“{own}”，不是同一个项目"
                yield Problem(f"{sheet.file} {title}", problem, field_id, "只汇总同一个项目的研判表")
        if sheet.case is None and sheet.text(PROJECT_NAME) is None:
            problem = "没有项目名称，不知道是哪个项目的研判表"
            yield Problem(f"{sheet.file} 项目名称", problem, PROJECT_NAME, "填上项目名称")


def _without_ticks(sheets: Iterable[AssessmentSheet], boxes: Iterable[_TickBox]) -> Iterator[Problem]:
    ids = [box.definition.id for box in boxes]
    for sheet in sheets:
        if not any(sheet.answers.get(box) is True for box in ids):
            problem = f"“{sheet.department}”没有勾选任何事项或材料"
            yield Problem(f"{sheet.file} 事项清单、材料清单", problem, "assessment", "请科室勾选后再汇总")


def _repeated(sheets: Sequence[AssessmentSheet]) -> Iterator[Problem]:
    for one, other in combinations(sheets, 2):
        if one.sha256 == other.sha256:
            yield Problem(other.file, f"与 {one.file} 是同一个文件", advice="每份只写一次")


# -- answers of the sheets ----------------------------------------------------------------------------------


def _boxes(fields: Mapping[str, FieldDefinition]) -> Iterator[_TickBox]:
    for definition in fields.values():
        if definition.kind is FieldKind.CHECKBOX and definition.id.startswith(PREFIX):
            group, _, number = definition.id.rpartition(".")
            line = f"{group}.text_{number}"
            yield _TickBox(definition, definition.reads or group, line if line in fields else None)


def _names(sheets: Sequence[AssessmentSheet]) -> list[str]:
    """What to call each sheet's department; where two have the same name, the file is added to it."""
    names = [sheet.department for sheet in sheets]
    return [
        f"{name}（{sheet.file}）" if names.count(name) > 1 else name
        for sheet, name in zip(sheets, names, strict=True)
    ]


def _take_boxes(
    collected: CollectedAnswers, sheet: AssessmentSheet, name: str, boxes: Iterable[_TickBox]
) -> None:
    for box in boxes:
        ticked = sheet.answers.get(box.definition.id) is True
        if box.line is None:
            if ticked:
                collected.tick(box.target, box.definition.label, name)
            continue
        written = _split(sheet.text(box.line))
        for entry in written:
            collected.tick(box.target, entry, name)
        if ticked and not written:
            collected.doubt(box.line, "勾选了空白项，没有写内容", name, kind="blank")
        elif written and not ticked:
            collected.doubt(
                box.line,
                f"写了“{'；'.join(written)}”，没有勾选",
                name,
                kind="idle",
                entry="；".join(written),
                options=(KEEP, REMOVE),
            )


def _take_texts(
    collected: CollectedAnswers,
    sheet: AssessmentSheet,
    name: str,
    fields: Mapping[str, FieldDefinition],
    boxes: Sequence[_TickBox],
) -> None:
    lines = {box.line for box in boxes}
    for field_id in fields:
        text = sheet.text(field_id)
        if text is None or not field_id.startswith(PREFIX) or field_id == FILLED_BY or field_id in lines:
            continue
        group, _, last = field_id.rpartition(".")
        if last == "others" and LIST.fullmatch(group):
            for entry in _split(text):
                collected.tick(group, entry, name)
        else:
            collected.write(field_id, text, name)


def _split(text: str | None) -> list[str]:
    """The entries on a blank line: a form's last one may hold several, divided by semicolons."""
    return [part.strip() for part in _SEVERAL.split(text or "") if part.strip()]
