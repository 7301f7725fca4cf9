"""What each form says when it holds the least it may, an ordinary case, and far more than it was drawn for.

A snapshot shows a filled DOCX as a reader meets it: its text line by line, then its content controls with tag, label,
place and what they hold. A blank is shown as ⟨its length⟩. Look at the difference before accepting a new one with
``pytest --snapshot-update``.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from cases.samples import load_case_files, load_sample
from daiban.issuing.defaults import with_defaults
from daiban.issuing.overview import overview, overview_id
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.controls import Control, document_text, read_controls
from forms.definition import FieldKind, FormDefinition
from generator.bind import bind
from generator.fill import FormFiller

#: 晋城's six by their folders' names, all others by their ids.
FORMS = [form.id.removeprefix("jincheng-") for form in Catalogue.load().forms]
DOCUMENTS = {form.document for form in Catalogue.load().forms}
#: Where the first sample of a document is not the one that stands where the form is used.
ORDINARY = {"yangcheng-completion": "YC-2026-002", "archive-contents": "JC-2026-001"}
#: What the registry, which no sample has, would say of a case.
ON_RECORD = {
    "documents": [
        {
            "issue": "7K3M9QX2",
            "responsible": "某公司、某局",
            "title": "委托书",
            "date": "2026-03-05",
            "pages": "2",
        },
        {
            "issue": "8B2N4TVW",
            "responsible": "某局",
            "title": "办结单",
            "date": "2026-09-01",
            "pages": "1",
            "remark": "未交回",
        },
    ]
}
Form = Callable[[str], FormDefinition]
Tree = dict[str, Any]

LONG_NAME = "晋城市" + "高端精密装备制造产业园" * 8 + "一期工程"
SENTENCE = "项目单位应当在材料齐备后提出申请，逾期未提出的由项目长催办。"
LONG = (SENTENCE * 11)[:300]
LINES = "\n".join(f"{number}. {SENTENCE}" for number in range(1, 11))
NAMES = [f"第{number}项未印出的审批事项" for number in range(1, 4)]


class TextFile(SingleFileSnapshotExtension):
    """One text file per snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("amount", ["least", "ordinary", "overfull"])
@pytest.mark.parametrize("name", FORMS)
def test_filled(
    form: Form,
    least: Callable[[str], Tree],
    overfull: Callable[[FormDefinition], Tree],
    name: str,
    amount: str,
    snapshot: SnapshotAssertion,
) -> None:
    """A filled form's text and content controls are those its snapshot shows."""
    definition = form(name)
    most = overfull_jincheng if definition.document == "jincheng" else overfull
    tree = {"least": least, "ordinary": ordinary, "overfull": lambda _: most(definition)}[amount](name)
    bound = bind(tree, definition)
    assert bound.errors == ()
    filled = FormFiller(definition).fill(bound)
    shown = [*document_text(filled.body).split("\n"), "", "——", *map(line_of, read_controls(filled.docx)), ""]
    assert "\n".join(map(with_blanks, shown)) == snapshot(extension_class=TextFile)


def line_of(control: Control) -> str:
    """``project.name = 值 〔标签｜第1段〕``, with what a control is beside what it says."""
    value = shortened(control.text.replace("\n", "⏎"))
    if control.is_checkbox:
        value = f"{value} {'on' if control.checked else 'off'}"
    kind = "｜placeholder" if control.is_placeholder else ""
    return f"{control.tag} = {value} 〔{control.alias}｜{control.place}{kind}〕"


def shortened(value: str) -> str:
    """A long value by its ends and length: the text above has said it in full."""
    return value if len(value) <= 60 else f"{value[:20]}…{value[-10:]}（{len(value)} 字）"


def with_blanks(line: str) -> str:
    """Runs of no-break spaces as their length, which the eye cannot count; tabs as themselves."""
    return re.sub("\u00a0+", lambda match: f"⟨{len(match.group())}⟩", line).replace("\t", " ⇥ ").rstrip()


def ordinary(name: str) -> Tree:
    """A sample case that stands where the form is used."""
    wanted = "JC-2026-006" if name in ("completion", "suggestions") else "JC-2026-001"
    found = [case for case in (*load_sample(), *load_case_files()) if case.id == ORDINARY.get(name, wanted)]
    document = name.partition("-")[0]
    if document in DOCUMENTS and name not in ORDINARY:
        found = [case for case in load_case_files() if case.document == document]
    if document in DOCUMENTS and Catalogue.load().form(name).is_about_many:
        found = [overview(found, overview_id(document), dt.date(2026, 11, 20), Deriver(Settings()))]
    tree = with_defaults(Deriver(Settings()).tree(found[0]), Settings()) | {"archive": ON_RECORD}
    return put_where(tree, Catalogue.load().form(name)) if document in DOCUMENTS else tree


def put_where(tree: Tree, form: FormDefinition) -> Tree:
    """The tree with one entry at least that is of the form's own list; the samples have none of some kinds."""
    for item in form.lists:
        entries = tree.get(item.id, ())
        if item.where and not any(
            entry.get(key) == wanted for entry in entries for key, wanted in item.where.items()
        ):
            entries[0].update(item.where)
    return tree


def overfull_jincheng(form: FormDefinition) -> Tree:
    """Long names, 300 characters wherever people write, long lists, every box ticked and more besides."""
    stage_plan = {
        "items": [{"name": f"第{number}个审批事项", "authority": "市级"} for number in range(1, 16)],
        "special_steps": LONG,
        "fees": LINES,
        "materials": [f"第{number}份申请材料" for number in range(1, 31)],
    }
    tree: Tree = {
        "id": "JC-2",
        "document": "jincheng",
        "project": {"name": LONG_NAME, "code": "2601-140502-04-01-123456", "plot": "CQ-2026-" + "07" * 12},
        "enterprise": {"name": LONG_NAME + "有限责任公司"},
        "contact": {"name": "买买提·阿不都热西提·库尔班江", "phone": "0356-2000101转80001"},
        "agency": {"name": LONG_NAME + "行政审批服务管理局"},
        "manager": {"name": "欧阳建国、上官文静、司马长青"},
        "plan": {
            **dict.fromkeys(("approval", "planning", "construction", "completion"), stage_plan),
            "tips": LINES,
            "optimisation": LONG,
        },
        "authorisation": {"stage": "立项用地规划许可、工程建设许可、施工许可、竣工验收", "items": NAMES * 8},
        "handover": {"stage": "竣工验收", "date": dt.date(2026, 12, 31), "materials": [LONG, *NAMES * 6]},
        "ledger": [
            {
                "date": dt.date(2026, 1, 1) + dt.timedelta(days),
                "content": LONG[: days * 10],
                "completed": None,
            }
            for days in range(1, 31)
        ],
        "suggestion": {"opinion": LINES, "remark": LONG},
    }
    for path, value in ticked(form):
        put(tree, path, value)
    return tree


def ticked(form: FormDefinition) -> Iterator[tuple[str, Any]]:
    """Every printed label of every group of boxes, and three names that are not printed; long text beside."""
    groups: dict[str, list[str]] = {}
    for field in form.fields:
        if field.kind is FieldKind.CHECKBOX and field.label != "其他":
            groups.setdefault(field.reads or field.id.rpartition(".")[0], []).append(field.label)
        elif field.kind is FieldKind.CHECKBOX:
            groups.setdefault(field.id.rpartition(".")[0], [])
    yield from ((path, [*labels, *NAMES]) for path, labels in groups.items())
    for field in form.fields:
        written = field.id.startswith("assessment.") and field.kind is FieldKind.TEXT
        if written and field.id not in groups and field.id.rpartition(".")[0] not in groups:
            yield field.id, LONG


def put(tree: Tree, path: str, value: Any) -> None:
    *branches, last = path.split(".")
    for name in branches:
        tree = tree.setdefault(name, {})
    tree[last] = value
