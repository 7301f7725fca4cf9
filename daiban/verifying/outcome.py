"""What a run of ``verify`` found: every document, every page, every file, as one value.

These models are ``verify --json``; the reports for people (HTML, XLSX) are drawn from them as well, so that all three
say the same. What only the reports show is excluded from the JSON.

Paths are relative to the workspace, with ``/``, unless they are a source's: a source is named as people know
the file. Boxes are mm from the top left of the issued page. Pictures are small: JPEG or PNG bytes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from daiban.documents.person_answer import PersonAnswer
from extractors.model import FieldState, Finding, FindingCode, FindingWeight, Measure, SharedPrint, Verdict
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
_SIDES = ("x0", "y0", "x1", "y1")
_VERDICT_CODES: dict[Verdict, ExitCode] = {
    "complete": ExitCode.OK,
    "incomplete": ExitCode.INCOMPLETE,
    "review": ExitCode.REVIEW,
}


def _rounded_sides(box: Box | None) -> list[float] | None:
    return None if box is None else [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)]


def _box_of(sides: object) -> object:
    """A box as it is published, read again; anything else is left to be refused."""
    if isinstance(sides, (list, tuple)) and len(sides) == len(_SIDES):
        return dict(zip(_SIDES, sides, strict=True))
    return sides


def _rounded(confidence: float) -> float:
    return round(confidence, 3)


#: A box as x0, y0, x1, y1, in JSON to a hundredth of a millimetre; whole numbers stay whole, as in digests on record.
PublishedBox = Annotated[
    Box | None,
    BeforeValidator(_box_of),
    PlainSerializer(_rounded_sides, return_type=list[int | float] | None),
]
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
    nothing. ``evidence``: path of its field's picture; ``picture``: what it is about, as PNG bytes. ``decision``:
    what a person said of it; its weight is then by that, and ``machine_weight`` the machine's own.
    """

    code: FindingCode
    field: str | None
    page: int | None
    message: str
    weight: FindingWeight
    box: PublishedBox
    evidence: str | None = None
    machine_weight: FindingWeight
    decision: PersonAnswer | None = None
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
            machine_weight=finding.weight,
            box=finding.box,
            label=label,
            picture=finding.evidence or picture,
        )


class DocumentOutcome(FrozenModel):
    """One issued document that came back, judged and filed.

    ``title``: of the form, as printed; ``project`` and ``enterprise``: names for people. ``filed``: path of the upright
    PDF or the DOCX that was filed. ``note``: what a person should know about the filing (kept the better earlier
    return, nothing new).

    ``verdict``: the one that counts, a person's where there is one; ``machine_verdict``: the machine's own;
    ``decision``: what a person said of the document as a whole; ``waiting``: what one person said and a second has not
    confirmed; ``earlier``: what was said of an earlier return and counts no more.
    """

    case: str
    form: str
    issue: str
    title: str
    verdict: Verdict
    machine_verdict: Verdict
    decision: PersonAnswer | None = None
    waiting: tuple[PersonAnswer, ...] = ()
    earlier: tuple[PersonAnswer, ...] = ()
    filed: str | None = None
    note: str = ""
    pages: tuple[PageOutcome, ...] = ()
    fields: tuple[FieldOutcome, ...] = ()
    findings: tuple[FindingOutcome, ...] = ()
    project: str = Field(default="", exclude=True)
    enterprise: str = Field(default="", exclude=True)

    @property
    def answers(self) -> tuple[PersonAnswer, ...]:
        """Everything that people said of it, in the order of the findings."""
        whole = (self.decision,) if self.decision is not None else ()
        said = tuple(item.decision for item in self.findings if item.decision is not None)
        return (*whole, *said, *self.waiting, *self.earlier)

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

    ``page``: how it is named where a person places it (``daiban place``), None for one that nobody need look at;
    ``is_decided``: a person said already what it is. ``kept``: a PDF of it in staging. ``alike``: the
    pages that its print is like.
    """

    source: str
    source_page: int
    reason: UnplacedReason
    detail: str = ""
    page: str | None = None
    is_decided: bool = False
    thumbnail: bytes | None = Field(default=None, exclude=True)
    is_guide: bool = Field(default=False, exclude=True)
    kept: Path | None = Field(default=None, exclude=True)
    alike: tuple[SharedPrint, ...] = Field(default=(), exclude=True)

    @property
    def needs_eyes(self) -> bool:
        """Whether a person has to say where it belongs. A blank back asks nobody."""
        return self.reason in _NEEDS_EYES and not self.is_decided


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
        if any(page.needs_eyes for page in self.unplaced):
            codes.append(ExitCode.REVIEW)
        return worst(codes)
