"""A returned DOCX: whose it is, what its controls say, and whether its wording still is what went out.

The same case gives the same DOCX, so there is no issue number in it. Its issue is found by the form its controls
belong to and by the values the office had filled in; where these fit two issues, neither is chosen.
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extractors.digital.answers import of_control
from extractors.digital.docx_active import docx_active_content
from extractors.digital.docx_hidden import docx_doubts
from extractors.digital.observing import observe, unreadable, unsure
from extractors.model import Alteration, DigitalFacts, Doubt, IssuedDocument, Observation, PageRef
from extractors.thresholds import load_thresholds
from forms.definition import FieldKind, FormDefinition
from forms.geometry import Box, FieldArea
from forms.template.controls import Control, control_of, read_controls
from forms.template.docx_file import DocxFile
from forms.template.ooxml import SDT, SDT_CONTENT, SDT_PROPERTIES, Element, w
from forms.template.text import document_text
from foundation.digests import sha256_of_bytes
from foundation.errors import Problem, UnreadableError

_BLANK = re.compile(r"\s+")
_DRAWN = (w("drawing"), w("pict"), w("object"))
_NOWHERE = Box(0, 0, 0, 0)
#: Characters shown on both sides of a change.
_AROUND = 6
_TWICE = "同一处填写在文件里有几份，内容不一样"


def read_docx_return(
    path: Path,
    ref: PageRef,
    forms: Iterable[FormDefinition],
    issues: Callable[[str], Iterable[IssuedDocument]],
) -> DigitalFacts | None:
    """What a DOCX says, or None if it is of no issue, or not clearly of one.

    ``issues``: all issues on record of a form, superseded ones too. Raises UnreadableError where the file is
    no DOCX, or where the issued one it must be compared with is gone.
    """
    every = [control for control in read_controls(path, ref.source) if control.tag]
    controls = {control.tag: control for control in every}
    document = _whose(controls, forms, issues)
    if document is None:
        return None
    twice = _differing(every)
    with DocxFile(path, ref.source) as docx:
        active = docx_active_content(docx)
    return DigitalFacts(
        ref=ref,
        issue=document.number,
        format="docx",
        observations=tuple(_observations(document, controls, twice)),
        alterations=(*_altered_values(document, controls), *_altered_wording(document, path, ref.source)),
        pages_seen=tuple(range(1, document.pages + 1)),
        attachments=active.files,
        active=active.kinds,
        doubts=(
            *docx_doubts(_issued(document), path, ref.source),
            *(Doubt(reason=f"{_TWICE}，请人工核对", field=tag) for tag in sorted(twice)),
        ),
    )


def _differing(controls: Iterable[Control]) -> frozenset[str]:
    """Fields that stand more than once and do not say the same each time."""
    said: dict[str, set[str | bool | None]] = {}
    for control in controls:
        answer = of_control(control)
        said.setdefault(control.tag, set()).add(_squeezed(answer) if isinstance(answer, str) else answer)
    return frozenset(tag for tag, answers in said.items() if len(answers) > 1)


# -- whose it is -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _IssueMatch:
    document: IssuedDocument
    share: float


def _whose(
    controls: Mapping[str, Control],
    forms: Iterable[FormDefinition],
    issues: Callable[[str], Iterable[IssuedDocument]],
) -> IssuedDocument | None:
    found = [
        match
        for form in forms
        if _knows(form, controls)
        for document in issues(form.id)
        if (match := _match(document, controls)) is not None
    ]
    best = max((match.share for match in found), default=0.0)
    leaders = [match.document for match in found if match.share == best]
    standing = [document for document in leaders if not document.is_void] or leaders
    return standing[0] if len(standing) == 1 else None


def _knows(form: FormDefinition, controls: Mapping[str, Control]) -> bool:
    known = sum(form.field(tag) is not None for tag in controls)
    return bool(controls) and known >= load_thresholds().digital.docx_tags * len(controls)


def _match(document: IssuedDocument, controls: Mapping[str, Control]) -> _IssueMatch | None:
    """How well a document fits an issue by what the office had filled in; None if it does not."""
    filled = {tag: value for tag, value in document.values.items() if value not in (None, False)}
    if not filled:
        return None
    agreeing = sum(tag in controls and _agrees(controls[tag], value) for tag, value in filled.items())
    share = agreeing / len(filled)
    return _IssueMatch(document, share) if share >= load_thresholds().digital.docx_values else None


def _agrees(control: Control, value: object) -> bool:
    if isinstance(value, bool):
        return control.checked is value
    return _squeezed(control.text) == _squeezed(str(value))


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)


# -- what it says ------------------------------------------------------------------------------------


def _observations(
    document: IssuedDocument, controls: Mapping[str, Control], twice: frozenset[str]
) -> Iterator[Observation]:
    for area in document.areas:
        if area.is_open and area.id in twice:
            yield unsure(area, _TWICE)
        elif area.is_open:
            yield _observation(area, controls.get(area.id))


def _observation(area: FieldArea, control: Control | None) -> Observation:
    kind = FieldKind(area.kind)
    if control is None:
        return unreadable(area, kind, "内容控件被删掉了，读不出填写的内容")
    if kind is FieldKind.SIGNATURE and control.element is not None and _has_picture(control.element):
        return unreadable(area, kind, "放了一张图片，是不是签字或盖章须由人查看")
    return observe(area, kind, of_control(control))


def _has_picture(element: Element) -> bool:
    return next(element.iter(*_DRAWN), None) is not None


# -- whether it still says what it said --------------------------------------------------------------


def _altered_values(document: IssuedDocument, controls: Mapping[str, Control]) -> Iterator[Alteration]:
    """What the office had filled in and somebody changed."""
    areas = {area.id: area for area in document.areas}
    for tag, value in document.values.items():
        control = controls.get(tag)
        if value is None or control is None or _agrees(control, value):
            continue
        area = areas.get(tag)
        now = "勾选状态" if isinstance(value, bool) else control.text.strip() or "空白"
        yield Alteration(
            page=area.page if area else 1,
            box=area.box if area else _NOWHERE,
            how="changed",
            text="" if isinstance(value, bool) else str(value),
            confidence=1.0,
            reason=f"“{control.alias or tag}”原为“{_said(value)}”，被改成“{now}”",
        )


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "已勾选" if value else "未勾选"
    return str(value)


def _altered_wording(document: IssuedDocument, path: Path, name: str) -> Iterator[Alteration]:
    """Wording outside the fields that differs from the issued DOCX, line by line."""
    filled = frozenset(document.values) | {area.id for area in document.areas}
    yield from wording_changes(_issued(document), path, name, filled)


def wording_changes(
    issued: bytes, other: Path | bytes, name: str, fields: frozenset[str]
) -> Iterator[Alteration]:
    """Wording outside these fields that differs between two DOCX, line by line. ``name``: of the other in problems."""
    before, after = _wording(issued, "", fields), _wording(other, name, fields)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield _line_alteration("".join(before[i1:i2]), "".join(after[j1:j2]))


def _issued(document: IssuedDocument) -> bytes:
    try:
        data = document.docx.read_bytes()
    except OSError as error:
        problem = Problem(str(document.docx), "出具的 DOCX 不见了，交回的无从比对", advice="请从备份恢复")
        raise UnreadableError(problem) from error
    if sha256_of_bytes(data) != document.docx_sha256:
        problem = Problem(
            str(document.docx), "出具的 DOCX 被改动过，交回的无从比对", advice="请从备份恢复原件"
        )
        raise UnreadableError(problem)
    return data


def _wording(source: Path | bytes, name: str, fields: frozenset[str]) -> Sequence[str]:
    """The lines of a document with every field's content left out, squeezed; empty lines say nothing."""
    with DocxFile(source, name) as docx:
        lines = [line for story in docx.stories() if not story.label for line in _lines(story.root, fields)]
    return [line for line in lines if line]


def _lines(root: Element, fields: frozenset[str]) -> Iterator[str]:
    tree = copy.deepcopy(root)
    for control in list(tree.iter(SDT)):
        content = control.find(SDT_CONTENT)
        if content is not None and _tag(control) in fields:
            _empty(content)
    yield from (_squeezed(line) for line in re.split(r"[\n\t]", document_text(tree)))


def _tag(control: Element) -> str | None:
    return control_of(control, "", "run").tag if control.find(SDT_PROPERTIES) is not None else None


def _empty(content: Element) -> None:
    for text in content.iter(w("t"), w("sym")):
        text.text = ""
        text.attrib.clear()


def _line_alteration(was: str, now: str) -> Alteration:
    if not was:
        return _alteration("added", now, f"多出“{_short(now)}”")
    if not now:
        return _alteration("removed", was, f"“{_short(was)}”被删去")
    start, end = _common(was, now), _common(was[::-1], now[::-1])
    # Some characters on both sides tell where it is; the ends must not run into each other.
    end = min(end, len(was) - start, len(now) - start)
    left, right = max(0, start - _AROUND), max(0, end - _AROUND)
    before, after = was[left : len(was) - right], now[left : len(now) - right]
    return _alteration("changed", was[start : len(was) - end], f"“{_short(before)}”被改成“{_short(after)}”")


def _alteration(how: Literal["changed", "removed", "added"], text: str, reason: str) -> Alteration:
    return Alteration(page=1, box=_NOWHERE, how=how, text=text, confidence=1.0, reason=reason)


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:30]}……{text[-8:]}"
