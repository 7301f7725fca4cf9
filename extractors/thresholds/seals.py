"""Seals (印章): their outlines and rims, slices within a page and at its edges."""

from __future__ import annotations

from extractors.thresholds.section import ThresholdSection


class SealThresholds(ThresholdSection):
    """Seals (印章): outlines that ink follows."""

    window_mm: float
    least_ink_mm2: float
    blot_mm2: float
    small_share: float
    cluster_mm: float
    trace_mm: float
    fringe_mm: float
    round_least_mm: float
    round_most_mm: float
    off_page_mm: float
    oval_least_mm: float
    oval_aspect: float
    square_least_mm: float
    square_most_mm: float
    square_aspect: float
    name_least_mm: float
    name_most_mm: float
    side_reach_mm: float
    side_least: float
    side_weakest: float
    round_bonus: float
    doubtful_score: float
    certain_score: float
    certain_grey_score: float
    starred_score: float
    star: float
    content_least: float
    content_oval: float
    oval_clear: float
    oval_plain: float
    content_most: float
    second_share: float


class SliceThresholds(ThresholdSection):
    """What a 骑缝章 over fanned sheets leaves within a page, beside a signing area."""

    reach_mm: float
    missing_mm: float
    even_mm: float
    specks_mm2: float
    begin_mm2: float
    seen: float


class RimThresholds(ThresholdSection):
    """The rims of seals whose colour the scan took, and what comes out of them."""

    followed: float
    spread_mm: float
    clear_mm: float
    touch_mm: float
    out_mm: float
    out_mm2: float
    high_mm: float
    in_mm: float
    letter_mm: float
    long_mm: float


class SeamThresholds(ThresholdSection):
    """骑缝章 at the edges of the pages."""

    strip_mm: float
    least_mm2: float
    least_mm: float
    shift_mm: float
