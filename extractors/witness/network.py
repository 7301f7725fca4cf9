"""The network, evaluated with numpy: convolutions, what they found inside the field and in all, two layers of weights.

A model is one ``.npz``: ``labels``, per convolution ``kernel_n`` (out, in, height, width), ``bias_n`` and ``stride_n``,
``hidden``, ``hidden_bias``, ``output``, ``output_bias``; then the lines that make probabilities of scores, fitted on
returns that the weights were not fitted to: per label ``slope`` and ``offset``, and ``filled_slope`` and
``filled_offset`` per kind of field, in the order of :data:`FILLS`, for the score behind those of the labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.model import RegisteredPage
from extractors.witness.crops import CropSize, crop_of, crop_size, has_ink
from forms.definition import FieldKind
from forms.geometry import Box

Floats = NDArray[np.float32]
MODEL = Path(__file__).parent / "model.npz"
#: What fills a place of each kind; everything else that can lie there fills none.
FILLS: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.SIGNATURE: ("signature", "seal"),
    FieldKind.CHECKBOX: ("tick",),
    FieldKind.DATE: ("writing",),
    FieldKind.TEXT: ("writing", "signature"),
}
#: The arrays of a model behind its convolutions.
HEAD = (
    "hidden",
    "hidden_bias",
    "output",
    "output_bias",
    "slope",
    "offset",
    "filled_slope",
    "filled_offset",
)
_TOGETHER = 8  # crops evaluated in one product: more take memory and save no time
#: Part of a cell of the last convolution that must lie in the field for the cell to count.
INSIDE = 0.1


@dataclass(frozen=True, slots=True)
class FieldLook:
    """What the network says of one place.

    ``chances``: how probable each thing is that it knows, each by itself (``signature`` is one by pen). ``filled``: how
    probable it is that what fills a place of its kind lies there (:data:`FILLS`).
    """

    chances: Mapping[str, float]
    filled: float


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """One convolution with its bias, padded so that the size is divided by the stride, cut off at zero."""

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
    filled_slope: Floats
    filled_offset: Floats

    @classmethod
    def load(cls, file: Path = MODEL) -> WitnessModel:
        """The model of a file.

        :raises OSError: there is none.
        """
        arrays = arrays_of(file)
        head = {name: np.asarray(arrays[name], np.float32) for name in HEAD}
        return cls(
            labels=tuple(str(label) for label in arrays["labels"]),
            convolutions=convolutions_of(arrays),
            **head,
        )

    def looks(self, page: RegisteredPage, places: Sequence[tuple[Box, FieldKind]]) -> list[FieldLook]:
        """What is seen at places of a registered page, in their order; where no ink was added, nothing."""
        by_size: dict[CropSize, list[tuple[int, Floats]]] = defaultdict(list)
        found = [FieldLook(dict.fromkeys(self.labels, 0.0), 0.0) for _ in places]
        for index, (field, kind) in enumerate(places):
            crop = crop_of(page, field, crop_size(kind))
            if has_ink(crop):
                by_size[crop_size(kind)].append((index, crop))
        for inked in by_size.values():
            for start in range(0, len(inked), _TOGETHER):
                indices, crops = zip(*inked[start : start + _TOGETHER], strict=True)
                for index, scores in zip(indices, self.scores(np.stack(crops)), strict=True):
                    found[index] = self.look(scores, places[index][1])
        return found

    def look(self, scores: Floats, kind: FieldKind) -> FieldLook:
        """What the scores of one crop say of a field of that kind."""
        place = list(FILLS).index(kind)
        chances = probabilities(scores[:-1], self.slope, self.offset)
        filled = probabilities(scores[-1], self.filled_slope[place], self.filled_offset[place])
        return FieldLook(dict(zip(self.labels, map(float, chances), strict=True)), float(filled))

    def scores(self, layers: Floats) -> Floats:
        """The uncalibrated scores of crops of one size, shape (n, 6, height, width): (n, labels and "filled")."""
        hidden = np.maximum(self.features(layers) @ self.hidden.T + self.hidden_bias, 0)
        return np.asarray(hidden @ self.output.T + self.output_bias, np.float32)

    def features(self, layers: Floats) -> Floats:
        """What the convolutions found in crops of one size, (n, 6, height, width): (n, three to each last layer)."""
        seen = np.ascontiguousarray(layers.transpose(1, 0, 2, 3))
        for convolution in self.convolutions:
            seen = convolve(seen, convolution)
        return np.stack([pooled(seen[:, index], crop[-1]) for index, crop in enumerate(layers)])


def arrays_of(file: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model's file, as :func:`stored` made them.

    :raises OSError: there is none.
    """
    with np.load(file, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def convolutions_of(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[Convolution, ...]:
    """The convolutions of a model's file, in their order."""
    count = sum(name.startswith("kernel_") for name in arrays)
    return tuple(
        Convolution(
            np.asarray(arrays[f"kernel_{number}"], np.float32),
            np.asarray(arrays[f"bias_{number}"], np.float32),
            int(arrays[f"stride_{number}"]),
        )
        for number in range(count)
    )


def convolve(layers: Floats, convolution: Convolution) -> Floats:
    """A convolution of (in, n, height, width) to (out, n, height / stride, width / stride), cut off at zero."""
    out, into, rows, columns = convolution.kernel.shape
    step, count = convolution.stride, layers.shape[1]
    down, across = (max(0, -((step - side) // 2)) for side in (rows, columns))
    height, width = -(-layers.shape[2] // step), -(-layers.shape[3] // step)
    below = max(0, step * (height - 1) + rows - layers.shape[2] - down)
    right = max(0, step * (width - 1) + columns - layers.shape[3] - across)
    padded = np.pad(layers, ((0, 0), (0, 0), (down, below), (across, right)))
    # What each weight of the kernel meets, side by side: the whole layer is one product.
    met = np.empty((into, rows, columns, count, height, width), np.float32)
    for row in range(rows):
        for column in range(columns):
            met[:, row, column] = padded[
                :, :, row : row + step * height : step, column : column + step * width : step
            ]
    result = convolution.kernel.reshape(out, -1) @ met.reshape(-1, count * height * width)
    result += convolution.bias[:, None]
    return np.maximum(result, 0, out=result).reshape(out, count, height, width)


def pooled(seen: Floats, field: Floats) -> Floats:
    """Mean and greatest value inside the field, and mean in all, of each layer of one crop, (layers, rows, columns)."""
    rows, columns = seen.shape[1:]
    step = field.shape[0] // rows, field.shape[1] // columns
    share = (
        field[: rows * step[0], : columns * step[1]]
        .reshape(rows, step[0], columns, step[1])
        .mean(axis=(1, 3))
    )
    inside = share >= min(INSIDE, float(share.max()))
    chosen = seen[:, inside]
    return np.concatenate([chosen.mean(axis=1), chosen.max(axis=1), seen.mean(axis=(1, 2))])


def probabilities(scores: Floats, slope: Floats, offset: Floats) -> Floats:
    """What fitted lines make of scores."""
    return np.asarray(1 / (1 + np.exp(-(scores * slope + offset))), np.float32)


def stored(
    labels: Sequence[str], convolutions: Sequence[Convolution], head: Mapping[str, Floats]
) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model's file; weights in half precision, which changes no answer and halves the file."""
    arrays: dict[str, NDArray[np.generic]] = {"labels": np.array(labels)}
    for number, item in enumerate(convolutions):
        arrays[f"kernel_{number}"] = item.kernel.astype(np.float16)
        arrays[f"bias_{number}"] = item.bias.astype(np.float32)
        arrays[f"stride_{number}"] = np.array(item.stride)
    return {**arrays, **{name: np.asarray(value, np.float32) for name, value in head.items()}}
