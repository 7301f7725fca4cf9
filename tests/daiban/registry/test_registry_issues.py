"""The registry of what was issued."""

import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from daiban.registry import Decision, IssueRecord, IssueSummary, PaperKey, Registry
from forms.geometry import Box, FieldArea
from foundation.errors import ExitCode, NotWritableError, ToolMissingError, UnreadableError, UsageError

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "登记 registry.sqlite"


@pytest.fixture
def registry(path: Path):
    with Registry.open(path) as opened:
        yield opened


def an_issue(number: str, case_id: str = "案1", form_id: str = "f", minutes: int = 0) -> IssueRecord:
    return IssueRecord(
        number=number,
        case_id=case_id,
        form_id=form_id,
        digest="d" * 64,
        values={"project.name": "𠮷&<>\n厂", "assessment.approval.items.city.0": True},
        areas=(FieldArea("authorisation.date", "date", 2, Box(10.5, 20, 30, 40.25), True),),
        blank=("authorisation.date", "contact.phone"),
        pages=2,
        page_sizes=((210, 297), (297, 210)),
        docx=f"issued/{case_id}/{form_id}.docx",
        pdf=f"issued/{case_id}/{form_id}.pdf",
        docx_sha256="a" * 64,
        pdf_sha256="b" * 64,
        created_at=NOW + timedelta(minutes=minutes),
    )


def summary_of(record: IssueRecord) -> IssueSummary:
    return IssueSummary(**{field.name: getattr(record, field.name) for field in fields(IssueSummary)})


def test_record_comes_back_whole(registry: Registry) -> None:
    """Everything recorded comes back as it was, rare characters, boxes and page sizes included."""
    record = an_issue("7K3M9QX2")
    registry.record([record])
    assert registry.find("7K3M9QX2") == record
    assert registry.current_for("案1", "f") == record
    assert registry.current() == {PaperKey("案1", "f"): summary_of(record)}
    assert registry.issues() == [summary_of(record)]


def test_unknown_number_and_case(registry: Registry) -> None:
    """What never went out is None, not an error."""
    assert registry.find("00000000") is None
    assert registry.current_for("案1", "f") is None
    assert registry.current() == {}
    registry.record([])


def test_what_stands_instead_is_never_void_itself(registry: Registry) -> None:
    """Superseded twice: both older issues name the one that stands, never the one in between."""
    for minutes, number in enumerate(("AAAAAAAA", "BBBBBBBB", "CCCCCCCC")):
        registry.record([an_issue(number, minutes=minutes)])
        registry.mark_published([number], NOW)
    for number in ("AAAAAAAA", "BBBBBBBB"):
        void = registry.find(number)
        assert void is not None
        assert void.is_void
        assert registry.standing_instead(void) == "CCCCCCCC"


def test_a_stages_paper_supersedes_its_own_only(registry: Registry) -> None:
    """Papers that exist per stage stand side by side; a newer one of a stage supersedes that stage's alone."""
    first, second = "立项用地规划许可", "工程建设许可"
    for minutes, (number, stage) in enumerate((("A", first), ("B", second), ("C", second))):
        registry.record([replace(an_issue(number, minutes=minutes), stage=stage)])
        registry.mark_published([number], NOW)
    assert {key.stage: one.number for key, one in registry.current().items()} == {first: "A", second: "C"}


def test_a_withdrawn_issue_does_not_stand_until_it_is_restored(registry: Registry) -> None:
    """Withdrawn, an issue is current no longer, and both decisions stay on record; restored, it is as before."""
    registry.record([an_issue("A")])
    registry.mark_published(["A"], NOW)
    before = registry.current()
    said = {"case_id": "案1", "subject": "A", "by": "王建国", "at": NOW}
    withdrawn = Decision(kind="withdraw", reason="发错了单位", **said)
    registry.withdraw(withdrawn)
    assert registry.current() == {}
    void = registry.find("A")
    assert void is not None
    assert (void.is_void, registry.standing_instead(void)) == (True, None)
    restored = Decision(kind="restore", reason="没有发错", **said)
    registry.restore(restored)
    assert registry.current() == before
    assert registry.decisions.of_case("案1") == [withdrawn, restored]
    assert registry.decisions.latest(["withdraw", "restore"]) == {"A": restored}


def test_a_moved_paper_is_found_in_its_new_place(registry: Registry) -> None:
    """All issues of a paper move together, void ones too; those without a PDF still have none."""
    registry.record([an_issue("A"), an_issue("B", minutes=1), an_issue("C", form_id="g")])
    registry.record([replace(an_issue("D", minutes=2), pdf=None, pdf_sha256=None)])
    registry.move(PaperKey("案1", "f"), "issued/案1/阶段/f.docx", "issued/案1/阶段/f.pdf")
    moved = ("issued/案1/阶段/f.docx", "issued/案1/阶段/f.pdf")
    assert {one.number: (one.docx, one.pdf) for one in registry.issues()} == {
        "A": moved,
        "B": moved,
        "C": ("issued/案1/g.docx", "issued/案1/g.pdf"),
        "D": (moved[0], None),
    }


def test_without_pdf(registry: Registry) -> None:
    """An issue whose PDF could not be made is recorded without one."""
    record = replace(an_issue("1"), pdf=None, pdf_sha256=None)
    registry.record([record])
    assert registry.find("1") == record


def test_time_zones_do_not_matter(registry: Registry) -> None:
    """A time given in Beijing's zone comes back as the same moment."""
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    registry.record([replace(an_issue("1"), created_at=beijing)])
    found = registry.find("1")
    assert found is not None
    assert found.created_at == NOW
    assert found.created_at.tzinfo is UTC


def test_recording_again_replaces(registry: Registry) -> None:
    """Recording a number again replaces all of it and leaves no page behind."""
    registry.record([an_issue("1"), an_issue("2", form_id="g")])
    shorter = replace(an_issue("1"), pages=1, page_sizes=((210, 297),), values={})
    registry.record([shorter])
    assert registry.find("1") == shorter
    assert registry.find("2") == an_issue("2", form_id="g")


def test_a_batch_is_recorded_whole_or_not_at_all(registry: Registry) -> None:
    """One issue that cannot be stored leaves none of its batch behind."""
    with pytest.raises(StatementError, match="serializable"):
        registry.record([an_issue("1"), replace(an_issue("2"), values={"x": object()})])
    assert registry.issues() == []


def test_newer_supersedes_older(registry: Registry) -> None:
    """A published issue supersedes older ones of the same form of the same case, and no others."""
    registry.record([an_issue("A"), an_issue("B", form_id="g"), an_issue("C", case_id="案2")])
    registry.mark_published(["A", "B", "C"], NOW)
    registry.record([an_issue("D", minutes=5)])
    later = NOW + timedelta(minutes=6)
    registry.mark_published(["D"], later)
    assert {key: item.number for key, item in registry.current().items()} == {
        PaperKey("案1", "f"): "D",
        PaperKey("案1", "g"): "B",
        PaperKey("案2", "f"): "C",
    }
    old = registry.find("A")
    assert old is not None
    assert (old.superseded_by, old.superseded_at, old.published_at) == ("D", later, NOW)
    assert [item.number for item in registry.issues("案1")] == ["A", "B", "D"]


def test_values_of_what_is_out(registry: Registry) -> None:
    """Only what stands and is published with a PDF is told by its values; the bulk beside them is left alone."""
    registry.record([an_issue("A"), an_issue("B", form_id="g"), an_issue("C", form_id="h")])
    registry.record([replace(an_issue("E", case_id="案3"), pdf=None, pdf_sha256=None)])
    registry.mark_published(["A", "B", "E"], NOW)
    registry.record([an_issue("D", minutes=5)])
    registry.mark_published(["D"], NOW)
    (older, newer) = registry.values_out()
    assert [older.number, newer.number] == ["B", "D"]
    assert (newer.form_id, newer.pages, newer.values) == ("f", 2, an_issue("D").values)


def test_older_stays_until_newer_is_published(registry: Registry) -> None:
    """An issue recorded but not published is current, and supersedes nothing yet."""
    registry.record([an_issue("A")])
    registry.mark_published(["A"], NOW)
    registry.record([an_issue("D", minutes=5)])
    current = registry.current()[PaperKey("案1", "f")]
    assert (current.number, current.published_at) == ("D", None)
    old = registry.find("A")
    assert old is not None
    assert old.superseded_by is None


def test_a_clock_that_was_put_back_supersedes_as_ever(registry: Registry) -> None:
    """What is published later stands, also where the clock says that it was made before the other."""
    registry.record([an_issue("A", minutes=600)])
    registry.mark_published(["A"], NOW + timedelta(minutes=601))
    registry.record([an_issue("B", minutes=5)])
    registry.mark_published(["B"], NOW + timedelta(minutes=6))
    assert [item.number for item in registry.current().values()] == ["B"]
    old = registry.find("A")
    assert old is not None
    assert old.superseded_by == "B"


def test_made_at_the_same_moment_only_one_falls(registry: Registry) -> None:
    """Two issues of the same moment never supersede each other."""
    registry.record([an_issue("A"), an_issue("B")])
    registry.mark_published(["B", "A"], NOW)
    assert [item.number for item in registry.current().values()] == ["B"]


def test_publishing_an_unknown_number_is_a_bug(registry: Registry) -> None:
    """Publishing what was not recorded fails loudly and changes nothing."""
    registry.record([an_issue("A")])
    with pytest.raises(KeyError):
        registry.mark_published(["A", "Z"], NOW)
    found = registry.find("A")
    assert found is not None
    assert found.published_at is None


def test_numbers_are_crockford_and_unique(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """New numbers are eight characters without I, L, O, U, differ from each other and from all on record."""
    numbers = registry.new_numbers(2000)
    assert len(set(numbers)) == 2000
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", number) for number in numbers)
    registry.record([an_issue("AAAAAAAA")])
    drawn = iter("A" * 8 + "B" * 8 + "B" * 8 + "C" * 8)
    monkeypatch.setattr("daiban.registry.registry.secrets.choice", lambda _: next(drawn))
    assert sorted(registry.new_numbers(2)) == ["BBBBBBBB", "CCCCCCCC"]


def test_mark_key_is_made_once(path: Path) -> None:
    """The mark key is 32 bytes, the same at every opening, and another one elsewhere."""
    with Registry.open(path) as first:
        key = first.mark_key()
    with Registry.open(path, create=False) as second:
        assert second.mark_key() == key
    with Registry.open(path.with_name("other")) as other:
        assert other.mark_key() != key
    assert len(key) == 32


def test_many_issues_in_one_batch(registry: Registry) -> None:
    """A batch larger than a statement's limit on values is recorded, replaced and published."""
    records = [an_issue(f"{n:08}", case_id=f"案{n}") for n in range(1300)]
    registry.record(records)
    registry.record(records)
    registry.mark_published([record.number for record in records], NOW)
    assert len(registry.current()) == 1300
    assert all(item.published_at == NOW for item in registry.issues())


_RECORD_AND_DIE = """
registry = Registry.open(path)
registry.record([an_issue("A")])
os.kill(os.getpid(), signal.SIGKILL)
"""
_RECORD_SOME = """
with Registry.open(path) as registry:
    for n in range(20):
        (number,) = registry.new_numbers(1)
        registry.record([an_issue(number, case_id=f"案{os.getpid()}", form_id=f"f{n}")])
        registry.mark_published([number], NOW)
    print(registry.mark_key().hex())
"""


def _start(body: str, path: Path) -> "subprocess.Popen[str]":
    """Run ``body`` in a process of its own, with this module's names."""
    head = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[2])\n"
        "from test_registry_issues import *\n"
        "path = sys.argv[1]\n"
    )
    script = [sys.executable, "-c", head + body, str(path), str(Path(__file__).parent)]
    return subprocess.Popen(script, stdout=subprocess.PIPE, text=True)


def test_kill_between_record_and_publish(path: Path) -> None:
    """A process killed after recording leaves the record, unpublished, and the next one completes it."""
    with _start(_RECORD_AND_DIE, path) as process:
        assert process.wait() == -signal.SIGKILL
    with Registry.open(path, create=False) as registry:
        assert registry.current_for("案1", "f") == an_issue("A")
        registry.mark_published(["A"], NOW)
        assert registry.current()[PaperKey("案1", "f")].published_at == NOW


def test_processes_share_a_registry(path: Path) -> None:
    """Four processes that make and fill one registry at once agree on its key and lose nothing."""
    processes = [_start(_RECORD_SOME, path) for _ in range(4)]
    keys = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert len(keys) == 1
    with Registry.open(path, create=False) as registry:
        assert len(registry.current()) == 80


def test_missing_registry_is_not_made_anew(path: Path) -> None:
    """Where one must be, a missing registry is a loss to report, and no empty one appears."""
    with pytest.raises(UnreadableError, match="从备份恢复"):
        Registry.open(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_what_is_no_registry_is_left_alone(path: Path, content: bytes) -> None:
    """An empty or foreign file is refused with the advice to restore, and stays as it is."""
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match="从备份恢复") as caught:
        Registry.open(path)
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert path.read_bytes() == content


def test_damaged_registry(path: Path) -> None:
    """A registry with its middle overwritten is told as damaged."""
    with Registry.open(path) as registry:
        registry.record([an_issue(f"{n:08}", case_id=f"案{n}") for n in range(500)])
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 100_000)
    with pytest.raises(UnreadableError, match="损坏"), Registry.open(path) as registry:
        registry.issues()


def test_a_database_of_something_else(path: Path) -> None:
    """A database without our tables is refused, not adopted."""
    with sqlite3.connect(path) as connection:
        connection.execute("create table x (y)")
    connection.close()
    with pytest.raises(UnreadableError, match="不是登记库"):
        Registry.open(path)


def test_registry_of_a_newer_program(path: Path) -> None:
    """A registry of another format version is refused with both versions."""
    Registry.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("update meta set value = '99' where key = 'schema'")
    connection.close()
    with pytest.raises(UnreadableError, match="第 99 版"):
        Registry.open(path)


def test_lost_key_is_told(path: Path) -> None:
    """A registry without its mark key says so instead of making another key."""
    Registry.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("delete from meta where key = 'mark_key'")
    connection.close()
    with Registry.open(path) as registry, pytest.raises(UnreadableError, match="密钥"):
        registry.mark_key()


def test_locked_registry(path: Path, registry: Registry) -> None:
    """A registry that another program keeps locked is told as such after waiting."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with (
            Registry.open(path, busy_timeout_s=0.1) as waiting,
            pytest.raises(NotWritableError, match="占用"),
        ):
            waiting.record([an_issue("A")])
    finally:
        other.close()
    assert registry.issues() == []


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A registry that cannot be made is an output that cannot be written."""
    with pytest.raises(NotWritableError):
        Registry.open(tmp_path / "no" / "registry.sqlite")


def test_who_wrote_leaves_nothing_to_who_only_reads(path: Path, tmp_path: Path) -> None:
    """What was written stands in the file itself when its writer closes, though somebody else has it open: readers are
    left no work that locks everybody out, and a copy of the file alone is whole.
    """
    with Registry.open(path) as writer:
        writer.record([an_issue("AAAAAAA2")])
        other = sqlite3.connect(path)
        other.execute("SELECT count(*) FROM issue").fetchall()
    try:
        copy = tmp_path / "copy.sqlite"
        copy.write_bytes(path.read_bytes())
    finally:
        other.close()
    with Registry.open(copy, create=False) as copied:
        assert copied.find("AAAAAAA2") is not None


def test_works_by_url(path: Path) -> None:
    """A database URL opens the same registry as a path."""
    with Registry.open(f"sqlite:///{path}") as registry:
        registry.record([an_issue("A")])
    with Registry.open(path) as registry:
        assert registry.find("A") == an_issue("A")


@pytest.mark.parametrize("address", ["what://x", "://"])
def test_a_wrong_url_is_the_settings_fault(address: str) -> None:
    """An address that is none is told as a wrong setting."""
    with pytest.raises(UsageError, match="地址"):
        Registry.open(address)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_registry_in_memory_is_refused(url: str) -> None:
    """A registry that is gone with the process holds no key of page marks."""
    with pytest.raises(UsageError, match="内存"):
        Registry.open(url)


def test_a_database_without_its_driver() -> None:
    """A server whose driver is not installed is told as a missing tool, by the driver's name."""
    with pytest.raises(ToolMissingError, match="pg8000"):
        Registry.open("postgresql+pg8000://h/d")
