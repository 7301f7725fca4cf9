"""What a look at print says of characters it was not fitted to: alterations told, sound pages sent to a person."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.bounds import upper
from bench.fitting.characters import Characters, load
from bench.fitting.print_training import maxima
from bench.fitting.tables import row, share
from extractors.witness.print_look import PrintLook
from simulator.defects.altered_print import is_cjk

_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998)


def report(model_file: Path, files: Sequence[Path]) -> str:
    """Markdown tables: what each limit would cost and catch per tier; then what is caught of each kind."""
    model, seen = PrintLook.load(model_file), load(*files)
    start = time.process_time()
    chances = model.probabilities(model.scores(seen.windows, seen.conditions))[:, 0]
    each = 1e6 * (time.process_time() - start) / len(chances)
    chances = np.where(seen.asked, chances, 0)
    asked = float(np.mean(seen.asked[seen.place >= 0]))
    lines = [
        f"`{model_file.name}`, {model_file.stat().st_size / 1000:.0f} kB, {len(chances)} windows of "
        f"{len(np.unique(seen.page))} pages, {each:.0f} µs each; {100 * asked:.2f} % of altered characters are asked "
        "about",
        "",
    ]
    lines += [*_sound(seen, chances), "", *_told(seen, chances), "", *_kinds(seen, chances)]
    return "\n".join(lines)


def _sound(seen: Characters, chances: NDArray[np.float32]) -> list[str]:
    """Pages without any alteration with a character that counts as altered and that the rules pass."""
    fresh = np.where(seen.ruled, 0, chances)
    lines = [row(["sound pages named by the look alone", *(f"≥ {level:g}" for level in _LEVELS), "greatest"])]
    lines.append("|" + "---|" * (2 + len(_LEVELS)))
    for tier in (*sorted(set(seen.tiers.tolist())), "all"):
        of = seen.sound & ((seen.tiers == tier) | (tier == "all"))
        if not of.any():
            continue
        most = maxima(fresh[of].astype(np.float64), seen.page[of])
        cells = [
            f"{int((most >= level).sum())}/{len(most)} (≤ {100 * upper(int((most >= level).sum()), len(most)):.1f} %)"
            for level in _LEVELS
        ]
        lines.append(row([tier, *cells, ", ".join(f"{value:.3f}" for value in np.sort(most)[-3:])]))
    return lines


def _told(seen: Characters, chances: NDArray[np.float32]) -> list[str]:
    """Alterations named, of all and of those that the rules pass."""
    lines = [
        row(
            [
                "alterations told",
                "rules",
                *(f"≥ {level:g}" for level in _LEVELS),
                "passed by rules, told ≥ 0.9",
            ]
        )
    ]
    lines.append("|" + "---|" * (3 + len(_LEVELS)))
    groups: list[tuple[str, NDArray[np.bool_]]] = [
        (tier, seen.tiers == tier) for tier in sorted(set(seen.tiers.tolist()))
    ]
    groups += [(way, seen.ways == way) for way in sorted(set(seen.ways.tolist()) - {""})]
    groups += [
        (name, np.array([test(text) for text in seen.texts.tolist()])) for name, test in _CLASSES.items()
    ]
    groups.append(("all", np.ones(len(chances), np.bool_)))
    for name, of in groups:
        of = of & (seen.place >= 0)
        if of.any():
            lines.append(row([name, *_places(seen, chances, of)]))
    return lines


def _places(seen: Characters, chances: NDArray[np.float32], of: NDArray[np.bool_]) -> list[str]:
    place = seen.place[of]
    most = maxima(chances[of].astype(np.float64), place)
    ruled = maxima(seen.ruled[of].astype(np.float64), place) > 0
    passed = most[~ruled]
    cells = [share(ruled), *(share(most >= level) for level in _LEVELS)]
    return [*cells, share(passed >= 0.9) if len(passed) else "–"]


def _kinds(seen: Characters, chances: NDArray[np.float32]) -> list[str]:
    """Of characters called altered with such a probability, how many were."""
    altered = np.asarray(seen.labels.any(axis=1))
    lines = [row(["called altered with", "characters", "mean", "were"]), "|---|---|---|---|"]
    edges = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0001)
    for low, high in itertools.pairwise(edges):
        of = (chances >= low) & (chances < high)
        if of.any():
            cells = [f"{low:g}–{min(high, 1):g}", str(int(of.sum())), f"{chances[of].mean():.3f}"]
            lines.append(row([*cells, f"{altered[of].mean():.3f}"]))
    return lines


_CLASSES: dict[str, Callable[[str], bool]] = {
    "digits": str.isdigit,
    "Latin letters": lambda text: text.isascii() and text.isalpha(),
    "Chinese characters": is_cjk,
    "marks": lambda text: bool(text) and not text.isalnum(),
    "beside print": lambda text: not text,
}
