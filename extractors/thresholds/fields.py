"""What is written in fields: ink, text, check boxes, dates, signatures; and how sure it must be."""

from __future__ import annotations

from extractors.thresholds.section import ThresholdSection


class InkThresholds(ThresholdSection):
    """Added ink: what counts as ink that the original has not, and which strokes are innocent."""

    strong: float
    follow: float
    noise_factor: float
    strong_pixels: int
    faint: float
    red: float
    red_text_mm2: float
    red_box_mm2: float
    most_gain: float
    tolerance_mm: float
    residual_share: float
    residual_cap_mm: float
    blur_px: float
    line_agreement: float
    line_plain: float
    rule_mm: float
    beside_mm: float
    beside_rule_mm: float
    plain_red: float
    on_red: float
    reddish: float
    remnant: float
    beside_share: float
    edge_mm: float
    dust_mm: float
    blob_mm: float
    line_mm: float
    straight_mm: float
    course_mm: float
    crossing_share: float
    straight_share: float
    arc_mm: float
    joined_rise: float
    joined_winding: float
    joined_depth_mm: float
    joined_ragged_mm: float
    joined_hollow: float
    bridge_mm: float
    sharpen: float


class TextThresholds(ThresholdSection):
    """Text fields (文字)."""

    seen: float
    margin_mm: float
    reach_mm: float
    home: float
    filled_mm: float
    character_mm: float
    character_extent_mm: float
    blank_mm: float
    winding: float
    line: float
    speck_share: float
    extent_mm: float
    blot_level: int
    blot_mm: float
    overhang_mm: float


class BoxThresholds(ThresholdSection):
    """Check boxes (选项框)."""

    seen: float
    window_mm: float
    inset_mm: float
    beside_mm: float
    filled_mm: float
    mark_mm: float
    rooted_mm: float
    filled_share: float
    fill_share: float
    blank_mm: float
    outside_mm: float
    own_factor: float
    edge_mm2: float
    edge_beyond_mm: float
    arm_mm: float
    arm_wide_mm: float
    deep_mm: float
    deep_least_mm: float
    around_mm: float
    around_hull: float
    around_below_mm: float
    piece_mm: float
    free_share: float
    mark_most_mm: float
    vertex_mm: float
    vertex_factor: float
    line_share: float
    label_mm: float
    struck_share: float
    struck_printed: float
    rule_mm: float
    struck_dark: float


class DateThresholds(ThresholdSection):
    """Dates (日期) in three slots."""

    seen: float
    left_mm: float
    window_mm: float
    grow_mm: float
    home: float
    filled_mm: float
    year_mm: float
    blank_mm: float
    height_mm: float
    murky_share: float
    touched_share: float
    clear_pixels: int
    out_mm2: float
    shaded: int
    remnant: int
    broken: int
    specks: int
    specks_times: float
    reader_confidence: float
    second_left_mm: float
    second_up_mm: float
    second_down_mm: float


class SigningThresholds(ThresholdSection):
    """Signing areas (签字或盖章处)."""

    seen: float
    window_mm: float
    grow_mm: float
    home: float
    seal_margin_mm: float
    seal_near_mm: float
    filled_mm: float
    blank_mm: float
    longest_mm: float
    rim: float
    whole: float
    no_smudge_mm: float
    longest_plain_mm: float
    framed: float
    frame_reach_mm: float
    strokes: int
    winding: float
    width_mm: float
    narrow_mm: float
    side_mm: float
    side_share: float
    inner_mm: float
    specks: int
    specks_signed: int
    specks_times: float
    outline: float
    beside_mm: float


class WitnessThresholds(ThresholdSection):
    """Where the learned look must agree (:mod:`extractors.second_look`)."""

    risk: float
    box_risk: float
    blank_to: float
    plainly_blank: float


class JudgeThresholds(ThresholdSection):
    """How sure an observation must be before it counts. Confidences are 0..1."""

    sure: float
    clean: float
    line_clean: float
    altered_sure: float
