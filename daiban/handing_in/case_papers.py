"""What is out for an enterprise to fill, sign and seal, and how each paper stands: asked of the registry alone, for one
case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from daiban.documents.return_status import ReturnStatus, return_status
from daiban.office import Office
from daiban.packing.todos import PacketForm, packet_form
from daiban.registry import IssueRecord, Registry
from daiban.verifying.issued import IssueScope
from extractors.model import Finding
from forms.catalogue import Catalogue
from forms.definition import FieldKind, FilledBy
from generator.output.acroform import FillableField

#: ``todo``: to be filled, signed and handed in; ``waiting``: handed in or for a person, somebody looks at it;
#: ``mend``: looked at, and something is missing; ``complete``; ``keep``: nothing is to be done with it.
PaperState = Literal["todo", "waiting", "mend", "complete", "keep"]
PAPER_STATE_NAMES: dict[PaperState, str] = {
    "todo": "待填写签章",
    "waiting": "正在核对",
    "mend": "需要补正",
    "complete": "齐全",
    "keep": "请留存",
}


@dataclass(frozen=True, slots=True)
class EnterprisePaper:
    """One issued paper of a case as its enterprise sees it. ``back``: what the office says of what came back of it;
    ``to_mend``: what of that is missing, with its place.
    """

    form: PacketForm
    state: PaperState
    back: ReturnStatus | None
    to_mend: tuple[Finding, ...] = ()

    @property
    def record(self) -> IssueRecord:
        """Its issue."""
        return self.form.record

    @property
    def title(self) -> str:
        """What the form is called."""
        return self.form.form.title

    @property
    def fillable(self) -> tuple[FillableField, ...]:
        """What the enterprise may type into: its own open texts, dates and boxes, in the order of the pages."""
        return tuple(_fillable(self.form))


@dataclass(frozen=True, slots=True)
class CasePapers:
    """Everything an enterprise may see of its case. ``project``, ``enterprise``, ``agency``: names, as far as its
    papers print them.
    """

    case_id: str
    project: str
    enterprise: str
    agency: str
    papers: tuple[EnterprisePaper, ...]

    def paper(self, issue: str) -> EnterprisePaper | None:
        """A paper of this case by its issue's number; None for every other number."""
        return next((paper for paper in self.papers if paper.record.number == issue), None)


def case_papers(
    office: Office, registry: Registry, case_id: str, waiting: Collection[str] = ()
) -> CasePapers:
    """The papers of a case that are out, the current one of each. ``waiting``: issues that were handed in and not
    looked at yet. The rosters are not read: what went out is on record.
    """
    records = list(_records(registry, case_id))
    papers = []
    for form in office.catalogue.forms:
        for record in (one for one in records if one.form_id == form.id):
            packed = packet_form(form, record)
            if packed is not None:
                papers.append(_paper(registry, packed, waiting))
    return CasePapers(
        case_id=case_id,
        project=_printed(records, "project.name"),
        enterprise=_printed(records, "enterprise.name"),
        agency=office.settings.agency.name or _printed(records, "agency.name"),
        papers=tuple(papers),
    )


def enterprise_scope(catalogue: Catalogue, case_id: str) -> IssueScope:
    """What an enterprise may hand in: the papers of its own case that are for it."""
    return IssueScope(case_id, frozenset(form.id for form in catalogue.forms if form.is_for_enterprise))


def _printed(records: Sequence[IssueRecord], field_id: str) -> str:
    """What the newest paper that prints a field says there."""
    values = (record.values.get(field_id) for record in reversed(records))
    return next((str(value) for value in values if value), "")


def _records(registry: Registry, case_id: str) -> Iterator[IssueRecord]:
    for summary in registry.issues(case_id):
        if not summary.is_void and summary.published_at is not None and summary.pdf is not None:
            record = registry.find(summary.number)
            if record is not None:
                yield record


def _paper(registry: Registry, packed: PacketForm, waiting: Collection[str]) -> EnterprisePaper:
    number = packed.record.number
    latest = registry.returns.latest(issues=[number]).get(number)
    back = return_status(packed.record, latest)
    state = _state(packed, back, number in waiting)
    if latest is None or state != "mend":
        return EnterprisePaper(packed, state, back)
    weighed = latest.ruling.weighed(latest.findings)
    return EnterprisePaper(
        packed, state, back, tuple(item for item in weighed if item.weight == "incomplete")
    )


def _state(packed: PacketForm, back: ReturnStatus | None, is_waiting: bool) -> PaperState:
    if back is not None and back.verdict == "complete" and back.filed:
        return "complete"
    if is_waiting:
        return "waiting"
    if back is None:
        return "todo" if packed.pages else "keep"
    return "mend" if back.verdict == "incomplete" else "waiting"


def _fillable(form: PacketForm) -> Iterator[FillableField]:
    for area in sorted(form.record.areas, key=lambda area: (area.page, area.box.y0, area.box.x0)):
        definition = form.form.field(area.id)
        if (
            area.is_open
            and definition is not None
            and definition.filled_by is FilledBy.ENTERPRISE
            and definition.kind is not FieldKind.SIGNATURE
        ):
            yield FillableField(area, definition)
