"""Issuing a DOCX that staff edited, as it is: checked, page-marked, and on record as edited.

Its fields are read by their tags. Where they say something else than the case, and where its wording is another than
the form's, that is shown and goes on record with who wants it so and why. Such an issue stands until a person asks for
another: what staff wrote is never made void by changed data (docs/decisions/0043).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from daiban.converter import configured_converter, generator_settings
from daiban.documents.changes import ValueChange, changes
from daiban.issuing.publishing import Publisher
from daiban.issuing.result import IssuedItem
from daiban.issuing.selection import DocumentToMake
from daiban.office import LockedOffice, Office
from daiban.registry import Decision, IssueRecord
from forms.definition import FormDefinition
from forms.lint.check import check_path
from forms.template.controls import Control, read_controls
from forms.template.docx_file import MAX_TOTAL_BYTES
from foundation.digests import sha256_of_bytes
from foundation.errors import (
    CaseDataError,
    NotWritableError,
    Problem,
    UnreadableError,
    UsageError,
)
from foundation.frozen_model import FrozenModel
from foundation.os_errors import reason_of
from foundation.reading import LEADS_OUT, LINK_ADVICE, read_file
from foundation.writing import writing
from generator.bind import Bound
from generator.document_generator import DocumentGenerator
from generator.layout.libreoffice import find_libreoffice
from generator.model import Failed, Order
from generator.template.fill import FormFiller
from generator.values import DocumentValue

_SHOWN = 5  # changes on record one by one before the rest is only counted


class EditedIssue(FrozenModel):
    """What was issued. ``voids``: the number that became void by it; ``differs``: where its fields say something else
    than the case (``before``: the case); ``wording``: where it is worded otherwise than the form, in Chinese.
    """

    issued: IssuedItem
    voids: str
    by: str
    reason: str
    differs: tuple[ValueChange, ...]
    wording: tuple[str, ...]


def issue_edited(
    office: Office, number: str, *, by: str, reason: str, docx: Path | None = None
) -> EditedIssue:
    """Issue the DOCX of an issue as staff edited it. ``docx``: where it is, by default in its place.

    :raises UsageError: no such issue, one that does not stand, or a DOCX that nobody changed.
    :raises CaseDataError: the DOCX cannot be issued as it is, with every reason and its place.
    :raises ToolMissingError, ToolFailedError: no PDF can be made of it. :raises NotWritableError: the workspace.
    """
    with office.writing() as locked:
        issue = _standing(locked, number)
        path = docx or locked.workspace.path / issue.docx
        if docx is None and not locked.workspace.holds(path):
            raise UnreadableError(Problem(issue.docx, LEADS_OUT, advice=LINK_ADVICE))
        content = _content(path)
        if sha256_of_bytes(content) == issue.docx_sha256:
            advice = "改好、保存并关闭 Word 或 WPS 以后再运行"
            raise UsageError(Problem(str(path), "这份 DOCX 同出具时一样，没有改过", advice=advice))
        return _issue(locked, issue, path, content, by, reason)


def _standing(office: LockedOffice, number: str) -> IssueRecord:
    issue = office.record(number)
    if issue is None:
        raise UsageError(Problem(number, f"登记库里没有编号“{number}”"))
    if issue.is_void or issue.published_at is None:
        raise UsageError(Problem(number, "这一份不是现行的", advice="daiban status 会列出现行的编号"))
    return issue


def _content(path: Path) -> bytes:
    try:
        return read_file(path, MAX_TOTAL_BYTES)
    except OSError as error:
        problem = f"文件读不出来：{reason_of(error)}"
        raise UnreadableError(Problem(str(path), problem, advice="检查文件名，关闭打开它的程序")) from error


def _issue(
    office: LockedOffice, issue: IssueRecord, path: Path, content: bytes, by: str, reason: str
) -> EditedIssue:
    case, form = office.case(issue.case_id), office.catalogue.form(issue.form_id)
    of_case = office.binder.bound(case, form)
    problems = [*_unfit(path), *_contradicted(office, issue, form)]
    if problems:
        raise CaseDataError(*problems)
    bound = _bound(read_controls(content, path.name), of_case)
    differs = changes(of_case.json_values(), bound)
    wording = tuple(_wording(form, of_case, content, path.name))
    document = DocumentToMake(
        case, form, office.binder.digest(of_case), None, len(bound.values), stage=issue.stage,
        replaces=issue.number, changes=differs, reason="照改过的 DOCX 出具",
    )  # fmt: skip
    made = _made(office, bound, content, path.name, document)
    decision = Decision(
        case_id=issue.case_id,
        kind="edited",
        subject=issue.number,
        outcome=made.issue,
        reason=f"{reason}（{_summary(differs, wording)}）",
        by=by,
        at=dt.datetime.now(dt.UTC),
    )
    office.open_registry.decisions.record(decision)
    return EditedIssue(
        issued=made, voids=issue.number, by=by, reason=reason, differs=differs, wording=wording
    )


def _unfit(path: Path) -> Iterator[Problem]:
    """Why a DOCX cannot go out as it is: comments, tracked changes, hidden text, fields that no PDF shows …"""
    for problem in check_path(path):
        if problem.severity == "error":
            yield problem


def _contradicted(office: LockedOffice, issue: IssueRecord, form: FormDefinition) -> Iterator[Problem]:
    for one in office.held_back_by(office.case(issue.case_id), form):
        said = f"《{form.title}》要印的研判有矛盾没有定：{one.problem}"
        yield Problem(issue.case_id, said, one.field, "用 daiban settle 或花名册的“研判矛盾”表定下来")


def _bound(controls: tuple[Control, ...], of_case: Bound) -> Bound:
    """What an edited document says, field by field.

    :raises CaseDataError: fields that the form has not, or twice, or that lost their content control.
    """
    from extractors.digital.answers import of_control

    found: dict[str, DocumentValue] = {}
    problems: list[Problem] = []
    for control in controls:
        if control.is_gallery or not control.tag:
            continue
        if of_case.form.field(control.tag) is None:
            problems.append(Problem(control.place, f"内容控件“{control.tag}”不是这张表的字段", control.tag))
        elif control.tag in found:
            advice = "只留一处；要多几行，写进花名册再出具"
            said = f"“{control.alias or control.tag}”这一处在文件里有几份"
            problems.append(Problem(control.place, said, control.tag, advice))
        elif control.is_checkbox and (control.state is None or control.state is not control.glyph):
            advice = "在方框上点一下，让它自己变成☑或□，不要另打"
            said = f"“{control.alias or control.tag}”的方框画的和控件记的不一致"
            problems.append(Problem(control.place, said, control.tag, advice))
        found[control.tag] = of_control(control)
    for field_id, value in of_case.values.items():
        definition = of_case.definition(field_id)
        if field_id not in found and (value is not None or definition.required != "no"):
            advice = "从原来的一份把这一处连同控件拷回来，在里面改；不要内容的删空，不删控件"
            said = f"“{definition.label}”这一处的内容控件被删掉了，程序认不出写的是什么"
            problems.append(Problem("全文", said, field_id, advice))
    if problems:
        raise CaseDataError(*problems)
    return replace(of_case, values=found, entries=_entries(found, of_case), problems=())


def _entries(values: Mapping[str, DocumentValue], of_case: Bound) -> dict[str, int]:
    """How many entries of each list the document still has."""

    def count(list_id: str) -> int:
        rest = (
            name[len(list_id) + 1 :].partition(".")[0] for name in values if name.startswith(f"{list_id}.")
        )
        return max((int(part) + 1 for part in rest if part.isdecimal()), default=0)

    return {list_id: count(list_id) for list_id in of_case.entries}


def _wording(form: FormDefinition, of_case: Bound, content: bytes, name: str) -> Iterator[str]:
    """Where a document is worded otherwise than its form."""
    from extractors.digital.docx_return import wording_changes

    printed = FormFiller(form).fill(of_case).docx
    fields = frozenset(control.tag for control in read_controls(printed) if control.tag)
    yield from (one.reason for one in wording_changes(printed, content, name, fields))


def _made(
    office: LockedOffice, bound: Bound, content: bytes, name: str, document: DocumentToMake
) -> IssuedItem:
    """Lay out, check, mark and publish."""
    found = find_libreoffice(configured_converter(office.settings))
    generating = generator_settings(office.settings, office.open_registry.mark_key(), found)
    (number,) = office.open_registry.new_numbers(1)
    with (
        office.workspace.staging() as staging,
        writing(staging),
        DocumentGenerator(generating) as generator,
    ):
        result = generator.run_edited(Order(number, bound), content, name, staging)
        if isinstance(result, Failed):
            raise result.error()
        publisher = Publisher(office.workspace, office.open_registry)
        issued, failed = publisher.publish([result], {number: document})
    if failed:
        raise NotWritableError(*failed[0].problems)
    return issued[0]


def _summary(differs: tuple[ValueChange, ...], wording: tuple[str, ...]) -> str:
    """What is otherwise, in one line for the record."""
    said = [*map(str, differs), *wording]
    if not said:
        return "只改了样式"
    more = f"等 {len(said)} 处" if len(said) > _SHOWN else ""
    return "；".join(said[:_SHOWN]) + more
