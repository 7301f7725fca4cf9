"""What documents still wait for, for people: lines of ``daiban generate`` and ``daiban roster check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from daiban.issuing.result import WaitingItem

_SHOWN = 20  # documents named one by one before the rest is only counted


def waiting_lines(items: Sequence[WaitingItem], titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each document that is not issued yet, and what it waits for. ``titles``: of forms, by id."""
    for item in items[:_SHOWN]:
        awaited = "；".join(map(str, item.awaited))
        yield f"· {item.case}《{titles.get(item.form, item.form)}》还不到出具的时候：{awaited}"
    if len(items) > _SHOWN:
        yield f"  …… 另有 {len(items) - _SHOWN} 份也在等"
    if items:
        yield "  等到的内容填上以后，再运行 daiban generate 就会出具。"
