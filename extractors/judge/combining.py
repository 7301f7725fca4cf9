"""Combines all observations of a field, from paper and files, into the one that counts.

A field can be seen several times: on the better copy of its page, on another copy, as a form field, as a
control of a DOCX. One physical document is judged by what it shows itself: what a file says of a page is joined
only with the picture of that very page. The file's own value is the more exact, and was held against the picture;
where it says nothing, ink that was drawn on the page counts as ink on paper does, but never as a signature: that
needs paper, or a certificate, or a form that is content with a picture. Two copies that contradict each other make
a field unsure: a person decides which one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from extractors.model import (
    OBSERVATION_TYPES,
    DateObservation,
    FieldObservation,
    FieldState,
    Observation,
    ReturnedDocument,
    SignatureObservation,
    WrittenObservation,
)
from forms.definition import FieldKind, FormDefinition
from forms.geometry import FieldArea
from forms.patterns import listed, meet


@dataclass(frozen=True)
class JudgedDocument:
    """One returned document as its judge sees it: form, facts, and per field the observation that counts.

    ``contradicted``: fields that are filled on one copy and blank on another.
    """

    form: FormDefinition
    returned: ReturnedDocument
    observations: Mapping[str, Observation]
    contradicted: frozenset[str]

    @cached_property
    def areas(self) -> Mapping[str, FieldArea]:
        """Every field's place on paper; empty where the issue has no PDF."""
        return {area.id: area for area in self.returned.issue.areas}

    @cached_property
    def missing_pages(self) -> tuple[int, ...]:
        """Pages of the issue that did not come back at all."""
        seen = set(self.returned.pages).union(*(facts.pages_seen for facts in self.returned.digital))
        return tuple(number for number in range(1, self.returned.issue.pages + 1) if number not in seen)

    @cached_property
    def lost_pages(self) -> frozenset[int]:
        """Pages that came back only as pictures nothing could be observed on."""
        whole = {page for facts in self.returned.digital for page in facts.pages_seen}
        lost = {number for number, facts in self.returned.pages.items() if not facts.registered}
        return frozenset(lost - whole)

    def ids(self, pattern: str) -> tuple[str, ...]:
        """The concrete ids of this document that a definition's id means."""
        if "*" not in pattern:
            return (pattern,)
        return tuple(field_id for field_id in self._known if meet(pattern, field_id))

    def ids_listed(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The concrete ids of this document that a condition means."""
        wanted = tuple(patterns)
        return tuple(field_id for field_id in self._known if listed(field_id, wanted))

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.areas, *self.returned.issue.values, *self.observations)))

    def issued(self, field_id: str) -> str | bool | None:
        """What the office printed into a field, or None where it left it open."""
        value: str | bool | None = self.returned.issue.values.get(field_id)
        return None if value in (None, False, "") else value

    def state(self, field_id: str) -> FieldState | None:
        """Whether a field is there, by whoever filled it; None: nobody looked, or no such field."""
        observation = self.observations.get(field_id)
        if observation is not None:
            return observation.state
        return "filled" if self.issued(field_id) is not None else None

    def page(self, field_id: str) -> int | None:
        """The page a field stands on."""
        if field_id in self.areas:
            return self.areas[field_id].page
        observation = self.observations.get(field_id)
        return observation.page if observation else None

    def is_gone(self, field_id: str) -> bool:
        """Whether the field's page is missing or could not be looked at: that is said of the page, once."""
        page = self.page(field_id)
        return page in self.missing_pages or (page in self.lost_pages and not self._is_observed(field_id))

    def _is_observed(self, field_id: str) -> bool:
        observation = self.observations.get(field_id)
        return observation is not None and observation.visible


def combine(returned: ReturnedDocument, form: FormDefinition, sure: float) -> JudgedDocument:
    """Bring every sighting of every field together. ``sure``: the confidence a state needs to count, 0..1."""
    on_paper = [facts for facts in returned.pages.values() if facts.registered]
    paper = {item.id: _from_paper(item, sure) for facts in on_paper for item in facts.observations}
    copies = [facts for facts in returned.duplicates if facts.registered]
    others = [_from_paper(item, sure) for facts in copies for item in facts.observations]
    files = [_settled(item, sure) for facts in returned.digital for item in facts.observations]
    open_areas = {area.id: area for area in returned.issue.areas if area.is_open}
    contradicted = _contradicted([*paper.values(), *others]) | _contradicted(files)
    never_paper = {page for facts in returned.digital if facts.format == "pdf" for page in facts.pages_seen}
    observations = {}
    for field_id in dict.fromkeys((*open_areas, *paper, *(item.id for item in files))):
        seen = [item for item in files if item.id == field_id]
        on_page = paper.get(field_id)
        best = _joined(_by_state(seen))
        if on_page is not None:
            best = _same_sheet(best, on_page, is_file=on_page.page in never_paper)
        if best is None:
            best = _unseen(open_areas[field_id], returned)
        elif field_id in contradicted:
            best = replace(best, state="unsure", reason="交回了两份，一份填了，一份没填")
        observations[field_id] = best
    return JudgedDocument(form, returned, observations, frozenset(contradicted))


def contradicts(first: Observation, second: Observation) -> bool:
    """Whether one is surely there and the other surely not."""
    return {first.state, second.state} == {"filled", "blank"}


def _from_paper(item: Observation, sure: float) -> Observation:
    settled = _settled(item, sure)
    if isinstance(settled, WrittenObservation):
        return replace(settled, read=settled.value is not None)
    return settled


def is_read(item: FieldObservation | None) -> bool:
    """Whether an observation's value was read off a picture, and so decides nothing by itself."""
    return isinstance(item, WrittenObservation) and item.read


def _settled(item: Observation, sure: float) -> Observation:
    """A state that is less than sure is no state; nor is one whose own facts speak against it."""
    if item.state != "unsure" and (item.confidence < sure or not item.visible):
        return replace(item, state="unsure")
    return _whole_date(item) if isinstance(item, DateObservation) and item.slots else item


def _whole_date(item: DateObservation) -> DateObservation:
    """A date is there when all three slots are, and blank when one of them is."""
    if item.state != "filled" or all(slot == "filled" for slot in item.slots):
        return item
    return replace(item, state="blank" if "blank" in item.slots else "unsure")


def _by_state(items: list[Observation]) -> list[Observation]:
    order: dict[FieldState, int] = {"filled": 0, "unsure": 1, "blank": 2}
    return sorted(items, key=lambda item: order[item.state])


def _joined(items: list[Observation]) -> Observation | None:
    """The first that is surely there, else the first unsure one, else the first; its picture from any."""
    if not items:
        return None
    best = _by_state(items)[0]
    pictured = next((item for item in items if item.crop is not None), best)
    return replace(best, crop=best.crop or pictured.crop, box=best.box or pictured.box)


def _same_sheet(in_file: Observation | None, on_page: Observation, *, is_file: bool) -> Observation:
    """What a file says of a field, and what the picture of the same page shows; ``is_file``: the page never was
    paper.
    """
    if isinstance(on_page, SignatureObservation) and isinstance(in_file, SignatureObservation | None):
        return _signing_place(in_file, on_page) if is_file or in_file is not None else on_page
    if in_file is None:
        return on_page
    if in_file.state == "blank" and not in_file.value:
        return on_page  # a tick or a date may have been drawn over the empty field
    return replace(in_file, crop=in_file.crop or on_page.crop, box=in_file.box or on_page.box)


def _signing_place(
    in_file: SignatureObservation | None, on_page: SignatureObservation
) -> SignatureObservation:
    """A signing place of a page that never was paper: ink in its picture is a picture of ink."""
    crop, box = on_page.crop, on_page.box
    if in_file is None or (in_file.state == "blank" and on_page.state != "blank"):
        if on_page.state == "blank":
            return on_page
        reason = "是放在电子文件里的图片或笔画，不是纸上的签字或盖章"
        return replace(on_page, state="unsure", electronic="picture", reason=reason)
    if in_file.electronic == "certified":
        return replace(in_file, crop=in_file.crop or crop, box=in_file.box or box)
    return replace(
        in_file,
        crop=in_file.crop or crop,
        box=in_file.box or box,
        pen=on_page.pen if in_file.electronic else in_file.pen,
        seals=on_page.seals,
    )


def _contradicted(items: Iterable[Observation]) -> set[str]:
    by_id: dict[str, list[Observation]] = {}
    for item in items:
        by_id.setdefault(item.id, []).append(item)
    return {
        field_id
        for field_id, copies in by_id.items()
        if any(contradicts(copies[0], other) for other in copies[1:])
    }


def _unseen(area: FieldArea, returned: ReturnedDocument) -> Observation:
    facts = returned.pages.get(area.page)
    is_here = facts is not None or any(area.page in item.pages_seen for item in returned.digital)
    if not is_here:
        reason = f"第{area.page}页没有交回"
    elif facts is not None and not facts.registered:
        reason = f"第{area.page}页与原件对不上，没有逐项核对"
    else:
        reason = "这一处没有看到"
    return OBSERVATION_TYPES[FieldKind(area.kind)](
        id=area.id,
        state="unsure",
        page=area.page,
        confidence=0.0,
        reason=reason,
        box=area.box,
        visible=False,
    )
