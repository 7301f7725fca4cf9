"""The network, evaluated with numpy: five convolutions, what they found inside the field, two layers of weights.

A model is one ``.npz``: ``labels``, per convolution ``kernel_n`` (out, in, height, width), ``bias_n`` and ``stride_n``,
``hidden``, ``hidden_bias``, ``output``, ``output_bias`` and, per label, ``slope`` and ``offset``: the line that makes a
probability of its score, fitted on returns that the weights were not fitted to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.model import RegisteredPage
from extractors.witness.crops import CropSize, Layers, crop_of
from forms.geometry import Box

Floats = NDArray[np.float32]
MODEL = Path(__file__).parent / "model.npz"
#: Part of a cell of the last convolution that must lie in the field for the cell to count.
INSIDE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """One convolution with its bias, padded so that a stride of 1 keeps the size, cut off at zero."""

    kernel: Floats
    bias: Floats
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class WitnessModel:
    """A fitted network. ``labels``: what it knows, in the order of its answers."""

    labels: tuple[str, ...]
    convolutions: tuple[Convolution, ...]
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    slope: Floats
    offset: Floats

    @classmethod
    def load(cls, file: Path = MODEL) -> WitnessModel:
        """The model of a file.

        :raises OSError: there is none.
        """
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        count = sum(name.startswith("kernel_") for name in arrays)
        names = ("hidden", "hidden_bias", "output", "output_bias", "slope", "offset")
        hidden, hidden_bias, output, output_bias, slope, offset = (
            np.asarray(arrays[name], np.float32) for name in names
        )
        return cls(
            labels=tuple(str(label) for label in arrays["labels"]),
            convolutions=tuple(
                Convolution(
                    np.asarray(arrays[f"kernel_{number}"], np.float32),
                    np.asarray(arrays[f"bias_{number}"], np.float32),
                    int(arrays[f"stride_{number}"]),
                )
                for number in range(count)
            ),
            hidden=hidden,
            hidden_bias=hidden_bias,
            output=output,
            output_bias=output_bias,
            slope=slope,
            offset=offset,
        )

    def look(self, page: RegisteredPage, field: Box, size: CropSize) -> Mapping[str, float]:
        """How probable each thing is in a field of a registered page."""
        scores = self.scores(crop_of(page, field, size))
        return dict(zip(self.labels, map(float, self.probabilities(scores)), strict=True))

    def probabilities(self, scores: Floats) -> Floats:
        """Calibrated probabilities of scores."""
        return np.asarray(1 / (1 + np.exp(-(scores * self.slope + self.offset))), np.float32)

    def scores(self, layers: Layers) -> Floats:
        """The uncalibrated score of each label for one crop, shape (6, height, width)."""
        seen: Floats = layers
        for convolution in self.convolutions:
            seen = convolve(seen, convolution)
        features = pooled(seen, layers[-1])
        hidden = np.maximum(self.hidden @ features + self.hidden_bias, 0)
        return np.asarray(self.output @ hidden + self.output_bias, np.float32)


def convolve(layers: Floats, convolution: Convolution) -> Floats:
    """A convolution of (in, height, width) to (out, height / stride, width / stride), negative values cut off."""
    out, into, rows, columns = convolution.kernel.shape
    down, across, step = rows // 2, columns // 2, convolution.stride
    padded = np.pad(layers, ((0, 0), (down, down), (across, across)))
    height, width = -(-layers.shape[1] // step), -(-layers.shape[2] // step)
    # What each weight of the kernel meets, side by side: the whole layer is one product.
    met = np.empty((into, rows, columns, height, width), np.float32)
    for row in range(rows):
        for column in range(columns):
            met[:, row, column] = padded[
                :, row : row + step * height : step, column : column + step * width : step
            ]
    result = convolution.kernel.reshape(out, -1) @ met.reshape(-1, height * width)
    result += convolution.bias[:, None]
    return np.maximum(result, 0, out=result).reshape(out, height, width)


def pooled(seen: Floats, field: Floats) -> Floats:
    """Mean and greatest value of each layer inside the field."""
    rows, columns = seen.shape[1:]
    step = field.shape[0] // rows, field.shape[1] // columns
    share = (
        field[: rows * step[0], : columns * step[1]]
        .reshape(rows, step[0], columns, step[1])
        .mean(axis=(1, 3))
    )
    inside = share >= min(INSIDE, float(share.max()))
    chosen = seen[:, inside]
    return np.concatenate([chosen.mean(axis=1), chosen.max(axis=1)])


def stored(
    labels: Sequence[str], convolutions: Sequence[Convolution], head: Mapping[str, Floats]
) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model's file; weights in half precision, which changes no answer and halves the file."""
    arrays: dict[str, NDArray[np.generic]] = {"labels": np.array(labels)}
    for number, item in enumerate(convolutions):
        arrays[f"kernel_{number}"] = item.kernel.astype(np.float16)
        arrays[f"bias_{number}"] = item.bias.astype(np.float32)
        arrays[f"stride_{number}"] = np.array(item.stride)
    return {**arrays, **{name: value.astype(np.float32) for name, value in head.items()}}
