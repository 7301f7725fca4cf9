"""A workspace in which one document is on record as issued and returned, without making any."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daiban.office import Office
from daiban.registry import Generation, PageContent, RecordedPage, Registry
from daiban.workspace import Workspace
from extractors.model import (
    Alteration,
    Finding,
    Measure,
    Observation,
    PageFacts,
    PageRef,
    Sighting,
    SignatureObservation,
    verdict_of,
)
from forms.geometry import Box
from foundation.digests import sha256_of_bytes
from tests.daiban.on_record import put_out

FORM = "jincheng-authorisation"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STAIN = Box(10, 20, 30, 40)
SIGNING = "authorisation.signature"


def finding(message: str, weight: Any = "review", **about: Any) -> Finding:
    return Finding(code=about.pop("code", "area-not-visible"), message=message, weight=weight, **about)


def a_page(number: int) -> RecordedPage:
    facts = PageFacts(
        ref=PageRef("批.pdf", number),
        sighting=Sighting("7K3M9QX2", number, 2, 0, "mark"),
        registered=True,
        alterations=(
            Alteration(
                page=number,
                box=STAIN,
                how="changed",
                text="六",
                confidence=0.6,
                reason="",
                measures=(Measure("ink", 1.5, 3.0, "mm"),),
            ),
        ),
    )
    return RecordedPage(number=number, source="批.pdf", content=PageContent("c" * 64, number), facts=facts)


class ReturnedCase:
    """One issued 委托书; what comes back of it is said by the test."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.workspace = Workspace.create(folder)
        if settings:
            (folder / "daiban.toml").write_text(settings, "utf-8")
            self.workspace = Workspace.open(folder)
        self.numbers: list[str] = []
        self.write_case("A1")

    @property
    def office(self) -> Office:
        """What one command, or one request, sees."""
        return Office.open(self.workspace.path)

    @property
    def number(self) -> str:
        return self.numbers[0]

    def write_case(self, case_id: str) -> None:
        case = {
            "id": case_id,
            "document": "jincheng",
            "stage": "立项用地规划许可",
            "project": {"name": f"{case_id}项目"},
            "enterprise": {"name": f"{case_id}公司"},
            "agency": {"name": "某局"},
        }
        (self.workspace.cases / f"{case_id}.json").write_text(json.dumps(case, ensure_ascii=False), "utf-8")

    def issue(self, case_id: str = "A1") -> str:
        """Issue the case's 委托书; returns its number."""
        number = put_out(
            self.workspace,
            case_id,
            FORM,
            NOW,
            content=b"issued",
            digest=self._digest(case_id),
            values={"project.name": f"{case_id}项目", "enterprise.name": f"{case_id}公司"},
            blank=(SIGNING,),
            stage="立项用地规划许可",
        )
        self.numbers.append(number)
        return number

    def _digest(self, case_id: str) -> str:
        office = self.office
        return office.binder.digest(office.binder.bound(office.case(case_id), office.forms[FORM]))

    def bring_back(self, *findings: Finding, generation: int = 1, number: str = "", **changes: Any) -> None:
        """A return with these findings, filed."""
        number = number or self.number
        with Registry.open(self.workspace.registry) as registry:
            issue = registry.find(number)
            assert issue is not None
            file = self.workspace.returned_of(issue.docx) / f"{FORM}.pdf"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(f"upright {generation}".encode())
            seen: tuple[Observation, ...] = (
                SignatureObservation(
                    id=SIGNING, state="unsure", page=1, confidence=0.5, reason="看不准", pen=False
                ),
            )
            made = Generation(
                issue=number,
                generation=generation,
                batch="verify-1",
                verdict=verdict_of(findings),
                digest=str(generation) * 64,
                files={file.name: sha256_of_bytes(file.read_bytes())},
                recorded_at=NOW + timedelta(hours=generation),
                filed_at=NOW,
                pages=(a_page(1), a_page(2)),
                observations=seen,
                findings=findings,
            )
            registry.returns.record(replace(made, **changes))


@pytest.fixture
def returned(tmp_path: Path) -> Callable[..., ReturnedCase]:
    """Makes the workspace and issues its document."""

    def make(settings: str = "") -> ReturnedCase:
        made = ReturnedCase(tmp_path / "ws", settings)
        made.issue()
        return made

    return make


@pytest.fixture(name="finding", scope="session")
def finding_of() -> Callable[..., Finding]:
    """Makes a finding: what it says, its weight, and what it is about."""
    return finding
