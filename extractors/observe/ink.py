"""What was added to the page: its ink less the ink of the blank original, and the strokes that ink falls into.

A :class:`Sheet` is a registered page made ready once: its darkness without red ink, its redness, and what the
original would look like printed and scanned as this page was, widened by the tolerance that registration leaves.
A :class:`Patch` is the neighbourhood of one field, aligned anew by at most some 0.6 mm on the print around it,
with the connected strokes of added ink in it, measured in mm. Nothing is decided here about fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, WORK_DPI, Image, Mask, RegisteredPage
from extractors.thresholds import Ink
from forms.geometry import Box

Floats = NDArray[np.float64]
_PAPER = 8  # the paper's own colour is taken at an eighth of the size


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A registered page made ready for looking at its fields; pictures as the page's, ``uint8``.

    ``dark``: darkness (0 paper, 255 as dark as print) without red ink. ``red``: redness, None where the scan
    kept no colour; ``red_floor``: from where it counts. ``printed``: the original's darkness, as blurred as the
    page. ``expected``: the same, widened by the tolerance. ``beside_print``: within some 0.6 mm of print or
    0.9 mm of a frame line. ``strong``, ``weak``: darkness from which a stroke counts, and down to which it is
    followed. The last three pictures reach ``pad`` px beyond the page on every side.
    """

    page: RegisteredPage
    limits: Ink
    dark: Image
    red: Image | None
    red_floor: float
    printed: Image
    expected: Image
    beside_print: Image
    strong: float
    weak: float
    pad: int


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Connected pieces of added ink, one per place in the arrays; label 1 is at place 0.

    Lengths in mm. ``length``: along the stroke; ``width``: across it; ``major``, ``minor``: how far it reaches
    along and across its own main direction; ``darkness``: 0..255; ``boxes``: left, top, right, bottom in px of
    the patch; ``at_border``: touches the patch's border; ``beside_print``: share that lies close to print.
    """

    pixels: Floats
    length: Floats
    width: Floats
    major: Floats
    minor: Floats
    darkness: Floats
    boxes: NDArray[np.int64]
    centres: Floats
    angle: Floats
    at_border: Mask
    beside_print: Floats

    def __len__(self) -> int:
        return len(self.length)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The neighbourhood of a field: ``left``, ``top`` in px of the page, and what was added there."""

    left: int
    top: int
    added: Image
    labels: NDArray[np.int32]
    strokes: Strokes
    shift: tuple[int, int]

    def pixels(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of a box on paper, cut to the patch."""
        rows, columns = pixels_of(box)
        height, width = self.labels.shape
        return (
            slice(min(max(rows.start - self.top, 0), height), min(max(rows.stop - self.top, 0), height)),
            slice(
                min(max(columns.start - self.left, 0), width), min(max(columns.stop - self.left, 0), width)
            ),
        )

    def counts_in(self, box: Box) -> Floats:
        """Per stroke, how many of its pixels lie in the box."""
        inside = np.bincount(self.labels[self.pixels(box)].ravel(), minlength=len(self.strokes) + 1)
        return inside[1:].astype(np.float64)

    def share_in(self, box: Box) -> Floats:
        """Per stroke, the share of it that lies in the box."""
        share: Floats = self.counts_in(box) / np.maximum(self.strokes.pixels, 1)
        return share

    def length_in(self, box: Box) -> Floats:
        """Per stroke, the mm of it that lie in the box."""
        length: Floats = self.share_in(box) * self.strokes.length
        return length


def pixels_of(box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box on paper, in px of a registered page; not below 0, may reach beyond its end."""
    left, top, right, bottom = (
        max(0, round(value * PX_PER_MM)) for value in (box.x0, box.y0, box.x1, box.y1)
    )
    return slice(top, max(top, bottom)), slice(left, max(left, right))


def seen_share(page: RegisteredPage, box: Box) -> float:
    """How much of a box on paper can be made out, 0..1; what lies off the page cannot."""
    rows, columns = pixels_of(box)
    whole = (rows.stop - rows.start) * (columns.stop - columns.start)
    return float(page.seen[rows, columns].sum() / whole) if whole else 0.0


# -- the whole page ----------------------------------------------------------------------------------


def prepare(page: RegisteredPage, limits: Ink) -> Sheet:
    """Make a registered page ready: contrast evened out, red ink taken apart, the original's print widened."""
    pad = round(limits.realign_mm * PX_PER_MM)
    printed = _as_scanned(page)
    dark = _contrast(_image(cv2.bitwise_not(page.grey)), printed, limits)
    radius = _tolerance_px(page, limits)
    expected = cv2.dilate(printed, _disc(radius))
    beside = _beside_print(printed, limits)
    red, red_floor = _redness(page, beside, limits)
    if red is not None:
        dark = _without_red(dark, red, red_floor, beside)
    dark[~page.seen] = 0
    strong = max(limits.strong, limits.noise_factor * _spread(dark, beside))
    border = (pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    return Sheet(
        page=page,
        limits=limits,
        dark=dark,
        red=red,
        red_floor=red_floor,
        printed=_image(cv2.copyMakeBorder(printed, *border, value=0)),
        expected=_image(cv2.copyMakeBorder(expected, *border, value=0)),
        beside_print=_image(cv2.copyMakeBorder(beside, *border, value=0)),
        strong=strong,
        weak=strong * limits.follow,
        pad=pad,
    )


def _as_scanned(page: RegisteredPage) -> Image:
    """The original's darkness, blurred as a picture of this resolution blurs it."""
    dark = cv2.bitwise_not(page.original.grey)
    sigma = 0.45 * WORK_DPI / max(page.dpi, 60.0)
    return _image(cv2.GaussianBlur(dark, (0, 0), sigma) if sigma > 0.3 else dark)


def _contrast(dark: Image, printed: Image, limits: Ink) -> Image:
    """Darkness scaled so that this page's print is as dark as the original's: a pale copy is no pale ink."""
    core = printed[::2, ::2] > 170
    if core.sum() < 200:
        return _image(dark)
    expected = float(np.median(printed[::2, ::2][core]))
    level = float(np.percentile(dark[::2, ::2][core], 60))
    gain = min(max(expected / max(level, 1.0), 1.0), limits.most_gain)
    return _image(cv2.convertScaleAbs(dark, alpha=gain))


def _tolerance_px(page: RegisteredPage, limits: Ink) -> int:
    extra = min(page.residual_mm, limits.residual_cap_mm) * limits.residual_share
    blur = limits.blur_px * max(0.0, WORK_DPI / max(page.dpi, 60.0) - 1.0)
    return max(1, round((limits.tolerance_mm + extra) * PX_PER_MM + blur))


def _beside_print(printed: Image, limits: Ink) -> Image:
    """255 within reach of print, farther from long frame lines and rules than from characters."""
    ink = cv2.threshold(printed, 90, 255, cv2.THRESH_BINARY)[1]
    run = round(limits.rule_mm * PX_PER_MM)
    lines = cv2.bitwise_or(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8)),
    )
    near = cv2.dilate(ink, _disc(round(limits.beside_mm * PX_PER_MM)))
    return _image(cv2.bitwise_or(near, cv2.dilate(lines, _disc(round(limits.beside_rule_mm * PX_PER_MM)))))


def _redness(page: RegisteredPage, beside: Image, limits: Ink) -> tuple[Image | None, float]:
    """How much redder than its paper each pixel is, 0..255, and from where that counts."""
    if not page.colour:
        return None, 255.0
    red, green, blue = cv2.split(page.rgb)
    chroma = cv2.subtract(red, cv2.max(green, blue), dtype=cv2.CV_16S)
    height, width = chroma.shape
    small = (max(1, width // _PAPER), max(1, height // _PAPER))
    offset = cv2.medianBlur(cv2.resize(chroma, small, interpolation=cv2.INTER_AREA).astype(np.float32), 5)
    offset = cv2.blur(np.minimum(offset, 20), (25, 25))
    paper = cv2.dilate(cv2.resize(red, small, interpolation=cv2.INTER_AREA), _disc(6))
    paper = np.maximum(cv2.blur(paper, (15, 15)), 60)
    full = (width, height)
    chroma = cv2.subtract(chroma, cv2.resize(offset, full).astype(np.int16))
    scaled = cv2.divide(np.maximum(chroma, 0).astype(np.uint8), cv2.resize(paper, full), scale=255)
    scaled = _image(cv2.blur(scaled, (3, 3)))
    scaled[~page.seen] = 0
    return scaled, max(limits.red, limits.noise_factor * _spread(scaled, beside))


def _without_red(dark: Image, red: Image, floor: float, beside: Image) -> Image:
    """Darkness less what red ink makes dark; black written over a seal stays, being much darker."""
    certain = (red > 2 * floor) & (beside == 0)
    if int(certain.sum()) < 50:
        return dark
    cap = float(np.percentile(dark[certain], 85))
    around = cv2.dilate(red, _disc(2)).astype(np.float32)
    around[around < floor] = 0
    share = np.minimum(np.minimum(around * 1.25, cap), 255).astype(np.uint8)
    return _image(cv2.subtract(dark, share))


def _spread(values: Image, beside: Image) -> float:
    """Standard deviation of the empty paper, by the median: ink does not count."""
    sample = values[::4, ::4][beside[::4, ::4] == 0]
    if not sample.size:
        return 0.0
    middle = np.median(sample)
    return float(1.4826 * np.median(np.abs(sample.astype(np.int16) - middle)) + middle)


# -- one field ---------------------------------------------------------------------------------------


def cut(sheet: Sheet, window: Box) -> Patch:
    """The added ink in a window on paper (mm), aligned anew on the print in it."""
    rows, columns = _on_page(sheet, window)
    dx, dy = _offset(sheet, rows, columns)
    added = cv2.subtract(
        sheet.dark[rows, columns], _shifted(sheet.expected, sheet.pad, rows, columns, dx, dy)
    )
    beside = _shifted(sheet.beside_print, sheet.pad, rows, columns, dx, dy)
    labels, strokes = _strokes(_image(added), beside, sheet)
    return Patch(columns.start, rows.start, _image(added), labels, strokes, (dx, dy))


def any_ink(sheet: Sheet, box: Box) -> bool:
    """Whether anything at all may have been added in a box, before any alignment; quick."""
    rows, columns = _on_page(sheet, box)
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return False
    added = cv2.subtract(sheet.dark[rows, columns], _shifted(sheet.expected, sheet.pad, rows, columns, 0, 0))
    return bool((added >= sheet.strong).sum() > 1)


def printed_in(sheet: Sheet, patch: Patch) -> Image:
    """The original's darkness in a patch, aligned as the patch is."""
    height, width = patch.labels.shape
    rows, columns = slice(patch.top, patch.top + height), slice(patch.left, patch.left + width)
    return _shifted(sheet.printed, sheet.pad, rows, columns, *patch.shift)


def _on_page(sheet: Sheet, box: Box) -> tuple[slice, slice]:
    rows, columns = pixels_of(box)
    height, width = sheet.dark.shape
    bottom, right = min(rows.stop, height), min(columns.stop, width)
    return slice(min(rows.start, bottom), bottom), slice(min(columns.start, right), right)


def _shifted(padded: Image, pad: int, rows: slice, columns: slice, dx: int, dy: int) -> Image:
    top, left = pad - dy, pad - dx
    return padded[rows.start + top : rows.stop + top, columns.start + left : columns.stop + left]


def _offset(sheet: Sheet, rows: slice, columns: slice) -> tuple[int, int]:
    """By how many px (x, y) the page's print stands off the original's here; (0, 0) where that cannot be told."""
    pad = sheet.pad
    template = _shifted(sheet.printed, pad, rows, columns, 0, 0)[pad:-pad, pad:-pad]
    if min(template.shape) < 8 or int((template > 120).sum()) < sheet.limits.realign_pixels:
        return 0, 0
    scores = cv2.matchTemplate(sheet.dark[rows, columns], template, cv2.TM_CCOEFF_NORMED)
    _, best, _, place = cv2.minMaxLoc(scores)
    if not np.isfinite(best) or best < sheet.limits.realign_score:
        return 0, 0
    if best - float(scores[pad, pad]) < sheet.limits.realign_gain:
        return 0, 0
    return int(place[0]) - pad, int(place[1]) - pad


def _strokes(added: Image, beside: Image, sheet: Sheet) -> tuple[NDArray[np.int32], Strokes]:
    weak = (added >= sheet.weak).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(weak, connectivity=8)
    strong = np.bincount(labels[added >= sheet.strong].ravel(), minlength=count)
    keep = strong >= sheet.limits.strong_pixels
    keep[0] = False
    renumber = np.zeros(count, np.int32)
    renumber[keep] = np.arange(1, int(keep.sum()) + 1, dtype=np.int32)
    labels = renumber[labels]
    where = np.asarray(stats[keep], np.int32), np.asarray(centres[keep], np.float64)
    return labels, _measured(labels, *where, added, beside)


def _measured(
    labels: NDArray[np.int32], stats: NDArray[np.int32], centres: Floats, added: Image, beside: Image
) -> Strokes:
    count = len(stats)
    rows, columns = np.nonzero(labels)
    place = labels[rows, columns] - 1
    distance = cv2.distanceTransform((labels > 0).astype(np.uint8), cv2.DIST_L2, 3)

    def mean(values: NDArray[np.generic]) -> Floats:
        sums = np.bincount(place, weights=values.astype(np.float64), minlength=count)
        result: Floats = sums / np.maximum(area, 1)
        return result

    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    width = np.maximum(1.0, 4.0 * (mean(distance[rows, columns]) - 0.5))
    x, y = columns - centres[place, 0], rows - centres[place, 1]
    major, minor, angle = _axes(mean(x * x), mean(y * y), mean(x * y))
    value = added[rows, columns].astype(np.float64)
    level = mean(value)
    spread = np.sqrt(np.maximum(mean(value * value) - level * level, 0.0))
    boxes = np.stack([stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]], axis=1)
    height, across = labels.shape
    return Strokes(
        pixels=area,
        length=area / width / PX_PER_MM,
        width=width / PX_PER_MM,
        major=major / PX_PER_MM,
        minor=minor / PX_PER_MM,
        darkness=level + spread,
        boxes=boxes.astype(np.int64),
        centres=centres,
        angle=angle,
        at_border=(boxes[:, :2] <= 0).any(axis=1) | (boxes[:, 2] >= across) | (boxes[:, 3] >= height),
        beside_print=mean(beside[rows, columns] > 0),
    )


def _axes(xx: Floats, yy: Floats, xy: Floats) -> tuple[Floats, Floats, Floats]:
    """Reach along and across the main direction, in px, and that direction in radians, x to the right."""
    middle, difference = (xx + yy) / 2, (xx - yy) / 2
    root = np.sqrt(difference * difference + xy * xy)
    major = np.sqrt(12.0 * np.maximum(middle + root, 0.0) + 1.0)
    minor = np.sqrt(12.0 * np.maximum(middle - root, 0.0) + 1.0)
    return major, minor, np.arctan2(2 * xy, xx - yy) / 2


def _disc(radius: int) -> Image:
    return _image(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))


def _image(picture: NDArray[np.generic]) -> Image:
    return np.asarray(picture, dtype=np.uint8)
