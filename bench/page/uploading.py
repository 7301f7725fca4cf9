"""Photographed papers, uploaded and judged one after the other, each timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import psutil

from daiban.handing_in.preview import preview
from daiban.handing_in.uploads import Uploads
from daiban.office import Office
from daiban.registry import Registry
from extractors.model import IssuedDocument
from simulator.files import jpeg_bytes
from simulator.simulate import simulate
from simulator.workspaces.issued import case_contexts, issued_documents
from simulator.workspaces.issuing import issue_workspace

_FORM = "jincheng-authorisation"
_TODAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class UploadTime:
    """What one paper took: ``seconds`` until its verdict stood, ``work`` of processor in all processes."""

    seconds: float
    work: float


def judged_papers(folder: Path, papers: int) -> Iterator[UploadTime]:
    """Photographs of so many two-page papers, each as two files uploaded together."""
    rng = np.random.default_rng(20)
    workspace = issue_workspace(folder / "ws", papers, rng, (_FORM,))
    documents = issued_documents(workspace)
    contexts = case_contexts(documents, _TODAY)
    found = [one for one in documents if one.form_id == _FORM and one.pages == 2]
    for document in found[:papers]:
        made = simulate(document, rng, contexts[document.number], tier="C", turns=False)
        yield _judged(workspace, document, [jpeg_bytes(page) for page in made.pages])


def _judged(folder: Path, document: IssuedDocument, photographs: list[bytes]) -> UploadTime:
    office = Office.open(folder)
    uploads = Uploads(office.workspace, document.case_id)
    for photograph in photographs:
        uploads.add([photograph], "image.jpg")
    begun, worked = time.perf_counter(), _work()
    uploads.read(workers=2)
    with Registry.open(office.workspace.registry, create=False) as registry:
        seen = preview(office, registry, document.case_id, uploads)
    taken = UploadTime(time.perf_counter() - begun, _work() - worked)
    (judged,) = seen.documents
    assert judged.issue == document.number and not seen.unplaced
    return taken


def _work() -> float:
    """Seconds of processor of this process and of all that it ever started."""
    me = psutil.Process()
    times = [one.cpu_times() for one in (me, *me.children(recursive=True))]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)
