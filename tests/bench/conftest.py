"""One workspace of issued documents with open fields, made once for all workers."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from extractors.model import IssuedDocument
from simulator.cases import issue
from simulator.truth import Ground
from simulator.workspace import grounds, issued_documents

TODAY = dt.date(2026, 11, 21)
FORMS = (
    "jincheng-authorisation",
    "jincheng-completion",
    "jincheng-assessment",
    "yangcheng-completion",
)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with five cases: whatever an office may leave open is open in one of them."""
    shared = tmp_path_factory.getbasetemp().parent / "bench-issued"
    with FileLock(str(shared) + ".lock"):
        if not (shared / "made").exists():
            issue(shared, 3, np.random.default_rng(8), FORMS)
            (shared / "made").touch()
    return shared


@pytest.fixture(scope="session")
def documents(issued: Path) -> list[IssuedDocument]:
    """The issued documents."""
    return issued_documents(issued)


@pytest.fixture(scope="session")
def ground(documents: list[IssuedDocument]) -> dict[str, Ground]:
    """What the cases' papers allow, per issue number."""
    return grounds(documents, TODAY)
