"""The counts as Markdown: the table of promises, then the verdicts by defect and by way of making the picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args

from bench.accuracy.bounds import lower, upper
from bench.accuracy.digital import DigitalOutcome, digital_rows
from bench.accuracy.outcomes import Count, PaperOutcome
from simulator.truth import Tier

TIERS: tuple[Tier, ...] = get_args(Tier)
Outcomes = Sequence[PaperOutcome]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: what is counted, the limit per tier in % (None: no limit), and whether more is better."""

    title: str
    count: Callable[[Outcomes], Count]
    limits: tuple[float | None, ...]
    more_is_better: bool = False


def summed(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    parts = list(counts)
    return sum(right for right, _ in parts), sum(asked for _, asked in parts)


def _verdicts(outcomes: Outcomes, *, complete: bool, verdict: str) -> Count:
    of = [item for item in outcomes if item.complete == complete]
    return sum(item.verdict == verdict for item in of), len(of)


def _needs_ocr(item: PaperOutcome) -> bool:
    """Whether only reading a date, which needs the optional OCR, could show what is wrong."""
    return any(name in ("date-future", "date-early") for name in item.defects)


def _called_complete(outcomes: Outcomes, *, ocr: bool) -> Count:
    return _verdicts(
        [item for item in outcomes if _needs_ocr(item) == ocr], complete=False, verdict="complete"
    )


def _wrong(outcomes: Outcomes) -> Count:
    return sum(item.wrong for item in outcomes), summed(item.pages for item in outcomes)[1]


def _altered(outcomes: Outcomes) -> Count:
    return summed(
        item.expected for item in outcomes if any(name.startswith("print-") for name in item.defects)
    )


def _altered_imagined(outcomes: Outcomes) -> Count:
    complete = [item for item in outcomes if item.complete]
    return sum(item.altered_imagined for item in complete), len(complete)


PROMISES = (
    Promise("pages identified", lambda o: summed(i.pages for i in o), (99.9, 99.5, 98, 90), True),
    Promise("wrong form, case or page accepted", _wrong, (0, 0, 0, 0)),
    Promise(
        "incomplete document called complete",
        lambda o: _called_complete(o, ocr=False),
        (0, 0, 0, 0),
    ),
    Promise(
        "complete document called incomplete",
        lambda o: _verdicts(o, complete=True, verdict="incomplete"),
        (0.5, 1, 3, 5),
    ),
    Promise(
        "complete document sent to a person",
        lambda o: _verdicts(o, complete=True, verdict="review"),
        (3, 8, 15, 40),
    ),
    Promise("seal seen", lambda o: summed(i.seals_seen for i in o), (99.5, 97, 98, None), True),
    Promise("seal imagined", lambda o: summed(i.seals_imagined for i in o), (0.1, 0.5, 0.3, None)),
    Promise("altered printed line caught", _altered, (99, 97, 90, None), True),
    Promise("alteration imagined on a complete document", _altered_imagined, (None,) * 4),
    Promise(
        "implausible date called complete (visible only to OCR)",
        lambda o: _called_complete(o, ocr=True),
        (None,) * 4,
    ),
    Promise("pages registered", lambda o: summed(i.registered for i in o), (None,) * 4, True),
    Promise("fill not taken for a blank", lambda o: summed(i.fills_seen for i in o), (None,) * 4, True),
    Promise("blank taken for a fill", lambda o: summed(i.fills_imagined for i in o), (None,) * 4),
    Promise("finding named with its place", lambda o: summed(i.expected for i in o), (None,) * 4, True),
)


def born_digital(outcomes: Sequence[DigitalOutcome]) -> str:
    """The section on born-digital returns; empty without any."""
    if not outcomes:
        return ""
    heads = ["way", "files", "complete ones", "incomplete ones", "findings named"]
    return (
        f"## Born-digital returns\n\n{len(outcomes)} files, each of another issue, in one `daiban verify`. "
        "Complete and incomplete ones: called incomplete / sent to a person / **called complete**.\n\n"
        f"{_table(heads, digital_rows(outcomes))}\n"
    )


def markdown(outcomes: Outcomes, how: str) -> str:
    """The whole document on returns on paper; ``how`` says how they were made."""
    parts = [
        "# Accuracy",
        "How well simulated returns are read, by `python -m bench.bench_accuracy --write`. Returns come from "
        "`simulator` with fixed seeds: other handwriting, seals, papers and scanners than ours will give other "
        "figures. Tiers: A colour or grey at 200 dpi and more; B black and white, copied, scaled, stretched, cropped; "
        "C phone; D 1280 px chat pictures, or one page mark destroyed.",
        how,
        "## What is promised",
        "Each cell: the rate, (counted / asked), the one-sided 95 % bound (Clopper-Pearson) and the limit; "
        "✗ where the rate misses its limit.",
        _promises(outcomes),
        "## Every defect",
        "Each cell: called incomplete / sent to a person / **called complete**. ○ marks harmless defects: there the "
        "last is right.",
        _by_defect(outcomes),
        "## Every way of making a picture",
        _by_look(outcomes),
    ]
    return "\n\n".join(parts) + "\n"


def _promises(outcomes: Outcomes) -> str:
    by_tier = _grouped(outcomes, lambda item: item.tier)
    rows = [
        [
            row.title,
            *(_promise(row, by_tier.get(tier, []), row.limits[place]) for place, tier in enumerate(TIERS)),
        ]
        for row in PROMISES
    ]
    return _table(["", *TIERS], rows)


def _promise(row: Promise, outcomes: Outcomes, limit: float | None) -> str:
    hits, asked = row.count(outcomes)
    if not asked:
        return "–"
    rate = 100 * hits / asked
    bound = 100 * (lower(hits, asked) if row.more_is_better else upper(hits, asked))
    text = f"{rate:.4g} % ({hits}/{asked}), {'≥' if row.more_is_better else '≤'} {bound:.3g} %"
    if limit is None:
        return text
    missed = rate < limit if row.more_is_better else rate > limit
    return f"{'✗ ' if missed else ''}{text}; limit {limit:g} %"


def _by_defect(outcomes: Outcomes) -> str:
    names = sorted({name for item in outcomes for name in item.defects})
    rows = []
    for name in names:
        of = [item for item in outcomes if name in item.defects]
        mark = " ○" if all(item.complete for item in of) else ""
        rows.append([f"`{name}`{mark}", *(_split([i for i in of if i.tier == tier]) for tier in TIERS)])
    none = [item for item in outcomes if not item.defects]
    rows.append(["none ○", *(_split([i for i in none if i.tier == tier]) for tier in TIERS)])
    return _table(["defect", *TIERS], rows)


def _split(outcomes: Outcomes) -> str:
    verdicts = Counter(item.verdict for item in outcomes)
    return (
        f"{verdicts['incomplete']} / {verdicts['review']} / **{verdicts['complete']}**" if outcomes else "–"
    )


def _by_look(outcomes: Outcomes) -> str:
    rows = []
    for (tier, look), of in sorted(_grouped(outcomes, lambda item: (item.tier, item.look)).items()):
        pages, registered = (summed(getattr(item, part) for item in of) for part in ("pages", "registered"))
        complete = _split([item for item in of if item.complete])
        incomplete = _split([item for item in of if not item.complete])
        speed = sum(item.seconds for item in of) / max(pages[1], 1)
        rows.append(
            [tier, f"`{look}`", _of(pages), _of(registered), complete, incomplete, f"{speed * 1000:.0f}"]
        )
    heads = ["tier", "look", "identified", "registered", "complete ones", "incomplete ones", "ms per page"]
    return _table(heads, rows)


def _of(count: Count) -> str:
    return f"{count[0]}/{count[1]}"


def _grouped(outcomes: Outcomes, key: Callable[[PaperOutcome], _Key]) -> dict[_Key, list[PaperOutcome]]:
    groups: dict[_Key, list[PaperOutcome]] = defaultdict(list)
    for item in outcomes:
        groups[key(item)].append(item)
    return groups


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
