"""All thresholds of reading back, from one file: ``thresholds.toml`` beside this module.

Each entry there says its value, its unit, where the number comes from and how to find it anew; here each
section is a frozen type, so that code names a threshold and a typing mistake is an error. Judging again with
other thresholds needs no new scan: measures are kept beside observations.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("thresholds.toml")


class Section(BaseModel):
    """One section; an entry is ``{ value = 0.4, unit = "mm", origin = "…" }`` and comes in as its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _values_only(cls, data: Any) -> Any:
        entries = data if isinstance(data, dict) else {}
        return {name: entry["value"] if isinstance(entry, dict) else entry for name, entry in entries.items()}


class JudgeThresholds(Section):
    """How sure an observation must be before it counts. Confidences are 0..1."""

    sure: float
    clean: float
    line_clean: float
    altered_sure: float


class Opening(Section):
    """Bounds on what is opened, and how large a page is made."""

    file_bytes_max: int
    pages_max: int
    source_pixels_max: int
    aspect_max: float
    scan_pixels: int
    photo_pixels: int
    page_seconds: float
    memory_bytes: int


class Identify(Section):
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


class RegisterThresholds(Section):
    """``[register]``: bringing a page into its original's frame."""

    dark_ratio: float
    dotted_ratio: float
    glare_sheet_level: float
    colour_spread: float
    colour_share: float
    bitonal_middle: float
    affine_rms_mm: float
    search_mm: float
    coarse_rounds: int
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


class Ink(Section):
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
    realign_mm: float
    realign_score: float
    realign_gain: float
    realign_pixels: int
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


class Text(Section):
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


class Boxes(Section):
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
    deep_mm: float
    deep_least_mm: float
    embrace_mm: float
    embrace_hull: float
    embrace_below_mm: float
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


class Dates(Section):
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


class Signing(Section):
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


class Seals(Section):
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
    beside_text_mm: float
    outside_text: float


class Slices(Section):
    """What a 骑缝章 over fanned sheets leaves within a page, beside a signing area."""

    reach_mm: float
    missing_mm: float
    even_mm: float
    specks_mm2: float
    begin_mm2: float
    seen: float


class Rims(Section):
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


class Seam(Section):
    """骑缝章 at the edges of the pages."""

    strip_mm: float
    least_mm2: float
    least_mm: float
    shift_mm: float


class PrintedThresholds(Section):
    """``[printed]``: whether what was printed still stands as it was issued."""

    tolerance_level: float
    piece_agreement: float
    piece_plain: float
    missing: float
    added: float
    missing_in_field: float
    unlike: float
    unlike_spreads: float
    unlike_enough: float
    rough: float
    illegible: float
    rough_unlike: float
    rough_missing: float
    rough_added: float
    another: float
    another_han: float
    suspect: float
    itself: float
    itself_unlike: float
    itself_ink: float
    itself_unlike_plainly: float
    itself_missing: float
    enough_rivals: int
    clear_share: float
    covered_told: float
    times_usual: float
    sure_ratio: float
    seen_share: float
    gone_level: float
    doubt: float
    under_missing: float
    under_agreement: float
    uneven_mm: float
    many_places: int
    strike_mm: float
    strike_high: float
    strike_level: float
    strike_share: float
    strike_new: float
    covered_share: float
    covered_agreement: float
    added_level: float
    stamp_mm: float
    stamp_most_mm: float
    slice_mm: float
    slice_gap_mm: float
    stamp_edge_mm: float
    overflow_mm: float
    overflow_piece_mm: float
    streak_mm: float
    hole_min_mm: float
    hole_max_mm: float
    hole_full: float
    hole_whole: float
    faint_level: float
    pale_level: float
    pale_long: float
    speck_mm2: float
    word_gap_mm: float
    word_min_mm: float
    digit_low_mm: float
    digit_high_mm: float
    digit_ink_mm2: float
    digit_near_mm: float
    flat_mm: float
    rule_low_mm: float
    rule_high_mm: float
    rule_even_mm: float
    rule_long: float
    rule_thick_mm: float
    rule_ragged_mm: float
    word_rest_mm: float
    half_word_mm: float
    astride_mm: float
    astride_share: float
    word_low_mm: float
    word_high_mm: float
    word_ink_mm2: float
    word_solid: float
    word_solid_faint: float
    word_near_mm: float
    fragment_mm: float
    fragment_ink_mm2: float
    coarse_dpi: float
    word_between_mm: float
    through_words: int


class Thresholds(BaseModel):
    """The whole file, a section per step or kind of field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: JudgeThresholds
    opening: Opening
    identify: Identify
    registration: RegisterThresholds = Field(alias="register")  # pydantic has a method of that name
    ink: Ink
    text: Text
    boxes: Boxes
    dates: Dates
    signing: Signing
    seals: Seals
    slices: Slices
    rims: Rims
    seam: Seam
    printed: PrintedThresholds


@cache
def load_thresholds(file: Path = FILE) -> Thresholds:
    """The thresholds of a file (default: the built-in one). A wrong file is a bug of its editor and raises."""
    return Thresholds.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
