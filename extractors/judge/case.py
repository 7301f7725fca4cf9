"""What must agree between the returned forms of one case: the same project on each, and dates in order.

These findings send documents to a person; they never make one incomplete: two forms that contradict each
other do not say which of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.judge.combining import is_read
from extractors.judge.dates import KnownDate, known_date
from extractors.judge.document import in_order
from extractors.judge.signatures import SIGNER_NAMES, is_holder
from extractors.judge.values import folded
from extractors.judge.wording import day, labelled, on_page
from extractors.model import (
    Finding,
    FindingWeight,
    IssuedDocument,
    Judgement,
    Observation,
    SignatureObservation,
    verdict_of,
)
from forms.definition import CaseRules, FieldKind, FormDefinition
from forms.patterns import meet


@dataclass(frozen=True, slots=True)
class CaseMember:
    """One form of a case: as it was issued, and as it came back (None: it is still out). ``stage``: the stage whose
    paper it is; None for one that runs through all of them.
    """

    issue: IssuedDocument
    form: FormDefinition
    judgement: Judgement | None
    stage: str | None = None

    def observation(self, field_id: str) -> Observation | None:
        """What was seen of one field, if it came back."""
        items = self.judgement.observations if self.judgement else ()
        return next((item for item in items if item.id == field_id), None)


@dataclass(frozen=True, slots=True)
class _DatedForm:
    member: CaseMember
    date: KnownDate
    page: int | None

    @property
    def said(self) -> str:
        name = labelled(self.member.form, self.date.field or "")
        return f"《{self.member.form.title}》{name}（{day(self.date.day)}）"


def judge_case(members: Sequence[CaseMember], rules: CaseRules) -> Mapping[str, tuple[Finding, ...]]:
    """Findings between the forms of one case, by issue number, for those of them that came back.

    ``members``: the current issue of every form of the case, back or still out: an old name on one of them
    is worth knowing before the other is filed.
    """
    found: dict[str, list[Finding]] = {member.issue.number: [] for member in members if member.judgement}
    for field_id in rules.same:
        _differences(members, field_id, found)
    for number, earlier in enumerate(rules.order):
        for later in rules.order[number + 1 :]:
            _disorder(members, earlier, later, found)
    _signers(members, found)
    return {number: in_order(findings) for number, findings in found.items()}


def with_findings(judgement: Judgement, findings: Sequence[Finding]) -> Judgement:
    """A judgement with more findings; its verdict can only get worse."""
    if not findings:
        return judgement
    all_of_them = in_order([*judgement.findings, *findings])
    return replace(judgement, findings=all_of_them, verdict=verdict_of(all_of_them))


# -- the same on every form -------------------------------------------------------------------------


def _differences(members: Sequence[CaseMember], field_id: str, found: dict[str, list[Finding]]) -> None:
    holding = [(member, value) for member in members if (value := _value(member, field_id))]
    if len({folded(value) for _, value in holding}) < 2:
        return
    listed = "，".join(f"《{member.form.title}》写的是“{value}”" for member, value in holding)
    for member, _ in holding:
        if member.issue.number in found:
            area = next((item for item in member.issue.areas if item.id == field_id), None)
            page = area.page if area else None
            name = labelled(member.form, field_id)
            found[member.issue.number].append(
                Finding(
                    code="inconsistent",
                    message=on_page(page, f"{name}各表不一致：{listed}；请人工核对以哪一份为准"),
                    weight="review",
                    field=field_id,
                    page=page,
                    box=area.box if area else None,
                )
            )


def _value(member: CaseMember, field_id: str) -> str:
    """What a form says now: what a returned file holds, else what was printed."""
    seen = member.observation(field_id)
    if seen is not None and isinstance(seen.value, str) and not is_read(seen) and seen.value.strip():
        return seen.value.strip()
    issued = member.issue.values.get(field_id)
    return issued if isinstance(issued, str) else ""


# -- digital signatures ------------------------------------------------------------------------------


def _signers(members: Sequence[CaseMember], found: dict[str, list[Finding]]) -> None:
    """A digital signature on a form that does not name who signs it, held against the other forms of the case."""
    named: dict[str, str] = {}
    for member in members:
        for field_id, value in member.issue.values.items():
            if isinstance(value, str) and value.strip():
                named.setdefault(field_id, value)
    for member in members:
        for item in member.judgement.observations if member.judgement else ():
            if not isinstance(item, SignatureObservation) or item.electronic != "certified":
                continue
            definition = member.form.field(item.id)
            ids = SIGNER_NAMES.get(definition.filled_by, ()) if definition else ()
            if item.state != "filled" or any(member.issue.values.get(field_id) for field_id in ids):
                continue  # the form's own names were compared
            expected = list(dict.fromkeys(named[field_id] for field_id in ids if field_id in named))
            if expected and not is_holder([item.value or ""], expected):
                names = "、".join(f"“{name}”" for name in expected)
                said = f"由“{item.value}”作了数字签名，与本案应签的{names}不是同一个名称，请人工核对"
                found[member.issue.number].append(
                    Finding(
                        code="digital-signature-invalid",
                        message=on_page(item.page, f"{labelled(member.form, item.id)}{said}"),
                        weight="review",
                        field=item.id,
                        page=item.page,
                        box=item.box,
                    )
                )


# -- dates in order ---------------------------------------------------------------------------------


def _disorder(
    members: Sequence[CaseMember],
    earlier: Sequence[str],
    later: Sequence[str],
    found: dict[str, list[Finding]],
) -> None:
    """No date of ``later`` may lie before one of ``earlier``, of the papers of one stage.

    Where every one of them does, or all are certain, a person looks. Where OCR had a part in it and only some
    do (a consultation entered in the ledger before the 委托 was signed), it is said.
    """
    ones = [date for member in members for date in _dates(member, earlier)]
    others = [date for member in members for date in _dates(member, later)]
    several = len({member.stage for member in members} - {None}) > 1
    pairs = [(one, other) for one in ones for other in others if _are_ordered(one, other, several)]
    wrong = [(one, other) for one, other in pairs if one.date.day > other.date.day]
    if not wrong:
        return
    is_certain = all(one.date.certain and other.date.certain for one, other in wrong)
    is_whole = len(wrong) == len(pairs)
    weight: FindingWeight = "review" if is_certain or is_whole else "note"
    one, other = max(wrong, key=lambda pair: pair[0].date.day - pair[1].date.day)
    for placed in (one, other):
        number = placed.member.issue.number
        if number in found:
            found[number].append(
                Finding(
                    code="date-implausible",
                    message=f"日期先后不对：{one.said}晚于{other.said}，请人工核对",
                    weight=weight,
                    field=placed.date.field,
                    page=placed.page,
                )
            )


def _are_ordered(one: _DatedForm, other: _DatedForm, several: bool) -> bool:
    """Whether two dates have an order: those of different stages have none, nor has what runs through ``several``
    stages one with the papers of each.
    """
    stages = {one.member.stage, other.member.stage}
    return len(stages) == 1 or (None in stages and not several)


def _dates(member: CaseMember, patterns: Sequence[str]) -> Iterator[_DatedForm]:
    seen = {item.id: item for item in member.judgement.observations} if member.judgement else {}
    for field_id in dict.fromkeys((*member.issue.values, *seen)):
        definition = member.form.field(field_id)
        if definition is None or definition.kind is not FieldKind.DATE:
            continue
        if not any(meet(pattern, field_id) for pattern in patterns):
            continue
        item = seen.get(field_id)
        value = item.value if item and item.state == "filled" else None
        issued = member.issue.values.get(field_id)
        date = known_date(value, issued, field_id, read=is_read(item))
        if date is not None:
            yield _DatedForm(member, date, item.page if item else None)
