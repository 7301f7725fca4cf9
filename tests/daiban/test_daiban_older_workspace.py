"""A workspace of an older version: read as it was, and nothing in it is issued anew.

``fixtures/``, made by commit adc4c6e: a roster of two sample cases, and what ``status`` and ``archive`` said of them on
2026-11-30 with the registry of ``registry/fixtures`` (six documents out, four of them back complete); only advice that
named a form by its id names it by its title, as it does now. The issued files themselves are stand-ins; of the returned
ones there are none.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from daiban.archiving.archive_report import archive_report
from daiban.issuing import GenerateRequest, generate
from daiban.office import Office
from daiban.registry import Registry
from daiban.status import workspace_status
from daiban.workspace import Workspace

HERE = Path(__file__).parent
REPORTS = json.loads((HERE / "fixtures" / "reports-adc4c6e.json").read_text("utf-8"))
FORMS = ("jincheng-authorisation", "jincheng-completion", "jincheng-ledger")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    workspace = Workspace.create(tmp_path / "ws")
    shutil.copyfile(HERE / "fixtures" / "roster-adc4c6e.xlsx", workspace.roster)
    shutil.copyfile(
        HERE / "registry" / "fixtures" / "registry-adc4c6e.sqlite", workspace.path / "registry.sqlite"
    )
    with Registry.open(workspace.registry, create=False) as registry:
        files = [name for issue in registry.issues() for name in (issue.docx, issue.pdf) if name]
    for name in files:
        (workspace.path / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace.path / name).write_bytes(b"as issued")
    return Office(workspace, today=dt.date(2026, 11, 30))


def test_status_is_as_it_was(office: Office) -> None:
    """`status --json` says what the older version said; keys may have been added."""
    assert_holds(workspace_status(office).model_dump(mode="json"), REPORTS["status"])


def test_archive_is_as_it_was(office: Office) -> None:
    """`archive --json` says what the older version said; keys may have been added."""
    assert_holds(archive_report(office).model_dump(mode="json"), REPORTS["archive"])


def test_nothing_is_issued_anew(office: Office) -> None:
    """All six documents stand: neither their digests nor what they say have changed."""
    result = generate(office, GenerateRequest(forms=FORMS))
    assert (result.issued, result.failed, len(result.unchanged)) == ((), (), 6)


def assert_holds(now: Any, before: Any) -> None:
    """Everything that was said before is said now."""
    if isinstance(before, dict):
        for key, value in before.items():
            assert_holds(now[key], value)
    elif isinstance(before, list):
        assert len(now) == len(before)
        for item, value in zip(now, before, strict=True):
            assert_holds(item, value)
    else:
        assert now == before
