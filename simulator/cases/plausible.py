"""Plausible cases (案件) of 晋城 in any number, no two alike, as the trees that case files hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from cases.samples import load_sample

CaseTree = dict[str, Any]
_TRADES = (
    "精密铸造",
    "装备制造",
    "新能源材料",
    "仓储物流",
    "煤层气综合利用",
    "食品加工",
    "数据中心",
    "中药材加工",
)
#: Fields that an office may not know yet, and how often it does not.
_LEFT_OPEN = {
    "contact.name": 0.5,
    "contact.phone": 0.6,
    "assessment.filled_by": 0.5,
    "handover.date": 0.25,
    "handover.stage": 0.35,
    "handover.materials": 0.4,
    "suggestion.opinion": 0.5,
    "suggestion.remark": 0.5,
}


def small_case(number: int) -> CaseTree:
    """A case with just what an authorisation (委托书) needs."""
    trade = _TRADES[number % len(_TRADES)]
    return {
        "id": f"B-{number:05d}",
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {"name": f"晋城市第{number}号{trade}产业园建设项目"},
        "enterprise": {"name": f"晋城市{trade}第{number}有限公司"},
        "agency": {"name": "晋城市行政审批服务管理局"},
        "manager": {"name": "王建国"},
        "authorisation": {"items": ["企业投资项目备案", "用地预审与选址意见书核发"]},
    }


def full_case(number: int) -> CaseTree:
    """A sample case with a whole assessment (研判), under a number and a name of its own."""
    samples = [case for case in load_sample() if case.assessment and case.assessment.approval]
    tree: CaseTree = _without_empty(samples[number % len(samples)].tree())
    tree["id"] = f"F-{number:05d}"
    tree["project"]["name"] = f"第{number}号" + tree["project"]["name"]
    return tree


def case_with_open_fields(number: int, rng: np.random.Generator) -> CaseTree:
    """A case for which every form can be issued, some of what the enterprise fills being left open at random."""
    tree = full_case(number)
    completed = [item for item in load_sample() if item.handover and item.handover.date]
    donor: CaseTree = completed[number % len(completed)].tree()
    for part, key_field in (("handover", "date"), ("suggestion", "opinion"), ("authorisation", "items")):
        if not (tree.get(part) or {}).get(key_field):
            tree[part] = {key: value for key, value in (donor.get(part) or {}).items() if value}
    tree["project"].setdefault("code", donor["project"]["code"])
    days = [str(entry["date"]) for entry in tree.get("ledger", []) if entry.get("date")]
    tree["handover"]["date"] = max([str(tree["handover"]["date"]), *days])
    for path, chance in _LEFT_OPEN.items():
        if rng.random() < chance:
            _remove(tree, path.split("."))
    if rng.random() < 0.5:
        for stage in ("approval", "planning"):
            _remove(tree, ["assessment", stage, "items"])
    return tree


def _remove(tree: CaseTree, path: list[str]) -> None:
    *parents, last = path
    for name in parents:
        tree = tree.get(name) or {}
    tree.pop(last, None)


def _without_empty(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_empty(value) for key, value in node.items() if value not in (None, [], {})}
    if isinstance(node, list):
        return [_without_empty(value) for value in node]
    return node
