"""What a field says, where that is known for certain: its format, and that nobody changed the office's words.

Only values of files are judged here; what OCR read off paper decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from cases.identifiers import phone, project_code, uscc
from cases.values.dates import read_date
from cases.values.invalid import Flaw, InvalidValue
from extractors.judge.combining import JudgedDocument, is_read
from extractors.judge.fields import finding
from extractors.model import Finding, FindingWeight, Observation
from forms.definition import CaseRules, FieldKind, FilledBy

#: Ids whose values have a format; ids mean the same on every form.
_FORMATS: Mapping[str, Callable[[str], tuple[Flaw, ...]]] = {
    "contact.phone": phone.validate,
    "manager.phone": phone.validate,
    "project.code": project_code.validate,
    "enterprise.uscc": uscc.validate,
}
#: What tells one project from another: a change there is another project, not another wording.
_IDENTITY = CaseRules().same


def check_values(document: JudgedDocument) -> Iterator[Finding]:
    """Every finding about the values that files hold."""
    for observation in document.observations.values():
        if is_read(observation) or document.form.field(observation.id) is None:
            continue
        issued = document.issued(observation.id)
        if issued is not None:
            yield from _changed(document, observation, issued)
        elif isinstance(observation.value, str) and observation.state == "filled":
            yield from _format(document, observation.id, observation.kind, observation.value)


def _changed(document: JudgedDocument, observation: Observation, issued: str | bool) -> Iterator[Finding]:
    definition = document.form.field(observation.id)
    assert definition is not None
    if observation.state == "unsure" or (observation.state == "filled" and observation.value is None):
        return
    if observation.state == "blank":
        if definition.required == "no":
            said = f"原来印有“{_short(issued)}”，交回时没有了"
            yield finding(document, observation.id, "text-altered", "incomplete", said)
        return  # a required one is said to be blank already
    if _same(definition.kind, observation.value, issued):
        return
    said = f"原为“{_short(issued)}”，交回时是“{_short(observation.value)}”"
    if observation.id in _IDENTITY:
        yield finding(document, observation.id, "inconsistent", "incomplete", f"与发出的不一致：{said}")
    elif definition.filled_by is FilledBy.OFFICE:
        yield finding(document, observation.id, "text-altered", "incomplete", f"被改动：{said}")
    else:
        yield finding(document, observation.id, "text-altered", "review", f"与发出的不同，请人工核对：{said}")


def _same(kind: FieldKind, value: str | bool | None, issued: str | bool) -> bool:
    if isinstance(value, bool) or isinstance(issued, bool):
        return value is issued
    if kind is FieldKind.DATE and value is not None:
        try:
            return read_date(value) == read_date(issued)
        except InvalidValue:
            pass
    return folded(value) == folded(issued)


def format_flaws(field_id: str, value: str) -> tuple[Flaw, ...]:
    """What is wrong or doubtful about a value of a field that has a format."""
    return _FORMATS[field_id](value) if field_id in _FORMATS else ()


def folded(value: str | bool | None) -> str:
    """A value without the differences people do not see: width and white space."""
    return "".join(unicodedata.normalize("NFKC", str(value or "")).split())


def _short(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "已勾选" if value else "未勾选"
    text = " ".join(str(value or "").split())
    return text if len(text) <= 30 else f"{text[:30]}…"


def _format(document: JudgedDocument, field_id: str, kind: FieldKind, value: str) -> Iterator[Finding]:
    if kind is FieldKind.TEXT and not any(char.isalnum() for char in value):
        definition = document.form.field(field_id)
        if definition is not None and definition.required != "no":
            yield finding(
                document, field_id, "field-invalid", "incomplete", f"只写了“{_short(value)}”，没有内容"
            )
        return
    for flaw in format_flaws(field_id, value):
        advice = f"，{flaw.advice}" if flaw.advice else ""
        weight: FindingWeight = "incomplete" if flaw.severity == "error" else "review"
        yield finding(document, field_id, "field-invalid", weight, f"：{flaw.reason}{advice}")
