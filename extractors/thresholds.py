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
    glare_sheet_level: float
    colour_spread: float
    colour_share: float
    bitonal_middle: float
    affine_rms_mm: float
    search_mm: float
    coarse_rounds: int
    coarse_agreement: float
    coarse_tolerance_mm: float
    fine_tolerance_mm: float
    stiffness: float
    drift_rounds: int
    feature_tolerance_px: float
    cell_agreement: float
    score: float
    agreeing_share: float
    sure_score: float
    sure_residual_mm: float
    foreshortening: float


class Thresholds(BaseModel):
    """The whole file, a section per step or kind of field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: JudgeThresholds
    opening: Opening
    identify: Identify
    registration: RegisterThresholds = Field(alias="register")  # pydantic has a method of that name


@cache
def load_thresholds(file: Path = FILE) -> Thresholds:
    """The thresholds of a file (default: the built-in one). A wrong file is a bug of its editor and raises."""
    return Thresholds.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
