"""What both witnesses say of places whose truth is known; the limits that follow, and how they do on other families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.bounds import upper
from bench.agreement.pages import LabelledPage, LabelledPlace, kept
from extractors.layers.page_layers import page_layers
from extractors.model import Observation
from extractors.observe.fields import observe_fields
from extractors.thresholds import load_thresholds
from extractors.witness.agreement import AgreementLimits
from extractors.witness.network import WitnessModel
from forms.definition import FieldKind

_HOLDS = {
    FieldKind.SIGNATURE: {"signature", "seal"},
    FieldKind.CHECKBOX: {"tick"},
    FieldKind.DATE: {"writing"},
    FieldKind.TEXT: {"writing"},
}
#: Labels of marks of which nobody can tell whether they were made for the place.
_UNDECIDED = frozenset({"beside"})
_KEPT = 300
_RISKS = (0.01, 0.02, 0.04)
_SOURCES = {"sheets made for fitting": ("composed", "dense"), "ordinary returns": ("drawn", "real")}


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Per place: its kind; the evidence's ``state``; the ``look``'s chance that it is filled; ``truth``: whether it is
    as it should be; ``holds``: whether anything lies there; its page's tier and source, and what lies there.
    """

    kind: NDArray[np.str_]
    state: NDArray[np.str_]
    look: NDArray[np.float64]
    truth: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    tier: NDArray[np.str_]
    source: NDArray[np.str_]
    labels: NDArray[np.str_]

    def of(self, chosen: NDArray[np.bool_]) -> Readings:
        """Those that are chosen."""
        return Readings(*(getattr(self, name)[chosen] for name in Readings.__dataclass_fields__))


def read(folder: Path) -> Readings:
    """Both witnesses on all pages of a folder."""
    return _together(row for _, page in kept(folder) for row in _rows(page))


def write(found: Readings, file: Path) -> None:
    """Keep readings in a file."""
    np.savez_compressed(file, **{name: getattr(found, name) for name in Readings.__dataclass_fields__})


def load(files: Sequence[Path]) -> Readings:
    """The readings of files."""
    parts = [np.load(file, allow_pickle=False) for file in files]
    return Readings(
        *(np.concatenate([part[name] for part in parts]) for name in Readings.__dataclass_fields__)
    )


_Row = tuple[str, str, float, bool, bool, str, str, str]


def _together(rows: Iterable[_Row]) -> Readings:
    return Readings(*(np.array(column) for column in zip(*rows, strict=True)))


def _rows(labelled: LabelledPage) -> Iterator[_Row]:
    thresholds, model = load_thresholds(), _model()
    areas = tuple(place.area for place in labelled.places)
    page = replace(labelled.page, original=replace(labelled.page.original, areas=areas))
    seen = observe_fields(page_layers(page, thresholds.ink), _NoForm(), thresholds)  # type: ignore[arg-type]
    looks = model.looks(page, [(area.box, FieldKind(area.kind)) for area in areas])
    by_id = {item.id: item for item in seen}
    for place, look in zip(labelled.places, looks, strict=True):
        truth = _truth(place)
        observation: Observation | None = by_id.get(place.area.id)
        if truth is None or observation is None or not observation.visible:
            continue
        kind = FieldKind(place.area.kind)
        yield (
            kind.value,
            observation.state,
            look.filled,
            truth,
            bool(place.labels),
            labelled.tier,
            labelled.source,
            "+".join(sorted(place.labels)),
        )


class _NoForm:
    """A form that names no field: places made up have no label."""

    def field(self, field_id: str) -> None:
        return None


@cache
def _model() -> WitnessModel:
    return WitnessModel.load()


def _truth(place: LabelledPlace) -> bool | None:
    """Whether a place holds what it should; None where a look at the whole of it cannot tell: a date that is written in
    part is the evidence's to tell, slot by slot, and one stroke in a box may be a tick.
    """
    kind = FieldKind(place.area.kind)
    if place.labels & _UNDECIDED or (kind is FieldKind.CHECKBOX and "slip" in place.labels):
        return None
    if place.slots:
        return all(place.slots) if all(place.slots) == any(place.slots) else None
    is_there = bool(place.labels & _HOLDS[kind])
    return None if is_there and place.spoilt else is_there


# -- limits ----------------------------------------------------------------------------------------------


def limits(found: Readings) -> dict[str, NDArray[np.generic]]:
    """What :class:`AgreementLimits` reads."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for kind in FieldKind:
        chosen = found.of((found.kind == kind.value) & ~found.truth & found.holds)
        passed = np.sort(chosen.look[chosen.state == "filled"])[::-1]
        arrays[f"{kind}.passed"] = passed[:_KEPT].astype(np.float32)
        arrays[f"{kind}.count"] = np.array(len(chosen.truth))
    return arrays


def report(found: Readings, shipped: AgreementLimits) -> str:
    """Markdown: per kind and source, what the evidence alone says, and what both say at several risks."""
    lines = ["| | | look from | filled: kept | filled: called blank | something else: passed |"]
    lines.append("|---|---|---|---|---|---|")
    for kind in FieldKind:
        for source, names in _SOURCES.items():
            chosen = found.of((found.kind == kind.value) & np.isin(found.source, names))
            filled, hard = chosen.truth, ~chosen.truth & chosen.holds
            if not filled.any():
                continue
            there, gone = chosen.state == "filled", chosen.state == "blank"
            cells = [_share(there, filled), _share(gone, filled), _share(there, hard)]
            lines.append(f"| {kind}, {source} | evidence alone | | " + " | ".join(cells) + " |")
            for risk in _RISKS:
                from_ = shipped.filled_from(kind, risk)
                both = there & (chosen.look >= from_)
                blank = gone & (chosen.look < load_thresholds().witness.blank_to)
                cells = [_share(both, filled), _share(blank, filled), _share(both, hard)]
                lines.append(f"| | risk {risk:.1%} | {from_:.2f} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _share(which: NDArray[np.bool_], among: NDArray[np.bool_]) -> str:
    count, whole = int((which & among).sum()), int(among.sum())
    return f"{count / whole:.1%} ({count}/{whole}), ≤ {upper(count, whole):.1%}" if whole else "–"
