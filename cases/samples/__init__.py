"""Invented cases of different kinds, for trying the program and for its tests: ten of 晋城, which make a roster,
and those of other documents.

Companies, people, numbers and codes are made up (the codes' check digits are right); matters and materials
are those that 晋市审管发〔2022〕28号 prints, and a few that it does not print, which go to blank lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cases.files.case_file import read_case_file
from cases.model.case import Case
from foundation.errors import CaseDataError

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
"""The sample files of 晋城's cases, exactly: what ships with the package."""
CASE_FILES = (
    "as-2026.yaml",
    "jc-2026-011.yaml",
    "jk-2026.yaml",
    "jx-2026-001.yaml",
    "yc-2026-001.yaml",
    "yc-2026-002.yaml",
)
"""The sample files of the other documents' cases, and of 晋城's that call for papers the ten have no occasion for."""


def load_sample() -> tuple[Case, ...]:
    """The ten cases in order. Errors: CaseDataError for a wrong one, which the tests exclude."""
    return _read(NAMES)


def load_case_files() -> tuple[Case, ...]:
    """The cases of ``CASE_FILES`` in order. Errors: as above."""
    return _read(CASE_FILES)


def sample_path(name: str) -> Path:
    """The path of a sample file."""
    return Path(__file__).with_name(name)


def _read(names: Iterable[str]) -> tuple[Case, ...]:
    cases: list[Case] = []
    for name in names:
        found = read_case_file(sample_path(name))
        if found.problems:
            raise CaseDataError(*found.problems)
        cases += found.cases
    return tuple(cases)
