"""A thousand cases of hostile and rare values through the whole command: each comes out, or is refused by name.

Every output is checked by the command itself against its own case; here the outcome is counted.

    python -m bench.bench_hostile [--cases 1000] [--seed 5]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from simulator.workspaces.issuing import create_workspace

_PLAIN = ("晋城", "高新", "产业", "项目", "建设", "工程", "股份", "有限", "新能源", "智能")
_SPECIAL = (
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


class _Writer:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self.chance.choice(_PLAIN if self.chance.random() < 0.8 else _SPECIAL)
        return text.strip("\u200b\ufe0f \u3000\u00a0") or "甲"

    def texts(self, least: int, most: int) -> list[str]:
        return [self.text(self.chance.randint(4, 30)) for _ in range(self.chance.randint(least, most))]

    def lines(self, most: int) -> str:
        return "\n".join(self.texts(1, most))

    def case(self, number: int) -> dict[str, Any]:
        """One case with every part filled."""
        stage = self.chance.choice(_STAGES)
        return {
            "id": f"H-{number:05d}",
            "document": "jincheng",
            "stage": stage,
            "project": {
                "name": self.text(self.chance.choice([2, 10, 30, 80, 300])),
                "code": f"2601-140502-04-01-{number:06d}",
            },
            "enterprise": {"name": self.text(self.chance.choice([5, 20, 60]))},
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
                {"date": "2026-03-02", "content": self.lines(4)} for _ in range(self.chance.randint(0, 40))
            ],
            "suggestion": {"opinion": self.lines(20)},
        }

    def _stage_plan(self) -> dict[str, Any]:
        items = [
            {"name": name, "authority": self.chance.choice(["市级", "县级", "省级"])}
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    writer = _Writer(options.seed)
    with tempfile.TemporaryDirectory(prefix="daiban-hostile-") as place:
        folder = create_workspace(
            Path(place) / "ws", [writer.case(number) for number in range(options.cases)]
        )
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "daiban", "generate", folder, "--json"],
            stdout=subprocess.PIPE,
            check=False,
        )
        seconds = time.perf_counter() - started
    told = json.loads(done.stdout)
    print(
        f"exit {done.returncode}, {seconds:.0f} s, {len(told['issued'])} issued, {len(told['failed'])} failed"
    )
    reasons = Counter(
        problem["problem"]
        for item in told["failed"]
        for problem in item["problems"]
        if problem["severity"] == "error"
    )
    for reason, count in reasons.most_common(20):
        print(f"  {count:5d}  {reason}")


if __name__ == "__main__":
    main()
