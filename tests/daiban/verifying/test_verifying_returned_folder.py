"""What stands in a document's folder has names of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daiban.verifying.reading.returned_page import ReturnedFile
from daiban.verifying.returned_folder import received_names
from extractors.model import DigitalFacts, PageRef


def returned(name: str, *, came_now: bool = True, **facts: Any) -> ReturnedFile:
    """A born-digital return by what its sender called it."""
    given: dict[str, Any] = {"format": "pdf", **facts}
    return ReturnedFile(
        facts=DigitalFacts(ref=PageRef(name, 1), issue="AAAAAAAA", observations=(), **given),
        sha256="0" * 64,
        file=Path(name),
        came_now=came_now,
    )


@pytest.mark.parametrize("name", ["回件.hta", "received.hta", f"a.{'x' * 247}", "无后缀", "回件.PDF"])
def test_a_suffix_comes_from_the_content(name: str) -> None:
    """Whatever its sender called it, a PDF is kept as one: no polyglot becomes a program, no suffix is too long."""
    assert received_names([returned(name)]) == ("received.pdf",)
    assert received_names([returned(name, format="docx")]) == ("received.docx",)


@pytest.mark.parametrize("what", [{"active": ("脚本",)}, {"attachments": ("发票.xlsx",)}])
def test_what_would_do_something_when_opened_is_kept_inert(what: dict[str, Any]) -> None:
    """A PDF with scripts or attachments gets a name that no program opens."""
    assert received_names([returned("回件.pdf", **what)]) == ("received.pdf.original",)


def test_no_return_takes_the_place_of_another() -> None:
    """Two files of one document are both kept, and what is filed already keeps its name."""
    filed = returned("received.pdf", came_now=False)
    assert received_names([filed, returned("b.pdf")]) == ("received.pdf", "received-2.pdf")
    assert received_names([returned("received.hta", came_now=False)]) == ("received.hta",)
