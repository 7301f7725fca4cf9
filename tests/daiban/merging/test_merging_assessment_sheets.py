"""daiban/merging/assessment_sheets.py: scans are taken as verify saw them, and only those."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from daiban.merging import assessment_sheets
from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.registry import Generation, IssueRecord, PageContent, RecordedPage, Registry
from extractors.identify import NoSighting
from extractors.model import (
    CheckboxObservation,
    FieldState,
    Observation,
    PageFacts,
    PageRef,
    Sighting,
    TextObservation,
)
from forms.catalogue import Catalogue
from foundation.errors import CaseDataError

FORMS = assessment_forms(Catalogue.load().forms)
CITY = "assessment.approval.items.city"
NOW = datetime(2026, 3, 5, tzinfo=UTC)
NUMBER = "7K3M9QX2"
ISSUED: dict[str, str | bool | None] = {"project.name": "某项目", f"{CITY}.5": True, f"{CITY}.3": None}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "扫描.png"
    Image.new("L", (1654, 2339), 255).save(path)
    return path


def box(field: str, state: FieldState) -> CheckboxObservation:
    return CheckboxObservation(id=field, state=state, page=1, confidence=1.0, reason="")


def line(field: str, state: FieldState, value: str | None = None) -> TextObservation:
    return TextObservation(id=field, state=state, page=1, confidence=1.0, reason="", value=value)


def registry(sha256: str, *observations: Observation, form: str = "jincheng-assessment") -> Registry:
    """A registry with one issue, and one verified page of it."""
    made = Registry.open("sqlite://")
    issue = IssueRecord(
        number=NUMBER,
        case_id="JC-1",
        form_id=form,
        digest="",
        pages=1,
        docx="",
        pdf=None,
        docx_sha256="",
        pdf_sha256=None,
        created_at=NOW,
        values=ISSUED,
    )
    facts = PageFacts(
        ref=PageRef("扫描.png", 1),
        sighting=Sighting(NUMBER, 1, 1, 0, "mark"),
        registered=True,
        observations=observations,
    )
    page = RecordedPage(number=1, source="扫描.png", content=PageContent(sha256, 1), facts=facts)
    back = Generation(
        issue=NUMBER,
        generation=1,
        batch="",
        verdict="complete",
        digest="",
        files={},
        recorded_at=NOW,
        pages=(page,),
    )
    made.record([issue])
    made.returns.record(back)
    return made


def read(scan: Path, found: Registry | None) -> AssessmentSheet:
    return AssessmentSheetReader(FORMS, found).read(scan)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment_sheets, "sight", lambda raster, key: SimpleNamespace(issue=NUMBER))


def digest(scan: Path) -> str:
    return hashlib.sha256(scan.read_bytes()).hexdigest()


@pytest.mark.usefixtures("marked")
def test_a_verified_scan_is_what_verify_saw(scan: Path) -> None:
    """Ticks seen on paper join those that were printed; unsure boxes and unread writing are told as unsure."""
    blank_line = "assessment.approval.items.county.text_0"
    tips = "assessment.approval.tips"
    found = registry(
        digest(scan),
        box(f"{CITY}.3", "filled"),
        box(f"{CITY}.4", "unsure"),
        box(f"{CITY}.0", "blank"),
        line(blank_line, "filled"),
        line(tips, "filled", "先备案。"),
    )
    sheet = read(scan, found)
    assert [key for key, value in sheet.answers.items() if value is True] == [f"{CITY}.5", f"{CITY}.3"]
    assert sheet.unsure == (f"{CITY}.4", blank_line)
    assert (sheet.text(tips), sheet.text(blank_line)) == ("先备案。", None)
    assert (sheet.case, sheet.department) == ("JC-1", "扫描")


@pytest.mark.usefixtures("marked")
def test_a_scan_nobody_verified_is_refused(scan: Path) -> None:
    """Another file's observations are not this one's: verify first."""
    with pytest.raises(CaseDataError, match="没有核验过"):
        read(scan, registry("another", box(f"{CITY}.3", "filled")))


@pytest.mark.usefixtures("marked")
def test_a_scan_of_another_form_is_refused(scan: Path) -> None:
    """A verified page of another form is no 研判表."""
    with pytest.raises(CaseDataError, match="不是研判表"):
        read(scan, registry(digest(scan), form="jincheng-ledger"))


def test_papers_without_our_marks_are_refused(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan without page marks, or in a workspace that issued nothing, is nobody's."""
    monkeypatch.setattr(assessment_sheets, "sight", lambda raster, key: NoSighting.NO_MARK)
    with pytest.raises(CaseDataError, match="没有本工作区的页面标识"):
        read(scan, registry("x"))
    with pytest.raises(CaseDataError, match="还没有出具过文书"):
        read(scan, None)
