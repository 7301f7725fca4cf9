"""The thresholds from which a character counts as altered on this page: a rough scan needs higher ones.

A black-and-white scan or a hard copy loses thin strokes and thickens others; characters that nobody touched then
miss ink, or have more. The median over a page's characters
measures how rough it is: no person alters half of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.model import Float32Array, Mask, RegisteredPage
from extractors.observe.printed_text.print_compare import PrintComparison
from extractors.thresholds import PrintedThresholds


@dataclass(frozen=True, slots=True, eq=False)
class PrintLikeness:
    """How little each character looks like what was printed. ``readable``: letters and digits that hardly any other ink
    covers, so that they can be compared; ``still``: those that are covered and agree nevertheless;
    ``unlike``: as a ratio to the threshold, 0 where not readable; ``usual``: the page's median, 1 - correlation.
    """

    readable: Mask
    still: Mask
    unlike: Float32Array
    usual: float


def likeness(
    page: RegisteredPage, compared: PrintComparison, covered: Float32Array, limits: PrintedThresholds
) -> PrintLikeness:
    """The page's characters compared with what was printed. ``covered``: share of each under other ink."""
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs])
    clear = letters & (covered < limits.clear_share)
    apart = 1 - compared.agreement
    if not clear.any():
        return PrintLikeness(clear, clear, np.zeros_like(apart), 0.0)
    usual = float(np.median(apart[clear]))
    spread = 1.48 * float(np.median(np.abs(apart[clear] - usual)))
    limit = max(limits.unlike, usual + limits.unlike_spreads * spread)
    # A speck over a character excuses so much of its unlikeness as it covers, not all of it.
    readable = letters & (covered < limits.covered_told * limits.clear_share)
    excused = np.maximum(1.0, covered / limits.clear_share)
    still = letters & ~readable & (compared.agreement >= limits.under_agreement)
    return PrintLikeness(readable, still, np.asarray(apart / limit / excused * readable, np.float32), usual)


def limit(values: Float32Array, least: float, limits: PrintedThresholds) -> float:
    """The threshold on this page, of whatever is counted per character."""
    return max(least, limits.times_usual * float(np.percentile(values, 70)))


def altered_ratio(
    missing: Float32Array, added: Float32Array, like: PrintLikeness, limits: PrintedThresholds
) -> Float32Array:
    """Per character, the strongest sign that it was altered, as a ratio to its threshold; so are ``missing`` and
    ``added``.

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
    return np.asarray(np.where(like.readable, alone, altered), np.float32)
