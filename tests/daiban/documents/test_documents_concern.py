"""daiban/documents/concern: which forms a part of a case concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cases.model.case import Case
from cases.model.fields import field_at
from cases.samples import load_case_files, load_sample
from cases.values.paths import loc_of
from daiban.documents.concern import FOLLOWS_FROM, concerns
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue

CASES = [case for case in (*load_sample()[:3], *load_case_files()) if not case.projects]
_EVERY_CASE = {"id", "document", "stage", "projects", "listing"}


def _differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """The places, of lists the lists, where two trees differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from _differences(one.get(name), other.get(name), f"{place}.{name}" if place else name)
    elif one != other:
        yield place


def _meets(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_follows_from_a_part_is_declared(case: Case) -> None:
    """Whatever of a document's data changes when a part of a case is taken away is that part, or declared to follow."""
    deriver, settings = Deriver(Settings()), Settings()
    before = dict(document_data(deriver.planned(case), settings).field_tree())
    empty = Case(id=case.id, document=case.document, project=case.project, enterprise=case.enterprise)
    for group in set(Case.model_fields) - _EVERY_CASE - {"project", "enterprise"}:
        without = case.model_copy(update={group: getattr(empty, group)})
        after = dict(document_data(deriver.planned(without), settings).field_tree())
        for changed in _differences(before, after):
            declared = _follows(changed)
            assert any(_meets(group, source) for source in declared), f"{changed} follows from {group}"


def _follows(field: str) -> set[str]:
    found, waiting = set(), [field]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [
                source for known, sources in FOLLOWS_FROM.items() if _meets(known, name) for source in sources
            ]
    return found


def test_a_part_concerns_whatever_prints_it_or_what_follows() -> None:
    """A telephone concerns what prints it, a step what has a timetable, a tick in 研判 what has its plan."""
    forms = {form.id: form for form in Catalogue.load().forms}
    assert concerns("contact.phone", forms["jincheng-authorisation"])
    assert not concerns("contact.phone", forms["jincheng-ledger"])
    assert concerns("progress.steps", forms["yangcheng-service-plan"])
    assert not concerns("progress.steps", forms["jincheng-service-plan"])
    assert concerns("assessment.approval.items", forms["jincheng-authorisation"])
    assert not concerns("assessment.approval.fees", forms["jincheng-authorisation"])


def test_what_forms_state_is_something_a_case_can_say() -> None:
    """The datum behind every stated fact is a field of a case, and its sentence is in the template."""
    for form in Catalogue.load().forms:
        for fact in form.facts:
            field = field_at(loc_of(fact.field))
            assert field is not None and field.title == fact.label, f"{form.id}: {fact.field}"
