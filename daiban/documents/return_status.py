"""Where each issued document stands on its way back (回收): what is back of it, and who must do what next.

Read only, like :mod:`daiban.status`, whose forms it speaks about. What is next is one Chinese sentence: who has to do
what with which paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daiban.registry import IssueSummary, LatestReturn
from extractors.model import VERDICT_NAMES, Finding
from forms.definition import AnyOf, FieldKind, FilledBy, FormDefinition
from forms.patterns import listed

_NAMES = {
    FilledBy.OFFICE: "代办机构",
    FilledBy.ENTERPRISE: "项目单位",
    FilledBy.DEPARTMENT: "业务科室",
    FilledBy.MANAGER: "项目长",
}
_BEYOND = ".others"
_SHOWN = 3  # findings told in one sentence before the rest is only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnStatus:
    """What is back of one issue. ``missing_pages``: pages of it that never came; ``findings``: those that count, in
    Chinese; ``filed``: whether its files are in place.
    """

    verdict: str
    returned_at: datetime
    missing_pages: tuple[int, ...]
    findings: tuple[Finding, ...]
    filed: bool

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICT_NAMES.get(self.verdict, self.verdict)

    def to_json(self) -> dict[str, Any]:
        """verdict, returned_at, missing_pages, findings, filed."""
        return {
            "verdict": self.verdict,
            "returned_at": self.returned_at.isoformat(),
            "missing_pages": list(self.missing_pages),
            "findings": [
                {"code": item.code, "field": item.field, "page": item.page, "message": item.message}
                for item in self.findings
            ],
            "filed": self.filed,
        }


def return_status(issue: IssueSummary, standing: LatestReturn | None) -> ReturnStatus | None:
    """What is back of an issue; None: nothing."""
    if standing is None:
        return None
    missing = {item.page for item in standing.findings if item.code == "page-missing" and item.page}
    return ReturnStatus(
        verdict=standing.newest.verdict,
        returned_at=standing.newest.recorded_at,
        missing_pages=tuple(sorted(page for page in missing if 1 <= page <= issue.pages)),
        findings=tuple(item for item in standing.findings if item.weight != "note"),
        filed=standing.newest.filed_at is not None,
    )


def must_return(form: FormDefinition | None) -> bool:
    """Whether anything of a form has to be there on its return; an unknown form is asked back."""
    if form is None:
        return True
    rules = any(rule.at == "return" for rule in form.any_of)
    return rules or any(field.required == "return" for field in form.fields)


def awaits_return(issue: IssueSummary, form: FormDefinition | None) -> bool:
    """Whether an issued document has to come back: something that must be there on its return was left open in it.

    A 研判表 or 工作建议表 that the office filled whole has nothing to wait for; one with a place to sign always has.
    """
    if form is None:
        return True
    if any(field is not None and field.required == "return" for field in map(form.field, issue.blank)):
        return True
    lists = [field.id for field in form.fields if "*" in field.id]
    # A line for what goes beyond the printed boxes is drawn only with something on it: not being open says nothing.
    unsure = {*lists, *issue.blank, *(field.id for field in form.fields if field.id.endswith(_BEYOND))}
    filled = [field.id for field in form.fields if field.id not in unsure]
    return any(rule.at == "return" and _is_unmet(rule, filled, lists) for rule in form.any_of)


def _is_unmet(rule: AnyOf, filled: list[str], lists: list[str]) -> bool:
    """Whether a rule is not surely met by what was filled at issue; how long its lists were is not known here."""
    if rule.each or rule.only_one:
        return True
    if rule.when and not any(listed(field_id, rule.when) for field_id in (*filled, *lists)):
        return False
    return not any(listed(field_id, rule.fields) for field_id in filled)


def next_step(issue: IssueSummary, form: FormDefinition | None, back: ReturnStatus | None) -> str:
    """Who must do what next with an issued document; empty: nobody anything."""
    if back is None:
        return _awaited(issue, form) if awaits_return(issue, form) else ""
    if not back.filed:
        return "归档没有做完，请再运行一次 daiban verify"
    told = [
        item.message for item in back.findings if back.verdict != "incomplete" or item.weight == "incomplete"
    ]
    match back.verdict:
        case "complete":
            return ""
        case "incomplete":
            return f"{_joined(told)}；请补正后再交"
        case _:
            return f"请人工核对：{_joined(told)}"


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
    return list(dict.fromkeys(_NAMES[role] for role in roles))


def _joined(messages: list[str]) -> str:
    more = f"等 {len(messages)} 处" if len(messages) > _SHOWN else ""
    return "；".join(messages[:_SHOWN]) + more
