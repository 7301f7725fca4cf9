"""Broken returns, our own changed and other projects': nothing crashes, hangs or is lost, however they come in."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from foundation.digests import sha256_of_file
from tests.hostile.corpus import corpus
from tests.hostile.mutations import CHANGES, mutations

Run = Callable[..., tuple[int, dict[str, Any]]]
SEED = 20261130


def pages(pdf: Path) -> dict[str, bytes]:
    """The first page of an issued PDF as pictures of several kinds, by suffix."""
    with pdfium.PdfDocument(pdf) as document:
        picture = document[0].render(scale=1.2).to_pil().convert("L")
    found = {}
    for suffix, kind in ((".png", "PNG"), (".jpg", "JPEG"), (".tif", "TIFF")):
        stream = io.BytesIO()
        picture.save(stream, kind)
        found[suffix] = stream.getvalue()
    return found


@pytest.mark.office
@pytest.mark.timeout(300)
def test_broken_returns_are_told_and_lose_nothing(issued: Path, tmp_path: Path, run: Run) -> None:
    """One verify over changed copies of our own documents and over strangers' files: it comes to its end, every file
    is said once, in a document or as not placed, and what was issued is as it was.
    """
    ws = Path(shutil.copytree(issued, tmp_path / "ws"))
    before = {path: sha256_of_file(path) for path in (ws / "issued").rglob("*.*")}
    pile = tmp_path / "pile"
    pile.mkdir()
    pdf = next((ws / "issued").rglob("*.pdf"))
    ours = {".pdf": pdf.read_bytes(), ".docx": pdf.with_suffix(".docx").read_bytes(), **pages(pdf)}
    for suffix, data in ours.items():
        count = (
            len(CHANGES) if suffix in (".pdf", ".docx") else 2
        )  # a picture is read by its print, which takes seconds
        for number, changed in enumerate(mutations(data, count, SEED)):
            (pile / f"own-{number}{suffix}").write_bytes(changed)
    for number, path in enumerate(corpus()):
        shutil.copyfile(path, pile / f"theirs-{number}{path.suffix.lower()}")
    code, told = run("verify", ws, pile)
    assert code in (0, 10, 11, 30)
    said = {page["source"] for page in told["unplaced"]} | {item["source"] for item in told["failed"]}
    said |= {page["source"] for document in told["documents"] for page in document["pages"] if page["source"]}
    said |= {problem["where"] for problem in told.get("warnings", ())}
    assert {path.name for path in pile.iterdir()} - said == set()
    assert {path: sha256_of_file(path) for path in (ws / "issued").rglob("*.*")} == before
