"""Shared by the extractors' tests: a small workspace that was issued once, as reading back sees it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cases.samples import load_sample
from daiban import rosters
from daiban.issuing.run import GenerateRequest, generate
from daiban.office import Office
from daiban.registry import Registry
from daiban.verifying.issued import issued_document
from daiban.workspace import Workspace
from extractors.model import IssuedDocument
from extractors.originals import Originals

#: Between them every 晋城 form: the second is at its end, with 办结单 and 建议表.
CASES = ("JC-2026-001", "JC-2026-006")


@dataclass(frozen=True)
class Issued:
    """What went out: the workspace, its documents by issue number, the key of its page marks."""

    workspace: Path
    documents: dict[str, IssuedDocument]
    mark_key: bytes

    def lookup(self, number: str) -> IssuedDocument | None:
        return self.documents.get(number)

    def of(self, form: str) -> IssuedDocument:
        """The first document of a form, by its id without the prefix (``authorisation``)."""
        found = (one for one in self.documents.values() if one.form_id == f"jincheng-{form}")
        return min(found, key=lambda one: one.case_id)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """Two sample cases, issued once for all tests (needs LibreOffice: mark tests that use it ``office``)."""
    workspace = Workspace.create(tmp_path_factory.mktemp("issued") / "ws", agency_name="")
    rosters.write_new(workspace.roster, [case for case in load_sample() if case.id in CASES])
    Registry.open(workspace.registry).close()
    outcome = generate(Office(workspace), GenerateRequest())
    assert not outcome.failed, outcome.failed
    with Registry.open(workspace.registry, create=False) as registry:
        records = [registry.find(summary.number) for summary in registry.issues()]
        documents = {one.number: issued_document(one, workspace.path) for one in records if one is not None}
        return Issued(workspace.path, documents, registry.mark_key())


@pytest.fixture(scope="session")
def originals(issued: Issued) -> Originals:
    """The pages of ``issued``, rendered when asked for and kept."""
    return Originals(issued.lookup)
