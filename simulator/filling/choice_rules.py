"""The choice rules of a form (at least one of …, only one of …) as a person who fills it follows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.model import IssuedDocument
from forms.definition import AnyOf, FormDefinition
from simulator.truth import Ids


def return_rules(form: FormDefinition, ids: Iterable[str]) -> Iterator[AnyOf]:
    """The rules that apply on return; a rule about every entry of a list is repeated for each entry in ``ids``."""
    known = list(ids)
    for rule in form.any_of:
        if rule.at != "return":
            continue
        if not rule.each:
            yield rule
            continue
        start = re.compile(re.escape(rule.each) + r"\.([0-9]+)\.")
        for index in sorted({int(found[1]) for key in known if (found := start.match(key))}):
            yield rule.of_entry(index)


def matching_ids(patterns: tuple[str, ...], ids: Iterable[str]) -> list[str]:
    """The ids that match one of the patterns (``*``: any one name, except a text line beside a box), in their order."""
    shapes = [re.compile(re.escape(pattern).replace(r"\*", r"(?!text_)[^.]+")) for pattern in patterns]
    return [key for key in ids if any(shape.fullmatch(key) for shape in shapes)]


def filled_by_office(document: IssuedDocument) -> Ids:
    """Ids of the fields that were filled when the document was issued."""
    return frozenset(key for key, value in document.values.items() if value not in (None, False, ""))


def applies(rule: AnyOf, filled: Ids) -> bool:
    """Whether the rule requires anything, given the filled ids."""
    return not rule.when or bool(matching_ids(rule.when, filled))
