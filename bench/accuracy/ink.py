"""Returns with real ink through the reader: how documents are drawn, and the tables of both sides of the families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.accuracy.bounds import upper
from bench.accuracy.outcomes import PaperOutcome
from bench.accuracy.trials import Trial, TrialRunner
from extractors.model import IssuedDocument
from forms.definition import FieldKind
from simulator.filling.planning import open_areas, required_open
from simulator.real_ink.defects import PLAIN, defect_named, ink_defects
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.returns import InkDocument, simulate_with_ink
from simulator.real_ink.signing import Habit

SIDES: tuple[Side, ...] = ("fitting", "held-out")


class InkTrialRunner(TrialRunner):
    """Simulates returns with real ink, and reads them with the reader's own steps."""

    def __init__(self, folder: Path, today: date, library: InkLibrary, *, ocr: bool = True) -> None:
        super().__init__(folder, today, ocr=ocr)
        self._library = library

    def run(self, trial: Trial) -> PaperOutcome:
        """Simulate one return, read it and compare; every second one has ink of held-out families."""
        document, made = self.simulated(trial)
        outcome = self._outcome(trial, document, made)
        outcome.families, outcome.side, outcome.habit = made.families, made.side, made.habit
        return outcome

    def simulated(self, trial: Trial) -> tuple[IssuedDocument, InkDocument]:
        """The return of a trial: the same for the same seed."""
        rng = np.random.default_rng(trial.seed)
        document, defects = self._choose(rng, trial)
        made = simulate_with_ink(
            document,
            rng,
            self._case_contexts[document.number],
            self._library,
            defects=defects,
            tier=trial.tier,
            side=SIDES[trial.seed[-1] % 2],
            habit=None if trial.defective else _habit(document, rng),
        )
        return document, made

    def _choose(self, rng: np.random.Generator, trial: Trial) -> tuple[IssuedDocument, tuple[str, ...]]:
        """A document and its defects: of the harmful ones one in eight is something forgotten, the rest are of ink."""
        if not trial.defective:
            document = self._with_room(rng)
            harmless = [name for name in ink_defects(harmless=True) if defect_named(name).fits(document)]
            return document, (str(rng.choice(harmless)),) if rng.random() < 0.3 else ()
        while True:
            names = list(PLAIN) if rng.random() < 0.125 else ink_defects(harmless=False)
            name = trial.only or str(rng.choice(names))
            able = [item for item in self._documents if defect_named(name).fits(item)]
            if able:
                return able[int(rng.integers(len(able)))], (name,)

    def _with_room(self, rng: np.random.Generator) -> IssuedDocument:
        """A document that must be signed, mostly; the others hold little ink."""
        signed = [
            item
            for item in self._documents
            if any(area.kind == FieldKind.SIGNATURE for area in required_open(item))
        ]
        pool = signed if signed and rng.random() < 0.7 else self._documents
        return pool[int(rng.integers(len(pool)))]


def _habit(document: IssuedDocument, rng: np.random.Generator) -> Habit | None:
    """Something unusual in every second complete document, of what it has room for."""
    if rng.random() < 0.5:
        return None
    kinds = {area.kind for area in open_areas(document)}
    able: list[Habit] = ["red-pen", "worn-out-pen"]
    if FieldKind.SIGNATURE in kinds:
        able = [*able, "marker", "tiny-signature", "odd-seal", "odd-seal"]
    if FieldKind.CHECKBOX in kinds:
        able.append("long-armed-ticks")
    return able[int(rng.integers(len(able)))]


# -- tables ----------------------------------------------------------------------------------------------


def ink_markdown(outcomes: Sequence[PaperOutcome]) -> str:
    """What was said of returns with real ink: per tier and side, per defect and habit; every false pass by itself."""
    tiers = sorted({item.tier for item in outcomes})
    lines = [
        "## Returns with real ink",
        "",
        "| | side | " + " | ".join(tiers) + " |",
        "|---|---|" + "---|" * len(tiers),
    ]
    for title, complete, unusual, verdict in (
        ("incomplete called complete", False, None, "complete"),
        ("complete called incomplete", True, None, "incomplete"),
        ("complete sent to a person: ordinary ink", True, False, "review"),
        ("complete sent to a person: unusual but legitimate ink", True, True, "review"),
    ):
        for side in SIDES:
            cells = [_cell(_of(outcomes, side, tier, complete, unusual), verdict) for tier in tiers]
            lines.append(f"| {title} | {side} | " + " | ".join(cells) + " |")
    lines += ["", "Called incomplete / sent to a person / **called complete**, both sides together:", ""]
    lines += ["| | " + " | ".join(tiers) + " |", "|---|" + "---|" * len(tiers)]
    for name, of in sorted(_kinds(outcomes).items()):
        lines.append(
            f"| {name} | " + " | ".join(_split([i for i in of if i.tier == tier]) for tier in tiers) + " |"
        )
    passed = [item for item in outcomes if not item.complete and item.verdict == "complete"]
    lines += ["", "Incomplete and called complete:", ""]
    lines += [
        f"- {i.tier} {i.side} {'-'.join(map(str, i.seed))} {i.look} {i.defects}: {i.families}" for i in passed
    ]
    return "\n".join(lines) + "\n"


def _of(
    outcomes: Sequence[PaperOutcome], side: str, tier: str, complete: bool, unusual: bool | None
) -> list[PaperOutcome]:
    return [
        item
        for item in outcomes
        if item.side == side
        and item.tier == tier
        and item.complete == complete
        and (unusual is None or (item.habit is not None) == unusual)
    ]


def _cell(outcomes: Sequence[PaperOutcome], verdict: str) -> str:
    if not outcomes:
        return "–"
    count = sum(item.verdict == verdict for item in outcomes)
    bound = 100 * upper(count, len(outcomes))
    return f"{100 * count / len(outcomes):.3g} % ({count}/{len(outcomes)}), ≤ {bound:.3g} %"


def _kinds(outcomes: Sequence[PaperOutcome]) -> dict[str, list[PaperOutcome]]:
    found: dict[str, list[PaperOutcome]] = {}
    for item in outcomes:
        names = [f"`{name}`" for name in item.defects]
        names += [f"○ `{item.habit}`"] if item.habit else []
        for name in names or ["○ none"]:
            found.setdefault(name, []).append(item)
    return found


def _split(outcomes: Sequence[PaperOutcome]) -> str:
    said = Counter(item.verdict for item in outcomes)
    return f"{said['incomplete']} / {said['review']} / **{said['complete']}**" if outcomes else "–"
