"""What may not be read or written is told, with place and advice; run as a user whom permissions bind."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.workspace_cases import load_cases
from daiban.registry import Decision, Registry
from daiban.settings import load_settings
from daiban.workspace import Workspace
from extractors.opening import collect, open_return
from forms.catalogue import Catalogue
from forms.lint.check import check_path
from foundation.errors import DaibanError, ExitCode, NotWritableError
from tests.unprivileged import as_somebody_else

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such permissions there")

OWN_FORM = Path(__file__).resolve().parents[1] / "forms" / "reported" / "sectionpages"


def refusal(work: Callable[[], object]) -> DaibanError:
    """The error that ``work`` ends with."""
    with pytest.raises(DaibanError) as raised:
        work()
    assert all(item.where and item.problem for item in raised.value.problems)
    return raised.value


def test_a_folder_that_cannot_be_written_is_told(open_folder: Path) -> None:
    """Neither a lock nor a published file comes to a folder without write permission."""
    workspace = Workspace.create(open_folder / "ws")
    shutil.rmtree(workspace.path / ".daiban")

    def work() -> None:
        workspace.path.chmod(0o500)
        with pytest.raises(NotWritableError, match="权限"), workspace.lock():
            raise AssertionError("locked")
        workspace.issued_root.chmod(0o500)
        staged = open_folder / "staged"
        staged.write_text("", "utf-8")
        told = refusal(lambda: workspace.publish(staged, workspace.issued("A-1", "form", ".pdf")))
        assert told.exit_code is ExitCode.NOT_WRITABLE

    as_somebody_else(open_folder, work)


def test_a_registry_that_cannot_be_written_is_told(open_folder: Path) -> None:
    """A registry without write permission is told as such."""
    path = open_folder / "registry.sqlite"
    now = dt.datetime.now(dt.UTC)
    decision = Decision(case_id="A", kind="reissue", subject="1", outcome="2", reason="试", by="张", at=now)
    Registry.open(path).close()

    def work() -> None:
        path.chmod(0o400)
        with pytest.raises(NotWritableError, match=r"只读|权限"), Registry.open(path) as registry:
            registry.decisions.record(decision)

    as_somebody_else(open_folder, work)


def test_what_cannot_be_read_is_told(open_folder: Path) -> None:
    """Settings, cases, own forms and returned files without read permission are named; none is taken for empty."""
    workspace = Workspace.create(open_folder / "ws")
    form = Path(shutil.copytree(OWN_FORM, workspace.forms / "own"))
    (workspace.cases / "a.yaml").write_text("id: A-1\n", "utf-8")
    assert not [item for item in check_path(workspace.forms) if item.severity == "error"]
    returned = open_folder / "back.pdf"
    returned.write_bytes(b"%PDF-1.7\n")

    def work() -> None:
        for path in (
            workspace.cases / "a.yaml",
            form / "form.toml",
            returned,
            workspace.path / "daiban.toml",
        ):
            path.chmod(0)
        assert load_cases(workspace.path).failures
        assert Catalogue.load(workspace.forms).problems
        assert check_path(workspace.forms)
        refusal(lambda: load_settings(workspace.path / "daiban.toml"))
        refusal(lambda: open_return(returned, returned.name))
        assert len(collect([returned]).files) == 1

    as_somebody_else(open_folder, work)
