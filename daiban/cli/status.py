"""``daiban status``: where every case stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from daiban.case_filter import CaseFilter
from daiban.cli.agenda import agenda_lines
from daiban.cli.chinese import ChineseCommand
from daiban.cli.contradictions import contradiction_lines
from daiban.cli.options import filter_options, json_option, workspace_argument
from daiban.cli.output import day_of, note, problem_lines, say, say_json
from daiban.due_calendar import due_calendar
from daiban.office import Office
from daiban.status import CaseStatus, FormStatus, WorkspaceStatus, workspace_status
from forms.definition import FieldKind, FormDefinition
from foundation.errors import ExitCode
from foundation.writing import write_atomically, writing

_SHOWN_BLANKS = 5
_SHOWN_CHANGES = 3
_MARKS = {"complete": "✔", "incomplete": "✗", "review": "？"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_ids", metavar="编号", multiple=True, help="只看这个案件，可重复")
@click.option(
    "--ics",
    "calendar",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    help="把各案件的时限和每周、每半月、每年十月要办的事写成一个日历文件（.ics），WPS、Outlook 和手机都能导入。",
)
@filter_options
@json_option
def status(
    workspace: Path,
    case_ids: tuple[str, ...],
    calendar: Path | None,
    wanted: CaseFilter,
    as_json: bool,
) -> ExitCode:
    """各案件的进度：哪些表已出具、已交回、已齐全，还缺什么，下一步谁做什么。"""
    office = Office.open(workspace)
    found = workspace_status(office, case_ids, wanted)
    if calendar is not None:
        with writing(calendar):
            write_atomically(due_calendar(office).encode(), calendar)
        note(f"日历写到了 {calendar}")
    if as_json:
        say_json(found)
    else:
        _show(found, office.forms)
    return found.exit_code


def _show(found: WorkspaceStatus, forms: Mapping[str, FormDefinition]) -> None:
    for case in found.cases:
        stage = f"（{case.stage}）" if case.stage else ""
        say(f"{case.case}　{case.name}{stage}")
        if case.cancelled is not None:
            done = case.cancelled
            say(f"  ⊘ 已撤销　{day_of(done.at)}　{done.by}：{done.reason}")
        for form in case.forms:
            say(f"  {_form_line(form, forms)}")
            if form.state == "issued" and form.changes:
                say(f"      出具以后数据变了，照旧有效：{_changes(form)}")
        for line in contradiction_lines(case.contradictions):
            say(f"  ? {line}")
        for line in agenda_lines(case):
            say(f"  {line}")
    if found.problems:
        note(problem_lines(found.problems))
    say(_summary(found.cases))


def _form_line(form: FormStatus, forms: Mapping[str, FormDefinition]) -> str:
    title = form.title if form.called_for or form.stage is None else f"{form.title}（{form.stage}）"
    if form.issued_at is None:
        return f"· {title}　未出具{_next(form)}"
    line = f"{title}　{form.issue}　{day_of(form.issued_at)}　{form.pages} 页"
    back = form.returned
    if form.state == "changed":
        earlier = f"（原来的一份已交回：{back.label}）" if back else ""
        return f"↻ {line}　待更新：内容已变，再运行 daiban generate 会出新的{earlier}"
    if back is None:
        return f"✓ {line}{_blanks(form, forms)}{_next(form)}"
    word = f"（{back.word}）" if back.word else ""
    day = day_of(back.returned_at)
    return f"{_MARKS.get(back.verdict, '?')} {line}　{day} 交回：{back.label}{word}{_next(form)}"


def _changes(form: FormStatus) -> str:
    more = f"等 {len(form.changes)} 处" if len(form.changes) > _SHOWN_CHANGES else ""
    return "；".join(map(str, form.changes[:_SHOWN_CHANGES])) + more


def _next(form: FormStatus) -> str:
    return f"　→ {form.next}" if form.next else ""


def _blanks(form: FormStatus, forms: Mapping[str, FormDefinition]) -> str:
    """What is left for people to fill: boxes counted, the rest by label."""
    definition = forms.get(form.form)
    fields = [(field_id, definition.field(field_id) if definition else None) for field_id in form.blank]
    others = [(name, field) for name, field in fields if not field or field.kind is not FieldKind.CHECKBOX]
    labels = list(dict.fromkeys(field.label if field else name for name, field in others))
    more = f"等 {len(others)} 处" if len(others) > _SHOWN_BLANKS else ""
    boxes = len(fields) - len(others)
    parts = ["、".join(labels[:_SHOWN_BLANKS]) + more] if labels else []
    parts += [f"选项框 {boxes} 个"] if boxes else []
    return f"　待填：{'；'.join(parts)}" if parts else ""


def _summary(cases: tuple[CaseStatus, ...]) -> str:
    states = Counter(form.state for case in cases for form in case.forms)
    changed = f"（其中待更新 {states['changed']} 份）" if states["changed"] else ""
    issued, missing = states["issued"] + states["changed"], sum(len(case.missing) for case in cases)
    forms = [form for case in cases for form in case.forms]
    back, complete = sum(form.returned is not None for form in forms), sum(form.complete for form in forms)
    returned = f"；已交回 {back} 份，其中齐全 {complete} 份" if back else ""
    return f"共 {len(cases)} 个案件：已出具 {issued} 份{changed}，还缺 {missing} 份{returned}。"
