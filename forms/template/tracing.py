"""From a tag of a patched part back to the tag as its author wrote it, with its place.

docxtpl patches a part until Jinja can read it, and Jinja's line numbers are then of no use to a person. So a patched
tag is traced to the one :mod:`forms.template.tags` read: by its words, and by how many with the same words come before.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from forms.template.tags import Tag

_QUOTES: Final = str.maketrans("“”‘’", "\"\"''")
# {{r x}}, {%tr if y %}: docxtpl's letters say which element makes way for the tag.
_PREFIX: Final = re.compile(r"-?(?:tr|tc|p|r)\s")
_CELL_TAG: Final = re.compile(r"(?:cellbg|colspan)\b")


def trace(patched: Sequence[str], written: Sequence[Tag]) -> list[Tag | None]:
    """For each patched tag, in order, the one its author wrote, or None for one that docxtpl made (``{% hm %}``)."""
    by_key: dict[str, list[Tag]] = defaultdict(list)
    for tag in written:
        by_key[tag_key(tag.source)].append(tag)
    seen: Counter[str] = Counter()
    traced: list[Tag | None] = []
    for key in map(tag_key, patched):
        same = by_key.get(key, [])
        traced.append(same[min(seen[key], len(same) - 1)] if same else None)
        seen[key] += 1
    return traced


def tag_key(source: str) -> str:
    """What stays of a tag through docxtpl's patching."""
    kind, inner = source[:2], html.unescape(source[2:-2]).translate(_QUOTES)
    inner = _PREFIX.sub("", inner, count=1) if _PREFIX.match(inner) else inner
    inner = inner.removeprefix("-").removesuffix("-").strip()
    if kind == "{%" and _CELL_TAG.match(inner):
        kind, inner = "{{", _CELL_TAG.sub("", inner)
    return kind + re.sub(r"\s+", "", inner)
