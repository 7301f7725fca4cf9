"""What a model would have said where the reader passed an incomplete document: its look at the places in question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.accuracy.ink import InkTrialRunner
from bench.accuracy.trials import Trial
from bench.bench_accuracy import TODAY
from bench.fitting.registering import PageRegistrar
from extractors.model import IssuedDocument
from extractors.witness.network import WitnessModel
from forms.definition import FieldKind
from forms.geometry import FieldArea
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.returns import InkDocument

_SHOWN = 3


def looks_at_passes(model_file: Path, faults: Path, folder: Path, library: InkLibrary) -> list[str]:
    """One line per place that a passed document had wrong, with the likeliest answers of the model.

    ``faults``: the list that ``bench.bench_accuracy --ink --faults`` wrote; ``folder``: the workspace it was
    counted on.
    """
    model = WitnessModel.load(model_file)
    runner = InkTrialRunner(folder, TODAY, library, ocr=False)
    registrar = PageRegistrar(folder)
    lines = []
    for text in faults.read_text("utf-8").splitlines():
        fault: dict[str, Any] = json.loads(text)
        if fault["complete"] or fault["verdict"] != "complete":
            continue
        document, made = runner.simulated(Trial(fault["tier"], tuple(fault["seed"]), True))
        head = f"{fault['tier']} {fault['side']} {'-'.join(map(str, fault['seed']))} {fault['look']}"
        again = (
            "" if list(made.families) == fault["families"] else " (another return: the simulator has changed)"
        )
        for area in _places(document, made):
            said = _look(model, registrar, document, made, area)
            lines.append(f"{head} {', '.join(fault['defects'])} at {area.id}: {said}{again}")
    return lines


def _places(document: IssuedDocument, made: InkDocument) -> list[FieldArea]:
    """The fields that a reader should have named."""
    wanted = {item.field for item in made.truth.expected if item.field}
    return [area for area in document.areas if area.id in wanted]


def _look(
    model: WitnessModel,
    registrar: PageRegistrar,
    document: IssuedDocument,
    made: InkDocument,
    area: FieldArea,
) -> str:
    shots = [page for page in made.pages if page.truth.page == area.page]
    page = registrar.registered(document, area.page, shots[0].pixels, shots[0].dpi) if shots else None
    if page is None:
        return "page not there, or not registered"
    (look,) = model.looks(page, [(area.box, FieldKind(area.kind))])
    best = sorted(look.chances.items(), key=lambda pair: -pair[1])[:_SHOWN]
    return f"filled {look.filled:.3f}; " + ", ".join(f"{name} {chance:.2f}" for name, chance in best)
