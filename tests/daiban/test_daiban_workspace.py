"""A workspace's places, its lock and its way of publishing files."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daiban.sample import make_workspace
from daiban.workspace import Workspace
from foundation.errors import ExitCode, NotWritableError, UsageError
from foundation.writing import not_writable
from tests.small_disk import enlarge, small_disk

_HOLD = """
import sys, time
from daiban.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
with workspace.lock(), workspace.staging() as staging:
    (staging / "half").write_text("half")
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "工作区")


@pytest.fixture
def holder(workspace: Workspace):
    """Another process that holds the workspace in the middle of its work."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, workspace.path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_created_workspace_opens(workspace: Workspace) -> None:
    """What create makes, open accepts, with every place of the contract under it."""
    opened = Workspace.open(workspace.path)
    root = workspace.path
    assert opened == workspace
    assert opened.roster == root / "roster.xlsx"
    assert opened.registry == root / "registry.sqlite"
    assert (
        opened.issued("JC-2026-001", "jincheng-ledger", ".pdf")
        == root / "issued/JC-2026-001/jincheng-ledger.pdf"
    )
    assert opened.returned("案1", "f") == root / "returned/案1/f"
    assert all(
        place.is_dir() for place in (opened.cases, opened.issued_root, opened.returned_root, opened.reports)
    )
    assert not opened.has_issued


def test_registry_may_be_a_database_elsewhere(workspace: Workspace) -> None:
    """A registry address in the settings takes the place of the workspace's own file."""
    (workspace.path / "daiban.toml").write_text('[registry]\nurl = "postgresql://h/d"\n', encoding="utf-8")
    assert Workspace.open(workspace.path).registry == "postgresql://h/d"


def test_create_twice_is_refused(workspace: Workspace) -> None:
    """A workspace is never made over another one."""
    with pytest.raises(UsageError, match="已经是工作区"):
        Workspace.create(workspace.path)


def test_create_over_other_things_is_refused(tmp_path: Path) -> None:
    """A folder with other things in it is left alone, and one of them is named."""
    (tmp_path / "照片.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match=r"照片\.jpg"):
        Workspace.create(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["照片.jpg"]


def test_create_over_a_file_is_refused(tmp_path: Path) -> None:
    """A file in the way of the folder is named as one."""
    (tmp_path / "f").write_text("x")
    with pytest.raises(UsageError, match="是一个文件"):
        Workspace.create(tmp_path / "f")


def test_create_finishes_a_killed_create(workspace: Workspace) -> None:
    """What a killed init left behind does not stop the next one."""
    (workspace.path / "daiban.toml").unlink()
    assert Workspace.create(workspace.path).path == workspace.path


def test_open_something_else_advises_init(tmp_path: Path) -> None:
    """A folder that is no workspace, and one that is not there, are told apart and advised the same."""
    with pytest.raises(UsageError, match=r"里面没有 daiban\.toml.*daiban init"):
        Workspace.open(tmp_path)
    with pytest.raises(UsageError, match=r"没有这个文件夹.*daiban init"):
        Workspace.open(tmp_path / "没有")


@pytest.mark.parametrize("case_id", ["../x", "a/b", "a\\b", "..", ".", "", " ", "a\x00b", "a\nb", "C:x"])
def test_no_id_leaves_its_folder(workspace: Workspace, case_id: str) -> None:
    """An id that would lead elsewhere is refused, whoever forgot to check it."""
    with pytest.raises(UsageError):
        workspace.issued(case_id, "form", ".docx")
    with pytest.raises(UsageError):
        workspace.returned("case", case_id)


def test_publish_moves_the_whole_file(workspace: Workspace) -> None:
    """A published file is in its place with its content, and the staging folder is gone afterwards."""
    target = workspace.issued("案1", "form", ".docx")
    with workspace.lock(), workspace.staging() as staging:
        (staging / "a").write_bytes(b"content")
        workspace.publish(staging / "a", target)
    assert target.read_bytes() == b"content"
    assert not staging.exists()
    assert workspace.has_issued
    assert workspace.relative(target) == "issued/案1/form.docx"


def test_publish_outside_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing is published outside the workspace."""
    staged = workspace.path / "x"
    staged.write_bytes(b"x")
    for target in (tmp_path / "y", workspace.path / "issued/../../y", workspace.path):
        with pytest.raises(UsageError, match="工作区之外"):
            workspace.publish(staged, target)


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EDQUOT, "超出了磁盘配额"),
        (errno.EACCES, "没有写入权限"),
        (errno.EROFS, "只读"),
        (errno.EIO, "无法写入"),
    ],
)
def test_failed_publish_keeps_what_was_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, number: int, cause: str
) -> None:
    """When the disk refuses, the error says where and why, and the old file stands untouched."""
    target = workspace.issued("案1", "form", ".pdf")
    target.parent.mkdir()
    target.write_bytes(b"old")

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with workspace.lock(), workspace.staging() as staging:
        (staging / "a").write_bytes(b"new")
        with pytest.raises(NotWritableError, match=cause) as caught:
            workspace.publish(staging / "a", target)
    assert caught.value.exit_code is ExitCode.NOT_WRITABLE
    assert caught.value.problems[0].where == str(target)
    assert caught.value.problems[0].advice
    assert target.read_bytes() == b"old"


def test_file_in_the_way_of_a_folder(workspace: Workspace) -> None:
    """A file standing where a case's folder belongs is an error about that place."""
    (workspace.issued_root / "案1").write_text("x")
    with workspace.lock(), workspace.staging() as staging:
        (staging / "a").write_bytes(b"new")
        with pytest.raises(NotWritableError, match="案1"):
            workspace.publish(staging / "a", workspace.issued("案1", "form", ".pdf"))


def test_staging_needs_the_lock(workspace: Workspace) -> None:
    """Staging without the lock is a mistake in the program, and is told as one."""
    with pytest.raises(RuntimeError), workspace.staging():
        pass


def test_second_process_is_told_and_waits(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    """A second process says that it waits, and goes on as soon as the first one is gone, even killed."""
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        holder.kill()

    with workspace.lock(timeout_s=30, say=tell):
        assert len(told) == 1
        assert "另一个程序正在使用工作区" in told[0]


def test_lock_held_too_long(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    """A workspace that stays taken is an error after the timeout, not an endless wait."""
    began = time.monotonic()
    with pytest.raises(NotWritableError, match="占用"), workspace.lock(timeout_s=0.3, say=lambda _: None):
        pass
    assert time.monotonic() - began < 10


def test_leftovers_of_a_killed_run_are_cleared(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    """Whoever takes the lock next removes what a killed run left in staging."""
    private = workspace.path / ".daiban"
    holder.kill()
    holder.wait()
    assert list(private.glob("staging-*/half"))
    with workspace.lock():
        assert not list(private.glob("staging-*"))


def test_unknown_cause_is_still_told() -> None:
    """A cause without a sentence of its own is told by its number, with place and advice."""
    (problem,) = not_writable("/x", OSError(9999, "rare")).problems
    assert (problem.where, problem.problem) == ("/x", "无法写入：系统错误 9999")
    assert problem.advice


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
def test_what_the_command_makes_is_its_owners_only(tmp_path: Path) -> None:
    """Whatever mask the command is started with, nobody else can read what it makes."""
    code = "import os, sys; os.umask(0); from daiban.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run(
        [sys.executable, "-c", code, "init", tmp_path / "ws", "--sample"], check=True, capture_output=True
    )
    made = [tmp_path / "ws", *(tmp_path / "ws").rglob("*")]
    assert len(made) > 5
    assert not [path for path in made if path.stat().st_mode & 0o077]


def test_a_workspace_that_cannot_be_finished_is_none(tmp_path: Path) -> None:
    """Without room for its roster a new workspace is not begun: with room, init makes it at the same place."""
    with small_disk(tmp_path / "disk", "64k") as disk:
        with pytest.raises(NotWritableError, match="磁盘已满"):
            make_workspace(disk / "ws", sample=True)
        enlarge(disk)
        made = make_workspace(disk / "ws", sample=True)
        assert made.roster.is_file() and Path(made.registry).is_file()
