"""The weights of the learned look at print: a small network fitted with torch, calibrated, kept as an ``.npz``.

As :mod:`bench.fitting.training` for fields; torch is needed by this step only.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.fitting.characters import Characters, load
from bench.fitting.made_up import MadeUpAlterations
from bench.fitting.training import calibrated, exported
from extractors.witness.characters import CONDITIONS, LAYERS, SIDE
from extractors.witness.network import stored
from extractors.witness.print_look import LABELS

#: Layers out, side of the kernel, stride, of every convolution.
CONVOLUTIONS = ((18, 4, 2), (32, 3, 2), (56, 3, 2))
HIDDEN = 56
_BATCH = 128
_MADE_UP = 0.35  # of all untouched windows
_KIND_WEIGHT = 0.3  # of telling what was done, beside telling that something was


def train(fitting: Sequence[Path], calibration: Sequence[Path], out: Path, *, epochs: int, seed: int) -> None:
    """Fit the weights to these windows, calibrate on the others, write the model; says its loss as it goes."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    seen, held = load(*fitting), differing(load(*calibration))
    rng, making = np.random.default_rng(seed), MadeUpAlterations(seen)
    network = _network(torch).to(memory_format=torch.channels_last)
    steps = epochs * -(-len(seen.page) // _BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps + 1)
    for epoch in range(epochs):
        network.train()
        losses = []
        for windows, conditions, wanted in _batches(seen, making, rng):
            pictures = torch.from_numpy(windows).to(memory_format=torch.channels_last)
            scores = _forward(torch, network, pictures, torch.from_numpy(conditions))
            loss = _loss(torch, scores, torch.from_numpy(wanted))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        if epoch % 4 == 3 or epoch == epochs - 1:
            network.eval()
            print(
                f"epoch {epoch + 1}: loss {np.mean(losses):.4f}; {_told(_scores(torch, network, held), held)}",
                flush=True,
            )
    network.eval()
    scores = _scores(torch, network, held)
    lines = [calibrated(scores[:, i], wanted_of(held)[:, i].astype(np.uint8)) for i in range(len(LABELS))]
    convolutions, head = exported(network)
    head["lines"] = np.array(lines, np.float32)
    arrays: dict[str, Any] = stored(LABELS, convolutions, head)
    np.savez_compressed(out, **arrays)
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB")


def differing(characters: Characters) -> Characters:
    """Those that differ at all from what was printed: the reader asks about no others."""
    return Characters(*(getattr(characters, item.name)[characters.asked] for item in fields(Characters)))


def wanted_of(characters: Characters) -> NDArray[np.float32]:
    """What should be said of each: altered at all, then each alteration."""
    altered = characters.labels.any(axis=1, keepdims=True)
    return np.concatenate([altered, characters.labels], axis=1).astype(np.float32)


def _network(torch: Any) -> Any:
    nn, layers, before = torch.nn, [], LAYERS
    for out, side, stride in CONVOLUTIONS:
        layers += [
            nn.Conv2d(before, out, side, stride, -((stride - side) // 2), bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        ]
        before = out
    cells = (SIDE // 2 ** len(CONVOLUTIONS)) ** 2
    head = nn.Sequential(
        nn.Dropout(0.15),
        nn.Linear(before * cells + CONDITIONS, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, len(LABELS)),
    )
    return nn.ModuleDict({"body": nn.Sequential(*layers), "head": head})


def _forward(torch: Any, network: Any, windows: Any, conditions: Any) -> Any:
    seen = network["body"](windows)
    return network["head"](torch.cat([seen.flatten(1), conditions], dim=1))


def _loss(torch: Any, scores: Any, wanted: Any) -> Any:
    each = torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
    return each[:, 0].mean() + _KIND_WEIGHT * each[:, 1:].mean()


def _batches(
    seen: Characters, making: MadeUpAlterations, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]]:
    wanted = wanted_of(seen)
    order = rng.permutation(len(seen.page))
    for chunk in np.array_split(order, -(-len(order) // _BATCH)):
        windows: NDArray[np.float32] = seen.windows[chunk].astype(np.float32)
        windows /= 255
        labels = wanted[chunk]
        for place in np.flatnonzero(rng.random(len(chunk)) < _MADE_UP):
            kind = making.alter(int(chunk[place]), windows[place], rng)
            if kind is not None:
                labels[place, [0, 1 + kind]] = 1
        asked = seen.asked[chunk] | (labels[:, 0] > 0)
        yield augmented(windows[asked], rng), seen.conditions[chunk][asked], labels[asked]


def augmented(out: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Windows as they might have come too: moved, misfitted, lighter or darker, noisier, without colour."""
    count = len(out)
    for number in np.flatnonzero(rng.random(count) < 0.5):
        down, across = rng.integers(-1, 2, 2)
        out[number] = np.roll(out[number], (down, across), (1, 2))
    for number in np.flatnonzero(rng.random(count) < 0.15):
        down, across = rng.integers(-1, 2, 2)
        out[number, 1:4] = np.roll(out[number, 1:4], (down, across), (1, 2))
    out[:, 1] *= rng.uniform(0.85, 1.15, (count, 1, 1)).astype(np.float32)
    grey = rng.random(count) < 0.25
    out[grey, 2] = 128 / 255
    noise = rng.standard_normal(out[:, 1].shape, np.float32)
    out[:, 1] += noise * rng.uniform(0, 0.04, (count, 1, 1)).astype(np.float32)
    return np.asarray(np.clip(out, 0, 1), np.float32)


def _scores(torch: Any, network: Any, held: Characters) -> NDArray[np.float64]:
    found = []
    with torch.no_grad():
        for start in range(0, len(held.page), 1024):
            windows = torch.from_numpy(held.windows[start : start + 1024].astype(np.float32) / 255)
            conditions = torch.from_numpy(held.conditions[start : start + 1024])
            found.append(_forward(torch, network, windows, conditions).numpy())
    return np.concatenate(found).astype(np.float64)


def _told(scores: NDArray[np.float64], held: Characters) -> str:
    """The loss, and how many alterations are told at the limit that names one sound page in a hundred."""
    wanted = wanted_of(held)[:, 0]
    loss = float(np.mean(np.logaddexp(0, scores[:, 0]) - scores[:, 0] * wanted))
    sound = page_maxima(scores[:, 0], held)
    limit = np.quantile(sound, 0.99)
    told = place_maxima(scores[:, 0], held)
    return f"held {loss:.4f}, places told at 1 % of sound pages {np.mean(told > limit):.3f}"


def page_maxima(scores: NDArray[np.float64], held: Characters) -> NDArray[np.float64]:
    """Of each sound page, its greatest score."""
    return maxima(scores[held.sound], held.page[held.sound])


def place_maxima(scores: NDArray[np.float64], held: Characters) -> NDArray[np.float64]:
    """Of each alteration, its greatest score."""
    of = held.place >= 0
    return maxima(scores[of], held.place[of])


def maxima(scores: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.float64]:
    """The greatest score of each group, by the groups' numbers."""
    order = np.argsort(group, kind="stable")
    _, starts = np.unique(group[order], return_index=True)
    return np.asarray(np.maximum.reduceat(scores[order], starts), np.float64)
