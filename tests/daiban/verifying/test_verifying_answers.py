"""daiban/verifying/answers.py: scans are taken as verify saw them, and only those."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.registry import Generation, IssueRecord, PageContent, RecordedPage, Registry
from extractors.identify.codes import modules_of
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
from forms.page_mark import PageMark, mark_boxes
from foundation.errors import CaseDataError

FORMS = assessment_forms(Catalogue.load().forms)
CITY = "assessment.approval.items.city"
NOW = datetime(2026, 3, 5, tzinfo=UTC)
NUMBER = "7K3M9QX2"
ISSUED: dict[str, str | bool | None] = {"project.name": "某项目", f"{CITY}.5": True, f"{CITY}.3": None}
PX_PER_MM = 200 / 25.4


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "registry.sqlite") as opened:
        yield opened


@pytest.fixture
def scan(tmp_path: Path, registry: Registry) -> Path:
    """A page of the issue at 200 dpi, with its two marks and nothing else on it."""
    paper = np.full((round(297 * PX_PER_MM), round(210 * PX_PER_MM)), 255, np.uint8)
    for mark in mark_boxes(210.0, 297.0):
        x0, y0, x1, y1 = (round(side * PX_PER_MM) for side in (mark.x0, mark.y0, mark.x1, mark.y1))
        code = modules_of(PageMark(NUMBER, 1, 1).text(registry.mark_key()))
        paper[y0:y1, x0:x1] = cv2.resize(code, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
    path = tmp_path / "扫描.png"
    Image.fromarray(paper).save(path)
    return path


def issue(registry: Registry, form: str = "jincheng-assessment") -> None:
    record = IssueRecord(
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
    registry.record([record])


def verify(registry: Registry, sha256: str, *observations: Observation, generation: int = 1) -> None:
    """Puts on record what was seen on the page of a file."""
    facts = PageFacts(
        ref=PageRef("扫描.png", 1),
        sighting=Sighting(NUMBER, 1, 1, 0, "mark"),
        registered=True,
        observations=observations,
    )
    page = RecordedPage(number=1, source="扫描.png", content=PageContent(sha256, 1), facts=facts)
    registry.returns.record(
        Generation(
            issue=NUMBER,
            generation=generation,
            batch="",
            verdict="complete",
            digest="",
            files={},
            recorded_at=NOW,
            pages=(page,),
        )
    )


def box(field: str, state: FieldState) -> CheckboxObservation:
    return CheckboxObservation(id=field, state=state, page=1, confidence=1.0, reason="")


def line(field: str, state: FieldState, value: str | None = None) -> TextObservation:
    return TextObservation(id=field, state=state, page=1, confidence=1.0, reason="", value=value)


def read(scan: Path, registry: Registry | None) -> AssessmentSheet:
    return AssessmentSheetReader(FORMS, registry).read(scan)


def digest(scan: Path) -> str:
    return hashlib.sha256(scan.read_bytes()).hexdigest()


def test_a_verified_scan_is_what_verify_saw(scan: Path, registry: Registry) -> None:
    """Ticks seen on paper join those that were printed; unsure boxes and unread writing are unsure."""
    blank_line = "assessment.approval.items.county.text_0"
    tips = "assessment.approval.tips"
    issue(registry)
    verify(
        registry,
        digest(scan),
        box(f"{CITY}.3", "filled"),
        box(f"{CITY}.4", "unsure"),
        box(f"{CITY}.0", "blank"),
        line(blank_line, "filled"),
        line(tips, "filled", "先备案。"),
    )
    sheet = read(scan, registry)
    assert [key for key, value in sheet.answers.items() if value is True] == [f"{CITY}.5", f"{CITY}.3"]
    assert sheet.unsure == (f"{CITY}.4", blank_line)
    assert (sheet.text(tips), sheet.text(blank_line)) == ("先备案。", None)
    assert (sheet.case, sheet.department) == ("JC-1", "扫描")


def test_what_was_seen_last_counts(scan: Path, registry: Registry) -> None:
    """Of a page that was verified several times the newest generation says what is on it."""
    issue(registry)
    verify(registry, digest(scan), box(f"{CITY}.3", "unsure"))
    verify(registry, digest(scan), box(f"{CITY}.3", "filled"), generation=2)
    sheet = read(scan, registry)
    assert sheet.answers[f"{CITY}.3"] is True and sheet.unsure == ()


def test_a_scan_nobody_verified_is_refused(scan: Path, registry: Registry) -> None:
    """Another file's observations are not this one's: verify first."""
    issue(registry)
    verify(registry, "another", box(f"{CITY}.3", "filled"))
    with pytest.raises(CaseDataError, match=r"没有核验过.*先用 daiban verify 核验这份扫描件，再汇总"):
        read(scan, registry)


def test_a_scan_of_another_form_is_refused(scan: Path, registry: Registry) -> None:
    """A verified page of another form is no 研判表."""
    issue(registry, form="jincheng-ledger")
    verify(registry, digest(scan))
    with pytest.raises(CaseDataError, match="不是研判表"):
        read(scan, registry)


def test_papers_without_our_marks_are_refused(scan: Path, registry: Registry, tmp_path: Path) -> None:
    """A scan without page marks, or in a workspace that issued nothing, is nobody's."""
    bare = tmp_path / "白纸.png"
    Image.new("L", (1654, 2339), 255).save(bare)
    with pytest.raises(CaseDataError, match="没有本工作区的页面标识"):
        read(bare, registry)
    with pytest.raises(CaseDataError, match="还没有出具过文书"):
        read(scan, None)
