"""Documents as people decided about them: the verdict that counts, beside the machine's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from daiban.documents.person_answer import PersonAnswer
from daiban.registry import LatestReturn, ReturnRuling, Returns
from daiban.verifying.outcome import DocumentOutcome

_TOGETHER = 500  # issues asked for at once


def decided(
    documents: Iterable[DocumentOutcome], generations: Mapping[str, int], returns: Returns
) -> Iterator[DocumentOutcome]:
    """Each document with what people said of it. ``generations``: which one of an issue its document speaks of; one
    that is not among them was not filed, and nobody can have said anything of it.
    """
    rest = iter(documents)
    while some := list(islice(rest, _TOGETHER)):
        latest = returns.latest(issues=[document.issue for document in some])
        for document in some:
            back = latest.get(document.issue)
            is_it = back is not None and back.newest.generation == generations.get(document.issue)
            yield _decided(document, back) if back is not None and is_it else document


def _decided(document: DocumentOutcome, back: LatestReturn) -> DocumentOutcome:
    ruling = back.ruling
    if ruling.last == 0:
        return document
    return document.model_copy(
        update={
            "verdict": ruling.verdict,
            "decision": PersonAnswer.of(ruling.whole) if ruling.whole is not None else None,
            "waiting": tuple(map(PersonAnswer.of, ruling.waiting)),
            "earlier": tuple(map(PersonAnswer.of_decision, ruling.earlier)),
            "findings": tuple(_findings(document, back, ruling)),
        }
    )


def _findings(document: DocumentOutcome, back: LatestReturn, ruling: ReturnRuling) -> Iterator[object]:
    weights = [item.weight for item in ruling.weighed(back.findings)]
    for number, (item, weight) in enumerate(zip(document.findings, weights, strict=True), 1):
        given = ruling.findings.get(number)
        answer = PersonAnswer.of(given) if given is not None else None
        yield item.model_copy(update={"weight": weight, "decision": answer})
