"""A form's rules of choice (at least one of …, only one of …), as a filler of forms follows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.model import IssuedDocument
from forms.definition import AnyOf, FormDefinition
from simulator.truth import Ids


def on_return(form: FormDefinition, ids: Iterable[str]) -> Iterator[AnyOf]:
    """The rules that hold on return; one for a list's every entry, once for each of them."""
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


def named(patterns: tuple[str, ...], ids: Iterable[str]) -> list[str]:
    """Those of the ids that the patterns (``*`` for any one name) name, in their own order; not lines beside boxes."""
    shapes = [re.compile(re.escape(pattern).replace(r"\*", r"(?!text_)[^.]+")) for pattern in patterns]
    return [key for key in ids if any(shape.fullmatch(key) for shape in shapes)]


def by_office(document: IssuedDocument) -> Ids:
    """Ids that were filled when the document went out."""
    return frozenset(key for key, value in document.values.items() if value not in (None, False, ""))


def holds(rule: AnyOf, filled: Ids) -> bool:
    """Whether the rule asks for something at all, these being filled."""
    return not rule.when or bool(named(rule.when, filled))
