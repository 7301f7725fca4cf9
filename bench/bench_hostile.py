"""A thousand cases of hostile and rare values through ``daiban generate``: each is issued, or refused by name.

    python -m bench.bench_hostile [--cases 1000] [--seed 5]

The command itself checks every output against its case. Prints the exit code, how many documents were issued and
failed, and the twenty most frequent errors.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench.measuring import run_generate
from simulator.workspaces.issuing import create_workspace

_ORDINARY_WORDS = ("晋城", "高新", "产业", "项目", "建设", "工程", "股份", "有限", "新能源", "智能")
_HOSTILE_WORDS = (
    *(
        "&",
        "<",
        ">",
        '"',
        "'",
        "\\",
        "%s",
        "${x}",
        "=1+1",
        "-5",
        "＠",
        "&amp;",
        "&#10;",
        "]]>",
        "<!--",
        "-->",
    ),
    *(
        "<w:t>",
        "{{ x }}",
        "{% if %}",
        "{#",
        "_}",
        "}}",
        "{_{",
        "%}",
        "'; DROP",
        "é",
        "e\u0301",
        "ü",
        "Ω",
        "∑",
    ),
    *(
        "彧",
        "喆",
        "堃",
        "㎡",
        "〔",
        "〕",
        "　",
        "\u00a0",
        "\u200b",
        "→",
        "★",
        "①",
        "⑴",
        "ⅰ",
        "ﬁ",
        "＆",
        "１２３",
    ),
    *(
        "ＡＢＣ",
        "𠮷",
        "㐂",
        "龘",
        "ㄅ",
        "あ",
        "한",
        "ё",
        "℃",
        "—",
        "……",
        "“",
        "”",
        "￥",
        "‖",
        "㊣",
        "№",
        "〇",
        "\ufe0f",
    ),
)
_STAGES = ("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收")
_PARTS = ("approval", "planning", "construction", "completion")


class _HostileCases:
    """Random cases whose every text mixes ordinary words with hostile ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self._random.choice(_ORDINARY_WORDS if self._random.random() < 0.8 else _HOSTILE_WORDS)
        return text.strip("\u200b\ufe0f \u3000\u00a0") or "甲"

    def texts(self, least: int, most: int) -> list[str]:
        return [self.text(self._random.randint(4, 30)) for _ in range(self._random.randint(least, most))]

    def lines(self, most: int) -> str:
        return "\n".join(self.texts(1, most))

    def case(self, number: int) -> dict[str, Any]:
        """One case with every part filled."""
        stage = self._random.choice(_STAGES)
        return {
            "id": f"H-{number:05d}",
            "document": "jincheng",
            "stage": stage,
            "project": {
                "name": self.text(self._random.choice([2, 10, 30, 80, 300])),
                "code": f"2601-140502-04-01-{number:06d}",
            },
            "enterprise": {"name": self.text(self._random.choice([5, 20, 60]))},
            "contact": {"name": self.text(3), "phone": f"138{number:08d}"},
            "agency": {"name": "晋城市行政审批服务管理局"},
            "manager": {"name": self.text(3)},
            "authorisation": {"stage": stage, "items": self.texts(1, 9)},
            "plan": {part: self._stage_plan() for part in _PARTS} | {"tips": self.lines(3)},
            "assessment": {
                "filled_by": self.text(3),
                "approval": {
                    "items": {"city": ["企业投资项目备案", self.text(6)], "county": self.texts(0, 3)}
                },
                "planning": {"fees": "基础设施配套费\n" + self.text(5)},
            },
            "handover": {"stage": stage, "date": "2026-06-30", "materials": self.texts(1, 14)},
            "ledger": [
                {"date": "2026-03-02", "content": self.lines(4)} for _ in range(self._random.randint(0, 40))
            ],
            "suggestion": {"opinion": self.lines(20)},
        }

    def _stage_plan(self) -> dict[str, Any]:
        items = [
            {"name": name, "authority": self._random.choice(["市级", "县级", "省级"])}
            for name in self.texts(1, 8)
        ]
        return {
            "items": items,
            "special_steps": self.lines(3),
            "fees": self.lines(1),
            "materials": self.texts(0, 15),
        }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.bench_hostile", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    hostile = _HostileCases(options.seed)
    with tempfile.TemporaryDirectory(prefix="daiban-hostile-") as scratch:
        cases = [hostile.case(number) for number in range(options.cases)]
        run = run_generate(create_workspace(Path(scratch) / "ws", cases))
    print(f"exit {run.exit_code}, {run.seconds:.0f} s, {run.issued} issued, {run.failed} failed")
    for error, count in Counter(run.errors).most_common(20):
        print(f"  {count:5d}  {error}")


if __name__ == "__main__":
    main()
