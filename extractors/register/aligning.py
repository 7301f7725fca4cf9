"""From a rough guess to a map that puts print on print: coarse blocks, then finer ones, then the gradient; a flat scan,
whose marks give its place to a quarter of a millimetre, by the gradient alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.model import PX_PER_MM, Image, Mask, OriginalPage
from extractors.register.fitting import fit_homography, fit_net
from extractors.register.offsets import PrintOffsets, drift, find
from extractors.register.original_print import level_of, shrunk
from extractors.register.warp import FloatArray, Warp
from extractors.thresholds import RegisterThresholds
from forms.page_mark import mark_boxes

_COARSE, _FINE = 4, 2


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A map, and how far it can be trusted. ``score``: 0..1, the print's agreement, weighed by ink;
    ``share``: how much of the print agrees at all; ``residual_mm``: 90th percentile of what offset is left.
    """

    warp: Warp
    score: float
    share: float
    residual_mm: float


class Aligner:
    """One raster aligned with one original, from as many guesses as it takes."""

    def __init__(
        self, original: OriginalPage, raster_ink: Image, hidden: Mask, thresholds: RegisterThresholds
    ) -> None:
        self._original = original
        self._thresholds = thresholds
        self._raster_ink = raster_ink
        self._inks: dict[int, Image] = {}
        self._open = np.asarray(~hidden[::_FINE, ::_FINE], np.uint8)

    def align(self, guess: FloatArray) -> Alignment | None:
        """Refine one guess; None as soon as it is seen to be wrong."""
        limits = self._thresholds
        shape = (self._original.grey.shape[0], self._original.grey.shape[1])
        warp = Warp.flat(shape, guess)
        left = self._drift(warp)
        rounds = limits.drift_rounds
        if self._is_close(left):
            laid: Warp | None = self._laid(warp, left)
            rounds -= 1  # that was the first
        else:
            laid = self._found(warp, is_far=_mean(left) < limits.far_agreement)
        if laid is None:
            return None
        aligned = self._judged(self._drifted(laid, limits.stiffness, rounds))
        if aligned.residual_mm <= limits.bent_mm:
            return aligned
        # A sheet that does not lie flat even so may bend more; a flat one would bend towards what was put on it.
        bent = self._judged(self._drifted(aligned.warp, limits.bent_stiffness, limits.drift_rounds))
        return bent if bent.score > aligned.score else aligned

    def _laid(self, warp: Warp, left: PrintOffsets) -> Warp:
        """A flat scan, by its marks so near that nothing need be searched for: laid straight, and bent, by what the
        gradient says.
        """
        limits = self._thresholds
        flat, rest = self._straightened(warp, left)
        return self._bent(flat, rest, limits.fine_tolerance_mm, limits.stiffness, kept=True)

    def _found(self, warp: Warp, is_far: bool) -> Warp | None:
        """Print searched for: nearby, unless that is known to be in vain, then far; None where it is not found."""
        fine = None if is_far else self._sought(warp, _FINE, 60, 6)
        if fine is None or not self._is_near(fine):
            searched = self._searched(warp)
            if searched is None:
                return None
            warp = searched
            fine = self._sought(warp, _FINE, 60, 6)
        return self._curled(*self._straightened(warp, fine))

    def _straightened(self, warp: Warp, offsets: PrintOffsets) -> tuple[Warp, PrintOffsets]:
        """The flat part of a map changed by what was found, and what is left of that."""
        flat = fit_homography(warp, offsets, tolerance_px=self._thresholds.fine_tolerance_mm * PX_PER_MM)
        return flat, offsets.since(np.linalg.inv(flat.homography) @ warp.homography)

    def _is_close(self, left: PrintOffsets) -> bool:
        """Whether print lies on print already, but for what the gradient can tell: a third of a millimetre."""
        limits = self._thresholds
        return _lie_within(left, limits.close_agreement, limits.close_mm)

    def _is_near(self, fine: PrintOffsets) -> bool:
        """Whether the fine search found nearly all of the print well within its reach: by the marks of a scan that lies
        flat a guess is right to a tenth of a millimetre.
        """
        limits = self._thresholds
        return _lie_within(fine, limits.near_agreement, limits.near_mm)

    def _drifted(self, warp: Warp, stiffness: float, rounds: int) -> Warp:
        """Refined by the gradient; the bend that was found by search is kept."""
        for _ in range(rounds):
            left = self._drift(warp)
            warp = self._bent(warp, left, self._thresholds.fine_tolerance_mm, stiffness, kept=True)
        return warp

    def _searched(self, warp: Warp) -> Warp | None:
        """The coarse search: flat, and repeated while it still moves far."""
        limits = self._thresholds
        for _ in range(limits.coarse_rounds):
            found = self._sought(warp, _COARSE, 40, round(limits.search_mm * PX_PER_MM / _COARSE))
            if _mean(found) < limits.coarse_agreement:
                return None
            moved = fit_homography(warp, found, tolerance_px=limits.coarse_tolerance_mm * PX_PER_MM)
            far = np.abs(moved.apply(found.at) - warp.apply(found.at)).max() / max(warp.density(), 1e-6)
            warp = moved
            if far < limits.search_mm * PX_PER_MM / 4:
                break
        return warp

    def _curled(self, warp: Warp, found: PrintOffsets) -> Warp:
        """The bent part by what was found already, and by search, again while some of the print is still far off:
        the corner of a curled page with little print around it is no outlier. A scan needs no search.
        """
        limits = self._thresholds
        warp = self._bent(warp, found, limits.coarse_tolerance_mm, limits.stiffness)
        before = np.inf
        for _ in range(limits.curl_rounds):
            far = float(np.percentile(_distances(found), 95)) if len(found.move) else 0.0
            if far < limits.curl_mm * PX_PER_MM or far > before * limits.curl_progress:
                break
            before = far
            found = self._sought(warp, _FINE, 48, 6)
            warp = self._bent(warp, found, limits.coarse_tolerance_mm, limits.stiffness)
        return warp

    def _bent(
        self, warp: Warp, offsets: PrintOffsets, tolerance_mm: float, stiffness: float, *, kept: bool = False
    ) -> Warp:
        return fit_net(warp, offsets, tolerance_px=tolerance_mm * PX_PER_MM, stiffness=stiffness, kept=kept)

    def _sought(self, warp: Warp, scale: int, block: int, reach: int) -> PrintOffsets:
        return find(level_of(self._original, scale), self._warped(warp, scale), block, reach)

    def _drift(self, warp: Warp) -> PrintOffsets:
        return drift(level_of(self._original, _FINE), self._warped(warp, _FINE))

    def _warped(self, warp: Warp, scale: int) -> Image:
        x, y = warp.maps(scale, scale)
        if scale not in self._inks:
            self._inks[scale] = shrunk(self._raster_ink, scale)
        return np.asarray(cv2.remap(self._inks[scale], x, y, cv2.INTER_LINEAR, borderValue=0), np.uint8)

    def _judged(self, warp: Warp) -> Alignment:
        """How well it lies now, where the raster shows the page at all."""
        left = self._drift(warp)
        points = warp.apply(left.at)
        height, width = self._open.shape
        x, y = np.round(points / _FINE).astype(np.int64).T
        inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
        shown = inside & (self._open[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] > 0)
        if not shown.any():
            return Alignment(warp, 0.0, 0.0, float("inf"))
        content = ~_in_marks(left.at, self._original)
        if not (shown & content).any():
            content[:] = True
        weight = np.sqrt(left.mass) * (shown & content)
        agreeing = left.agreement > self._thresholds.cell_agreement
        moves = _distances(left)[shown & agreeing]
        return Alignment(
            warp,
            score=float(np.clip(np.sum(weight * left.agreement) / weight.sum(), 0, 1)),
            share=float(np.sum(weight * agreeing) / np.sqrt(left.mass[content]).sum()),
            residual_mm=float(np.percentile(moves, 90)) / PX_PER_MM if len(moves) else float("inf"),
        )


def _in_marks(points: FloatArray, original: OriginalPage) -> Mask:
    """Which points of the original, px, lie in its page marks: they may be destroyed, and the page as good."""
    inside = np.zeros(len(points), np.bool_)
    for box in mark_boxes(original.width_mm, original.height_mm):
        low, high = np.array([[box.x0, box.y0], [box.x1, box.y1]]) * PX_PER_MM
        inside |= np.all((points >= low) & (points <= high), axis=1)
    return inside


def _distances(offsets: PrintOffsets) -> FloatArray:
    """How far each place is off, px, in the directions its print can show."""
    said = np.einsum("ni,nij,nj->n", offsets.move, offsets.tensor, offsets.move)
    strength = np.linalg.eigvalsh(offsets.tensor)[:, 1]
    return np.asarray(np.sqrt(np.maximum(said, 0) / np.maximum(strength, 1e-9)))


def _lie_within(offsets: PrintOffsets, agreement: float, mm: float) -> bool:
    """Whether print agrees so well in the mean, and nearly all of it lies no farther off than that."""
    if not len(offsets.move) or _mean(offsets) < agreement:
        return False
    return float(np.percentile(_distances(offsets), 95)) <= mm * PX_PER_MM


def _mean(found: PrintOffsets) -> float:
    weight = np.sqrt(found.mass)
    return float(np.sum(weight * found.agreement) / max(weight.sum(), 1e-9))
