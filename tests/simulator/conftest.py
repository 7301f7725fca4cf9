"""One workspace of issued documents with open fields, made once for all test workers, and ways to return them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from extractors.model import IssuedDocument
from forms.geometry import Box
from simulator.paper.sheets import PaperSheet
from simulator.simulate import simulate
from simulator.truth import CaseContext, SimulatedDocument, Tier
from simulator.workspaces.issued import case_contexts, issued_documents
from simulator.workspaces.issuing import issue_workspace

TODAY = dt.date(2026, 11, 21)
FORMS = (
    "jincheng-authorisation",
    "jincheng-completion",
    "jincheng-assessment",
    "yangcheng-completion",
)
Simulate = Callable[..., SimulatedDocument]


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with five cases: every field that an office may leave open is open in one of them."""
    shared = tmp_path_factory.getbasetemp().parent / "simulator-issued"
    with FileLock(str(shared) + ".lock"):
        if not (shared / "made").exists():
            issue_workspace(shared, 3, np.random.default_rng(8), FORMS)
            (shared / "made").touch()
    return shared


@pytest.fixture(scope="session")
def documents(issued: Path) -> list[IssuedDocument]:
    """The issued documents."""
    return issued_documents(issued)


@pytest.fixture(scope="session")
def contexts(documents: list[IssuedDocument]) -> dict[str, CaseContext]:
    """What the other documents of the case allow, per issue number."""
    return case_contexts(documents, TODAY)


@pytest.fixture
def make(documents: list[IssuedDocument], contexts: dict[str, CaseContext]) -> Simulate:
    """Simulates the return of a document of that 晋城 form."""

    def run(
        form: str = "authorisation", seed: int = 1, tier: Tier = "A", **more: object
    ) -> SimulatedDocument:
        document = of_form(documents, form)
        rng = np.random.default_rng(seed)
        return simulate(document, rng, contexts[document.number], tier=tier, **more)  # type: ignore[arg-type]

    return run


def of_form(documents: list[IssuedDocument], form: str) -> IssuedDocument:
    """The first document of that 晋城 form."""
    return next(item for item in documents if item.form_id == f"jincheng-{form}")


def darkness(sheet: PaperSheet, box: Box) -> float:
    """How dark a box is on average, 0 (white) to 255."""
    return 255 - float(sheet.window(box).mean())
