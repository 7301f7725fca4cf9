"""What a run of ``generate`` did, document by document; ``generate --json`` prints it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, computed_field

from daiban.documents.changes import ValueChange
from daiban.registry import IssueSummary
from foundation.errors import ExitCode, Problem, worst
from foundation.frozen_model import FrozenModel


class IssuedFileDigests(FrozenModel):
    """SHA-256 of an issue's files; ``pdf`` null where there is none."""

    docx: str
    pdf: str | None


class IssuedItem(FrozenModel):
    """One document that is out. Paths are relative to the workspace; ``pdf`` is null where LibreOffice is missing.

    ``blank``: the ids of the fields left open; ``problems``: what there is to say about its making. ``stage``: of a
    form that exists per stage. ``changes``: what it says otherwise than the issue it replaces; of a document that
    came back complete and stands, than its case says by now.
    """

    case: str
    form: str
    issue: str
    docx: str
    pdf: str | None
    pages: int
    sha256: IssuedFileDigests
    blank: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    stage: str | None = None
    changes: tuple[ValueChange, ...] = ()

    @classmethod
    def of(
        cls,
        issue: IssueSummary,
        problems: tuple[Problem, ...] = (),
        changes: tuple[ValueChange, ...] = (),
    ) -> IssuedItem:
        """An issue on record, and what there is to say about its making."""
        return cls(
            case=issue.case_id,
            form=issue.form_id,
            issue=issue.number,
            docx=issue.docx,
            pdf=issue.pdf,
            pages=issue.pages,
            sha256=IssuedFileDigests(docx=issue.docx_sha256, pdf=issue.pdf_sha256),
            blank=issue.blank,
            problems=problems,
            stage=issue.stage,
            changes=changes,
        )


class PlannedItem(FrozenModel):
    """What a run would do with one document. ``action``: ``new``, it is not out yet; ``anew``, under a new number,
    ``voids`` being the number that would become void; ``again``, under its own number ``issue``, files only.

    ``changes``: which values differ from what is out; ``reason``: why it would be made, in Chinese.
    """

    case: str
    form: str
    stage: str | None
    action: Literal["new", "anew", "again"]
    issue: str | None
    voids: str | None
    changes: tuple[ValueChange, ...]
    reason: str


class FailedItem(FrozenModel):
    """A case (``form`` null) or one form of it that was not issued; ``case`` null: a file or row of no one case.

    Also one that is held back (``held``): nothing is wrong with it, but a person has to decide something first.
    """

    case: str | None
    form: str | None
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(default=ExitCode.CASE_DATA, exclude=True)


class WaitingItem(FrozenModel):
    """A document that is not issued yet, though nothing is wrong. ``awaited``: what its case does not say yet."""

    case: str
    form: str
    awaited: tuple[Problem, ...]


class GenerateResult(FrozenModel):
    """Everything a run did. ``data_warnings``: doubts about the data of documents that went out all the same.

    ``held``: documents that wait for a decision of a person; ``planned``: with ``--dry-run``, what would be made;
    nothing is ``issued`` then.
    """

    issued: tuple[IssuedItem, ...] = ()
    unchanged: tuple[IssuedItem, ...] = ()
    waiting: tuple[WaitingItem, ...] = ()
    failed: tuple[FailedItem, ...] = ()
    held: tuple[FailedItem, ...] = ()
    planned: tuple[PlannedItem, ...] = ()
    data_warnings: tuple[Problem, ...] = Field(default=(), exclude=True)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Doubts about data, files that somebody had changed and that were set aside, and complete documents whose data
        have changed.
        """
        of_documents = (
            problem
            for item in (*self.issued, *self.unchanged)
            for problem in item.problems
            if problem.severity == "warning"
        )
        return (*self.data_warnings, *of_documents)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of what happened; TOOL_MISSING where documents went out without their PDF."""
        codes = [item.exit_code for item in (*self.failed, *self.held)]
        if any(item.pdf is None for item in (*self.issued, *self.unchanged)):
            codes.append(ExitCode.TOOL_MISSING)
        return worst(codes)
