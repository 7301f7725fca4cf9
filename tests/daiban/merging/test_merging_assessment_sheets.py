"""daiban/merging/assessment_sheets.py: scans are taken as verify saw them, and only those."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PIL import Image

from daiban.merging import assessment_sheets
from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.registry.registry import Registry
from extractors.identify import NoSighting
from forms.catalogue import Catalogue
from foundation.errors import CaseDataError

FORMS = assessment_forms(Catalogue.load().forms)
CITY = "assessment.approval.items.city"
ISSUED = {"project.name": "某项目", f"{CITY}.5": True, f"{CITY}.3": None}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "扫描.png"
    Image.new("L", (1654, 2339), 255).save(path)
    return path


def seen(field: str, state: str, kind: str = "checkbox", value: str | None = None) -> dict[str, Any]:
    return {"id": field, "kind": kind, "state": state, "value": value}


def registry(content: str, *observations: dict[str, Any], form: str = "jincheng-assessment") -> Registry:
    """A registry with one issue, and one verified page of it."""
    page = SimpleNamespace(content=content, facts={"observations": list(observations)})
    returns = SimpleNamespace(
        generations=lambda number: [SimpleNamespace(generation=1)],
        generation=lambda number, generation: SimpleNamespace(pages=(page,)),
    )
    issue = SimpleNamespace(number="7K3M9QX2", case_id="JC-1", form_id=form, values=ISSUED)
    stub = SimpleNamespace(mark_key=lambda: b"", find=lambda number: issue, returns=returns)
    return cast(Registry, stub)


def read(scan: Path, found: Registry | None) -> AssessmentSheet:
    return AssessmentSheetReader(FORMS, found).read(scan)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment_sheets, "sight", lambda raster, key: SimpleNamespace(issue="7K3M9QX2"))


def digest(scan: Path) -> str:
    return hashlib.sha256(scan.read_bytes()).hexdigest()


@pytest.mark.usefixtures("marked")
def test_a_verified_scan_is_what_verify_saw(scan: Path) -> None:
    """Ticks seen on paper join those that were printed; unsure boxes and unread writing are told as unsure."""
    line = "assessment.approval.items.county.text_0"
    tips = "assessment.approval.tips"
    found = registry(
        f"{digest(scan)}:1",
        seen(f"{CITY}.3", "filled"),
        seen(f"{CITY}.4", "unsure"),
        seen(f"{CITY}.0", "blank"),
        seen(line, "filled", "text"),
        seen(tips, "filled", "text", "先备案。"),
    )
    sheet = read(scan, found)
    assert [key for key, value in sheet.answers.items() if value is True] == [f"{CITY}.5", f"{CITY}.3"]
    assert sheet.unsure == (f"{CITY}.4", line)
    assert (sheet.text(tips), sheet.text(line)) == ("先备案。", None)
    assert (sheet.case, sheet.department) == ("JC-1", "扫描")


@pytest.mark.usefixtures("marked")
def test_a_scan_nobody_verified_is_refused(scan: Path) -> None:
    """Another file's observations are not this one's: verify first."""
    with pytest.raises(CaseDataError, match="没有核验过"):
        read(scan, registry("another:1", seen(f"{CITY}.3", "filled")))


@pytest.mark.usefixtures("marked")
def test_a_scan_of_another_form_is_refused(scan: Path) -> None:
    """A verified page of another form is no 研判表."""
    with pytest.raises(CaseDataError, match="不是研判表"):
        read(scan, registry(f"{digest(scan)}:1", form="jincheng-ledger"))


def test_papers_without_our_marks_are_refused(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan without page marks, or in a workspace that issued nothing, is nobody's."""
    monkeypatch.setattr(assessment_sheets, "sight", lambda raster, key: NoSighting.NO_MARK)
    with pytest.raises(CaseDataError, match="没有本工作区的页面标识"):
        read(scan, registry("x:1"))
    with pytest.raises(CaseDataError, match="还没有出具过文书"):
        read(scan, None)
