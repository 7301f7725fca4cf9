"""What light, glass and sensors do to a picture: noise, shading, blur, dust, JPEG. Arrays in, arrays out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.truth import Image

Field = NDArray[np.float32]


def noisy(picture: Image, sigma: float, rng: np.random.Generator) -> Image:
    """Sensor noise of that spread, from one tile laid over and over (fast, and no eye or reader can tell)."""
    rows, columns = picture.shape[:2]
    channels = 1 if picture.ndim == 2 else 3
    tile = rng.normal(0, sigma, (397, 389, channels)).astype(np.int8)
    grain = np.tile(tile, (rows // 397 + 1, columns // 389 + 1, 1))[:rows, :columns]
    grain = np.ascontiguousarray(grain[..., 0] if picture.ndim == 2 else grain)
    return cv2.add(picture, grain, dtype=cv2.CV_8U)


def lit(picture: Image, light: Field) -> Image:
    """Multiply by a field of light of any size (rows, columns[, channels]), stretched over the picture."""
    rows, columns = picture.shape[:2]
    full = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if picture.ndim == 3 and full.ndim == 2:
        full = cv2.merge([full] * 3)
    return cv2.multiply(picture, full, dtype=cv2.CV_8U)


def tinted(picture: Image, gains: tuple[float, float, float]) -> Image:
    """White balance gone wrong: each channel by its own gain."""
    tables = np.stack([np.clip(np.arange(256) * gain, 0, 255) for gain in gains], axis=-1).astype(np.uint8)
    return cv2.LUT(picture, tables[:, None, :])


def dusty(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Specks and hairs on the glass."""
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
    """Out of focus by that many px."""
    return cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0.25 else picture


def shaken(picture: Image, length: int, angle: float) -> Image:
    """Moved during the exposure by so many px."""
    if length < 2:
        return picture
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    start, end = (np.round(middle + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1, 1)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def compressed(picture: Image, quality: int) -> Image:
    """Through JPEG of that quality and back."""
    data = jpeg(picture, quality)
    flag = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR_RGB
    return cv2.imdecode(np.frombuffer(data, np.uint8), flag)


def jpeg(picture: Image, quality: int) -> bytes:
    """JPEG bytes of an RGB or grey picture."""
    shown = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def clouds(rng: np.random.Generator, low: float, high: float, cells: int = 4) -> Field:
    """A slowly changing field between two values, small; stretch it with :func:`lit`."""
    coarse = rng.uniform(low, high, (cells, cells)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (64, 64), interpolation=cv2.INTER_CUBIC), low, high)


def grey_of(picture: Image) -> Image:
    """One channel of a picture."""
    return picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
