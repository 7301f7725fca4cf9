"""``daiban status``: where every case stands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from daiban.cli.agenda import agenda_lines
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.status import CaseStatus, FormStatus, Status, workspace_status
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import FieldKind
from foundation.errors import ExitCode

_SHOWN_BLANKS = 5
_MARKS = {"complete": "✔", "incomplete": "✗", "review": "？"}


@click.command(cls=ChineseCommand)
@workspace_argument
@json_option
def status(workspace: Path, as_json: bool) -> ExitCode:
    """各案件的进度：哪些表已出具、已交回、已齐全，还缺什么，下一步谁做什么。"""
    opened = Workspace.open(workspace)
    found = workspace_status(opened)
    if as_json:
        say_json(found.to_json())
    else:
        _tell(found, Catalogue.load(opened.forms))
    return found.exit_code


def _tell(found: Status, catalogue: Catalogue) -> None:
    for case in found.cases:
        stage = f"（{case.stage}）" if case.stage else ""
        say(f"{case.case}　{case.name}{stage}")
        for form in case.forms:
            say(f"  {_form_line(form, catalogue)}")
        for line in agenda_lines(case.agenda, case.suspension):
            say(f"  {line}")
    if found.problems:
        note(problem_lines(found.problems))
    say(_summary(found.cases))


def _form_line(form: FormStatus, catalogue: Catalogue) -> str:
    if form.issue is None or form.issue.published_at is None:
        return f"· {form.title}　未出具"
    day = form.issue.published_at.astimezone().date().isoformat()
    line = f"{form.title}　{form.issue.number}　{day}　{form.issue.pages} 页"
    if form.state == "changed":
        back = f"（原来的一份已交回：{form.back.label}）" if form.back else ""
        return f"↻ {line}　待更新：内容已变，再运行 daiban generate 会出新的{back}"
    if form.back is None:
        return f"✓ {line}{_blanks(form, catalogue)}{_next(form)}"
    back = form.back.returned_at.astimezone().date().isoformat()
    return f"{_MARKS.get(form.back.verdict, '?')} {line}　{back} 交回：{form.back.label}{_next(form)}"


def _next(form: FormStatus) -> str:
    return f"　→ {form.next}" if form.next else ""


def _blanks(form: FormStatus, catalogue: Catalogue) -> str:
    """What is left for people to fill: boxes counted, the rest by label."""
    definition = next((item for item in catalogue.forms if item.id == form.form), None)
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
    back, complete = sum(form.back is not None for form in forms), sum(form.complete for form in forms)
    told = f"；已交回 {back} 份，其中齐全 {complete} 份" if back else ""
    return f"共 {len(cases)} 个案件：已出具 {issued} 份{changed}，还缺 {missing} 份{told}。"
