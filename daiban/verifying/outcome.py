"""What a run of ``verify`` found: every document, every page, every file, as one value.

These models are ``verify --json``; the reports for people (HTML, XLSX) are drawn from them as well, so that all three
say the same. What only the reports show is excluded from the JSON.

Paths are relative to the workspace, with ``/``, unless they are a source's: a source is named as people know
the file. Boxes are mm from the top left of the issued page. Pictures are small: JPEG or PNG bytes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from extractors.model import FieldState, Finding, FindingCode, Measure, Verdict
from forms.definition import FieldKind
from forms.geometry import Box
from foundation.errors import ExitCode, Problem, worst
from foundation.frozen_model import FrozenModel
from foundation.showing import bounded

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


def _rounded_sides(box: Box | None) -> list[float] | None:
    return None if box is None else [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)]


def _rounded(confidence: float) -> float:
    return round(confidence, 3)


#: A box as x0, y0, x1, y1, in JSON to a hundredth of a millimetre; whole numbers stay whole, as in digests on record.
PublishedBox = Annotated[Box | None, PlainSerializer(_rounded_sides, return_type=list[int | float] | None)]
#: 0..1, in JSON to a thousandth.
PublishedConfidence = Annotated[float, PlainSerializer(_rounded, return_type=float)]


class PageOutcome(FrozenModel):
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
    thumbnail: bytes | None = Field(default=None, exclude=True)
    framed: bool = Field(default=False, exclude=True)
    size_mm: tuple[float, float] = Field(default=(210.0, 297.0), exclude=True)


class FieldOutcome(FrozenModel):
    """What was seen of one field. ``label``: what the form prints beside it; ``evidence``: path of its picture."""

    id: str
    label: str
    kind: FieldKind
    state: FieldState
    value: str | bool | None
    page: int
    reason: str
    evidence: str | None = None
    confidence: PublishedConfidence
    box: PublishedBox
    measures: tuple[Measure, ...]


class FindingOutcome(FrozenModel):
    """One thing a person should know about a document. ``weight``: what it does to the verdict; a ``note`` does
    nothing. ``evidence``: path of its field's picture; ``picture``: what it is about, as PNG bytes.
    """

    code: FindingCode
    field: str | None
    page: int | None
    message: str
    weight: Literal["incomplete", "review", "note"]
    box: PublishedBox
    evidence: str | None = None
    label: str = Field(default="", exclude=True)
    picture: bytes | None = Field(default=None, exclude=True)

    @classmethod
    def of(cls, finding: Finding, label: str = "", picture: bytes | None = None) -> FindingOutcome:
        """A judge's finding; its own picture is taken before ``picture``."""
        return cls(
            code=finding.code,
            field=finding.field,
            page=finding.page,
            message=bounded(finding.message),
            weight=finding.weight,
            box=finding.box,
            label=label,
            picture=finding.evidence or picture,
        )


class DocumentOutcome(FrozenModel):
    """One issued document that came back, judged and filed.

    ``title``: of the form, as printed; ``project`` and ``enterprise``: names for people. ``filed``: path of the upright
    PDF or the DOCX that was filed. ``note``: what a person should know about the filing (kept the better earlier
    return, nothing new).
    """

    case: str
    form: str
    issue: str
    title: str
    verdict: Verdict
    filed: str | None = None
    note: str = ""
    pages: tuple[PageOutcome, ...] = ()
    fields: tuple[FieldOutcome, ...] = ()
    findings: tuple[FindingOutcome, ...] = ()
    project: str = Field(default="", exclude=True)
    enterprise: str = Field(default="", exclude=True)

    def filed_as(self, path: str, evidence: dict[str, str]) -> DocumentOutcome:
        """The same once it has its places: the path of its file, and field id → path of its picture."""
        return self.model_copy(
            update={
                "filed": path,
                "fields": tuple(
                    item.model_copy(update={"evidence": evidence.get(item.id)}) for item in self.fields
                ),
                "findings": tuple(
                    item.model_copy(update={"evidence": evidence.get(item.field or "")})
                    for item in self.findings
                ),
            }
        )


class FiledFindings(DocumentOutcome):
    """``findings.json`` beside a filed document. ``generation``: which state of what is back it speaks of."""

    generation: int


class UnplacedPage(FrozenModel):
    """A page that is in no document. ``detail``: one Chinese sentence more; ``thumbnail``: JPEG or PNG. ``is_guide``: a
    page of the guide (签署指引) of one of our packets, which nobody need look at: ``blank-page`` says so of it.
    """

    source: str
    source_page: int
    reason: UnplacedReason
    detail: str = ""
    thumbnail: bytes | None = Field(default=None, exclude=True)
    is_guide: bool = Field(default=False, exclude=True)


class FailedFile(FrozenModel):
    """A file, or a document of it, that could not be dealt with, and what that does to the exit code."""

    source: str
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(default=ExitCode.UNREADABLE, exclude=True)


class BatchReport(FrozenModel):
    """Everything a run found. ``batch``: its name, also of its report files; ``reports``: their paths, once
    written; ``warnings``: doubts that stop nothing.
    """

    documents: tuple[DocumentOutcome, ...] = ()
    unplaced: tuple[UnplacedPage, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    warnings: tuple[Problem, ...] = ()
    reports: tuple[str, ...] = ()
    batch: str = Field(exclude=True)
    checked_at: datetime = Field(exclude=True)
    sources: tuple[str, ...] = Field(default=(), exclude=True)

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
