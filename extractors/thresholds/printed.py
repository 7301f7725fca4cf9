"""Print that stands as it was issued, or does not."""

from __future__ import annotations

from extractors.thresholds.section import ThresholdSection


class PrintedThresholds(ThresholdSection):
    """``[printed]``: whether what was printed still stands as it was issued."""

    tolerance_level: float
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


class PrintLookThresholds(ThresholdSection):
    """``[print_look]``: from where the learned look alone sends print to a person."""

    altered: float
    altered_pair: float
    altered_figure: float
    put_in: float
    near_mm: float
    most_places: int
