"""Returns that never were paper: drawn, laid onto what was issued, and read by their text."""

from __future__ import annotations

from extractors.thresholds.section import ThresholdSection


class DigitalThresholds(ThresholdSection):
    """``[digital]``: what can be seen of a drawn page, and when two of them are alike."""

    contrast: int
    smallest_pt: float
    largest_pt: float
    covered_alike: float
    glyph_alike: float
    glyph_sure: float
    digit_alike: float
    different: int
    added_share: float
    added_px: int
    edges_px: float
    print_px: int
    slack_px: int
    edge_mm: float
    frame_pairs: int
    frame_rounds: int
    frame_outlier: float
    same_layout_mm: float
    field_reach_mm: float
    page_alike: float
    text_alike: float
    altered: float
    altered_doubtful: float
    scan_share: float
    scan_texts: int
    scan_contributes: float
    scan_edge_pt: float
    docx_values: float
    docx_tags: float
    docx_white: int
    docx_half_points: int
    docx_narrowest: int
    docx_lifted: int
    docx_indent: int
