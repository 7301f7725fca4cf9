"""Broken rosters, case files and own forms: what is wrong is told in words, whatever it is."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from cases.files.case_file import read_case_file
from cases.roster.read import read_roster
from cases.roster.write import new_roster
from forms.lint.check import check_path
from foundation.errors import DaibanError
from foundation.reading import TomlBoundsError, parse_toml
from tests.hostile.corpus import PLACES
from tests.hostile.mutations import mutations

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261130
OWN_FORM = ROOT / "tests" / "forms" / "reported" / "sectionpages"


def test_broken_rosters_are_told(tmp_path: Path) -> None:
    """A changed roster is read, or refused in words; never a traceback."""
    path = tmp_path / "roster.xlsx"
    new_roster(path)
    for number, changed in enumerate(mutations(path.read_bytes(), 30, SEED)):
        path.write_bytes(changed)
        ends_in_words(lambda: read_roster(path), f"mutation {number}")


def test_broken_case_files_are_told(tmp_path: Path) -> None:
    """The same of YAML and JSON."""
    sample = ROOT / "cases" / "samples"
    for source in islice(sorted(sample.rglob("*.yaml")), 2):
        for number, changed in enumerate(mutations(source.read_bytes(), 20, SEED)):
            for name in ("a.yaml", "a.json"):
                (tmp_path / name).write_bytes(changed)
                ends_in_words(lambda name=name: read_case_file(tmp_path / name), f"{source.name} {number}")


def test_broken_own_forms_are_told(tmp_path: Path) -> None:
    """The same of an own form's template and definition: the check gives findings, whatever is in them."""
    folder = Path(shutil.copytree(OWN_FORM, tmp_path / "own"))
    for name in ("template.docx", "form.toml"):
        whole = (folder / name).read_bytes()
        for number, changed in enumerate(mutations(whole, 20, SEED)):
            (folder / name).write_bytes(changed)
            ends_in_words(lambda: check_path(folder), f"{name} {number}")
        (folder / name).write_bytes(whole)


def ends_in_words(work: Callable[[], object], what: str) -> None:
    """Run ``work``; an error that people are not meant to read names what it came from."""
    try:
        work()
    except DaibanError as error:
        assert all(item.problem for item in error.problems), what
    except Exception as error:
        raise AssertionError(what) from error


TOML = sorted(path for place in PLACES[:1] for path in (place / "test_tomllib" / "data").rglob("*.toml"))


@pytest.mark.skipif(not TOML, reason="this Python came without its own tests")
def test_toml_of_pythons_own_tests_is_read_or_refused() -> None:
    """Every valid and invalid TOML document of Python's tests is read, or refused by one of two errors."""
    for path in TOML:
        try:
            parse_toml(path.read_bytes().decode("utf-8", "replace"))
        except (tomllib.TOMLDecodeError, TomlBoundsError):
            continue
