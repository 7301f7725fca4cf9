"""Drafted forms rest on sentences their source says; reproduced lists of people say what it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases.model.case import Case, Enterprise, Project
from daiban.documents.document_data import DocumentData, document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.template.text import document_text
from generator.bind import bind
from generator.template.fill import FormFiller

SOURCES = Path(__file__).resolve().parents[1] / "sources"
FORMS = Catalogue.load().forms


def bare(text: str) -> str:
    """Text without white space, which extraction scatters, and with one kind of comma and colon."""
    return re.sub(r"\s", "", text).translate(str.maketrans(",:", "，："))


def source(form: FormDefinition) -> str:
    return bare((SOURCES / form.source.file).read_text("utf-8"))


def data(document: str) -> DocumentData:
    """What there is to print for a case that says nothing of its own."""
    case = Case(
        id="X-1", document=document, project=Project(name="某项目"), enterprise=Enterprise(name="某单位")
    )
    return document_data(Deriver(Settings()).planned(case), Settings())


def filled(form: FormDefinition) -> str:
    """What a form prints for a case that says nothing of its own."""
    bound = bind(data(form.document).field_tree(), form)
    assert bound.errors == ()
    return bare(document_text(FormFiller(form).fill(bound).body))


DRAFTED = [one for one in FORMS if one.kind == "drafted"]


@pytest.mark.parametrize("form", [one for one in DRAFTED if one.source.file], ids=lambda form: form.id)
def test_a_drafted_form_cites_its_sentences(form: FormDefinition) -> None:
    """Every sentence a drafted form rests on stands in its source, and there is one at least."""
    said = source(form)
    assert form.source.quotes
    assert [quote for quote in form.source.quotes if bare(quote) not in said] == []


def test_only_the_list_of_files_has_no_source_file() -> None:
    """A form without a file to cite from is of no project's document, and quotes nothing."""
    without = [form for form in DRAFTED if not form.source.file]
    assert [(form.id, form.source.quotes) for form in without] == [("archive-contents", ())]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_nothing_on_paper_says_drafted(form: FormDefinition) -> None:
    """That a layout is ours is said in the catalogue, not to the people who get the form."""
    from docx import Document

    text = "".join(node.text or "" for node in Document(str(form.template)).element.body.iter())
    assert "拟制" not in text


@pytest.mark.parametrize(
    ("form_id", "start", "end"),
    [
        ("anshan-task-force", "附件 1\n\n市营商环境建设局", None),
        ("jiaocheng-leading-group", "交城经济开发区管理委员会 优化营商环境工作领导组名单", None),
    ],
)
def test_a_list_of_people_is_printed_as_in_its_source(form_id: str, start: str, end: str | None) -> None:
    """Heading, groups, names and posts are the source's, character for character."""
    form = Catalogue.load().form(form_id)
    said = source(form)
    printed = said[said.index(bare(start)) :]
    assert filled(form) == printed


def test_the_tasks_are_all_in_their_source() -> None:
    """The 21 measures, their leaders and offices are the document's, in its order."""
    form = Catalogue.load().form("jiaocheng-task-list")
    tasks = data("jiaocheng").case.tasks
    assert len(tasks) == 21
    said, at = source(form), 0
    for number, task in enumerate(tasks, 1):
        at = said.index(bare(f"{number}、{task.measure}（牵头领导：{task.leader}"), at)
        assert task.department is not None
        assert f"：{bare(task.department)}）" in said[at : at + len(task.measure) + 60]
