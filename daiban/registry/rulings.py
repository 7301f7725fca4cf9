"""What people's decisions make of a return (人的决定与机器结论): the verdict that counts, beside the machine's own.

A decision is about one generation of what is back; what came later asks again. A decision about the document as a whole
comes before those about single findings. Where a second person is asked for (两人复核), an answer counts once so many
different people have given it one after the other; until then the answer before it goes on counting, and where there is
none, the machine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal, cast

from daiban.registry.decisions import Answer, Decision, standing
from extractors.model import Finding, Verdict, verdict_of

#: What is to be done with a return: a person must ``decide``; a second one must ``confirm``; it must be mended;
#: nothing.
Queue = Literal["decide", "confirm", "incomplete", "complete"]
_ANSWERS = ("accept", "reject")
_VERDICTS: Mapping[Answer, Verdict] = {"accept": "complete", "reject": "incomplete"}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was said of a return, or of one finding: the ``last`` decision that said so, and everybody ``by`` whom it
    was said, in order.
    """

    last: Decision
    by: tuple[str, ...]

    @property
    def answer(self) -> Answer:
        """Accepted or rejected."""
        return cast(Answer, self.last.kind)

    @property
    def counts(self) -> bool:
        """Whether as many people said so as it needs."""
        return len(self.by) >= self.last.needed


@dataclass(frozen=True, slots=True)
class ReturnRuling:
    """What counts of one generation. ``machine``: its own verdict, which nobody changes; ``whole``: a person's answer
    about the document; ``findings``: answers about single findings, by their number from 1; ``waiting``: answers that a
    second person has not given yet; ``earlier``: what stood about earlier generations and counts no more; ``last``: the
    number of the latest decision about the issue, 0 where there is none.
    """

    verdict: Verdict
    machine: Verdict
    whole: GivenAnswer | None = None
    findings: Mapping[int, GivenAnswer] = field(default_factory=dict)
    waiting: tuple[GivenAnswer, ...] = ()
    earlier: tuple[Decision, ...] = ()
    last: int = 0

    @property
    def queue(self) -> Queue:
        """What is to be done with it. A return that is not complete asks a person again who decided about an earlier
        one.
        """
        if self.waiting:
            return "confirm"
        if self.verdict == "review" or (
            self.verdict == "incomplete" and self.earlier and not self.is_decided
        ):
            return "decide"
        return "complete" if self.verdict == "complete" else "incomplete"

    @property
    def latest(self) -> Decision | None:
        """The latest decision about this generation that nobody took back, whether or not it counts yet."""
        given = [*self.findings.values(), *self.waiting, *([self.whole] if self.whole else [])]
        return max((one.last for one in given), key=lambda one: one.number or 0, default=None)

    @property
    def is_decided(self) -> bool:
        """Whether any person's answer counts."""
        return self.whole is not None or bool(self.findings)

    def weighed(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings, in their order, each with the weight it has by what people said of it: an accepted one is
        only a note, a rejected one is lacking.
        """
        return tuple(_weighed(item, self.findings.get(number)) for number, item in enumerate(findings, 1))


def ruling(
    machine: Verdict, generation: int, findings: Sequence[Finding], decisions: Iterable[Decision]
) -> ReturnRuling:
    """What decisions about an issue, in their order, make of one generation of what is back of it."""
    made = tuple(decisions)
    answers = [one for one in standing(made) if one.kind in _ANSWERS]
    by_finding: dict[int | None, list[Decision]] = {}
    for one in answers:
        if one.generation == generation:
            by_finding.setdefault(one.finding, []).append(one)
    runs = {place: _runs(given) for place, given in by_finding.items()}
    counting = {place: found for place, given in runs.items() if (found := _counting(given)) is not None}
    whole = counting.get(None)
    by_findings = ReturnRuling(
        verdict=machine,
        machine=machine,
        whole=whole,
        findings={place: given for place, given in counting.items() if place is not None},
        waiting=tuple(given[-1] for given in runs.values() if not given[-1].counts),
        earlier=tuple(one for one in answers if one.generation != generation),
        last=max((one.number or 0 for one in made if one.kind in (*_ANSWERS, "undo")), default=0),
    )
    if whole is not None:
        return replace(by_findings, verdict=_VERDICTS[whole.answer])
    if by_findings.findings:
        return replace(by_findings, verdict=verdict_of(by_findings.weighed(findings)))
    return by_findings


def _runs(given: Iterable[Decision]) -> list[GivenAnswer]:
    """The same answer given once or several times on end, in order."""
    runs = (list(run) for _, run in groupby(given, key=lambda one: one.kind))
    return [GivenAnswer(run[-1], tuple(dict.fromkeys(one.by for one in run))) for run in runs]


def _counting(runs: Iterable[GivenAnswer]) -> GivenAnswer | None:
    return next((run for run in reversed(list(runs)) if run.counts), None)


def _weighed(item: Finding, given: GivenAnswer | None) -> Finding:
    if given is None:
        return item
    return replace(item, weight="note" if given.answer == "accept" else "incomplete")
