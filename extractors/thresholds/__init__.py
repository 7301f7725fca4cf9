"""All thresholds of reading back, from one file: ``thresholds.toml`` beside this package.

Each entry there says its value, its unit, where the number comes from and how to find it anew; here each
section is a frozen type, so that code names a threshold and a typing mistake is an error. Judging again with
other thresholds needs no new scan: measures are kept beside observations.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from extractors.thresholds.fields import Boxes, Dates, Ink, JudgeThresholds, Signing, Text
from extractors.thresholds.pages import Identify, Opening, RegisterThresholds
from extractors.thresholds.printed import PrintedThresholds
from extractors.thresholds.seals import Rims, Seals, Seam, Slices

__all__ = [
    "Boxes",
    "Dates",
    "Identify",
    "Ink",
    "JudgeThresholds",
    "Opening",
    "PrintedThresholds",
    "RegisterThresholds",
    "Rims",
    "Seals",
    "Seam",
    "Signing",
    "Slices",
    "Text",
    "Thresholds",
    "load_thresholds",
]

FILE = Path(__file__).parent.with_suffix(".toml")


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
