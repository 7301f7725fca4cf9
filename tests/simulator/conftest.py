"""One workspace of issued documents with open fields, made once for all test workers."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from extractors.model import IssuedDocument
from simulator.truth import CaseContext
from simulator.workspaces.issued import case_contexts, issued_documents
from simulator.workspaces.issuing import issue_workspace

TODAY = dt.date(2026, 11, 21)
FORMS = (
    "jincheng-authorisation",
    "jincheng-completion",
    "jincheng-assessment",
    "yangcheng-completion",
)


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
