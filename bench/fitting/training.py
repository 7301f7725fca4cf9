"""The weights of the learned look: a small network fitted with torch, its scores calibrated, kept as an ``.npz``.

torch is no dependency of this project: only this step needs it. The file it writes is read with numpy alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.fitting.composing import LABELS
from bench.fitting.crops import Crops, load
from extractors.witness.crops import LAYERS, CropSize
from extractors.witness.network import INSIDE, Convolution, WitnessModel, stored

#: Layers out, side of the kernel, stride, of every convolution: some 60,000 weights in all.
CONVOLUTIONS = ((10, 5, 2), (24, 3, 2), (40, 3, 2), (48, 3, 1), (64, 3, 2))
HIDDEN = 40
_BATCH: dict[CropSize, int] = {"signature": 8, "entry": 16}


def train(fitting: Sequence[Path], calibration: Path, out: Path, *, epochs: int, seed: int) -> None:
    """Fit the weights to these crops, calibrate on the others, write the model; says its loss as it goes."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    parts = [load(file) for file in fitting]
    held = load(calibration)
    rng = np.random.default_rng(seed)
    network = _network(torch).to(memory_format=torch.channels_last)
    steps = epochs * sum(1 for _ in _batches(parts, rng))
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps + 1)
    for epoch in range(epochs):
        network.train()
        losses = []
        for layers, labels in _batches(parts, rng):
            pictures = torch.from_numpy(augmented(layers, rng)).to(memory_format=torch.channels_last)
            scores = _forward(torch, network, pictures)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.from_numpy(labels))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(
            f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, held {_loss(torch, network, held):.4f}",
            flush=True,
        )
    network.eval()
    scores, truth = _scores(torch, network, held)
    lines = [calibrated(scores[:, index], truth[:, index]) for index in range(len(LABELS))]
    convolutions, head = exported(network)
    head["slope"] = np.array([slope for slope, _ in lines], np.float32)
    head["offset"] = np.array([offset for _, offset in lines], np.float32)
    arrays: dict[str, Any] = stored(LABELS, convolutions, head)
    np.savez_compressed(out, **arrays)
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB, labels {', '.join(WitnessModel.load(out).labels)}")


def _network(torch: Any) -> Any:
    nn, layers, before = torch.nn, [], LAYERS
    for out, side, stride in CONVOLUTIONS:
        layers += [
            nn.Conv2d(before, out, side, stride, side // 2, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        ]
        before = out
    head = nn.Sequential(
        nn.Dropout(0.1), nn.Linear(2 * before, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, len(LABELS))
    )
    return nn.ModuleDict({"body": nn.Sequential(*layers), "head": head})


def _forward(torch: Any, network: Any, layers: Any) -> Any:
    seen = network["body"](layers)
    field = torch.nn.functional.adaptive_avg_pool2d(layers[:, -1:], seen.shape[2:])
    most = field.amax(dim=(2, 3), keepdim=True).clamp(max=INSIDE)
    inside = (field >= most).float()
    mean = (seen * inside).sum(dim=(2, 3)) / inside.sum(dim=(2, 3))
    top = (seen - 1e6 * (1 - inside)).amax(dim=(2, 3))
    return network["head"](torch.cat([mean, top], dim=1))


def _batches(
    parts: Sequence[dict[CropSize, Crops]], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """All crops once, in random order, each batch of one size."""
    batches = []
    for part in parts:
        for size, crops in part.items():
            order = rng.permutation(len(crops.labels))
            batches += [(crops, chunk) for chunk in np.array_split(order, max(1, len(order) // _BATCH[size]))]
    for index in rng.permutation(len(batches)):
        crops, chunk = batches[int(index)]
        yield crops.layers[chunk], crops.labels[chunk].astype(np.float32)


def augmented(layers: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Crops as they might have come too: moved, lighter or darker, noisier, without colour."""
    out = layers.astype(np.float32) / 255
    for crop in out:
        down, across = rng.integers(-4, 5, 2)
        crop[:] = np.roll(crop, (down, across), (1, 2))
        crop[[0, 1, 2, 4]] *= rng.uniform(0.75, 1.2)
        if rng.random() < 0.25:
            crop[1:3] = 0
        if rng.random() < 0.12:  # as a black-and-white scanner would have given it
            level = rng.uniform(0.25, 0.6)
            crop[0], crop[4], crop[1:3] = crop[0] > level, crop[4] > level, 0
        crop[0] += rng.normal(0, rng.uniform(0, 0.03), crop[0].shape)
    return np.asarray(np.clip(out, 0, 1), np.float32)


def _scores(
    torch: Any, network: Any, held: dict[CropSize, Crops]
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    found = []
    with torch.no_grad():
        for crops in held.values():
            for start in range(0, len(crops.labels), 64):
                layers = torch.from_numpy(crops.layers[start : start + 64].astype(np.float32) / 255)
                found.append(_forward(torch, network, layers).numpy())
    return np.concatenate(found).astype(np.float64), np.concatenate([crops.labels for crops in held.values()])


def _loss(torch: Any, network: Any, held: dict[CropSize, Crops]) -> float:
    network.eval()
    scores, truth = _scores(torch, network, held)
    return float(np.mean(np.logaddexp(0, scores) - scores * truth))


def calibrated(scores: NDArray[np.float64], truth: NDArray[np.uint8]) -> tuple[float, float]:
    """Slope and offset that make a score a probability (Platt), held near 1 and 0 where few crops tell more."""
    slope, offset = 1.0, 0.0
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(slope * scores + offset)))
        weight = np.maximum(chance * (1 - chance), 1e-6)
        gradient = np.array(
            [((chance - truth) * scores).sum() + (slope - 1), (chance - truth).sum() + 0.1 * offset]
        )
        cross = (weight * scores).sum()
        curve = np.array([[(weight * scores**2).sum() + 1, cross], [cross, weight.sum() + 0.1]])
        move = np.linalg.solve(curve, gradient)
        slope, offset = slope - float(np.clip(move[0], -0.5, 0.5)), offset - float(np.clip(move[1], -1, 1))
    return max(slope, 0.1), offset


def exported(network: Any) -> tuple[list[Convolution], dict[str, NDArray[np.float32]]]:
    """Convolutions with their normalisation folded in, and the two layers above them."""
    body = list(network["body"])
    convolutions = []
    for convolution, norm in zip(body[::3], body[1::3], strict=True):
        gain = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()
        kernel = (convolution.weight.detach() * gain[:, None, None, None]).numpy()
        bias = (norm.bias.detach() - norm.running_mean * gain).numpy()
        convolutions.append(Convolution(kernel, bias, int(convolution.stride[0])))
    first, last = network["head"][1], network["head"][3]
    return convolutions, {
        "hidden": first.weight.detach().numpy(),
        "hidden_bias": first.bias.detach().numpy(),
        "output": last.weight.detach().numpy(),
        "output_bias": last.bias.detach().numpy(),
    }
