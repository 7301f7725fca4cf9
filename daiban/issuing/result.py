"""What a run of ``generate`` did, document by document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from daiban.registry import IssueSummary
from foundation.errors import ExitCode, Problem, worst


@dataclass(frozen=True, slots=True)
class IssuedItem:
    """One document that is out; paths are relative to the workspace, ``pdf`` None where LibreOffice is missing."""

    case: str
    form: str
    issue: str
    docx: str
    docx_sha256: str
    pdf: str | None
    pdf_sha256: str | None
    pages: int
    blank: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, issue: IssueSummary, problems: tuple[Problem, ...] = ()) -> IssuedItem:
        """An issue on record, and what there is to say about its making."""
        return cls(
            issue.case_id,
            issue.form_id,
            issue.number,
            issue.docx,
            issue.docx_sha256,
            issue.pdf,
            issue.pdf_sha256,
            issue.pages,
            issue.blank,
            problems,
        )

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "case": self.case,
            "form": self.form,
            "issue": self.issue,
            "docx": self.docx,
            "pdf": self.pdf,
            "pages": self.pages,
            "sha256": {"docx": self.docx_sha256, "pdf": self.pdf_sha256},
            "blank": list(self.blank),
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A case (``form`` None) or one form of it that was not issued; ``case`` None: a file or row of no one case."""

    case: str | None
    form: str | None
    problems: tuple[Problem, ...]
    exit_code: ExitCode

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "case": self.case,
            "form": self.form,
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(slots=True)
class GenerateResult:
    """Everything a run did. ``warnings`` are doubts about data of documents that went out all the same."""

    issued: list[IssuedItem] = field(default_factory=list)
    unchanged: list[IssuedItem] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """The warnings, and those of single documents: files that somebody had changed and that were set aside."""
        told = (problem for item in self.issued for problem in item.problems if problem.severity == "warning")
        return (*self.warnings, *told)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of what happened; ToolMissing where documents went out without their PDF."""
        codes = [item.exit_code for item in self.failed]
        if any(item.pdf is None for item in (*self.issued, *self.unchanged)):
            codes.append(ExitCode.TOOL_MISSING)
        return worst(codes)

    def to_json(self) -> dict[str, Any]:
        """``generate --json``."""
        return {
            "issued": [item.to_json() for item in self.issued],
            "unchanged": [item.to_json() for item in self.unchanged],
            "failed": [item.to_json() for item in self.failed],
            "warnings": [problem.to_json() for problem in self.doubts],
        }
