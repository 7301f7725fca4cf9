"""The weights of the learned look: a small network fitted with torch, its scores calibrated, kept as an ``.npz``.

torch is no dependency of this project: only this step needs it. The file it writes is read with numpy alone.

What is rare counts more, as the square root of how rare it is; what a crop's maker did not know of it counts nothing.
Fitted beside the things themselves is whether the place is filled, by what fills its kind of field: the reader decides
by that, so it counts most.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.fitting.augmenting import Augmenter
from bench.fitting.composing import LABELS
from bench.fitting.crops import UNKNOWN, Crops, load
from extractors.witness.crops import LAYERS, CropSize, has_ink
from extractors.witness.network import FILLS, INSIDE, Convolution, WitnessModel, stored
from forms.definition import FieldKind

#: Layers out, side of the kernel, stride, of every convolution: some 170,000 weights in all.
CONVOLUTIONS = ((24, 8, 4), (40, 3, 2), (56, 3, 1), (72, 3, 2), (72, 3, 1), (72, 3, 1))
HIDDEN = 48
_BATCH: dict[CropSize, int] = {"signature": 16, "entry": 48}
_FILLED_WEIGHT = 4.0  # how much more "filled" counts than one of the things
_RATE, _RATE_ONWARDS = 5e-3, 1.5e-3  # from nothing; from a fitted model
_WARMING = 0.05  # part of the way until the rate is at its highest; from there it goes down to nothing
Floats = NDArray[np.float64]


def train(
    fitting: Sequence[Path],
    calibration: Sequence[Path],
    out: Path,
    *,
    epochs: int,
    seed: int,
    minutes: float = float("inf"),
    start: Path | None = None,
) -> None:
    """Fit the weights to these crops, calibrate on the others, write the model; says its loss as it goes.

    ``minutes``: the way is as long as that where so many epochs would take longer. ``start``: a fitted model to go on
    from, as more crops come; its normalisation stays as it is.
    """
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    parts, held = [load(file) for file in fitting], [load(file) for file in calibration]
    rng = np.random.default_rng(seed)
    network = _network(torch).to(memory_format=torch.channels_last)
    if start is not None:
        _load(torch, network, WitnessModel.load(start))
    weights = torch.from_numpy(label_weights(parts))
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=2e-2)
    truths = {id(crops): truth_of(crops) for part in parts for crops in part.values()}
    begun, augmenter, epoch, way = time.monotonic(), Augmenter(rng), 0, 0.0
    rate = _RATE if start is None else _RATE_ONWARDS
    while way < 1:
        network.train()
        if start is not None:
            network["body"].eval()
        losses, batches = [], list(_batches(parts, rng))
        for number, (crops, chunk) in enumerate(batches):
            way = max((epoch + number / len(batches)) / epochs, (time.monotonic() - begun) / 60 / minutes)
            for group in optimiser.param_groups:
                group["lr"] = rate * min(way / _WARMING, 0.5 + 0.5 * float(np.cos(np.pi * min(way, 1.0))))
            layers, labels = augmenter.augmented(crops.layers[chunk], truths[id(crops)][chunk])
            scores = _forward(torch, network, layers)
            loss = loss_of(torch, scores, torch.from_numpy(labels), weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        epoch += 1
        way = max(way, epoch / epochs)
        said = f"loss {np.mean(losses):.4f}, held {_held_loss(torch, network, held, weights):.4f}"
        print(f"epoch {epoch}, {100 * min(way, 1):.0f} % of the way: {said}", flush=True)
    network.eval()
    convolutions, head = exported(network)
    scored = [(crops, _scores(torch, network, crops)) for part in held for crops in part.values()]
    arrays: dict[str, Any] = stored(LABELS, convolutions, {**head, **calibration_of(scored)})
    np.savez_compressed(out, **arrays)
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB, labels {', '.join(WitnessModel.load(out).labels)}")


def truth_of(crops: Crops) -> NDArray[np.uint8]:
    """Labels of crops and, behind them, whether what fills a place of its kind is there: 0, 1 or ``UNKNOWN``."""
    labels = crops.labels.copy()
    labels[[not has_ink(layers / np.float32(255)) for layers in crops.layers]] = (
        0  # what no scanner brought onto the picture nobody can see there
    )
    filled = np.zeros(len(labels), np.uint8)
    for kind, names in FILLS.items():
        places = [LABELS.index(name) for name in names]
        of = crops.kinds == FieldKind(kind).value
        told = labels[of][:, places]
        some, none = (told == 1).any(axis=1), (told == 0).all(axis=1)
        filled[of] = np.where(some, 1, np.where(none, 0, UNKNOWN))
    return np.column_stack([labels, filled])


def label_weights(parts: Sequence[dict[CropSize, Crops]]) -> NDArray[np.float32]:
    """How much each label counts where it is true."""
    truth = np.concatenate([truth_of(crops) for part in parts for crops in part.values()])
    often = ((truth == 1).sum(axis=0) + 1) / ((truth != UNKNOWN).sum(axis=0) + 1)
    return np.asarray(np.clip(np.sqrt((1 - often) / often), 1, 5), np.float32)


def _network(torch: Any) -> Any:
    nn, layers, before = torch.nn, [], LAYERS
    for out, side, step in CONVOLUTIONS:
        layers += [
            nn.Conv2d(before, out, side, step, -((step - side) // 2), bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        ]
        before = out
    head = nn.Sequential(
        nn.Dropout(0.15), nn.Linear(3 * before, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, len(LABELS) + 1)
    )
    return nn.ModuleDict({"body": nn.Sequential(*layers), "head": head})


def _load(torch: Any, network: Any, model: WitnessModel) -> None:
    """Put a model's weights into a network; its normalisation is part of the convolutions already."""
    body, head = list(network["body"]), network["head"]
    pairs = [(head[1].weight, model.hidden), (head[1].bias, model.hidden_bias)]
    pairs += [(head[3].weight, model.output), (head[3].bias, model.output_bias)]
    for convolution, norm, known in zip(body[::3], body[1::3], model.convolutions, strict=True):
        pairs += [(convolution.weight, known.kernel), (norm.bias, known.bias)]
    with torch.no_grad():
        for weights, known_weights in pairs:
            weights.copy_(torch.from_numpy(known_weights.copy()))


def _forward(torch: Any, network: Any, layers: NDArray[np.uint8]) -> Any:
    pictures = torch.from_numpy(layers).to(memory_format=torch.channels_last).float() / 255
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as quick where the processor knows it
        seen = network["body"](pictures).float()
    field = torch.nn.functional.adaptive_avg_pool2d(pictures[:, -1:], seen.shape[2:])
    most = field.amax(dim=(2, 3), keepdim=True).clamp(max=INSIDE)
    inside = (field >= most).float()
    mean = (seen * inside).sum(dim=(2, 3)) / inside.sum(dim=(2, 3))
    top = (seen * inside).amax(dim=(2, 3))  # what is seen is never below nought
    return network["head"](torch.cat([mean, top, seen.mean(dim=(2, 3))], dim=1))


def loss_of(torch: Any, scores: Any, truth: Any, weights: Any) -> Any:
    """The loss of scores against the truth; what is unknown counts nothing, "filled" most."""
    known = (truth != UNKNOWN).float()
    known[:, -1] *= _FILLED_WEIGHT
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        scores, (truth == 1).float(), weight=known, pos_weight=weights, reduction="sum"
    )
    return each / known.sum().clamp(min=1)


def _batches(
    parts: Sequence[dict[CropSize, Crops]], rng: np.random.Generator
) -> Iterator[tuple[Crops, NDArray[np.intp]]]:
    """All crops once, in random order, each batch of one size."""
    batches = []
    for part in parts:
        for size, crops in part.items():
            order = rng.permutation(len(crops.labels))
            batches += [(crops, chunk) for chunk in np.array_split(order, max(1, len(order) // _BATCH[size]))]
    for index in rng.permutation(len(batches)):
        yield batches[int(index)]


def _scores(torch: Any, network: Any, crops: Crops) -> Floats:
    network.eval()
    found = []
    with torch.no_grad():
        for start in range(0, len(crops.labels), 32):
            found.append(_forward(torch, network, crops.layers[start : start + 32]).float().numpy())
    return np.concatenate(found).astype(np.float64)


def _held_loss(torch: Any, network: Any, held: Sequence[dict[CropSize, Crops]], weights: Any) -> float:
    losses = []
    for crops in (crops for part in held for crops in part.values()):
        scores = torch.from_numpy(_scores(torch, network, crops)).float()
        losses.append(float(loss_of(torch, scores, torch.from_numpy(truth_of(crops)), weights)))
    return float(np.mean(losses))


# -- calibration -----------------------------------------------------------------------------------------


def calibration_of(scored: Sequence[tuple[Crops, Floats]]) -> dict[str, NDArray[np.float32]]:
    """The line that makes a probability of a score: per label, and of "filled" per kind of field."""
    scores = np.concatenate([of for _, of in scored])
    truth = np.concatenate([truth_of(crops) for crops, _ in scored])
    kinds = np.concatenate([crops.kinds for crops, _ in scored])
    labels = [_line(scores[:, index], truth[:, index]) for index in range(len(LABELS))]
    filled = [_line(scores[kinds == kind.value, -1], truth[kinds == kind.value, -1]) for kind in FILLS]
    return {
        "slope": np.array([slope for slope, _ in labels], np.float32),
        "offset": np.array([offset for _, offset in labels], np.float32),
        "filled_slope": np.array([slope for slope, _ in filled], np.float32),
        "filled_offset": np.array([offset for _, offset in filled], np.float32),
    }


def _line(scores: Floats, truth: NDArray[np.uint8]) -> tuple[float, float]:
    known = truth != UNKNOWN
    return calibrated(scores[known], truth[known])


def calibrated(scores: Floats, truth: NDArray[np.uint8]) -> tuple[float, float]:
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
        kernel = (convolution.weight.detach() * gain[:, None, None, None]).contiguous().numpy()
        bias = (norm.bias.detach() - norm.running_mean * gain).numpy()
        convolutions.append(Convolution(kernel, bias, int(convolution.stride[0])))
    first, last = network["head"][1], network["head"][3]
    return convolutions, {
        "hidden": first.weight.detach().numpy(),
        "hidden_bias": first.bias.detach().numpy(),
        "output": last.weight.detach().numpy(),
        "output_bias": last.bias.detach().numpy(),
    }
