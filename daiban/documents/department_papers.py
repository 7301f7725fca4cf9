"""Papers that go to departments (征求意见函, 意见表, 会议纪要 …): their fields, which follow from the case.

A letter or an opinion goes to one department alone, so each has fields of its own (``review.letters.0.project``) that
repeat what the case says once; they are made here, never typed. Source: 阳政办函〔2026〕9号, 六(二).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.reference import load_reference
from daiban.settings import LeadingGroupSettings, Settings

Tree = Mapping[str, Any]


def with_papers(tree: Tree, settings: Settings) -> dict[str, Any]:
    """A case's tree, its defaults already in, with the lists its document prints and the fields of its papers."""
    reference = load_reference(str(tree.get("document") or "")).model_dump()
    review = dict(tree.get("review") or {})
    review["departments"] = _departments(review, reference)
    review["letters"] = [_letter(tree, review, name) for name in review["departments"]]
    review["papers"] = [_paper(tree, review, name) for name in review["departments"]]
    review["minutes"] = _minutes(review)
    city = dict(review.get("city") or {})
    city["enclosures"] = list(city.get("enclosures") or reference["enclosures"])
    review["city"] = city
    return {
        **tree,
        "review": review,
        "leading_group": _leading_group(tree, settings.leading_group, reference),
        "task_force": _own(tree, "task_force") or reference["task_force"],
        "tasks": tree.get("tasks") or reference["tasks"],
        "checklist": tree.get("checklist") or _checklist(tree),
        "supervision": _supervision(tree),
    }


def _departments(review: Tree, reference: Tree) -> list[str]:
    """The departments asked: as the case names them and whoever else has answered; else as the document names them."""
    answered = [opinion["department"] for opinion in review.get("opinions") or ()]
    named = list(review.get("departments") or ())
    return [*named, *(name for name in answered if name not in named)] or list(reference["departments"])


def _letter(tree: Tree, review: Tree, department: str) -> dict[str, Any]:
    referral = review.get("referral") or {}
    sender = _at(tree, "agency", "name")
    return {
        **_project(tree),
        "sender": sender,
        "signed_by": sender,
        "department": department,
        **{name: referral.get(name) for name in ("number", "date", "reply_by", "materials")},
    }


def _paper(tree: Tree, review: Tree, department: str) -> dict[str, Any]:
    """A department's own page. It answers on paper, so nothing of its answer is filled in."""
    return {**_project(tree), "department": department}


def _minutes(review: Tree) -> dict[str, Any]:
    minutes = dict(review.get("minutes") or {})
    opinions = review.get("opinions") or ()
    minutes["opinions"] = [
        {"department": opinion["department"], "opinion": _said(opinion)} for opinion in opinions
    ] or [{"department": name, "opinion": None} for name in minutes.get("attending") or review["departments"]]
    minutes["attending"] = minutes.get("attending") or [opinion["department"] for opinion in opinions]
    return minutes


def _said(opinion: Tree) -> str | None:
    parts = [opinion.get("verdict"), opinion.get("reasons")]
    return "。".join(part.rstrip("。") for part in parts if part) + "。" if any(parts) else None


def _leading_group(tree: Tree, office: LeadingGroupSettings, reference: Tree) -> Any:
    """The case's own list, else the office's, else the document's; whole, never mixed."""
    own = tree.get("leading_group") or {}
    if any(own.values()):
        return own
    if office.is_there:
        return office.group.model_dump()
    return reference["leading_group"]


def _own(tree: Tree, group: str) -> Any:
    """What a case itself says of a group of people; None if it names nobody in it or in the groups below it."""
    own = tree.get(group) or {}
    named = [
        people
        for value in own.values()
        for people in (value.values() if isinstance(value, Mapping) else [value])
    ]
    return own if any(named) else None


def _checklist(tree: Tree) -> list[dict[str, Any]]:
    """The checklist of a case that writes none: the plan's matters by stage, with what the timetable says of each."""
    steps = {row["step"]: row for row in tree.get("timetable") or ()}
    plan = tree.get("plan") or {}
    stages = [stage for stage in plan.values() if isinstance(stage, Mapping)]
    return [
        _checklist_entry(item, stage, steps.get(item["name"]) or {})
        for stage in stages
        for item in stage.get("items") or ()
        if item.get("name")
    ]


def _checklist_entry(item: Tree, stage: Tree, step: Tree) -> dict[str, Any]:
    finish = step.get("finish")
    return {
        "item": f"{item['name']}（{item['authority']}）" if item.get("authority") else item["name"],
        "department": step.get("department") or stage.get("department"),
        "duration": step.get("limit"),
        "method": stage.get("method"),
        "remark": f"计划{finish}完成" if finish else None,
    }


def _supervision(tree: Tree) -> dict[str, Any]:
    supervision = dict(tree.get("supervision") or {})
    return {**supervision, "issued": supervision.get("date")}


def _project(tree: Tree) -> dict[str, Any]:
    return {"project": _at(tree, "project", "name"), "enterprise": _at(tree, "enterprise", "name")}


def _at(tree: Tree, group: str, name: str) -> Any:
    return (tree.get(group) or {}).get(name)
