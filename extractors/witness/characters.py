"""What the look at print sees: places of a page in small windows, with what stands around them.

A place is a printed character that differs from what was printed, or ink beside and between characters where none was
printed (:attr:`PrintPlaces.beside`). Layers of a window, each 0..1: the print that should be there as this scan would
show it; the print that is there, moved onto it; how red or blue the place is (0.5 neither); ink that people may leave
there (writing that runs over from a field, a seal), and paler where an open field lies; the place's own box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Float32Array, Image, Mask, RegisteredPage
from forms.geometry import Box
from forms.page_mark import mark_boxes

#: Side of a window in px, and its layers.
SIDE = 32
LAYERS = 5
#: Numbers about the page and the place that go with each window.
CONDITIONS = 6
#: Mean levels of 255 over a cell, from which a character differs, and ink beside print may be a word's.
LEAST_CHANGE, LEAST_ADDED = 8.0, 24.0
#: What of the surroundings is seen on each side of a place, and the smallest window; mm.
_BESIDE_MM = 1.2
_LEAST_MM = 5.0
_NEITHER = 128
_FIELD = 90  # how pale a field is drawn
_CELL = 4  # px, side of the squares in which differences are told from noise
_LONGEST_MM = 7.0  # wider ink is looked at in parts
_BY_TEXT_MM = 6.0  # ink farther from any character is no word of its text
_FIELD_MM, _EDGE_MM = 0.8, 5.0  # around a field, and along the page's edges: no place for words put in
_MOST_BESIDE = 48  # places beside print that are looked at, those with the most ink first


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPrint:
    """A registered page's print beside its original's, from the comparison of print. ``printed`` and ``found``: 0 for
    paper, 255 for the page's own black; ``covered``: ink that people may leave there; ``agreement``: of each character,
    its correlation with what was printed.
    """

    printed: Float32Array
    found: Float32Array
    covered: Mask
    agreement: Float32Array


@dataclass(frozen=True, slots=True, eq=False)
class PrintPictures:
    """The layers of a whole page, bytes: print as it should be and as it is, tint, and ``allowed``: ink that people may
    leave there, and open fields.
    """

    printed: Image
    found: Image
    tint: Image
    allowed: Image

    @classmethod
    def of(cls, page: RegisteredPage, compared: ComparedPrint) -> PrintPictures:
        """Those of a page."""
        printed, found = (
            np.asarray(cv2.convertScaleAbs(picture), np.uint8)  # above 255 it is 255
            for picture in (compared.printed, compared.found)
        )
        allowed = compared.covered.view(np.uint8) * np.uint8(255)
        for area in page.original.areas:
            if area.is_open:
                rows, columns = (
                    slice(max(0, round(low * PX_PER_MM)), max(0, round(high * PX_PER_MM)))
                    for low, high in ((area.box.y0, area.box.y1), (area.box.x0, area.box.x1))
                )
                np.maximum(allowed[rows, columns], _FIELD, out=allowed[rows, columns])
        return cls(printed, found, _tint(page), allowed)


@dataclass(frozen=True, slots=True, eq=False)
class PrintPlaces:
    """Where a page is looked at: ``characters``, the indices of those that differ; ``beside``, boxes of ink beside
    them, mm.
    """

    characters: NDArray[np.int64]
    beside: tuple[Box, ...]

    def boxes(self, page: RegisteredPage) -> list[Box]:
        """All of them, characters first."""
        return [*(page.original.glyphs[index].box for index in self.characters.tolist()), *self.beside]


def places_of(page: RegisteredPage, pictures: PrintPictures, open_characters: Mask) -> PrintPlaces:
    """Where a page's print differs at all from what was printed. ``open_characters``: those that belong to fields: of
    them nothing is said, nor of what cannot be seen.
    """
    square = np.ones((3, 3), np.uint8)
    added = cv2.subtract(pictures.found, cv2.dilate(pictures.printed, square))
    missing = cv2.subtract(pictures.printed, cv2.dilate(pictures.found, square))
    change = cv2.max(added, missing)
    if page.colour:
        change = cv2.max(change, cv2.convertScaleAbs(pictures.tint, alpha=2, beta=-2 * _NEITHER))
    if not page.seen.all():
        change[~page.seen], added[~page.seen] = 0, 0
    cells = _cells(np.asarray(change, np.uint8)) >= LEAST_CHANGE
    boxes = np.array([_edges(glyph.box) for glyph in page.original.glyphs]).reshape(-1, 4)
    differs = _any(cells, boxes + np.array([-1, -1, 1, 1]) * _BESIDE_MM)
    beside = _beside(page, _cells(np.asarray(added, np.uint8)), boxes, open_characters)
    return PrintPlaces(np.flatnonzero(differs & ~open_characters), tuple(beside))


def windows_of(pictures: PrintPictures, boxes: Sequence[Box]) -> NDArray[np.uint8]:
    """The windows of some places of a page, 0..255, shape (n, layers, side, side)."""
    found = np.zeros((len(boxes), LAYERS, SIDE, SIDE), np.uint8)
    layers = (pictures.printed, pictures.found, pictures.tint, pictures.allowed)
    for window, box in zip(found, boxes, strict=True):
        side = max(_LEAST_MM, max(box.width, box.height) + 2 * _BESIDE_MM)
        x, y = (round((middle - side / 2) * PX_PER_MM) for middle in box.centre)
        size = round(side * PX_PER_MM)
        for layer, picture, paper in zip(window, layers, (0, 0, _NEITHER, 0), strict=False):
            part = _cut(picture, x, y, size, paper)
            cv2.resize(part, (SIDE, SIDE), dst=layer, interpolation=cv2.INTER_AREA)
        half_x, half_y = (SIDE / 2 * length / side for length in (box.width, box.height))
        left, right = round(SIDE / 2 - half_x), round(SIDE / 2 + half_x)
        top, bottom = round(SIDE / 2 - half_y), round(SIDE / 2 + half_y)
        window[-1, top : max(bottom, top + 1), left : max(right, left + 1)] = 255
    return found


def _cut(picture: Image, x: int, y: int, size: int, paper: int) -> Image:
    """A square of a picture; beyond its edges there is paper."""
    part = picture[max(0, y) : max(0, y + size), max(0, x) : max(0, x + size)]
    if part.shape == (size, size):
        return part
    whole = np.full((size, size), paper, np.uint8)
    whole[max(0, -y) :, max(0, -x) :][: part.shape[0], : part.shape[1]] = part
    return whole


def conditions_of(page: RegisteredPage, agreement: Float32Array, places: PrintPlaces) -> Float32Array:
    """Of each place: how rough its page's print is as a whole, against which a single character's roughness must be
    held, and whether it lies beside print; shape (n, numbers). ``agreement``: of each character with what was printed.
    """
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs], np.bool_)
    usual = 1 - float(np.median(agreement[letters])) if letters.any() else 0.0
    own = (5 * usual, page.bitonal, page.colour, min(page.dpi / 300, 1.5), min(page.residual_mm, 2.0), 0.0)
    found = np.tile(np.array(own, np.float32), (len(places.characters) + len(places.beside), 1))
    found[len(places.characters) :, -1] = 1
    return found


def _beside(
    page: RegisteredPage, added: Float32Array, characters: NDArray[np.float64], open_characters: Mask
) -> list[Box]:
    """Boxes of added ink that lies on no character, near text and in no field; long ones in parts.

    ``added``: how much of each cell; ``characters``: x0, y0, x1, y1 of each, mm.
    """
    shape = added.shape
    reach = 2 * round(_BY_TEXT_MM * PX_PER_MM / _CELL) + 1
    text = _marked(shape, characters[~open_characters]).view(np.uint8)
    inked = (added >= LEAST_ADDED) & (cv2.dilate(text, np.ones((reach, reach), np.uint8)) > 0)
    taken = [_edges(area.box.all_round(_FIELD_MM)) for area in page.original.areas if area.is_open]
    marks = mark_boxes(page.original.width_mm, page.original.height_mm)
    taken += [_edges(mark.all_round(_EDGE_MM)) for mark in marks]
    inked &= ~_marked(shape, np.concatenate([characters, np.array(taken).reshape(-1, 4)]))
    edge = round(_EDGE_MM * PX_PER_MM / _CELL)
    inked[:edge], inked[-edge:], inked[:, :edge], inked[:, -edge:] = False, False, False, False
    if not inked.any():
        return []
    joined = cv2.dilate(inked.view(np.uint8), np.ones((3, 5), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    rows, columns = np.nonzero(inked)
    own = np.asarray(labels)[rows, columns]
    found: list[tuple[float, Box]] = []
    for label in range(1, count):
        of = own == label
        found += _parts(rows[of], columns[of], added)
    found.sort(key=lambda pair: -pair[0])
    return [box for _, box in found[:_MOST_BESIDE]]


def _parts(
    rows: NDArray[np.int64], columns: NDArray[np.int64], added: Float32Array
) -> list[tuple[float, Box]]:
    """Boxes around some cells, none longer than a word of two characters, with their ink."""
    size = _LONGEST_MM * PX_PER_MM / _CELL
    top, left = rows.min(), columns.min()
    down, across = (-(-int(side.max() - side.min() + 1) // int(size)) for side in (rows, columns))
    row = np.minimum((rows - top) * down // (rows.max() - top + 1), down - 1)
    column = np.minimum((columns - left) * across // (columns.max() - left + 1), across - 1)
    found = []
    for part in np.unique(row * across + column).tolist():
        of = row * across + column == part
        if of.sum() < 2:  # a speck
            continue
        y, x = rows[of], columns[of]
        edges = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1]) * _CELL / PX_PER_MM
        found.append((float(added[y, x].sum()), Box(*map(float, edges))))
    return found


def _marked(shape: tuple[int, ...], boxes: NDArray[np.float64]) -> Mask:
    """Every cell that one of these boxes touches (x0, y0, x1, y1 in mm)."""
    x0, y0, x1, y1 = _touched(shape, boxes)
    corners = np.zeros((shape[0] + 1, shape[1] + 1), np.int64)
    for rows, columns, sign in ((y0, x0, 1), (y1, x1, 1), (y0, x1, -1), (y1, x0, -1)):
        np.add.at(corners, (rows, columns), sign)
    return np.asarray(corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _touched(shape: tuple[int, ...], boxes: NDArray[np.float64]) -> tuple[NDArray[np.int64], ...]:
    """The first columns and rows of cells that boxes touch, and the first that they do not touch any more."""
    scaled = boxes * (PX_PER_MM / _CELL)
    edges = np.concatenate([np.floor(scaled[:, :2]), np.ceil(scaled[:, 2:])], axis=1).astype(np.int64)
    return tuple(np.clip(edges, 0, [shape[1], shape[0], shape[1], shape[0]]).T)


def _cells(picture: Image) -> Float32Array:
    """The mean of each cell; what is left over at the right and lower edge is left out."""
    height, width = (side // _CELL for side in picture.shape)
    whole = np.ascontiguousarray(picture[: height * _CELL, : width * _CELL])
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _any(cells: Mask, boxes: NDArray[np.float64]) -> Mask:
    """Whether any cell is marked in each box (x0, y0, x1, y1 in mm)."""
    sums = cv2.integral(cells.view(np.uint8))
    x0, y0, x1, y1 = _touched(cells.shape, boxes)
    return np.asarray(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] > 0)


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _tint(page: RegisteredPage) -> Image:
    """How much redder or bluer than the page's paper each place is, about the middle."""
    if not page.colour:
        return np.full(page.grey.shape, _NEITHER, np.uint8)
    red, blue = (cv2.extractChannel(page.rgb, channel) for channel in (0, 2))
    paper = float(np.median(red[::16, ::16])) - float(np.median(blue[::16, ::16]))
    return np.asarray(cv2.addWeighted(red, 0.5, blue, -0.5, _NEITHER - paper / 2), np.uint8)
