"""The layers (图层) of a registered page: what was printed, what was added and how red it is, where print stands.

One picture of the page for all who look at it. Print and page are compared in the original's frame, line by line
(:attr:`PageLayers.home`); ink that was added is followed on the page itself (:attr:`PageLayers.pieces`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.frame_lines import rules_in
from extractors.layers.local_shifts import LocalShifts, local_shifts
from extractors.layers.pictures import as_image, disc
from extractors.layers.pieces import InkPictures
from extractors.layers.redness import dark_without_red, redness, without_remnants
from extractors.layers.scanned_print import ScannedPrint, scanned_print
from extractors.model import PX_PER_MM, WORK_DPI, Image, RegisteredPage
from extractors.thresholds import InkThresholds

_INKED = 90  # of 255: from here on the original is print


@dataclass(frozen=True, eq=False, kw_only=True)
class PageLayers(InkPictures):
    """A registered page taken apart. ``printed``: the original's print as this scanner gives it, in the original's
    frame; ``shifts``: how far it stands off on the page. ``gain``: by how much ``dark`` was made darker, so that pale
    copies have no pale ink. ``beside_rules``: 255 on and within some 0.9 mm of long frame lines and rules, in the
    original's frame.
    """

    page: RegisteredPage
    printed: ScannedPrint
    gain: float
    shifts: LocalShifts
    beside_rules: Image


def page_layers(page: RegisteredPage, limits: InkThresholds) -> PageLayers:
    """Take a registered page apart."""
    channels = cv2.split(page.rgb) if page.colour else None
    raw = dark_without_red(page.grey, channels)
    printed = scanned_print(page, raw)
    gain = min(printed.contrast, limits.most_gain)
    dark = as_image(cv2.convertScaleAbs(raw, alpha=gain))
    # As black as the page is: where print ran thick, it is blacker than what the fit comes to.
    black = as_image(cv2.convertScaleAbs(printed.picture, alpha=gain / printed.gain))
    beside_rules, beside = _beside_print(black, limits)
    red, red_floor = None, 255.0
    if channels is not None:
        red = redness(channels, page.seen)
        red_floor = max(limits.red, _empty_paper(red, beside, limits))
        dark = without_remnants(dark, red, red_floor, limits)
    shifts = local_shifts(page.original, dark, printed.picture, limits)
    dark[~page.seen] = 0
    widened = as_image(cv2.dilate(black, disc(_tolerance_px(page, limits))))
    return PageLayers(
        page=page,
        limits=limits,
        dark=dark,
        red=red,
        red_floor=red_floor,
        printed=printed,
        gain=gain,
        shifts=shifts,
        beside_rules=beside_rules,
        expected=shifts.onto_page(widened),
        beside_print=shifts.onto_page(beside),
        strong=max(limits.strong, _empty_paper(dark, beside, limits)),
    )


def _tolerance_px(page: RegisteredPage, limits: InkThresholds) -> int:
    extra = min(page.residual_mm, limits.residual_cap_mm) * limits.residual_share
    blur = limits.blur_px * max(0.0, WORK_DPI / max(page.dpi, 60.0) - 1.0)
    return max(1, round((limits.tolerance_mm + extra) * PX_PER_MM + blur))


def _beside_print(printed: Image, limits: InkThresholds) -> tuple[Image, Image]:
    """255 within reach of long frame lines and rules; and of any print, which reaches less far."""
    ink = as_image(cv2.threshold(printed, _INKED, 255, cv2.THRESH_BINARY)[1])
    rules = cv2.dilate(rules_in(ink, limits.rule_mm), disc(round(limits.beside_rule_mm * PX_PER_MM)))
    near = cv2.dilate(ink, disc(round(limits.beside_mm * PX_PER_MM)))
    return as_image(rules), as_image(cv2.bitwise_or(near, rules))


def _empty_paper(values: Image, beside: Image, limits: InkThresholds) -> float:
    """What empty paper hardly ever exceeds, from its median and spread: ink does not count in either."""
    sample = values[::4, ::4][beside[::4, ::4] == 0]
    if not sample.size:
        return 0.0
    middle = float(np.median(sample))
    return middle + limits.noise_factor * 1.4826 * float(
        np.median(np.abs(sample.astype(np.float32) - middle))
    )
