"""Optical effects on a picture: noise, shading, colour cast, blur, dust, JPEG. Arrays in, arrays out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.truth import Image

LightField = NDArray[np.float32]


def noisy(picture: Image, sigma: float, rng: np.random.Generator) -> Image:
    """Add sensor noise of that standard deviation, from one repeated tile, which is fast and cannot be noticed."""
    rows, columns = picture.shape[:2]
    channels = 1 if picture.ndim == 2 else 3
    tile = rng.normal(0, sigma, (397, 389, channels)).astype(np.int8)
    grain = np.tile(tile, (rows // 397 + 1, columns // 389 + 1, 1))[:rows, :columns]
    grain = np.ascontiguousarray(grain[..., 0] if picture.ndim == 2 else grain)
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), np.uint8)


def lit(picture: Image, light: LightField) -> Image:
    """Multiply by a field of brightness (rows, columns[, channels]) of any size, resized to the picture."""
    rows, columns = picture.shape[:2]
    full = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if picture.ndim == 3 and full.ndim == 2:
        full = cv2.merge([full] * 3)
    return np.asarray(cv2.multiply(picture, full, dtype=cv2.CV_8U), np.uint8)


def tinted(picture: Image, gains: tuple[float, float, float]) -> Image:
    """A wrong white balance: multiply each channel by its own gain."""
    tables = np.stack([np.clip(np.arange(256) * gain, 0, 255) for gain in gains], axis=-1).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, tables[:, None, :]), np.uint8)


def dusty(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Draw specks and hairs of dust into the picture, in place."""
    rows, columns = picture.shape[:2]
    ink = (70, 70, 70) if picture.ndim == 3 else 70
    for _ in range(count):
        at = (int(rng.integers(columns)), int(rng.integers(rows)))
        if rng.random() < 0.85:
            cv2.circle(picture, at, int(rng.integers(1, 3)), ink, -1, cv2.LINE_AA)
        else:
            reach = rng.integers(-25, 25, 2)
            cv2.line(picture, at, (at[0] + int(reach[0]), at[1] + int(reach[1])), ink, 1, cv2.LINE_AA)
    return picture


def softened(picture: Image, sigma: float) -> Image:
    """Blur as out of focus, by that many px."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma > 0.25 else picture


def shaken(picture: Image, length: int, angle: float) -> Image:
    """Motion blur of that many px at that angle in radians."""
    if length < 2:
        return picture
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    start, end = (np.round(middle + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1, 1)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def compressed(picture: Image, quality: int) -> Image:
    """The picture compressed as JPEG of that quality and decoded."""
    data = jpeg(picture, quality)
    flag = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR_RGB
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), flag), np.uint8)


def jpeg(picture: Image, quality: int) -> bytes:
    """An RGB or grey picture as JPEG bytes."""
    shown = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def clouds(rng: np.random.Generator, low: float, high: float, cells: int = 4) -> LightField:
    """A small, slowly varying field of brightness between two values, for :func:`lit`."""
    coarse = rng.uniform(low, high, (cells, cells)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (64, 64), interpolation=cv2.INTER_CUBIC), low, high)


def grey_of(picture: Image) -> Image:
    """The picture in grey."""
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
