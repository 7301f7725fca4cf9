"""``python -m bench.calibrate WS OUT``: where the observers' thresholds stand, shown on simulated returns.

Issued documents of a workspace are returned by the simulator, identified, registered and observed; each reading
is held against what was really written. OUT gets one HTML page: per threshold a histogram of blank and filled
fields, the values that would part them best, and the readings in order beside their pictures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np

from bench.calibrate_page import write_page
from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify.marks import sight
from extractors.model import IssuedDocument, Observation, Raster, Sighting, SignatureObservation
from extractors.observe.fields import observe_fields
from extractors.originals import Originals
from extractors.register.page import register
from extractors.thresholds import Thresholds, load_thresholds
from forms.definition import FieldKind
from simulator.defects.catalogue import fitting_defects
from simulator.filling.planning import form_of
from simulator.simulate import simulate
from simulator.truth import SimulatedDocument, SimulatedPage, Tier, WrittenField
from simulator.workspaces.issued import case_contexts, issued_documents

_TIERS: tuple[Tier, ...] = get_args(Tier)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measure that decides: of which kind of field, under which name, and its two thresholds."""

    key: str
    title: str
    kind: FieldKind
    unit: str
    blank: float
    filled: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of one field beside the truth: ``filled`` and ``how`` as it was really filled."""

    gauge: str
    field: str
    tier: str
    look: str
    value: float
    filled: bool
    how: str
    state: str
    reason: str
    crop: bytes | None

    @property
    def wrong(self) -> bool:
        """Whether the state is the opposite of the truth."""
        return self.state != "unsure" and (self.state == "filled") != self.filled


@dataclass(frozen=True, slots=True)
class Advice:
    """What the samples would set the thresholds to; None where they say nothing. ``overlap``: none parts them."""

    blank: float | None
    filled: float | None
    overlap: bool


def gauges(thresholds: Thresholds) -> tuple[Gauge, ...]:
    """The measures that decide, with the thresholds in force."""
    text, boxes, dates, signing = thresholds.text, thresholds.boxes, thresholds.dates, thresholds.signing
    seals = thresholds.seals
    return (
        Gauge("text", "文字：笔画总长", FieldKind.TEXT, "mm", text.blank_mm, text.filled_mm),
        Gauge("box", "选项框：框内笔画长", FieldKind.CHECKBOX, "mm", boxes.blank_mm, boxes.filled_mm),
        Gauge("date", "日期：三格中最短的笔画", FieldKind.DATE, "mm", dates.blank_mm, dates.filled_mm),
        Gauge("pen", "签字：笔画总长", FieldKind.SIGNATURE, "mm", signing.blank_mm, signing.filled_mm),
        Gauge("seal", "印章：轮廓吻合度", FieldKind.SIGNATURE, "", seals.doubtful_score, seals.certain_score),
    )


def advise(samples: Sequence[Sample]) -> Advice:
    """Thresholds that leave every blank sample below and every filled one above, with a margin between.

    ``blank`` stands at the highest blank, ``filled`` half way (as a ratio) to the lowest filled; one filled in
    two hundred may lie below: it is for a person, while a blank above would be the worst mistake.
    """
    blank = sorted(item.value for item in samples if not item.filled)
    filled = sorted(item.value for item in samples if item.filled)
    if not blank or not filled:
        return Advice(None, None, False)
    highest, lowest = blank[-1], filled[len(filled) // 200]
    if highest >= lowest:
        return Advice(round(float(np.percentile(blank, 99)), 2), round(highest * 1.1, 2), True)
    between = float(np.sqrt(max(highest, 0.05 * lowest) * lowest))
    return Advice(round(max(highest * 1.1, 0.25 * between), 2), round(between, 2), False)


def collect(workspace: Path, count: int, tiers: Sequence[Tier], seed: int) -> list[Sample]:
    """Readings of so many simulated returns, the tiers in turn; one in three with something innocent on it."""
    documents = [item for item in issued_documents(workspace) if any(area.is_open for area in item.areas)]
    if not documents:
        raise SystemExit(f"{workspace} 里没有留有空白的 PDF，先运行 daiban generate {workspace}")
    contexts = case_contexts(documents, date.today())
    rng = np.random.default_rng(seed)
    reader = _Reader(workspace, documents)
    samples: list[Sample] = []
    for number in range(count):
        document = documents[int(rng.integers(len(documents)))]
        harmless = fitting_defects(document, harmless=True) if number % 3 == 2 else []
        defects = [str(rng.choice(harmless))] if harmless else []
        tier = tiers[number % len(tiers)]
        returned = simulate(document, rng, contexts[document.number], defects=defects, tier=tier, turns=False)
        samples += reader.samples(document, returned)
    return samples


class _Reader:
    """The chain from a picture to samples."""

    def __init__(self, workspace: Path, documents: Sequence[IssuedDocument]) -> None:
        by_number = {item.number: item for item in documents}
        self._originals = Originals(by_number.get)
        self._thresholds = load_thresholds()
        self._gauges = gauges(self._thresholds)
        with Registry.open(Workspace.open(workspace).registry, create=False) as registry:
            self._key = registry.mark_key()

    def samples(self, document: IssuedDocument, returned: SimulatedDocument) -> Iterator[Sample]:
        """Every reading of a returned document whose truth is known."""
        truth = {item.id: item for item in returned.truth.written}
        for page in returned.pages:
            for seen in self._observations(document, page):
                written = truth.get(seen.id)
                for gauge in self._gauges:
                    if gauge.kind == seen.kind and seen.visible:
                        yield _sample(gauge, seen, written, page)

    def _observations(self, document: IssuedDocument, page: SimulatedPage) -> tuple[Observation, ...]:
        if page.truth.kind != "issued" or page.truth.page is None:
            return ()
        raster = Raster(page.pixels, page.dpi)
        sighting = sight(raster, self._key)
        if not isinstance(sighting, Sighting):
            return ()
        original = self._originals.page(document.number, page.truth.page)
        registered = register(raster, sighting, original, self._thresholds.registration)
        return () if registered is None else observe_fields(registered, form_of(document), self._thresholds)


def _sample(gauge: Gauge, seen: Observation, written: WrittenField | None, page: SimulatedPage) -> Sample:
    marks = written.marks if written is not None else ()
    filled = bool(marks)
    state: str = seen.state
    if gauge.key == "pen":
        filled = "pen" in marks
        state = "filled" if isinstance(seen, SignatureObservation) and seen.pen else _other(seen)
    if gauge.key == "seal":
        filled = "seal" in marks
        state = "filled" if isinstance(seen, SignatureObservation) and seen.seals else _other(seen)
    return Sample(
        gauge=gauge.key,
        field=seen.id,
        tier=page.truth.tier,
        look=page.truth.look,
        value=_value(gauge, seen),
        filled=filled,
        how="、".join(marks) or "空白",
        state=state,
        reason=seen.reason,
        crop=seen.crop,
    )


def _other(seen: Observation) -> str:
    """The state of the half of a signing area that was not found: no more than blank, and unsure with the whole."""
    return "unsure" if seen.state == "unsure" else "blank"


def _value(gauge: Gauge, seen: Observation) -> float:
    values = {item.name: item.value for item in seen.measures}
    if gauge.key == "text":
        return values.get("pen", 0.0)
    if gauge.key == "box":
        return values.get("inside", 0.0)
    if gauge.key == "date":
        slots = [values[name] for name in ("year", "month", "day") if name in values]
        return min(slots) if slots else values.get("pen", 0.0)
    return values.get(gauge.key, 0.0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect, write the page, and say in Chinese what it shows."""
    options = _options(arguments)
    tiers: Sequence[Tier] = options.tier or _TIERS
    samples = collect(options.workspace, options.count, tiers, options.seed)
    every = gauges(load_thresholds())
    by_gauge = {gauge.key: [item for item in samples if item.gauge == gauge.key] for gauge in every}
    page = write_page(options.out, every, by_gauge, {key: advise(found) for key, found in by_gauge.items()})
    for gauge in every:
        found = by_gauge[gauge.key]
        advice = advise(found)
        wrong, unsure = sum(item.wrong for item in found), sum(item.state == "unsure" for item in found)
        print(f"{gauge.title}：{len(found)} 处，判反 {wrong} 处，存疑 {unsure} 处；", end="")
        print(f"现用 {gauge.blank:g}／{gauge.filled:g}，建议 {advice.blank}／{advice.filled}")
    print(f"打开看每一处：{page}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.calibrate",
        description="用模拟回件校准读回的阈值：画出每个阈值两边的分布，列出每一处读数和它的图",
    )
    parser.add_argument("workspace", type=Path, help="已出具文书的工作区文件夹")
    parser.add_argument("out", type=Path, help="放结果的文件夹")
    parser.add_argument("--count", type=int, default=40, help="模拟多少份回件（默认 40）")
    parser.add_argument("--tier", choices=_TIERS, action="append", help="只用这种清晰度，可重复")
    parser.add_argument("--seed", type=int, default=1, help="随机种子")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
