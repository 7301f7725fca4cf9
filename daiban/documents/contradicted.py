"""Which documents print what departments contradict each other in.

A document depends on a contradicted part of the 研判 if it would say something else were that part another: then it
waits until a person has settled the contradiction. So a 方案 that the office wrote by hand goes out, and one that
follows from the 研判 does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from cases.model.assessment import Assessment
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.model.field_types import FieldGroup
from daiban.documents.binding import Binder
from forms.definition import FormDefinition

_PREFIX = "assessment."
_PROBE = "待定"


def contradicted(
    case: Case, form: FormDefinition, contradictions: Iterable[Contradiction], binder: Binder
) -> tuple[Contradiction, ...]:
    """Those of the open contradictions whose outcome would show in a document."""
    unsettled = [one for one in contradictions if one.settled is None]
    if not unsettled:
        return ()
    now = binder.bound(case, form).json_values()
    return tuple(
        one
        for one in unsettled
        if any(binder.bound(other, form).json_values() != now for other in _variants(case, one))
    )


def _variants(case: Case, one: Contradiction) -> Iterator[Case]:
    """The case with the contradicted part empty, and with something else in it."""
    path = one.field.removeprefix(_PREFIX).split(".")
    for value in (False, True):
        assessment = cast(Assessment, _varied(case.assessment, path, probing=value))
        yield case.model_copy(update={"assessment": assessment})


def _varied(node: FieldGroup, path: list[str], *, probing: bool) -> FieldGroup:
    """A group with the part at a path varied; where the path leads no further, the whole group."""
    first, *rest = path or [""]
    if first not in type(node).model_fields:
        return _filled(node) if probing else type(node)()
    child = getattr(node, first)
    if isinstance(child, FieldGroup):
        return node.model_copy(update={first: _varied(child, rest, probing=probing)})
    return node.model_copy(
        update={first: _probe(child) if probing else () if isinstance(child, tuple) else None}
    )


def _filled(node: FieldGroup) -> FieldGroup:
    members = {name: getattr(node, name) for name in type(node).model_fields}
    return node.model_copy(
        update={
            name: _filled(value) if isinstance(value, FieldGroup) else _probe(value)
            for name, value in members.items()
        }
    )


def _probe(value: object) -> object:
    return (*value, _PROBE) if isinstance(value, tuple) else _PROBE
