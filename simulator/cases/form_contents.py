"""Case data for each form in three amounts: the least it can be issued with, an ordinary case, and far too much.

The tests of the generator and the contact sheets share it, so that the pictures show what is tested.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cases.samples import load_case_files, load_sample
from daiban.documents.contents import ArchiveRow
from daiban.documents.document_data import document_data
from daiban.documents.project_lists import project_list, project_list_id
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FieldDefinition, FieldKind, FormDefinition
from simulator.cases.plausible import CaseTree

AMOUNTS = ("least", "ordinary", "overfull")

#: The sample case for forms that the first sample of their document has not reached.
_ORDINARY = {
    "yangcheng-completion": "YC-2026-002",
    "archive-contents": "JC-2026-001",
    "policy-notice": "JC-2026-012",
}
#: The case of 晋城 in which everything has happened that calls for a paper.
_EVENTFUL = "JC-2026-011"
#: Issued documents as the registry would list them; samples have no registry.
_ON_RECORD = (
    ArchiveRow(issue="7K3M9QX2", responsible="某公司、某局", title="委托书", date="2026-03-05", pages="2"),
    ArchiveRow(
        issue="8B2N4TVW", responsible="某局", title="办结单", date="2026-09-01", pages="1", remark="未交回"
    ),
)
_LONG_NAME = "晋城市" + "高端精密装备制造产业园" * 8 + "一期工程"
_SENTENCE = "项目单位应当在材料齐备后提出申请，逾期未提出的由项目长催办。"
_LONG = (_SENTENCE * 11)[:300]
_LINES = "\n".join(f"{number}. {_SENTENCE}" for number in range(1, 11))
_ROWS = 12
_NAMES = [f"第{number}项未印出的审批事项" for number in range(1, 4)]


def contents_of(form: FormDefinition, amount: str) -> CaseTree:
    """A case that fills a form to one of the :data:`AMOUNTS`."""
    if amount == "overfull":
        return overfull(form)
    return least(form.id) if amount == "least" else ordinary(form.id)


def least(name: str) -> CaseTree:
    """A case with only what a form needs to be issued. ``name``: a form id, or the folder name of a 晋城 form."""
    name = name.removeprefix("jincheng-")
    manager = {"name": "王建国"} if name in ("ledger", "service-plan") else {}
    case: CaseTree = {
        "id": "JC-1",
        "document": "jincheng",
        "project": {"name": "陶瓷材料生产线项目", "code": "2601-140502-04-01-123456"},
        "enterprise": {"name": "太行新材料有限公司"},
        "agency": {"name": "晋城市行政审批服务管理局"},
        "manager": manager,
        "authorisation": {"stage": "立项用地规划许可", "items": ["企业投资项目备案"]},
    }
    if name == "service-plan":
        plan = {"approval": {"items": ["企业投资项目备案"]}}
        return {**case, "contact": {"name": "李明", "phone": "13800138000"}, "plan": plan}
    built_in = {form.id: form for form in Catalogue.load().forms}
    form = built_in.get(name) or _occasional(name)
    return _add_required(case, form) if form else case


def _occasional(name: str) -> FormDefinition | None:
    """The form of 晋城 of this folder name, where something in a case calls for it; None for the printed ones."""
    forms = (form for form in Catalogue.load().forms if form.trigger)
    return next((form for form in forms if form.id == f"jincheng-{name}"), None)


def _add_required(tree: CaseTree, form: FormDefinition) -> CaseTree:
    """Add what the form requires at issue and nothing else: required fields, and the first field of each choice and of
    what it is about.
    """
    either = [rule.fields[0] for rule in form.any_of if rule.at == "issue"]
    about = form.content.fields if form.content else ()
    either += [field.id for field in form.fields if any(_is_in(field.id, part) for part in about)][:1]
    for field in form.fields:
        if field.required == "issue" or field.id in either:
            _put(tree, field.id.replace("*", "0"), _ordinary_value(field))
    return _selected_by(tree, form)


def _is_in(field_id: str, part: str) -> bool:
    return f"{field_id}.".startswith(f"{part}.")


def _selected_by(tree: CaseTree, form: FormDefinition) -> CaseTree:
    """Give every list entry the values by which the form selects its entries (``category = "社会投资类"``)."""
    for item in form.lists:
        for entry in tree.get(item.id, ()):
            entry.update(item.where)
    return tree


def _ordinary_value(field: FieldDefinition) -> Any:
    return dt.date(2026, 3, 5) if field.kind is FieldKind.DATE else f"某{field.label}"


def _put(tree: CaseTree, path: str, value: Any) -> None:
    """Set the value at a dotted path unless there is one; numbers in the path are list indices."""
    node: Any = tree
    *branches, last = path.split(".")
    for name, below in zip(branches, [*branches[1:], last], strict=True):
        new: Any = [] if below.isdigit() else {}
        if isinstance(node, list):
            node.extend({} for _ in range(int(name) + 1 - len(node)))
            node = node[int(name)]
        else:
            node = node.setdefault(name, new)
    if isinstance(node, list):
        node.extend(None for _ in range(int(last) + 1 - len(node)))
        node[int(last)] = value
    else:
        node.setdefault(last, value)


def _overfull(form: FormDefinition) -> CaseTree:
    """Long names, 300 characters in every text field, long lists, every box ticked."""
    tree: CaseTree = {"id": "_LONG-1", "document": form.document}
    for field in form.fields:
        if field.kind is FieldKind.SIGNATURE:
            continue
        rows = range(_ROWS) if "*" in field.id else range(1)
        for row in rows:
            field_id = field.id.replace("*", str(row))
            if field.kind is FieldKind.CHECKBOX:
                _tick(tree, field.reads or field_id.rpartition(".")[0], field.label)
            else:
                _put(tree, field_id, _long(field, row))
    return _selected_by(tree, form)


def _long(field: FieldDefinition, row: int) -> Any:
    if field.kind is FieldKind.DATE:
        return dt.date(2026, 12, 20 + row % 10)
    if field.multiline:
        return _LINES if row == 0 else _LONG
    return _LONG_NAME if row == 0 else f"第{row}项{field.label}"


def _tick(tree: CaseTree, path: str, label: str) -> None:
    _put(tree, path, [])
    node: Any = tree
    for name in path.split("."):
        node = node[int(name)] if isinstance(node, list) else node[name]
    node.append(label)


def overfull(form: FormDefinition) -> CaseTree:
    """A case with far more content than the form was designed for."""
    printed = form.document == "jincheng" and not form.trigger
    return _overfull_jincheng(form) if printed else _overfull(form)


def ordinary(name: str) -> CaseTree:
    """A sample case at the stage where the form is used. ``name``: as in :func:`least`."""
    name = name.removeprefix("jincheng-")
    wanted = "JC-2026-006" if name in ("completion", "suggestions") else "JC-2026-001"
    wanted = _EVENTFUL if _occasional(name) else wanted
    found = [case for case in (*load_sample(), *load_case_files()) if case.id == _ORDINARY.get(name, wanted)]
    document = name.partition("-")[0]
    others = {form.document for form in Catalogue.load().forms}
    if document in others and name not in _ORDINARY:
        found = [case for case in load_case_files() if case.document == document]
    if document in others and Catalogue.load().form(name).is_about_many:
        found = [project_list(found, project_list_id(document), dt.date(2026, 11, 20), Deriver(Settings()))]
    data = document_data(Deriver(Settings()).planned(found[0]), Settings())
    tree: CaseTree = dict(replace(data, archive=_ON_RECORD).field_tree())
    return _with_a_selected_entry(tree, Catalogue.load().form(name)) if document in others else tree


def _with_a_selected_entry(tree: CaseTree, form: FormDefinition) -> CaseTree:
    """The tree with at least one list entry that the form selects: the samples lack some categories."""
    for item in form.lists:
        entries = tree.get(item.id, ())
        if item.where and not any(
            entry.get(key) == wanted for entry in entries for key, wanted in item.where.items()
        ):
            entries[0].update(item.where)
    return tree


def _overfull_jincheng(form: FormDefinition) -> CaseTree:
    """Long names, 300 characters in every text field, long lists, every box ticked, and unprinted entries too."""
    stage_plan = {
        "items": [{"name": f"第{number}个审批事项", "authority": "市级"} for number in range(1, 16)],
        "special_steps": _LONG,
        "fees": _LINES,
        "materials": [f"第{number}份申请材料" for number in range(1, 31)],
    }
    tree: CaseTree = {
        "id": "JC-2",
        "document": "jincheng",
        "project": {"name": _LONG_NAME, "code": "2601-140502-04-01-123456", "plot": "CQ-2026-" + "07" * 12},
        "enterprise": {"name": _LONG_NAME + "有限责任公司"},
        "contact": {"name": "买买提·阿不都热西提·库尔班江", "phone": "0356-2000101转80001"},
        "agency": {"name": _LONG_NAME + "行政审批服务管理局"},
        "manager": {"name": "欧阳建国、上官文静、司马长青"},
        "plan": {
            **dict.fromkeys(("approval", "planning", "construction", "completion"), stage_plan),
            "tips": _LINES,
            "optimisation": _LONG,
        },
        "authorisation": {"stage": "立项用地规划许可、工程建设许可、施工许可、竣工验收", "items": _NAMES * 8},
        "handover": {"stage": "竣工验收", "date": dt.date(2026, 12, 31), "materials": [_LONG, *_NAMES * 6]},
        "ledger": [
            {
                "date": dt.date(2026, 1, 1) + dt.timedelta(days),
                "content": _LONG[: days * 10],
                "completed": None,
            }
            for days in range(1, 31)
        ],
        "suggestion": {"opinion": _LINES, "remark": _LONG},
    }
    for path, value in _ticked(form):
        _set(tree, path, value)
    return tree


def _ticked(form: FormDefinition) -> Iterator[tuple[str, Any]]:
    """Paths and values: per group of boxes every printed label and three unprinted names; long text elsewhere."""
    groups: dict[str, list[str]] = {}
    for field in form.fields:
        if field.kind is FieldKind.CHECKBOX and field.label != "其他":
            groups.setdefault(field.reads or field.id.rpartition(".")[0], []).append(field.label)
        elif field.kind is FieldKind.CHECKBOX:
            groups.setdefault(field.id.rpartition(".")[0], [])
    yield from ((path, [*labels, *_NAMES]) for path, labels in groups.items())
    for field in form.fields:
        written = field.id.startswith("assessment.") and field.kind is FieldKind.TEXT
        if written and field.id not in groups and field.id.rpartition(".")[0] not in groups:
            yield field.id, _LONG


def _set(tree: CaseTree, path: str, value: Any) -> None:
    *branches, last = path.split(".")
    for name in branches:
        tree = tree.setdefault(name, {})
    tree[last] = value
