"""Putting documents in place: nothing that people made of a file is lost, and nothing else piles up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.model.case import Case
from daiban.issuing.publishing import Publisher
from daiban.issuing.result import FailedItem, GenerateResult, IssuedItem
from daiban.issuing.selection import DocumentToMake
from daiban.registry import Registry
from daiban.workspace import Workspace
from forms.definition import FormDefinition
from foundation.errors import ExitCode
from generator.bind import bind
from generator.model import Order, Produced

FORM = "jincheng-authorisation"
Form = Callable[[str], FormDefinition]


class OneDocument:
    """Publishes one 委托书 of one case, as often as a test likes, with the contents that it says."""

    def __init__(self, folder: Path, form: FormDefinition, tree: dict[str, Any]) -> None:
        self.workspace = Workspace.create(folder)
        self.registry = Registry.open(self.workspace.registry)
        self.form, self.tree = form, tree
        self.case = Case.model_validate(tree)

    def publish(self, number: str, docx: bytes, pdf: bytes | None) -> IssuedItem | FailedItem:
        """Publish these bytes under a number; new numbers replace what is current, as the planner has it."""
        task = DocumentToMake(self.case, self.form, f"{number:0>64}", number, 1)
        with self.workspace.lock(), self.workspace.staging() as staging:
            item = self.staged(staging, number, docx, pdf)
            issued, failed = Publisher(self.workspace, self.registry).publish([item], {number: task})
        return (*issued, *failed)[0]

    def staged(self, staging: Path, number: str, docx: bytes, pdf: bytes | None) -> Produced:
        (staging / "x.docx").write_bytes(docx)
        (staging / "x.pdf").write_bytes(pdf or b"")
        return Produced(
            Order(number, bind(self.tree, self.form)),
            staging / "x.docx",
            hashlib.sha256(docx).hexdigest(),
            staging / "x.pdf" if pdf is not None else None,
            hashlib.sha256(pdf).hexdigest() if pdf is not None else None,
        )

    def place(self, suffix: str) -> Path:
        return self.workspace.issued(self.case.id, FORM, suffix)

    def files(self) -> dict[str, bytes]:
        """Everything under issued/<case>, by name."""
        folder = self.place(".docx").parent
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def office(tmp_path: Path, form: Form, tree: dict[str, Any]) -> Iterator[OneDocument]:
    made = OneDocument(tmp_path / "ws", form("authorisation"), tree)
    yield made
    made.registry.close()


def published(item: IssuedItem | FailedItem) -> IssuedItem:
    assert isinstance(item, IssuedItem), item
    return item


def test_an_older_issue_is_kept_under_its_number(office: OneDocument) -> None:
    """New data: both files of the old issue move aside, without a warning when nobody had changed them."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    item = published(office.publish("BBBBBBBB", b"two", b"two pdf"))
    assert item.problems == ()
    assert office.files() == {
        f"{FORM}.docx": b"two",
        f"{FORM}.pdf": b"two pdf",
        f"superseded/{FORM}.AAAAAAAA.docx": b"one",
        f"superseded/{FORM}.AAAAAAAA.pdf": b"one pdf",
    }


def test_an_edited_docx_survives_when_only_the_pdf_is_made_again(office: OneDocument) -> None:
    """The PDF was deleted and the DOCX edited: both are made anew, and the edited one is set aside and told."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".pdf").unlink()
    office.place(".docx").write_bytes(b"edited")
    item = published(office.publish("AAAAAAAA", b"one", b"one pdf"))
    kept = f"superseded/{FORM}.AAAAAAAA.docx"
    assert office.files() == {f"{FORM}.docx": b"one", f"{FORM}.pdf": b"one pdf", kept: b"edited"}
    (warning,) = item.problems
    assert warning.severity == "warning"
    assert warning.where == f"issued/{office.case.id}/{FORM}.docx"
    assert kept in warning.problem


def test_an_edited_docx_survives_the_first_pdf(office: OneDocument) -> None:
    """Issued without LibreOffice and edited since: the PDF that comes later does not cost the edited DOCX."""
    office.publish("AAAAAAAA", b"one", None)
    office.place(".docx").write_bytes(b"edited")
    published(office.publish("AAAAAAAA", b"one", b"one pdf"))
    assert office.files()[f"superseded/{FORM}.AAAAAAAA.docx"] == b"edited"


def test_names_already_taken_are_counted_on(office: OneDocument) -> None:
    """Edited again and again, every version is kept: the second under -2, the third under -3."""
    for text in (b"first", b"second", b"third"):
        office.publish("AAAAAAAA", b"one", b"one pdf")
        office.place(".pdf").unlink()
        office.place(".docx").write_bytes(text)
    office.publish("AAAAAAAA", b"one", b"one pdf")
    kept = {name: data for name, data in office.files().items() if name.startswith("superseded/")}
    assert kept == {
        f"superseded/{FORM}.AAAAAAAA.docx": b"first",
        f"superseded/{FORM}.AAAAAAAA-2.docx": b"second",
        f"superseded/{FORM}.AAAAAAAA-3.docx": b"third",
    }


@pytest.mark.parametrize("edited", [b"one", b"edited"])
def test_killed_between_record_and_place_nothing_is_lost(
    office: OneDocument, monkeypatch: pytest.MonkeyPatch, edited: bytes
) -> None:
    """New data recorded, killed before its files came: the old issue's files are kept under the old number."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".docx").write_bytes(edited)

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("_make_room", "_place"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Publisher, step, kill)
            office.publish("BBBBBBBB", b"two", b"two pdf")
    published(office.publish("BBBBBBBB", b"two", b"two pdf"))
    assert office.files() == {
        f"{FORM}.docx": b"two",
        f"{FORM}.pdf": b"two pdf",
        f"superseded/{FORM}.AAAAAAAA.docx": edited,
        f"superseded/{FORM}.AAAAAAAA.pdf": b"one pdf",
    }


def test_a_record_without_files_does_not_endanger_what_is_there(office: OneDocument) -> None:
    """Recorded by a run that was killed before anything else: what people edited is still recognised and kept."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".docx").write_bytes(b"edited")
    last = office.registry.find("AAAAAAAA")
    assert last is not None
    values = {name: getattr(last, name) for name in last.__dataclass_fields__}
    unpublished = {
        "number": "BBBBBBBB",
        "docx_sha256": hashlib.sha256(b"two").hexdigest(),
        "published_at": None,
    }
    office.registry.record([type(last)(**values | unpublished)])
    published(office.publish("BBBBBBBB", b"two", b"two pdf"))
    assert office.files()[f"superseded/{FORM}.AAAAAAAA.docx"] == b"edited"


def test_another_making_of_the_same_issue_leaves_nothing_behind(office: OneDocument) -> None:
    """A PDF that comes out in other bytes when its DOCX was lost replaces the first, which nobody had touched."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".docx").unlink()
    item = published(office.publish("AAAAAAAA", b"one", b"other pdf"))
    assert item.problems == ()
    assert office.files() == {f"{FORM}.docx": b"one", f"{FORM}.pdf": b"other pdf"}


def test_a_filled_pdf_is_kept_as_well(office: OneDocument) -> None:
    """A PDF that somebody filled in and left in its place is set aside like an edited DOCX."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".pdf").write_bytes(b"filled in")
    item = published(office.publish("BBBBBBBB", b"two", b"two pdf"))
    assert office.files()[f"superseded/{FORM}.AAAAAAAA.pdf"] == b"filled in"
    assert [warning.where for warning in item.problems] == [f"issued/{office.case.id}/{FORM}.pdf"]


def test_a_place_that_cannot_be_cleared_fails_its_document(office: OneDocument) -> None:
    """A folder in a file's place fails that document with the code for places that cannot be written."""
    office.place(".docx").mkdir(parents=True)
    failed = office.publish("AAAAAAAA", b"one", b"one pdf")
    assert isinstance(failed, FailedItem)
    assert failed.exit_code is ExitCode.NOT_WRITABLE
    assert office.registry.current() == {}


def test_warnings_of_documents_are_told_with_the_others(office: OneDocument) -> None:
    """What was set aside stands among the warnings of a run, and beside its document."""
    office.publish("AAAAAAAA", b"one", b"one pdf")
    office.place(".docx").write_bytes(b"edited")
    told = GenerateResult(issued=(published(office.publish("BBBBBBBB", b"two", b"two pdf")),)).model_dump(
        mode="json"
    )
    assert told["warnings"] == told["issued"][0]["problems"]
    assert len(told["warnings"]) == 1
