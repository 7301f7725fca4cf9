"""Returned pages for tests, made from originals: moved, blurred, darkened, compressed, with a known map.

Small and exact on purpose; the simulator of ``bench/`` is the realistic one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, CodeSighting, Image, OriginalPage, Raster, Sighting
from extractors.opening.pixels import whole_raster
from extractors.thresholds import load_thresholds
from forms.page_mark import mark_boxes

Points = NDArray[np.float64]


def flat(
    dpi: float,
    *,
    turn: float = 0,
    stretch: tuple[float, float] = (1, 1),
    move: tuple[float, float] = (0, 0),
    quarter: int = 0,
) -> Points:
    """mm on the original → raster px of a scan: stretched, turned by degrees about the middle, moved by mm."""
    angle = np.deg2rad(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(stretch)
    middle = np.array([105, 148.5])
    place = middle - matrix @ middle + np.array(move)
    full = np.eye(3)
    full[:2, :2], full[:2, 2] = matrix * dpi / 25.4, place * dpi / 25.4
    return full


def tilted(long_px: int, degrees: float) -> Points:
    """mm on the original → px of a photograph, tilted about a slanted axis."""
    axis = np.array([0.8, 0.6, 0]) * np.deg2rad(degrees)
    rotation, _ = cv2.Rodrigues(axis)
    camera = np.c_[
        rotation[:, 0], rotation[:, 1], np.array([0, 0, 450]) - rotation @ np.array([105, 148.5, 0])
    ]
    corners = np.array([[0, 0, 1], [210, 0, 1], [210, 297, 1], [0, 297, 1]]) @ camera.T
    corners = corners[:, :2] / corners[:, 2:]
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.array([long_px * 3 / 4, long_px])
    scale = 0.9 * np.min(size / (high - low))
    place = size / 2 - scale * (low + high) / 2
    return np.array([[scale, 0, place[0]], [0, scale, place[1]], [0, 0, 1]]) @ camera


def no_curl(points: Points) -> Points:
    """A sheet that lies flat."""
    return np.zeros_like(points)


def curled(points: Points) -> Points:
    """A sheet that does not: up to 2 mm off, smoothly."""
    x, y = points.T
    return np.stack([0.8 * np.sin(y / 90), 2.0 * np.sin(x / 80 + 1)], axis=-1)


def rolled(points: Points) -> Points:
    """A sheet kept rolled: 2.5 mm off and back within its width."""
    x, y = points.T
    return np.stack([np.sin(y / 100), 2.5 * np.sin(x / 33 + 1)], axis=-1)


@dataclass(frozen=True)
class Return:
    """One way a page comes back. ``matrix``: mm → px, shape (3, 3); ``size``: width, height in px;
    ``finish``: what is done to the grey picture in the end.
    """

    matrix: Points
    size: tuple[int, int]
    curl: Callable[[Points], Points] = no_curl
    table: int = 235
    finish: Callable[[Image], Image] = field(default=lambda picture: picture)

    def place(self, points_mm: Points) -> Points:
        """Where points of the original lie in the raster, px."""
        points = points_mm + self.curl(points_mm)
        moved = np.c_[points, np.ones(len(points))] @ self.matrix.T
        return np.asarray(moved[:, :2] / moved[:, 2:] - 0.5)

    def picture(self, page: Image, px_per_mm: float = PX_PER_MM) -> Image:
        """The page as a raster, grey."""
        width, height = self.size
        x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        back = np.stack([x, y, np.ones_like(x)], axis=-1).reshape(-1, 3) @ np.linalg.inv(self.matrix).T
        mm = start = back[:, :2] / back[:, 2:]
        for _ in range(4):
            mm = start - self.curl(mm)
        at = (mm * px_per_mm - 0.5).astype(np.float32).reshape(height, width, 2)
        paper = (40 + page.astype(np.float32) * 0.8).astype(np.uint8)
        seen = cv2.remap(paper, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderValue=self.table)
        noise = np.random.default_rng(5).normal(0, 3, seen.shape)
        return self.finish(np.clip(cv2.GaussianBlur(seen, (0, 0), 0.6) + noise, 0, 255).astype(np.uint8))

    def sighting(self, page: OriginalPage, marks: int = 2) -> Sighting:
        """What identifying would say of it, with so many marks read."""
        codes = []
        boxes = mark_boxes(page.width_mm, page.height_mm)
        for corner, box in list(zip(("top-right", "bottom-left"), boxes, strict=True))[:marks]:
            corners = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]])
            jitter = np.random.default_rng(7).normal(0, 0.3, (4, 2))
            codes.append(CodeSighting("", self.place(corners) + jitter, corner))  # type: ignore[arg-type]
        return Sighting(page.issue, page.number, 9, 0, "mark" if marks else "print", tuple(codes))

    def raster(self, page: OriginalPage, drawn: Image | None = None) -> Raster:
        """The raster of a page, or of what was drawn on it."""
        picture = self.picture(page.grey if drawn is None else drawn)
        return whole_raster(picture, None, load_thresholds().opening)


def shadowed(picture: Image) -> Image:
    """Half of it in the shadow of a hand, the light fading to one side, compressed."""
    height, width = picture.shape
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = (1 - 0.3 * y) * (0.6 + 0.4 / (1 + np.exp(-(x - 0.5 + 0.2 * y) * 60)))
    return compressed((picture * light).astype(np.uint8))


def compressed(picture: Image, quality: int = 70) -> Image:
    """Through JPEG."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def black_and_white(picture: Image) -> Image:
    """One bit."""
    return np.where(picture > 150, 255, 0).astype(np.uint8)


A4_200 = (1654, 2339)
SCAN = Return(flat(200, turn=0.8), A4_200)
"""How pages come back, by name; each must register."""
RETURNS = {
    "as it is": Return(flat(150), (1240, 1754)),
    "scan": SCAN,
    "turned by a quarter": Return(flat(200, turn=90), A4_200[::-1]),
    "upside down": Return(flat(200, turn=180.5), A4_200),
    "reduced": Return(flat(200, turn=-1, stretch=(0.925, 0.925), move=(4, 0)), A4_200),
    "enlarged": Return(flat(200, stretch=(1.03, 1.03)), A4_200),
    "stretched": Return(flat(200, turn=0.5, stretch=(1.01, 0.965)), A4_200),
    "skewed": Return(flat(200, turn=5, stretch=(0.95, 0.95)), A4_200),
    "cropped": Return(flat(200, move=(-10, -10)), A4_200),
    "black and white": Return(flat(200, turn=0.7), A4_200, finish=black_and_white),
    "photograph": Return(tilted(2200, 25), (1650, 2200), curled, 90, shadowed),
    "chat image": Return(tilted(1280, 20), (960, 1280), curled, 90, lambda one: compressed(one, 50)),
}
#: A sheet kept rolled, which does not lie flat any more.
ROLLED = Return(tilted(2200, 12), (1650, 2200), rolled, 90, shadowed)
