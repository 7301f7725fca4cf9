"""A phone photograph of a page on a table: perspective, curl, shadow, uneven light, blur."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.paper.sheets import PX, PaperSheet
from simulator.scanning import optics
from simulator.truth import Image

Matrix = NDArray[np.float64]
_FRAMES = ((2448, 3264), (2448, 3264), (3024, 4032))
_TABLES = ((150, 115, 80), (200, 185, 165), (95, 75, 60), (120, 125, 130), (60, 62, 68), (185, 150, 110))


def photographed(sheet: PaperSheet, rng: np.random.Generator) -> tuple[Image, Matrix | None]:
    """The photograph before JPEG compression, and the matrix from mm on the page to px (None for curled paper)."""
    width, height = _FRAMES[rng.integers(len(_FRAMES))]
    matrix = _camera(sheet, width, height, rng)
    bend = float(rng.uniform(1.0, 4.0)) if rng.random() < 0.5 else 0.0
    page, there = _projected(sheet, matrix, (width, height), bend, rng)
    picture = _on_table(page, there, rng)
    picture = optics.lit(picture, _light(rng))
    picture = optics.tinted(picture, _balance(rng))
    picture = optics.softened(picture, rng.uniform(0.5, 1.3) * width / 2448)
    picture = optics.shaken(picture, int(rng.integers(0, 4)), rng.uniform(0, np.pi))
    picture = optics.noisy(picture, rng.uniform(2, 6), rng)
    return picture, None if bend else matrix


def _camera(sheet: PaperSheet, width: int, height: int, rng: np.random.Generator) -> Matrix:
    """The matrix of a camera tilted up to 25°, with the page nearly filling the frame."""
    tilt = np.radians(rng.uniform(0, 25) * np.sqrt(rng.random()))
    axis, roll = rng.uniform(0, 2 * np.pi), np.radians(rng.normal(0, 4))
    direction = np.array([np.cos(axis), np.sin(axis), 0.0])
    turn = cv2.Rodrigues(direction * tilt)[0] @ cv2.Rodrigues(np.array([0, 0, roll]))[0]
    distance = sheet.height_mm * rng.uniform(1.15, 1.7)
    centred = np.array([[1, 0, -sheet.width_mm / 2], [0, 1, -sheet.height_mm / 2], [0, 0, 1]])
    view = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, distance]]) @ centred
    corners = _project(view, _corners(sheet))
    low, high = corners.min(axis=0), corners.max(axis=0)
    fill = rng.uniform(0.86, 0.97)
    scale = fill * min(width / (high[0] - low[0]), height / (high[1] - low[1]))
    spare = np.array([width, height]) - scale * (high - low)
    offset = spare * rng.uniform(0.3, 0.7, 2) - scale * low
    matrix: Matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]], [0, 0, 1]]) @ view
    return matrix


def _corners(sheet: PaperSheet) -> NDArray[np.float64]:
    w, h = sheet.width_mm, sheet.height_mm
    return np.array([[0, 0], [w, 0], [w, h], [0, h]], float)


def _project(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return there[:, :2] / there[:, 2:]


def _projected(
    sheet: PaperSheet, matrix: Matrix, size: tuple[int, int], bend: float, rng: np.random.Generator
) -> tuple[Image, Image]:
    """The page in the frame, and a mask of where it is (255)."""
    outline = np.full(sheet.pixels.shape[:2], 255, np.uint8)
    if not bend:
        from_sheet = matrix @ np.diag([1 / PX, 1 / PX, 1])
        flags = cv2.INTER_LINEAR
        return (
            np.asarray(cv2.warpPerspective(sheet.pixels, from_sheet, size, flags=flags), np.uint8),
            np.asarray(cv2.warpPerspective(outline, from_sheet, size, flags=flags), np.uint8),
        )
    across, down = _maps(sheet, matrix, size, bend, rng)
    return (
        np.asarray(cv2.remap(sheet.pixels, across, down, cv2.INTER_LINEAR), np.uint8),
        np.asarray(cv2.remap(outline, across, down, cv2.INTER_LINEAR), np.uint8),
    )


def _maps(
    sheet: PaperSheet, matrix: Matrix, size: tuple[int, int], bend: float, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For every pixel of the frame, the pixel of the curled sheet it shows: computed on a coarse grid, then resized."""
    step = 16
    width, height = size
    x, y = np.meshgrid(np.linspace(0, width - 1, width // step), np.linspace(0, height - 1, height // step))
    flat = _project(np.asarray(np.linalg.inv(matrix), np.float64), np.column_stack([x.ravel(), y.ravel()]))
    u, v = flat[:, 0] / sheet.width_mm, flat[:, 1] / sheet.height_mm
    waves, phase = rng.uniform(0.5, 1.2), rng.uniform(0, np.pi)
    if rng.random() < 0.5:  # curled about an upright axis, as the page of an open book
        flat[:, 1] += bend * np.sin(np.pi * waves * u + phase)
        flat[:, 0] += 0.4 * bend * np.sin(np.pi * u)
    else:
        flat[:, 0] += bend * np.sin(np.pi * waves * v + phase)
        flat[:, 1] += 0.4 * bend * np.sin(np.pi * v)
    coarse = (flat * PX).reshape(*x.shape, 2).astype(np.float32)
    full = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[..., 0]), np.ascontiguousarray(full[..., 1])


def _on_table(page: Image, there: Image, rng: np.random.Generator) -> Image:
    """The page on a table top, with the soft shadow of its edge."""
    rows, columns = there.shape
    table = np.empty_like(page)
    table[:] = _TABLES[rng.integers(len(_TABLES))]
    grain = rng.uniform(0.8, 1.1, (rows // 40 + 2, int(rng.integers(2, 30)))).astype(np.float32)
    table = optics.lit(table, grain if rng.random() < 0.5 else grain.T.copy())
    small = cv2.resize(there, (columns // 8, rows // 8), interpolation=cv2.INTER_AREA)
    shadow = cv2.GaussianBlur(np.roll(small, (3, 3), (0, 1)), (0, 0), 4).astype(np.float32) / 255
    table = optics.lit(table, (1 - 0.5 * shadow).astype(np.float32))
    outside = there < 128
    page = page.copy()
    page[outside] = table[outside]
    return page


def _light(rng: np.random.Generator) -> NDArray[np.float32]:
    """Light from one side, and often the shadow of a hand or of the phone."""
    side = 96
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0.05, 0.35) * (0.5 + 0.5 * (x * np.cos(angle) + y * np.sin(angle)))
    light *= 1 - rng.uniform(0, 0.12) * (x**2 + y**2)
    if rng.random() < 0.6:
        mask = np.zeros((side, side), np.uint8)
        middle = rng.uniform(10, side - 10, 2)
        points = middle + rng.normal(0, side * 0.28, (6, 2))
        cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 255)
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(2, 7)).astype(np.float64) / 255
        light *= 1 - rng.uniform(0.15, 0.45) * soft
    field: optics.LightField = light.astype(np.float32)
    return field


def _balance(rng: np.random.Generator) -> tuple[float, float, float]:
    warm = rng.uniform(-0.09, 0.09)
    gains = np.array([1 + warm, 1.0, 1 - warm]) * rng.uniform(0.82, 1.02)
    return float(gains[0]), float(gains[1]), float(gains[2])
