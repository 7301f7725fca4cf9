"""The two upper layers of a fitted look, fitted once more on what its convolutions see: minutes instead of an hour.

For crops that came later, or labels that were put right. Starts from the layers as they are; calibrated anew.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.fitting.composing import LABELS
from bench.fitting.crops import Crops, load
from bench.fitting.training import calibration_of, label_weights, loss_of, truth_of
from extractors.witness.network import WitnessModel, stored

_BATCH = 64
_RATE = 1e-3


def refit(
    model_file: Path,
    fitting: Sequence[Path],
    calibration: Sequence[Path],
    out: Path,
    *,
    epochs: int,
    seed: int,
) -> None:
    """Fit the upper layers of a model to these crops, calibrate on the others, write the model."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model, rng = WitnessModel.load(model_file), np.random.default_rng(seed)
    parts = [load(file) for file in fitting]
    crops = [of for part in parts for of in part.values()]
    features = torch.from_numpy(np.concatenate([_features(model, of) for of in crops]))
    truth = np.concatenate([truth_of(of) for of in crops])
    weights = torch.from_numpy(label_weights(parts))
    head = _head(torch, model)
    optimiser = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for epoch in range(epochs):
        head.train()
        losses = []
        for chunk in np.array_split(rng.permutation(len(truth)), max(1, len(truth) // _BATCH)):
            loss = loss_of(torch, head(features[chunk]), torch.from_numpy(truth[chunk]), weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        schedule.step()
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    head.eval()
    held = [of for file in calibration for of in load(file).values()]
    with torch.no_grad():
        scored = [
            (of, head(torch.from_numpy(_features(model, of))).numpy().astype(np.float64)) for of in held
        ]
    arrays: dict[str, Any] = stored(
        LABELS, model.convolutions, {**exported_head(head), **calibration_of(scored)}
    )
    np.savez_compressed(out, **arrays)


def exported_head(head: Any) -> dict[str, NDArray[np.float32]]:
    """The two layers of weights, by their names in the model's file."""
    first, last = head[1], head[3]
    return {
        "hidden": first.weight.detach().numpy(),
        "hidden_bias": first.bias.detach().numpy(),
        "output": last.weight.detach().numpy(),
        "output_bias": last.bias.detach().numpy(),
    }


def _head(torch: Any, model: WitnessModel) -> Any:
    nn, hidden, output = torch.nn, model.hidden, model.output
    head = nn.Sequential(
        nn.Dropout(0.15), nn.Linear(*hidden.shape[::-1]), nn.ReLU(), nn.Linear(*output.shape[::-1])
    )
    with torch.no_grad():
        for layer, weight, bias in (
            (head[1], hidden, model.hidden_bias),
            (head[3], output, model.output_bias),
        ):
            layer.weight.copy_(torch.from_numpy(weight.copy()))
            layer.bias.copy_(torch.from_numpy(bias.copy()))
    return head


def _features(model: WitnessModel, crops: Crops) -> NDArray[np.float32]:
    return np.stack([model.features(layers[None].astype(np.float32) / 255)[0] for layers in crops.layers])
