"""Page marks found on pictures of pages, whatever way they lie, and never taken for another page's."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from extractors.identify import NoSighting, find_codes, sight
from extractors.identify.codes import modules_of
from extractors.model import Image, Points, Raster, Sighting
from forms.page_mark import PageMark, mark_boxes

KEY = b"k" * 32
MARK = PageMark("7K3M9QX2", 2, 13)
DPI = 200
PX = DPI / 25.4
A4 = (210.0, 297.0)
LANDSCAPE = (297.0, 210.0)
TURNS = (0, 90, 180, 270)


def page(
    mark: PageMark = MARK, size: tuple[float, float] = A4, key: bytes = KEY, corners: str = "both"
) -> Image:
    """A page at 200 dpi, drawn four times as large first, with its marks and lines of pretended print."""
    fine = 4
    width, height = (round(side * PX) * fine for side in size)
    paper = np.full((height, width), 255, np.uint8)
    rng = np.random.default_rng(5)
    for top in range(height // 6, height * 5 // 6, 60 * fine):
        for left in range(width // 8, width * 7 // 8, 34 * fine):
            end = left + int(rng.integers(8, 26)) * fine, top + int(rng.integers(8, 30)) * fine
            cv2.rectangle(paper, (left, top), end, 40, 2 * fine)
    chosen = mark_boxes(*size)[slice(*{"both": (0, 2), "top-right": (0, 1), "bottom-left": (1, 2)}[corners])]
    for box in chosen:
        x0, y0, x1, y1 = (round(side * PX * fine) for side in (box.x0, box.y0, box.x1, box.y1))
        code = cv2.resize(modules_of(mark.text(key)), (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
        paper[y0:y1, x0:x1] = code
    return np.asarray(
        cv2.resize(paper, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA), np.uint8
    )


def true_corners(size: tuple[float, float] = A4) -> list[Points]:
    return [
        np.array([(b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)]) * PX - 0.5
        for b in mark_boxes(*size)
    ]


def seen(picture: Image) -> Sighting:
    sighting = sight(Raster(picture), KEY)
    assert isinstance(sighting, Sighting), sighting
    return sighting


@pytest.mark.parametrize("size", [A4, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("turn", TURNS)
def test_a_page_is_told_at_any_turn(turn: int, size: tuple[float, float]) -> None:
    """Issue, page, pages and turn come from the marks, and turning the picture so makes it upright."""
    upright = page(size=size)
    lying = np.ascontiguousarray(np.rot90(upright, turn // 90))  # counter-clockwise: to be turned clockwise
    sighting = seen(lying)
    assert (sighting.issue, sighting.page, sighting.pages, sighting.by) == ("7K3M9QX2", 2, 13, "mark")
    assert sighting.turn == turn
    assert [code.corner for code in sighting.codes] == ["top-right", "bottom-left"]


def test_corners_are_exact() -> None:
    """Corners are those of the printed code, in the order of its print, to a third of a pixel."""
    for code, true in zip(seen(page()).codes, true_corners(), strict=True):
        assert np.abs(code.corners - true).max() < 0.35


def test_corners_follow_the_turn() -> None:
    """On a page that lies on its head, a code's printed top left is its lowest and rightmost corner."""
    picture = page()
    height, width = picture.shape
    for code, true in zip(seen(np.ascontiguousarray(picture[::-1, ::-1])).codes, true_corners(), strict=True):
        assert np.abs(code.corners - (np.array([width - 1, height - 1]) - true)).max() < 0.35


@pytest.mark.parametrize("corner", ["top-right", "bottom-left"])
@pytest.mark.parametrize("turn", TURNS)
def test_either_mark_is_enough(corner: str, turn: int) -> None:
    """One mark tells the page, and which of the two it is."""
    (code,) = seen(np.ascontiguousarray(np.rot90(page(corners=corner), turn // 90))).codes
    assert code.corner == corner


@dataclass
class Hand:
    """What happens to paper on its way back, from one seed."""

    seed: int

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def noise(self, picture: Image, sigma: float) -> Image:
        return np.clip(picture + self.rng.normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)

    def askew(self, picture: Image, degrees: float, scale: float = 1.0) -> Image:
        height, width = picture.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
        return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderValue=255), np.uint8)

    def copied(self, picture: Image) -> Image:
        soft = self.noise(np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.3), np.uint8), 8)
        harsh = np.clip((soft.astype(float) - 128) * 2 + 118, 0, 255).astype(np.uint8)
        return self.askew(harsh, float(self.rng.uniform(-1.5, 1.5)), 0.96)

    def black_and_white(self, picture: Image) -> Image:
        soft = self.noise(np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.9), np.uint8), 14)
        return np.where(self.askew(soft, 1.2, 0.92) < 140, 0, 255).astype(np.uint8)

    def photographed(self, picture: Image, long_side: int) -> Image:
        """From 25 degrees to the side, on a dark table, half in shadow, blurred, as a JPEG of quality 60."""
        height, width = picture.shape
        scale = long_side / (height * 1.1)
        lean = float(self.rng.uniform(0.06, 0.12))
        seen_at = np.array([(0.08, 0.05 + lean), (0.94, 0.05), (0.9, 0.95), (0.05, 0.95 - lean)])
        target = seen_at * [width * 1.1 * scale, height * 1.1 * scale]
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
        matrix = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
        soft = cv2.GaussianBlur(picture, (0, 0), 0.5 / scale)
        size = (round(width * 1.1 * scale), long_side)
        photo = cv2.warpPerspective(soft, matrix, size, borderValue=70)
        light = (
            np.linspace(0.5, 1, size[0])[None, :]
            * np.where(np.arange(long_side) < long_side / 3, 0.7, 1)[:, None]
        )
        dim = self.noise(np.clip(cv2.GaussianBlur(photo, (0, 0), 0.6) * light, 0, 255).astype(np.uint8), 3)
        _, data = cv2.imencode(".jpg", dim, [cv2.IMWRITE_JPEG_QUALITY, 60])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", ["scan", "black-and-white", "copy-of-copy", "photo", "chat-photo"])
def test_marks_survive_the_way_back(way: str, seed: int) -> None:
    """Skewed, shrunk, copied twice, in black and white, photographed askew, sent over chat: still told."""
    hand, picture = Hand(seed), page()
    picture = {
        "scan": lambda: hand.noise(hand.askew(picture, 2.0, 0.97), 6),
        "black-and-white": lambda: hand.black_and_white(picture),
        "copy-of-copy": lambda: hand.black_and_white(hand.copied(hand.copied(picture))),
        "photo": lambda: hand.photographed(picture, 3000),
        "chat-photo": lambda: hand.photographed(picture, 1280),
    }[way]()
    assert (seen(picture).issue, seen(picture).page) == (MARK.issue, MARK.page)


def test_a_red_seal_over_a_mark_does_not_matter() -> None:
    """Coloured ink over a code is looked through."""
    picture = np.repeat(page()[..., None], 3, axis=2)
    box = mark_boxes(*A4)[0]
    centre = tuple(round(side * PX) for side in box.centre)
    red = picture.copy()
    cv2.circle(red, centre, 150, (210, 40, 50), 22)
    cv2.circle(red, centre, 60, (210, 40, 50), -1)
    assert len(seen(np.minimum(picture, red)).codes) == 2


def test_two_pages_on_one_picture_are_nobodys() -> None:
    """Two pages photographed side by side are told as such, not taken for either."""
    other = PageMark("7K3M9QX2", 3, 13)
    both = np.hstack([page(), page(other)])
    assert sight(Raster(both), KEY) is NoSighting.SEVERAL_PAGES
    assert sight(Raster(np.hstack([page(), page()])), KEY) is NoSighting.SEVERAL_PAGES
    alone = np.hstack([page(corners="top-right"), page(other, corners="bottom-left")])
    assert sight(Raster(alone), KEY) is NoSighting.SEVERAL_PAGES


def test_a_foreign_mark_is_not_ours() -> None:
    """A mark of another office's key is shaped like ours and is not believed."""
    assert sight(Raster(page(key=b"other" * 7)), KEY) is NoSighting.NOT_OURS


def test_no_mark_is_said() -> None:
    """A page without marks, white or full of print, has none; neither has a mirrored one."""
    assert sight(Raster(np.full((2339, 1654), 255, np.uint8)), KEY) is NoSighting.NO_MARK
    assert sight(Raster(np.ascontiguousarray(page()[:, ::-1])), KEY) is NoSighting.NO_MARK
    assert find_codes(Raster(np.zeros((1, 1), np.uint8))) == ()


def test_codes_already_found_are_used() -> None:
    """What find_codes gave is enough to tell the page; codes of others beside it change nothing."""
    raster = Raster(page())
    codes = find_codes(raster)
    assert len(codes) == 2 and all(code.corner is None for code in codes)
    assert isinstance(sight(raster, KEY, codes), Sighting)
