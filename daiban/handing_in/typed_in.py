"""What an enterprise typed on the page, checked field by field and typed into a copy of the issued PDF (在线填写)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.values.dates import format_date, read_date
from cases.values.invalid import InvalidValue
from daiban.documents.issue_check import check_files
from daiban.handing_in.case_papers import EnterprisePaper
from extractors.judge.values import format_flaws
from forms.definition import FieldKind
from foundation.errors import Problem, UnreadableError
from generator.output.acroform import FillableField
from generator.output.filled_form import TypedText, fill_form, typeset


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """Answers as they will stand in the PDF, and what is wrong with them by field. ``doubts`` stop nothing."""

    texts: tuple[TypedText, ...]
    ticks: Mapping[str, bool]
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def read_answers(paper: EnterprisePaper, answers: Mapping[str, str]) -> TypedAnswers:
    """Typed answers by field id, each held against its field: a date that exists, a phone that can be one, characters
    that can be printed, words that fit. What is empty stays open; ids of no fillable field are passed over.
    """
    texts: list[TypedText] = []
    problems: list[Problem] = []
    doubts: list[Problem] = []
    ticks: dict[str, bool] = {}
    for field in paper.fillable:
        if field.definition.kind is FieldKind.CHECKBOX:
            ticks[field.area.id] = bool(answers.get(field.area.id))
            continue
        text = _plain(answers.get(field.area.id, ""))
        if not text:
            continue
        made = _one(field, text, doubts)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            texts.append(made)
    return TypedAnswers(tuple(texts), ticks, tuple(problems), tuple(doubts))


def filled_pdf(root: Path, paper: EnterprisePaper, answers: TypedAnswers) -> bytes:
    """A copy of the issued PDF with the answers typed in, under the same number. ``root``: the workspace.

    :raises UnreadableError: the issued PDF is gone or was changed since it went out.
    """
    record = paper.record
    assert record.pdf is not None and record.pdf_sha256 is not None, "papers of an enterprise have a PDF"
    state = check_files(root, {record.pdf: record.pdf_sha256})
    if state.gone or state.altered:
        raise UnreadableError(Problem(paper.title, "原件现在取不到", advice="请联系代办机构"))
    return fill_form(root / record.pdf, answers.texts, answers.ticks)


def _one(field: FillableField, text: str, doubts: list[Problem]) -> TypedText | Problem:
    label, field_id = field.definition.label, field.area.id
    if field.definition.kind is FieldKind.DATE:
        try:
            text = format_date(read_date(text))
        except InvalidValue as refusal:
            return Problem(label, refusal.reason, field=field_id, advice=refusal.advice)
    for flaw in format_flaws(field_id, text):
        found = Problem(label, flaw.reason, field=field_id, advice=flaw.advice or None)
        if flaw.severity == "error":
            return found
        doubts.append(found)
    return typeset(field, text)


def _plain(text: str) -> str:
    """What was typed, composed, with the line ends of a form's text, without outer blanks and control characters."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (
        "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cf")) for line in lines
    )
    return "\n".join(line.replace("\t", " ").strip() for line in kept).strip()
