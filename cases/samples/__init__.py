"""Ten invented cases of different kinds, for trying the program out and for its tests.

Companies, people, numbers and codes are made up (the codes' check digits are right); matters and materials
are those that 晋市审管发〔2022〕28号 prints, and a few that it does not print, which go to blank lines.
"""

from __future__ import annotations

from pathlib import Path

from cases.casefile import read_case_file
from cases.model import Case
from daiban.errors import CaseDataError

NAMES = (
    "jc-2026-001.yaml",
    "jc-2026-002.yaml",
    "jc-2026-003.yaml",
    "jc-2026-004.yaml",
    "jc-2026-005.yaml",
    "jc-2026-006.yaml",
    "jc-2026-007.yaml",
    "jc-2026-008.yaml",
    "jc-2026-009.yaml",
    "jc-2026-010.yaml",
)
"""The sample files, exactly: what ships with the package."""


def load_sample() -> tuple[Case, ...]:
    """The ten cases in order. Errors: CaseDataError if one of them were wrong, which the tests exclude."""
    cases: list[Case] = []
    for name in NAMES:
        found = read_case_file(Path(__file__).with_name(name))
        if found.problems:
            raise CaseDataError(*found.problems)
        cases += found.cases
    return tuple(cases)
