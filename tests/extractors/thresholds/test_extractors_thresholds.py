"""The file of thresholds: every number says by itself what it is of, in which unit, and where it comes from."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from extractors.thresholds import FILE, load_thresholds

SECTIONS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
ENTRIES = [(section, name, entry) for section, found in SECTIONS.items() for name, entry in found.items()]
#: What an origin would begin with, or say, that can be understood only beside the entry before it.
LEANING = re.compile(
    r"(and|or|but|so|also|then|such|beyond it|below it|as for|of (such|that|those|them|these))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("section", "name", "entry"), ENTRIES, ids=[f"{section}.{name}" for section, name, _ in ENTRIES]
)
def test_an_origin_stands_alone(section: str, name: str, entry: dict[str, Any]) -> None:
    """No origin leans on the entry before it, and none is without a unit."""
    assert set(entry) == {"value", "unit", "origin"}
    assert entry["unit"] and len(entry["origin"]) > 15
    assert not LEANING.match(entry["origin"])
    assert "the same" not in f"{entry['origin']} {entry['unit']}".lower()


def test_no_two_entries_of_a_section_have_one_origin() -> None:
    """An origin that stands twice says of one of the two numbers nothing."""
    twice = Counter((section, entry["origin"]) for section, _, entry in ENTRIES)
    assert [key for key, count in twice.items() if count > 1] == []


def test_the_file_is_what_the_code_names() -> None:
    """Every entry is read by a name, and none is missing."""
    assert load_thresholds().text.filled_mm == SECTIONS["text"]["filled_mm"]["value"]
