"""From where on a character counts as altered *on this page*: print that is rough everywhere tells less anywhere.

A black-and-white scan or a hard copy loses thin strokes and thickens others; characters that nobody touched then
miss ink, or have more. How rough a page is, its characters' own median says: nobody can alter half of them
unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.model import Float32Array, Mask, RegisteredPage
from extractors.observe.print_compare import PrintComparison
from extractors.thresholds import PrintedThresholds


@dataclass(frozen=True, slots=True, eq=False)
class PrintLikeness:
    """How little each character looks like what was printed. ``told``: of which that can be said (letters, digits,
    characters that hardly any other ink lies over); ``still``: of which it cannot, and that agree all the same;
    ``unlike``: in thresholds, 0 where it cannot be said; ``usual``: the page's median, 1 - correlation.
    """

    told: Mask
    still: Mask
    unlike: Float32Array
    usual: float


def likeness(
    page: RegisteredPage, compared: PrintComparison, covered: Float32Array, limits: PrintedThresholds
) -> PrintLikeness:
    """The page's characters held against what they were. ``covered``: share of each under other ink."""
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs])
    clear = letters & (covered < limits.clear_share)
    apart = 1 - compared.agreement
    if not clear.any():
        return PrintLikeness(clear, clear, np.zeros_like(apart), 0.0)
    usual = float(np.median(apart[clear]))
    spread = 1.48 * float(np.median(np.abs(apart[clear] - usual)))
    limit = max(limits.unlike, usual + limits.unlike_spreads * spread)
    # A speck over a character excuses so much of its unlikeness as it covers, not all of it.
    told = letters & (covered < limits.covered_told * limits.clear_share)
    excused = np.maximum(1.0, covered / limits.clear_share)
    still = letters & ~told & (compared.agreement >= limits.under_agreement)
    return PrintLikeness(told, still, np.asarray(apart / limit / excused * told, np.float32), usual)


def limit(values: Float32Array, least: float, limits: PrintedThresholds) -> float:
    """The threshold on this page, of whatever is counted per character."""
    return max(least, limits.times_usual * float(np.percentile(values, 70)))


def altered_ratio(
    missing: Float32Array, added: Float32Array, like: PrintLikeness, limits: PrintedThresholds
) -> Float32Array:
    """Per character, the strongest sign that it was altered, in thresholds; ``missing`` and ``added`` in their own.

    On a rough page one sign alone must be stronger than on a smooth one; two of them together need not be. Under
    other ink a character that still agrees may have lost what such a page loses.
    """
    most = np.maximum(missing, added)
    together = np.sqrt(most * like.unlike) * (most >= 1) * (like.unlike >= 1)
    alone_missing = missing / max(1.0, limits.rough_missing * like.usual / limits.missing)
    alone_added = added / max(1.0, limits.rough_added * like.usual / limits.added)
    alone_unlike = like.unlike / float(np.clip(like.usual / limits.rough, 1.0, limits.rough_unlike))
    alone = np.maximum.reduce([alone_missing, alone_added, alone_unlike, together])
    altered = np.where(like.still, np.maximum(alone_missing, added), most)
    return np.asarray(np.where(like.told, alone, altered), np.float32)
