"""Contradictions of a merged 研判, for people: lines of ``daiban merge``, ``plan`` and ``status``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cases.model.contradictions import Contradiction


def contradiction_lines(
    contradictions: Sequence[Contradiction], *, settled_too: bool = False
) -> Iterator[str]:
    """A line for each open contradiction with its number and options; ``settled_too``: and who settled the others."""
    for number, one in enumerate(contradictions, 1):
        if one.settled is None:
            yield f"矛盾 {number}（代号 {one.code}）　{one.problem}{_options(one)}"
        elif settled_too:
            choice = f"定为{one.settled.choice}" if one.settled.choice else "按文件里写的"
            why = f"，{one.settled.reason}" if one.settled.reason else ""
            yield f"矛盾 {number}（已定）　{one.problem}　{choice}（{one.settled.by} {one.settled.at[:10]}{why}）"


def _options(one: Contradiction) -> str:
    listed = "　".join(f"{number} {option}" for number, option in enumerate(one.options, 1))
    return f"　可选：{listed}" if listed else ""
