"""What a run of ``verify`` found: every document, every page, every file, as one value.

The reports for people (HTML, XLSX) and ``verify --json`` are drawn from it, so that all three say the same.
Paths are relative to the workspace, with ``/``, unless they are a source's: a source is named as people know
the file. Boxes are mm from the top left of the issued page. Pictures are small: JPEG or PNG bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from extractors.model import Finding, Judgement, Observation, Verdict
from forms.geometry import Box
from foundation.errors import ExitCode, Problem, worst

PageState = Literal["found", "missing", "duplicate"]
#: Why a page is in no document: nothing on it, no issue of ours, not to be made out, of an issue that a
#: newer one has superseded (作废).
UnplacedReason = Literal["blank-page", "unknown-document", "unreadable", "superseded"]

#: Reasons that ask for a pair of eyes. A blank back does not.
_NEEDS_EYES = ("unknown-document", "unreadable", "superseded")
_VERDICT_CODES: dict[Verdict, ExitCode] = {
    "complete": ExitCode.OK,
    "incomplete": ExitCode.INCOMPLETE,
    "review": ExitCode.REVIEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """One page of a document: where it was found, or that it is missing (``source`` is then None).

    ``rotation``: by how many degrees clockwise it must be turned to stand upright: 0, 90, 180 or 270.
    ``thumbnail``: a small picture of it, upright; ``framed``: that picture has the issued page's own frame
    (registered), so that boxes in mm can be drawn on it. ``size_mm``: (width, height) of the issued page.
    """

    number: int
    state: PageState
    source: str | None = None
    source_page: int | None = None
    rotation: int | None = None
    thumbnail: bytes | None = None
    framed: bool = False
    size_mm: tuple[float, float] = (210.0, 297.0)

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "number": self.number,
            "state": self.state,
            "source": self.source,
            "source_page": self.source_page,
            "rotation": self.rotation,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOutcome:
    """One issued document that came back, judged and filed.

    ``title``: of the form, as printed; ``labels``: field id → what the form prints beside it; ``project``
    and ``enterprise``: names for people. ``evidence``: field id → path of its picture; ``filed``: path of the
    upright PDF or the DOCX that was filed. ``note``: what a person should know about the filing (kept the
    better earlier return, nothing new).
    """

    case: str
    form: str
    issue: str
    title: str
    judgement: Judgement
    pages: tuple[PageOutcome, ...] = ()
    project: str = ""
    enterprise: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    filed: str | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """The judge's."""
        return self.judgement.verdict

    def label(self, field_id: str | None) -> str:
        """What the form prints beside a field; its id where that is not known; nothing for no field."""
        return self.labels.get(field_id, field_id) if field_id else ""

    def to_json(self) -> dict[str, Any]:
        """The contract's shape; title, labels, boxes and measures stand beside it."""
        return {
            "case": self.case,
            "form": self.form,
            "issue": self.issue,
            "title": self.title,
            "verdict": self.verdict,
            "filed": self.filed,
            "note": self.note,
            "pages": [page.to_json() for page in self.pages],
            "fields": [self._field(item) for item in self.judgement.observations],
            "findings": [self._finding(item) for item in self.judgement.findings],
        }

    def _field(self, item: Observation) -> dict[str, Any]:
        return {
            "id": item.id,
            "label": self.label(item.id),
            "kind": item.kind.value,
            "state": item.state,
            "value": item.value,
            "page": item.page,
            "reason": item.reason,
            "evidence": self.evidence.get(item.id),
            "confidence": round(item.confidence, 3),
            "box": _sides(item.box),
            "measures": [
                {"name": one.name, "value": one.value, "threshold": one.threshold, "unit": one.unit}
                for one in item.measures
            ],
        }

    def _finding(self, item: Finding) -> dict[str, Any]:
        return {
            "code": item.code,
            "field": item.field,
            "page": item.page,
            "message": item.message,
            "weight": item.weight,
            "box": _sides(item.box),
            "evidence": self.evidence.get(item.field) if item.field else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedPage:
    """A page that is in no document. ``detail``: one Chinese sentence more; ``thumbnail``: JPEG or PNG."""

    source: str
    source_page: int
    reason: UnplacedReason
    detail: str = ""
    thumbnail: bytes | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "source": self.source,
            "source_page": self.source_page,
            "reason": self.reason,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFile:
    """A file, or a document of it, that could not be dealt with, and what that does to the exit code."""

    source: str
    problems: tuple[Problem, ...]
    exit_code: ExitCode = ExitCode.UNREADABLE

    def to_json(self) -> dict[str, Any]:
        """The shape of ``generate --json``'s ``failed``, by source."""
        return {"source": self.source, "problems": [problem.to_json() for problem in self.problems]}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """Everything a run found. ``batch``: its name, also of its report files; ``reports``: their paths, once
    written; ``warnings``: doubts that stop nothing.
    """

    batch: str
    checked_at: datetime
    sources: tuple[str, ...] = ()
    documents: tuple[DocumentOutcome, ...] = ()
    unplaced: tuple[UnplacedPage, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    warnings: tuple[Problem, ...] = ()
    reports: tuple[str, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many documents got this verdict."""
        return sum(document.verdict == verdict for document in self.documents)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of what happened; a page that only a person can place asks for that person."""
        codes = [_VERDICT_CODES[document.verdict] for document in self.documents]
        codes += [item.exit_code for item in self.failed]
        if any(page.reason in _NEEDS_EYES for page in self.unplaced):
            codes.append(ExitCode.REVIEW)
        return worst(codes)

    def to_json(self) -> dict[str, Any]:
        """``verify --json``."""
        return {
            "documents": [document.to_json() for document in self.documents],
            "unplaced": [page.to_json() for page in self.unplaced],
            "failed": [item.to_json() for item in self.failed],
            "warnings": [problem.to_json() for problem in self.warnings],
            "reports": list(self.reports),
        }


def _sides(box: Box | None) -> list[float] | None:
    return None if box is None else [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)]
