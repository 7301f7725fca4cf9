"""Links in a workspace that lead out of it are not followed, for reading or for writing; nor are pipes waited for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cases.workspace_cases import load_cases
from daiban.documents.issue_check import check_files
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.lint.check import check_path
from foundation.digests import sha256_of_bytes, sha256_of_file_if_readable
from foundation.errors import DaibanError, NotWritableError, UsageError
from foundation.reading import LEADS_OUT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")

REPORTED = Path(__file__).resolve().parents[1] / "forms" / "reported"
KEPT = (
    "daiban.toml roster.xlsx import.toml cases forms issued returned unplaced inbox reports packets prints"
    " registry.sqlite registry.sqlite-wal"
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody's own, with a file in it."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new workspace."""
    return Workspace.create(tmp_path / "ws")


@pytest.mark.parametrize("name", [*KEPT.split(), ".daiban/lock", ".daiban"])
def test_a_workspace_whose_parts_lead_out_of_it_is_refused(
    name: str, workspace: Workspace, outside: Path
) -> None:
    """Neither a file nor a folder that the program keeps may be a link to somewhere else; it is named."""
    place = workspace.path / name
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    place.symlink_to(outside if place.suffix == "" and "lock" not in name else outside / "mine.txt")
    with pytest.raises(UsageError) as refused:
        Workspace.open(workspace.path)
    assert [(item.where, item.problem) for item in refused.value.problems] == [(str(place), LEADS_OUT)]
    assert (outside / "mine.txt").read_text("utf-8") == "mine"


def test_links_within_and_links_to_the_workspace_are_followed(tmp_path: Path, workspace: Workspace) -> None:
    """A workspace may be reached by a link, and its parts may stand elsewhere in it."""
    (workspace.path / "数据").mkdir()
    (workspace.path / "reports").rmdir()
    (workspace.path / "reports").symlink_to("数据")
    (tmp_path / "link").symlink_to(workspace.path)
    assert Workspace.open(tmp_path / "link").path == workspace.path


@pytest.mark.parametrize("name", ["a.yaml", "a.json", "A-1.case.yaml", "A-1.assessment.yaml"])
def test_case_files_that_are_links_are_not_read(name: str, workspace: Workspace, outside: Path) -> None:
    """A case file that leads out of the workspace fails by itself; nothing of what it leads to is said."""
    (workspace.cases / name).symlink_to(outside / "mine.txt")
    found = load_cases(workspace.path)
    said = [(item.where, item.problem) for error in found.failures for item in error.problems]
    said += [(item.where, item.problem) for refused in found.rejected for item in refused.problems]
    assert said == [(f"cases/{name}", LEADS_OUT)]


@pytest.mark.parametrize("part", ["form.toml", "template.docx"])
def test_own_forms_that_are_links_are_not_read(part: str, workspace: Workspace, outside: Path) -> None:
    """A part of an own form that leads out of the folder is refused, by the check as by whoever issues."""
    folder = Path(shutil.copytree(REPORTED / "sectionpages", workspace.forms / "own"))
    (folder / part).rename(outside / part)
    (folder / part).symlink_to(outside / part)
    problems = Catalogue.load(workspace.forms).problems
    assert [item.problem for item in problems] == [LEADS_OUT]
    assert [item.problem for item in check_path(workspace.forms)] == [LEADS_OUT]


def test_an_issued_file_that_is_a_link_is_gone(workspace: Workspace, outside: Path) -> None:
    """What stands in an issued file's place by a link out of the workspace does not count, whatever it says."""
    (workspace.issued_root / "A-1").symlink_to(outside)
    assert check_files(workspace.path, {"issued/A-1/mine.txt": sha256_of_bytes(b"mine")}).gone


def test_nothing_is_published_over_a_link(workspace: Workspace, outside: Path) -> None:
    """A case's folder that leads out of the workspace gets no files: that document fails, the link stays."""
    (workspace.issued_root / "A-1").symlink_to(outside)
    with workspace.lock(), workspace.staging() as staging:
        (staging / "new").write_text("new", "utf-8")
        with pytest.raises(NotWritableError):
            workspace.publish(staging / "new", workspace.issued("A-1", "form", ".pdf"))
    assert [path.name for path in outside.iterdir()] == ["mine.txt"]


def test_a_pipe_in_a_files_place_is_not_waited_for(workspace: Workspace) -> None:
    """A pipe where a file on record should be has no digest, and nobody waits for its writer."""
    os.mkfifo(workspace.issued_root / "pipe")
    assert sha256_of_file_if_readable(workspace.issued_root / "pipe") is None
    os.mkfifo(workspace.roster)
    with pytest.raises(DaibanError):
        Workspace.open(workspace.path)
