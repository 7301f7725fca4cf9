"""What a form requires of its fields on return: each there, one of several, and a ticked blank line's text.

A requirement is met only by a field that was surely seen to be there, or that the office printed and nobody
changed. What could not be seen is a finding to be looked at, never a requirement met.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.judge.combining import JudgedDocument
from extractors.judge.wording import labelled, on_page
from extractors.model import (
    DateObservation,
    Finding,
    FindingCode,
    FindingWeight,
    Observation,
    SignatureObservation,
)
from forms.definition import AnyOf, FieldDefinition, FieldKind

_SLOTS = ("年", "月", "日")
_SHOWN_NOTES = 5


def check_fields(document: JudgedDocument, *, clean: float, line_clean: float) -> Iterator[Finding]:
    """Every finding about fields that are required, or that a rule of the form asks for.

    ``clean``, ``line_clean``: the confidence, 0..1, from which a blank box, or its blank line, has no trace of ink.
    """
    for definition in document.form.fields:
        if definition.required != "no":
            for field_id in document.ids(definition.id):
                yield from _required(document, definition, field_id)
    for rule in document.form.any_of:
        if rule.at == "return":
            for one in _of_entries(document, rule):
                yield from _any_of(document, one, clean)
    for box, line in document.form.blank_lines.items():
        yield from _blank_line(document, box, line, line_clean)


def required_ids(document: JudgedDocument) -> frozenset[str]:
    """The ids of all fields that must be there by themselves."""
    needed = (item.id for item in document.form.fields if item.required != "no")
    return frozenset(field_id for pattern in needed for field_id in document.ids(pattern))


def check_unsure(document: JudgedDocument, said: frozenset[str]) -> Iterator[Finding]:
    """Unsure fields that no rule needs: a note per page. ``said``: ids that are in other
    findings already.
    """
    by_page: dict[int, list[Observation]] = {}
    for item in document.observations.values():
        if item.state == "unsure" and item.id not in said and not document.is_gone(item.id):
            by_page.setdefault(item.page, []).append(item)
    for page, items in by_page.items():
        names = list(dict.fromkeys(labelled(document.form, item.id) for item in items))
        more = f"等{len(items)}处" if len(names) > _SHOWN_NOTES else ""
        message = on_page(page, f"{'、'.join(names[:_SHOWN_NOTES])}{more}看不准；不是必填，不影响结论")
        only = items[0] if len(items) == 1 else None
        yield Finding(
            code="area-not-visible",
            message=message,
            weight="note",
            field=only.id if only else None,
            page=page,
            box=only.box if only else None,
            evidence=only.crop if only else None,
        )


def finding(
    document: JudgedDocument,
    field_id: str,
    code: FindingCode,
    weight: FindingWeight,
    said: str,
    page: int | None = None,
) -> Finding:
    """A finding about one field: 第1页“联系电话” and what is said of it."""
    observation = document.observations.get(field_id)
    area = document.areas.get(field_id)
    page = page or document.page(field_id)
    return Finding(
        code=code,
        message=on_page(page, f"{labelled(document.form, field_id)}{said}"),
        weight=weight,
        field=field_id,
        page=page,
        box=(observation.box if observation else None) or (area.box if area else None),
        evidence=observation.crop if observation else None,
    )


# -- each required field ----------------------------------------------------------------------------


def _required(document: JudgedDocument, definition: FieldDefinition, field_id: str) -> Iterator[Finding]:
    observation = document.observations.get(field_id)
    if observation is None:
        if document.issued(field_id) is None:
            yield finding(document, field_id, "area-not-visible", "review", "没有看到，请人工核对")
    elif observation.state == "blank":
        yield _blank(document, definition, observation)
    elif observation.state == "unsure" and not document.is_gone(field_id):
        yield _unsure(document, definition, observation)
    elif observation.state == "filled" and isinstance(observation, SignatureObservation):
        yield from _signing(document, definition, observation)


def _blank(document: JudgedDocument, definition: FieldDefinition, observation: Observation) -> Finding:
    if definition.kind is FieldKind.SIGNATURE:
        said = {
            "either": "没有盖章，也没有签字",
            "pen": "没有签字",
            "seal": "没有盖章",
            "both": "没有签字和盖章",
        }
        return finding(document, observation.id, "signature-missing", "incomplete", said[definition.signing])
    return finding(document, observation.id, "field-blank", "incomplete", _what_is_blank(observation))


def _what_is_blank(observation: Observation) -> str:
    slots = observation.slots if isinstance(observation, DateObservation) else ()
    lacking = [name for name, slot in zip(_SLOTS, slots, strict=False) if slot == "blank"]
    if 0 < len(lacking) < len(_SLOTS):
        return f"未填写完整，缺“{'、'.join(lacking)}”"
    return "未填写"


def _unsure(document: JudgedDocument, definition: FieldDefinition, observation: Observation) -> Finding:
    reason = f"（{observation.reason.rstrip('。')}）" if observation.reason else ""
    if not observation.visible:
        return finding(document, observation.id, "area-not-visible", "review", f"看不到，请人工核对{reason}")
    if definition.kind is FieldKind.SIGNATURE:
        said = f"不能确定是否已签字或盖章，请人工核对{reason}"
        return finding(document, observation.id, "signature-missing", "review", said)
    said = f"不能确定是否已填写，请人工核对{reason}"
    return finding(document, observation.id, "field-blank", "review", said)


def _signing(
    document: JudgedDocument, definition: FieldDefinition, observation: SignatureObservation
) -> Iterator[Finding]:
    """Where a form asks for a pen or a seal in particular. A digital signature stands for both.

    A seal on a black-and-white scan can look like a pen, and a pen can hide under a seal: a person looks.
    """
    if definition.signing == "either" or observation.pen is None:
        return
    lacking = []
    if definition.signing in ("pen", "both") and not observation.pen:
        lacking.append("笔迹")
    if definition.signing in ("seal", "both") and not observation.seals:
        lacking.append("印章")
    if lacking:
        said = f"没有看到{'和'.join(lacking)}，请人工核对"
        yield finding(document, observation.id, "signature-missing", "review", said)


# -- one of several ---------------------------------------------------------------------------------


def _of_entries(document: JudgedDocument, rule: AnyOf) -> Iterator[AnyOf]:
    """The rule itself, or where it holds for each entry of a list, the rule of each entry this document has."""
    if not rule.each:
        yield rule
        return
    tails = (field_id.removeprefix(f"{rule.each}.") for field_id in document.ids_listed(rule.fields))
    for index in sorted({int(tail.partition(".")[0]) for tail in tails}):
        yield rule.of_entry(index)


def _any_of(document: JudgedDocument, rule: AnyOf, clean: float) -> Iterator[Finding]:
    """One must be surely there, and where only one may be, no other.

    If all that speaks for one is doubt, a person looks; boxes printed blank are
    in doubt also where somebody wrote on their line without ticking them, and
    where some ink is left in or beside them: a faint tick that a copier took.
    """
    if rule.when and not any(
        document.state(field_id) == "filled" for field_id in document.ids_listed(rule.when)
    ):
        return
    lines = set(document.form.blank_lines.values())
    named = document.ids_listed(rule.fields)
    choices = [field_id for field_id in named if field_id not in lines]
    if any(document.state(field_id) == "filled" for field_id in choices):
        yield from _only_one(document, rule, choices)
        return
    if any(document.is_gone(field_id) for field_id in choices):
        return  # said of the page already
    doubtful = [field_id for field_id in choices if document.state(field_id) == "unsure"]
    doubtful += [field_id for field_id in choices if _has_trace(document, field_id, clean)]
    doubtful += [field_id for field_id in named if field_id in lines and document.state(field_id) != "blank"]
    doubtful = [field_id for field_id in doubtful if document.state(field_id) is not None]
    is_seen = any(document.state(field_id) == "blank" for field_id in choices)
    weight: FindingWeight = "review" if doubtful or not is_seen else rule.otherwise
    yield _none_there(document, rule, weight, [*doubtful, *choices])


def _has_trace(document: JudgedDocument, field_id: str, clean: float) -> bool:
    observation = document.observations.get(field_id)
    return observation is not None and observation.state == "blank" and observation.confidence < clean


def _only_one(document: JudgedDocument, rule: AnyOf, choices: list[str]) -> Iterator[Finding]:
    """Two of a choice are no choice; one and a doubtful second, or one that cannot be seen, are for a person."""
    if not rule.only_one:
        return
    filled = [field_id for field_id in choices if document.state(field_id) == "filled"]
    doubtful = [field_id for field_id in choices if document.state(field_id) not in ("filled", "blank")]
    concerned = filled if len(filled) > 1 else doubtful
    names = "、".join(labelled(document.form, field_id) for field_id in concerned)
    if len(filled) > 1:
        yield finding(document, filled[1], "inconsistent", "incomplete", f"：{names}都已勾选，只能选一项")
    elif doubtful:
        yield finding(
            document,
            doubtful[0],
            "inconsistent",
            "review",
            f"：只能选一项，{names}看不准是否也勾选了，请人工核对",
        )


def _none_there(document: JudgedDocument, rule: AnyOf, weight: FindingWeight, choices: list[str]) -> Finding:
    first = choices[0] if choices else None
    definition = document.form.field(first) if first else None
    is_box = definition is not None and definition.kind is FieldKind.CHECKBOX
    observation = document.observations.get(first) if first else None
    page = document.page(first) if first else None
    doubt = "；有的地方看不准，请人工核对" if weight == "review" and rule.otherwise == "incomplete" else ""
    return Finding(
        code="nothing-ticked" if is_box or first is None else "field-blank",
        message=on_page(page, f"{rule.message}{doubt}"),
        weight=weight,
        field=first,
        page=page,
        box=observation.box if observation else None,
        evidence=observation.crop if observation else None,
    )


# -- a box printed blank, and its line --------------------------------------------------------------


def _blank_line(document: JudgedDocument, box: str, line: str, clean: float) -> Iterator[Finding]:
    """A ticked blank box has its text. Text beside an empty box is no fault, but worth a word.

    A trace of ink on an otherwise blank line may be the arm of a tick whose rest the box's frame hides.
    """
    ticked, written = document.state(box), document.state(line)
    if document.is_gone(box) or document.is_gone(line) or ticked is None:
        return
    if ticked == "filled" and written == "blank":
        yield finding(document, line, "field-blank", "incomplete", "：已勾选这一行，却没有写内容")
    elif ticked == "filled" and written != "filled":
        yield finding(
            document, line, "field-blank", "review", "：已勾选这一行，看不准是否写了内容，请人工核对"
        )
    elif ticked == "unsure" and written != "filled":
        yield finding(
            document, box, "field-blank", "review", "：看不准是否勾选，这一行又没有看到内容，请人工核对"
        )
    elif ticked == "blank" and _has_trace(document, line, clean):
        said = "：这一行只有一点笔迹，可能是旁边方框的勾，看不准是否勾选，请人工核对"
        yield finding(document, line, "field-blank", "review", said)
    elif ticked == "blank" and written == "filled":
        yield finding(document, box, "nothing-ticked", "note", "：这一行写了内容，但没有勾选")
