"""Where a returned page's text lies on the issued one: a print may have been moved, scaled, cropped or put on other
paper.

Found from the characters both pages have in the same order, so that neither page boxes nor margins need be believed.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.digital.shown_page import PagePicture, PointBox, ShownCharacter
from extractors.thresholds import load_thresholds
from forms.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class PageFrame:
    """From points of a returned page's own space to mm of the issued page. ``across``, ``down``: scale and offset of
    each axis; ``misfit_mm``: how far characters lie from where they should, at the median.
    """

    across: tuple[float, float]
    down: tuple[float, float]
    misfit_mm: float

    @property
    def same_layout(self) -> bool:
        """Whether every character is where it was, but for one move and one scale."""
        return self.misfit_mm <= load_thresholds().digital.same_layout_mm

    def box(self, box: PointBox) -> Box:
        """A box of the returned page on the issued one."""
        xs = sorted(self.across[0] * x + self.across[1] for x in (box[0], box[2]))
        ys = sorted(self.down[0] * y + self.down[1] for y in (box[1], box[3]))
        return Box(xs[0], ys[0], xs[1], ys[1])

    def to_page(self) -> NDArray[np.float64]:
        """The matrix of shape (3, 3) from mm of the issued page to points of the returned one."""
        (a, b), (c, d) = self.across, self.down
        return np.array([[1 / a, 0, -b / a], [0, 1 / c, -d / c], [0, 0, 1]])


def sheet_frame(media_box: PointBox, size_mm: tuple[float, float]) -> PageFrame:
    """The frame of a sheet that is the issued one as a whole (width and height: ``size_mm``)."""
    left, bottom, right, top = media_box
    across, down = size_mm[0] / (right - left), size_mm[1] / (top - bottom)
    return PageFrame((across, -left * across), (-down, top * down), 0.0)


def fitted_frame(
    issued: Sequence[ShownCharacter], own: PageFrame, returned: Sequence[ShownCharacter], first: PageFrame
) -> PageFrame:
    """The frame in which a returned page's characters lie on those of the issued one, whose own frame is ``own``.

    Characters in their reading order by ``first``, which is the answer where too few are in common.
    """
    pairs = [
        (before.line, after.line)
        for block in difflib.SequenceMatcher(
            None, [one.text for one in issued], [one.text for one in returned], autojunk=False
        ).get_matching_blocks()
        for before, after in zip(
            issued[block.a : block.a + block.size], returned[block.b : block.b + block.size], strict=True
        )
        if block.size > 1
    ]
    if len(pairs) < load_thresholds().digital.frame_pairs:
        return first
    wanted = np.array([own.box(before).centre for before, _ in pairs])
    found = np.array([((after[0] + after[2]) / 2, (after[1] + after[3]) / 2) for _, after in pairs])
    kept = np.ones(len(pairs), bool)
    frame = first
    for _ in range(load_thresholds().digital.frame_rounds):
        across, down = (_line(found[kept, axis], wanted[kept, axis]) for axis in (0, 1))
        if across is None or down is None:
            return first
        apart = found * (across[0], down[0]) + (across[1], down[1]) - wanted
        off = np.hypot(apart[:, 0], apart[:, 1])
        frame = PageFrame(across, down, float(np.median(off)))
        kept = off <= max(load_thresholds().digital.frame_outlier * frame.misfit_mm, 0.05)
    return frame


def _line(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> tuple[float, float] | None:
    """Scale and offset that bring one onto the other; None where they do not spread, or would be mirrored or torn."""
    if np.ptp(found) < 20:
        return None
    scale, offset = np.polyfit(found, wanted, 1)
    return (float(scale), float(offset)) if 0.1 < abs(scale) < 1.5 else None


def onto(
    picture: PagePicture, frame: PageFrame, px_per_mm: float, size: tuple[int, int]
) -> NDArray[np.float64]:
    """The matrix of shape (2, 3) from pixels of the issued frame to pixels of a picture of the returned page."""
    scale = np.diag([1 / px_per_mm, 1 / px_per_mm, 1.0])
    whole = np.vstack([picture.to_pixels, [0, 0, 1]]) @ frame.to_page() @ scale
    return np.asarray(whole[:2])
