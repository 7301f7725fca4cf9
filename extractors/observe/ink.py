"""What was added to the page: its ink less the ink of the blank original.

A :class:`PreparedPage` is a registered page made ready once: its darkness without red ink, its redness, and what the
original would look like printed and scanned as this page was, widened by the tolerance that registration leaves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, WORK_DPI, Image, RegisteredPage
from extractors.observe.frame_lines import rules_in
from extractors.resizing import in_cells
from extractors.thresholds import InkThresholds
from forms.geometry import Box

_PAPER = 8  # the paper's own colour is taken at an eighth of the size


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPage:
    """A registered page made ready for looking at its fields; pictures as the page's, ``uint8``.

    ``dark``: darkness (0 paper, 255 as dark as print) without red ink. ``red``: redness, None where the scan
    kept no colour; ``red_floor``: from where it counts. ``printed``: the original's darkness, as blurred as the
    page. ``expected``: the same, widened by the tolerance. ``beside_print``: within some 0.6 mm of print or
    0.9 mm of a frame line. ``strong``, ``weak``: darkness from which a stroke counts, and down to which it is
    followed. The last three pictures reach ``pad`` px beyond the page on every side.
    """

    page: RegisteredPage
    limits: InkThresholds
    dark: Image
    red: Image | None
    red_floor: float
    printed: Image
    expected: Image
    beside_print: Image
    strong: float
    weak: float
    pad: int


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


def prepare(page: RegisteredPage, limits: InkThresholds) -> PreparedPage:
    """Make a registered page ready: contrast evened out, red ink taken apart, the original's print widened."""
    pad = round(limits.realign_mm * PX_PER_MM)
    printed = _as_scanned(page)
    dark = _contrast(as_image(cv2.bitwise_not(page.grey)), printed, limits)
    radius = _tolerance_px(page, limits)
    expected = cv2.dilate(printed, disc(radius))
    beside = _beside_print(printed, limits)
    red, red_floor = _redness(page, beside, limits)
    if red is not None:
        dark = _without_red(dark, red, red_floor, beside, limits)
    dark[~page.seen] = 0
    strong = max(limits.strong, _empty_paper(dark, beside, limits))
    border = (pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    return PreparedPage(
        page=page,
        limits=limits,
        dark=dark,
        red=red,
        red_floor=red_floor,
        printed=as_image(cv2.copyMakeBorder(printed, *border, value=0)),
        expected=as_image(cv2.copyMakeBorder(expected, *border, value=0)),
        beside_print=as_image(cv2.copyMakeBorder(beside, *border, value=0)),
        strong=strong,
        weak=strong * limits.follow,
        pad=pad,
    )


def _as_scanned(page: RegisteredPage) -> Image:
    """The original's darkness, blurred as a picture of this resolution blurs it."""
    dark = cv2.bitwise_not(page.original.grey)
    sigma = 0.45 * WORK_DPI / max(page.dpi, 60.0)
    return as_image(cv2.GaussianBlur(dark, (0, 0), sigma) if sigma > 0.3 else dark)


def _contrast(dark: Image, printed: Image, limits: InkThresholds) -> Image:
    """Darkness scaled so that this page's print is as dark as the original's: a pale copy is no pale ink."""
    core = printed[::2, ::2] > 170
    if core.sum() < 200:
        return as_image(dark)
    expected = float(np.median(printed[::2, ::2][core]))
    level = float(np.percentile(dark[::2, ::2][core], 60))
    gain = min(max(expected / max(level, 1.0), 1.0), limits.most_gain)
    return as_image(cv2.convertScaleAbs(dark, alpha=gain))


def _tolerance_px(page: RegisteredPage, limits: InkThresholds) -> int:
    extra = min(page.residual_mm, limits.residual_cap_mm) * limits.residual_share
    blur = limits.blur_px * max(0.0, WORK_DPI / max(page.dpi, 60.0) - 1.0)
    return max(1, round((limits.tolerance_mm + extra) * PX_PER_MM + blur))


def _beside_print(printed: Image, limits: InkThresholds) -> Image:
    """255 within reach of print, farther from long frame lines and rules than from characters."""
    ink = cv2.threshold(printed, 90, 255, cv2.THRESH_BINARY)[1]
    lines = rules_in(as_image(ink), limits.rule_mm)
    near = cv2.dilate(ink, disc(round(limits.beside_mm * PX_PER_MM)))
    return as_image(cv2.bitwise_or(near, cv2.dilate(lines, disc(round(limits.beside_rule_mm * PX_PER_MM)))))


def _redness(page: RegisteredPage, beside: Image, limits: InkThresholds) -> tuple[Image | None, float]:
    """How much redder than its paper each pixel is, 0..255, and from where that counts."""
    if not page.colour:
        return None, 255.0
    red, green, blue = cv2.split(page.rgb)
    chroma = cv2.subtract(red, cv2.max(green, blue), dtype=cv2.CV_16S)
    height, width = chroma.shape
    offset = cv2.medianBlur(in_cells(chroma, _PAPER).astype(np.float32), 5)
    offset = cv2.blur(np.minimum(offset, 20), (25, 25))
    paper = cv2.dilate(in_cells(red, _PAPER), disc(6))
    paper = np.maximum(cv2.blur(paper, (15, 15)), 60)
    full = (width, height)
    chroma = cv2.subtract(chroma, cv2.resize(offset, full).astype(np.int16))
    scaled = cv2.divide(np.maximum(chroma, 0).astype(np.uint8), cv2.resize(paper, full), scale=255)
    scaled = as_image(cv2.blur(scaled, (3, 3)))
    scaled[~page.seen] = 0
    return scaled, max(limits.red, _empty_paper(scaled, beside, limits))


def _without_red(dark: Image, red: Image, floor: float, beside: Image, limits: InkThresholds) -> Image:
    """Darkness less what red ink makes dark; black written over a seal stays, being much darker."""
    certain = (red > 2 * floor) & (beside == 0)
    if int(certain.sum()) < 50:
        return dark
    cap = float(np.percentile(dark[certain], 85))
    around = cv2.dilate(red, disc(2))
    levels = np.arange(256)
    share = np.where(levels < floor, 0, np.minimum(np.minimum(levels * 1.25, cap), 255)).astype(np.uint8)
    rest = as_image(cv2.subtract(dark, cv2.LUT(around, share)))
    rest[(around >= ceil(floor)) & (rest < limits.faint)] = 0
    # Black over red is no longer red: what plainly is red is a seal's, however dark.
    rest[red >= limits.plain_red * floor] = 0
    return rest


def _empty_paper(values: Image, beside: Image, limits: InkThresholds) -> float:
    """What empty paper hardly ever exceeds, from its median and spread: ink does not count in either."""
    sample = values[::4, ::4][beside[::4, ::4] == 0]
    if not sample.size:
        return 0.0
    middle = float(np.median(sample))
    return middle + limits.noise_factor * 1.4826 * float(
        np.median(np.abs(sample.astype(np.float32) - middle))
    )


def disc(radius: int) -> Image:
    """A round structuring element."""
    return as_image(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))


def as_image(picture: NDArray[np.generic]) -> Image:
    """The picture as the type pictures have here."""
    return np.asarray(picture, dtype=np.uint8)
