"""Page marks (页码标记) on a sheet: where they stand, and several ways to make one unreadable."""

from __future__ import annotations

import cv2
import numpy as np

from forms.geometry import Box
from simulator.paper.sheets import PX, PaperSheet


def mark_boxes(sheet: PaperSheet) -> tuple[Box, ...]:
    """The boxes of a page's marks, found as the densest print in their corners: top right, bottom left."""
    w, h = sheet.width_mm, sheet.height_mm
    found = (_dense(sheet, Box(w - 45, 5, w - 5, 34)), _dense(sheet, Box(5, h - 34, 45, h - 9)))
    return tuple(box for box in found if box is not None)


def _dense(sheet: PaperSheet, box: Box) -> Box | None:
    ink = sheet.window(box).min(axis=2) < 128
    heavy = cv2.blur(ink.astype(np.float32), (25, 25)) > 0.25
    ys, xs = np.nonzero(heavy)
    if not len(xs):
        return None
    return Box(
        *(
            float(v)
            for v in (
                box.x0 + xs.min() / PX,
                box.y0 + ys.min() / PX,
                box.x0 + xs.max() / PX,
                box.y0 + ys.max() / PX,
            )
        )
    )


def destroy_mark(sheet: PaperSheet, box: Box, rng: np.random.Generator) -> str:
    """Make one mark unreadable, and return how: ink, torn, coffee or sticker."""
    way = str(rng.choice(["ink", "torn", "coffee", "sticker"]))
    {"ink": _ink_blot, "torn": _torn, "coffee": _coffee_over, "sticker": _sticker}[way](sheet, box, rng)
    sheet.marks_whole -= 1
    return way


def _ink_blot(sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
    side = round(max(box.width, box.height) * PX * 1.1)
    mask = np.zeros((side, side), np.uint8)
    for _ in range(9):
        at = tuple(int(v) for v in rng.normal(side / 2, side * 0.16, 2))
        cv2.circle(mask, at, int(side * rng.uniform(0.1, 0.22)), 255, -1)
    soft = (cv2.GaussianBlur(mask, (0, 0), 3).astype(np.float32) / 255).astype(np.float32)
    sheet.cover(soft, box.x0 - 0.05 * box.width, box.y0 - 0.05 * box.height, (25, 25, 45))


def _torn(sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
    """The whole corner is torn off; what lies behind it is white or dark."""
    rows, columns = sheet.pixels.shape[:2]
    right = box.centre[0] > sheet.width_mm / 2
    top = box.centre[1] < sheet.height_mm / 2
    reach_x = (sheet.width_mm - box.x0 if right else box.x1) + rng.uniform(8, 16)
    reach_y = (box.y1 if top else sheet.height_mm - box.y0) + rng.uniform(8, 16)
    steps = np.linspace(0, 1, 30)
    x = steps * reach_x * 1.15 + rng.normal(0, 0.4, 30)
    y = (1 - steps) * reach_y * 1.15 + rng.normal(0, 0.4, 30)
    points = np.vstack([[[0, 0]], np.column_stack([x, y]), [[0, 0]]]) * PX
    if right:
        points[:, 0] = columns - points[:, 0]
    if not top:
        points[:, 1] = rows - points[:, 1]
    tone = int(rng.choice([255, 250, 30]))
    cv2.fillPoly(sheet.pixels, [points.astype(np.int32)], (tone, tone, tone))


def _coffee_over(sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
    """A dark spill with opaque blotches."""
    stain(sheet, box.centre, max(box.width, box.height) * 0.75, 0.75, rng)
    holes = (rng.random((round(box.height * PX / 8), round(box.width * PX / 8))) < 0.4).astype(np.float32)
    blots = cv2.resize(holes, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    sheet.cover(np.clip(blots, 0, 1).astype(np.float32), box.x0, box.y0, (150, 120, 90))


def _sticker(sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
    mask = np.ones((round((box.height * 0.75) * PX), round((box.width + 6) * PX)), np.float32)
    sheet.cover(mask, box.x0 - 3, box.y0 + rng.uniform(0, 0.2) * box.height, (250, 240, 160))


def stain(
    sheet: PaperSheet, middle: tuple[float, float], radius: float, depth: float, rng: np.random.Generator
) -> None:
    """Apply a round stain, darkest at its rim; ``middle`` and ``radius`` in mm, ``depth`` 0..1."""
    side = round(radius * 2 * PX)
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    wobble = cv2.resize(
        rng.uniform(0.8, 1.1, (6, 6)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    away = np.hypot(x, y) / wobble
    mask = np.where(away < 0.9, depth * 0.6, 0) + depth * np.exp(-(((away - 0.88) / 0.05) ** 2))
    sheet.ink(mask.astype(np.float32).clip(0, 1), middle[0] - radius, middle[1] - radius, (150, 105, 60))
