"""A sound return of each form, made by hand, for a judge's tests to spoil."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from extractors.judge import judge
from extractors.model import (
    OBSERVATION_TYPES,
    DateObservation,
    DigitalFacts,
    IssuedDocument,
    Judgement,
    Observation,
    PageFacts,
    PageRef,
    ReturnedDocument,
    Seal,
    Sighting,
    SignatureObservation,
)
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from forms.definition import FieldDefinition, FieldKind, FormDefinition
from forms.geometry import Box, FieldArea

TODAY = dt.date(2026, 11, 21)
FORMS = {form.id.removeprefix("jincheng-"): form for form in Catalogue.load().forms}
ISSUED = {"project.code": "2601-140502-04-01-123456", "handover.date": "2026-06-30"}
SEAL = Seal(box=Box(100, 200, 140, 240), shape="round", diameter_mm=40.0, red=True)


@dataclass
class Return:
    """One document on its way back, everything in order until a test spoils it."""

    form: FormDefinition
    issue: IssuedDocument
    observations: dict[str, Observation]
    pages: dict[int, dict[str, Any]]
    duplicates: list[PageFacts] = field(default_factory=list)
    digital: list[DigitalFacts] = field(default_factory=list)
    superseded: tuple[Sighting, ...] = ()

    def change(self, field_id: str, **changes: Any) -> Return:
        self.observations[field_id] = replace(self.observations[field_id], **changes)
        return self

    def blank(self, *field_ids: str) -> Return:
        """Nothing stands in these fields: in a date none of the three slots is looked at, a signing area has no pen."""
        for field_id in field_ids:
            item = self.observations[field_id]
            more: dict[str, Any] = {"slots": ()} if isinstance(item, DateObservation) else {}
            more |= {"pen": False} if isinstance(item, SignatureObservation) else {}
            self.change(field_id, state="blank", **more)
        return self

    def facts(self, number: int, **changes: Any) -> PageFacts:
        mine = tuple(item for item in self.observations.values() if item.page == number)
        told: dict[str, Any] = {
            "ref": PageRef("batch.pdf", number),
            "sighting": sighting(self.issue, number),
            "registered": True,
            "observations": mine,
            "readability": 0.9,
        }
        return PageFacts(**{**told, **changes})

    def returned(self) -> ReturnedDocument:
        return ReturnedDocument(
            issue=self.issue,
            pages={number: self.facts(number, **changes) for number, changes in self.pages.items()},
            duplicates=tuple(self.duplicates),
            digital=tuple(self.digital),
            superseded=self.superseded,
        )

    def judged(self, form: FormDefinition | None = None, **options: Any) -> Judgement:
        return judge(self.returned(), form or self.form, today=TODAY, thresholds=load_thresholds(), **options)

    def on_file(self, **changes: Any) -> Return:
        """The same as a born-digital return: the observations of a file, without any picture."""
        told: dict[str, Any] = {
            "ref": PageRef("return.pdf", 1),
            "issue": self.issue.number,
            "format": "pdf",
            "observations": tuple(self.observations.values()),
            "pages_seen": tuple(self.pages),
        }
        self.digital = [DigitalFacts(**{**told, **changes})]
        self.pages = {}
        return self


def sighting(issue: IssuedDocument, number: int, by: Any = "mark") -> Sighting:
    return Sighting(issue=issue.number, page=number, pages=issue.pages, turn=0, by=by)


def seen(definition: FieldDefinition, field_id: str, page: int, box: Box) -> Observation:
    is_box = definition.kind is FieldKind.CHECKBOX
    is_line = ".text_" in field_id or field_id.endswith(".others")
    more: dict[str, Any] = {}
    if definition.kind is FieldKind.SIGNATURE:
        more = {"pen": True, "seals": (SEAL,) if definition.signing in ("seal", "both") else ()}
    if definition.kind is FieldKind.DATE:
        more = {"slots": ("filled", "filled", "filled")}
    return OBSERVATION_TYPES[definition.kind](
        id=field_id,
        state="blank" if is_box or is_line else "filled",
        page=page,
        confidence=0.97,
        reason="",
        box=box,
        crop=b"png",
        **more,
    )


def make_sound(name: str) -> Return:
    """A form that came back complete: the office's part printed, the rest seen to be filled."""
    form, pages = FORMS[name], 2
    values: dict[str, Any] = {}
    areas, observations = [], {}
    ids = [
        (item, field_id)
        for item in form.fields
        for field_id in (
            [item.id.replace("*", str(index)) for index in (0, 1)] if "*" in item.id else [item.id]
        )
    ]
    for number, (definition, field_id) in enumerate(ids):
        page = 1 if number < len(ids) / 2 else 2
        box = Box(30, 20 + number, 90, 26 + number)
        is_office = definition.required == "issue" or definition.filled_by.value == "office"
        values[field_id] = ISSUED.get(field_id, definition.label) if is_office else ISSUED.get(field_id)
        is_open = values[field_id] is None
        areas.append(FieldArea(field_id, definition.kind.value, page, box, is_open))
        if is_open:
            observations[field_id] = seen(definition, field_id, page, box)
    issue = IssuedDocument(
        number="7K3M9QX2",
        case_id="JC-2026-001",
        form_id=form.id,
        pages=pages,
        values=values,
        areas=tuple(areas),
        page_sizes=((210.0, 297.0),) * pages,
        docx=Path("a.docx"),
        pdf=Path("a.pdf"),
        docx_sha256="",
        pdf_sha256="",
    )
    made = Return(form, issue, observations, {1: {}, 2: {}})
    if name == "assessment":
        made.change("assessment.approval.items.city.3", state="filled")
    return made


def codes(judgement: Judgement, weight: str | None = None) -> list[str]:
    """The codes of all findings, or of those of one weight, in their order."""
    return [item.code for item in judgement.findings if weight in (None, item.weight)]


@pytest.fixture(scope="session")
def sound() -> Callable[[str], Return]:
    """Makes a return of a form (by its short name) that is complete in every way."""
    return make_sound


@pytest.fixture(name="codes", scope="session")
def codes_of() -> Callable[..., list[str]]:
    """Tells the codes of a judgement's findings."""
    return codes
