"""daiban/access_codes.py: a code lets in to one case, until it ends; nothing on record gives a code away."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest

from daiban.access_codes import (
    ALPHABET,
    access_codes,
    admission,
    admission_of,
    issue_code,
    withdraw_codes,
)
from daiban.history import case_history
from daiban.office import Office
from daiban.registry import Registry
from daiban.workspace import Workspace
from foundation.errors import UsageError

CASE, OTHER = "JC-2026-001", "JC-2026-006"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Workspace.create(tmp_path / "ws")
    for case_id in (CASE, OTHER):
        case = {"id": case_id, "project": {"name": "新建项目"}, "enterprise": {"name": "晋城某公司"}}
        (made.cases / f"{case_id}.json").write_text(json.dumps({"document": "jincheng", **case}), "utf-8")
    Registry.open(made.registry).close()
    return Office(made)


def lets_in(office: Office, typed: str, now: dt.datetime | None = None) -> str | None:
    with office.registry() as registry:
        assert registry is not None
        found = admission(registry, typed, now)
    return found.case_id if found else None


def test_a_code_lets_in_to_its_own_case(office: Office) -> None:
    """However it is typed: lower case, full width, without dashes; and no other code does."""
    code = issue_code(office, CASE, by="王芳", reason="另发").letters
    other = issue_code(office, OTHER, by="王芳", reason="另发").letters
    assert lets_in(office, code) == CASE and lets_in(office, other) == OTHER
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code.replace("-", ""))
    assert {lets_in(office, typed) for typed in (code.lower(), f" {code.replace('-', ' ')} ", wide)} == {CASE}
    wrong = code[:-1] + next(letter for letter in ALPHABET if letter != code[-1])
    for typed in (wrong, "", code[:-1], f"{code}A", "委托书", "0" * 12, code * 100):
        assert lets_in(office, typed) is None


def test_letters_cannot_be_taken_for_each_other() -> None:
    """Of each pair that looks alike at most one is in use; a code has at least 55 bits."""
    for pair in ("0O", "1I", "1L", "2Z", "5S", "8B", "UV"):
        assert sum(letter in ALPHABET for letter in pair) <= 1
    assert len(set(ALPHABET)) == len(ALPHABET) and len(ALPHABET) ** 12 > 2**55


def test_a_code_ends_by_its_day_and_by_a_person(office: Office) -> None:
    """Past its day, or withdrawn, it lets nobody in, by its letters or by what a session holds; a new one does."""
    first = issue_code(office, CASE, by="王芳", reason="另发")
    kept = issue_code(office, OTHER, by="王芳", reason="另发")
    late = first.expires_at + dt.timedelta(seconds=1)
    assert lets_in(office, first.letters, late) is None
    with office.registry() as registry:
        assert registry is not None
        held = admission(registry, first.letters)
        assert held is not None
    assert withdraw_codes(office, CASE, by="李刚", reason="纸丢了") == 1
    assert lets_in(office, first.letters) is None and lets_in(office, kept.letters) == OTHER
    with office.registry() as registry:
        assert registry is not None and admission_of(registry, held.digest) is None
    again = issue_code(office, CASE, by="李刚", reason="另发")
    assert lets_in(office, again.letters) == CASE and again.letters != first.letters
    assert [one.state for one in access_codes(office, CASE).codes] == ["withdrawn", "stands"]


def test_nothing_on_record_gives_a_code_away(office: Office) -> None:
    """The registry's bytes hold no letters of a code, nor a plain hash of them; history names who and when."""
    code = issue_code(office, CASE, by="王芳", reason="印在材料包的签署指引上").letters
    bare = code.replace("-", "")
    place = office.workspace.registry
    assert isinstance(place, Path)
    files = [path.read_bytes() for path in place.parent.glob("registry.sqlite*")]
    for kept in (code, bare, hashlib.sha256(bare.encode()).hexdigest()):
        assert all(kept.encode() not in content for content in files)
    (event,) = case_history(office, CASE).events
    assert "王芳发放访问码" in event.text and event.issue is None


def test_a_case_without_codes_is_told_from_no_case(office: Office) -> None:
    """No code yet is an answer; a case that nobody knows is a usage error, for making one too."""
    assert access_codes(office, CASE).codes == ()
    for ask in (lambda: access_codes(office, "JC-9"), lambda: issue_code(office, "JC-9", by="x", reason="y")):
        with pytest.raises(UsageError):
            ask()
