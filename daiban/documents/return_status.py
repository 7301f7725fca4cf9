"""What came back of an issued document (回收), whether it has to come back at all, and who must do what next.

What is next is one Chinese sentence: who has to do what with which paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import Field

from daiban.documents.person_answer import PersonAnswer
from extractors.model import VERDICT_NAMES, Finding, Verdict
from forms.definition import AnyOf, FieldKind, FilledBy, FormDefinition
from forms.describe import FILLED_BY_NAMES
from forms.patterns import listed
from foundation.frozen_model import FrozenModel, Timestamp

if TYPE_CHECKING:
    from daiban.registry import GivenAnswer, IssueSummary, LatestReturn

#: The last part of the id of a line for entries that have no printed box.
_BEYOND = ".others"
_SHOWN = 3  # findings named in one sentence before the rest is only counted


class ReturnFinding(FrozenModel):
    """One finding of a returned document that counts. ``code`` as ``verify`` gives it; ``page`` from 1; ``number``: how
    decisions name it, from 1; ``decision``: what a person said of it.
    """

    number: int
    code: str
    field: str | None
    page: int | None
    message: str
    decision: PersonAnswer | None = None
    weight: str = Field(exclude=True)


class ReturnStatus(FrozenModel):
    """What is back of one issue. ``missing_pages``: pages of it that never came; ``filed``: whether its files are in
    their places.

    ``verdict``: the one that counts, a person's where there is one; ``machine_verdict``: the machine's own;
    ``decision``: what a person said of the document as a whole; ``waiting``: what one person said and a second has not
    confirmed; ``earlier``: what was said of an earlier return and counts no more.
    """

    verdict: Verdict
    machine_verdict: Verdict
    decision: PersonAnswer | None = None
    waiting: tuple[PersonAnswer, ...] = ()
    earlier: tuple[PersonAnswer, ...] = ()
    returned_at: Timestamp
    missing_pages: tuple[int, ...]
    findings: tuple[ReturnFinding, ...]
    filed: bool

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_NAMES[self.verdict]

    @property
    def word(self) -> str:
        """Whose word the verdict is, where a person differs from the machine; empty where the machine's own stands."""
        if self.decision is None:
            return "有人逐条决定" if self.verdict != self.machine_verdict else ""
        machine = f"机器结论：{VERDICT_NAMES[self.machine_verdict]}"
        return f"{self.decision.text}；{machine}" if self.decision.answer == "accept" else machine


def return_status(issue: IssueSummary, latest: LatestReturn | None) -> ReturnStatus | None:
    """What is back of an issue; None: nothing."""
    if latest is None:
        return None
    missing = {item.page for item in latest.findings if item.code == "page-missing" and item.page}
    ruling = latest.ruling
    weighed = enumerate(ruling.weighed(latest.findings), 1)
    return ReturnStatus(
        verdict=latest.verdict,
        machine_verdict=ruling.machine,
        decision=PersonAnswer.of(ruling.whole) if ruling.whole is not None else None,
        waiting=tuple(map(PersonAnswer.of, ruling.waiting)),
        earlier=tuple(map(PersonAnswer.of_decision, ruling.earlier)),
        returned_at=latest.newest.recorded_at,
        missing_pages=tuple(sorted(page for page in missing if 1 <= page <= issue.pages)),
        findings=tuple(
            _return_finding(number, item, ruling.findings.get(number))
            for number, item in weighed
            if item.weight != "note"
        ),
        filed=latest.newest.filed_at is not None,
    )


def _return_finding(number: int, finding: Finding, given: GivenAnswer | None) -> ReturnFinding:
    return ReturnFinding(
        number=number,
        decision=PersonAnswer.of(given) if given is not None else None,
        code=finding.code,
        field=finding.field,
        page=finding.page,
        message=finding.message,
        weight=finding.weight,
    )


def must_return(form: FormDefinition | None) -> bool:
    """Whether anything of a form has to be there on its return; a form that is not known any more must come back."""
    return form is None or form.must_return


def awaits_return(issue: IssueSummary, form: FormDefinition | None) -> bool:
    """Whether an issued document has to come back: something that must be there on its return was left open in it.

    A 研判表 or 工作建议表 that the office filled completely need not come back; one with a place to sign always must.
    """
    if form is None:
        return True
    if any(field is not None and field.required == "return" for field in map(form.field, issue.blank)):
        return True
    lists = [field.id for field in form.fields if "*" in field.id]
    # Such a line is drawn only with something on it: that it is not among the open fields does not make it filled.
    unsure = {*lists, *issue.blank, *(field.id for field in form.fields if field.id.endswith(_BEYOND))}
    filled = [field.id for field in form.fields if field.id not in unsure]
    return any(rule.at == "return" and _is_unmet(rule, filled, lists) for rule in form.any_of)


def _is_unmet(rule: AnyOf, filled: list[str], lists: list[str]) -> bool:
    """Whether a rule may not be met by what was filled at issue; how many entries its lists had is not known here."""
    if rule.each or rule.only_one:
        return True
    if rule.when and not any(listed(field_id, rule.when) for field_id in (*filled, *lists)):
        return False
    return not any(listed(field_id, rule.fields) for field_id in filled)


def next_step(issue: IssueSummary, form: FormDefinition | None, back: ReturnStatus | None) -> str:
    """Who must do what next with an issued document; empty: nothing is to be done."""
    if back is None:
        return _awaited(issue, form) if awaits_return(issue, form) else ""
    if not back.filed:
        return "归档没有做完，请再运行一次 daiban verify"
    if back.waiting:
        return f"{back.waiting[0].text}；等第二个人复核"
    if back.decision is not None:
        return "" if back.verdict == "complete" else f"{back.decision.text}；请补正后再交"
    return f"{_asked_again(back)}{_by_findings(back)}"


def _asked_again(back: ReturnStatus) -> str:
    """Says that a person decided about an earlier return, where that leaves something to do."""
    if not back.earlier or back.verdict == "complete":
        return ""
    return f"以后又交回了新的，原来的决定（{back.earlier[-1].text}）不再算数；"


def _by_findings(back: ReturnStatus) -> str:
    messages = [
        item.message for item in back.findings if back.verdict != "incomplete" or item.weight == "incomplete"
    ]
    match back.verdict:
        case "complete":
            return ""
        case "incomplete":
            return f"{_joined(messages)}；请补正后再交"
        case _:
            return f"请人工核对：{_joined(messages)}"


def _awaited(issue: IssueSummary, form: FormDefinition | None) -> str:
    """Waiting for it to come back, by whom and with what."""
    blanks = [form.field(name) for name in issue.blank] if form else []
    wanted = [field for field in blanks if field is not None and field.required == "return"]
    if not wanted:
        return "等填写后交回"
    signers = _people(field.filled_by for field in wanted if field.kind is FieldKind.SIGNATURE)
    fillers = _people(field.filled_by for field in wanted if field.kind is not FieldKind.SIGNATURE)
    if signers and set(fillers) <= set(signers):
        return (
            f"等{'、'.join(signers)}填写、签字盖章后交回"
            if fillers
            else f"等{'、'.join(signers)}签字盖章后交回"
        )
    parts = [f"{'、'.join(fillers)}填写"] if fillers else []
    parts += [f"{'、'.join(signers)}签字盖章"] if signers else []
    return f"等{'，'.join(parts)}后交回"


def _people(roles: Iterable[FilledBy]) -> list[str]:
    return list(dict.fromkeys(FILLED_BY_NAMES[role] for role in roles))


def _joined(messages: list[str]) -> str:
    more = f"等 {len(messages)} 处" if len(messages) > _SHOWN else ""
    return "；".join(messages[:_SHOWN]) + more
