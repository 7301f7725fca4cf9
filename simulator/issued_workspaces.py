"""Workspaces of many plausible cases, all different, for measuring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from cases.samples import load_sample
from daiban.workspace import Workspace

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


def small_case(number: int) -> dict[str, Any]:
    """A case with what a 委托书 needs."""
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


def full_case(number: int) -> dict[str, Any]:
    """A sample case with its whole 研判, under another number and name."""
    samples = [case for case in load_sample() if case.assessment and case.assessment.approval]
    tree = _without_none(samples[number % len(samples)].tree())
    tree["id"] = f"F-{number:05d}"
    tree["project"]["name"] = f"第{number}号" + tree["project"]["name"]
    return tree


def make(folder: Path, cases: list[dict[str, Any]]) -> Path:
    """A new workspace holding these cases."""
    Workspace.create(folder)
    size = 500  # a case file is bounded in size
    for start in range(0, len(cases), size):
        text = yaml.dump(cases[start : start + size], Dumper=_dumper(), allow_unicode=True, sort_keys=False)
        (folder / "cases" / f"cases-{start:05d}.yaml").write_text(text, "utf-8")
    return folder


def _dumper() -> type[yaml.Dumper]:
    return getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _without_none(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_none(value) for key, value in node.items() if value not in (None, [], {})}
    if isinstance(node, list):
        return [_without_none(value) for value in node]
    return node
