"""A page before its fields are looked at: opened, identified, registered."""

from __future__ import annotations

from extractors.thresholds.section import ThresholdSection


class OpeningThresholds(ThresholdSection):
    """Bounds on what is opened, and how large a page is made."""

    file_bytes_max: int
    pages_max: int
    source_pixels_max: int
    aspect_max: float
    scan_pixels: int
    photo_pixels: int
    between_levels: float
    page_seconds: float
    memory_bytes: int


class IdentifyThresholds(ThresholdSection):
    """When a mark is believed to fit, a back to be blank, a printed page to be ours."""

    code_fit_min: float
    corner_lean_min: float
    blank_paper_min: float
    blank_contrast: float
    blank_ink_mm2: float
    blank_speck_mm2: float
    blank_edge_mm: float
    blank_hole_mm: float
    blank_hole_reach_mm: float
    blank_staple_mm: float
    blank_staple_reach_mm: float
    print_long_px: int
    print_seen_min: float
    print_ours_min: float
    print_name_min: float
    print_apart_pairs: int
    print_apart_min: float
    print_apart_max: float
    print_lines_min: int
    print_order_min: float
    print_alike_min: float


class RegisterThresholds(ThresholdSection):
    """``[register]``: bringing a page into its original's frame."""

    dark_ratio: float
    dotted_ratio: float
    glare_sheet_level: float
    colour_spread: float
    colour_share: float
    affine_rms_mm: float
    search_mm: float
    coarse_rounds: int
    close_agreement: float
    close_mm: float
    far_agreement: float
    near_agreement: float
    near_mm: float
    coarse_agreement: float
    coarse_tolerance_mm: float
    fine_tolerance_mm: float
    stiffness: float
    curl_rounds: int
    curl_mm: float
    curl_progress: float
    bent_mm: float
    bent_stiffness: float
    drift_rounds: int
    feature_tolerance_px: float
    cell_agreement: float
    score: float
    agreeing_share: float
    sure_score: float
    sure_residual_mm: float
    foreshortening: float
