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

from extractors.thresholds.digital import DigitalThresholds
from extractors.thresholds.fields import (
    BoxThresholds,
    DateThresholds,
    InkThresholds,
    JudgeThresholds,
    SigningThresholds,
    TextThresholds,
    WitnessThresholds,
)
from extractors.thresholds.pages import IdentifyThresholds, OpeningThresholds, RegisterThresholds
from extractors.thresholds.printed import PrintedThresholds, PrintLookThresholds
from extractors.thresholds.seals import RimThresholds, SealThresholds, SeamThresholds, SliceThresholds

__all__ = [
    "BoxThresholds",
    "DateThresholds",
    "DigitalThresholds",
    "IdentifyThresholds",
    "InkThresholds",
    "JudgeThresholds",
    "OpeningThresholds",
    "PrintLookThresholds",
    "PrintedThresholds",
    "RegisterThresholds",
    "RimThresholds",
    "SealThresholds",
    "SeamThresholds",
    "SigningThresholds",
    "SliceThresholds",
    "TextThresholds",
    "Thresholds",
    "WitnessThresholds",
    "load_thresholds",
]

FILE = Path(__file__).parent.with_suffix(".toml")


class Thresholds(BaseModel):
    """The whole file, a section per step or kind of field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: JudgeThresholds
    opening: OpeningThresholds
    identify: IdentifyThresholds
    registration: RegisterThresholds = Field(alias="register")  # pydantic has a method of that name
    ink: InkThresholds
    text: TextThresholds
    boxes: BoxThresholds
    dates: DateThresholds
    signing: SigningThresholds
    witness: WitnessThresholds
    seals: SealThresholds
    slices: SliceThresholds
    rims: RimThresholds
    seam: SeamThresholds
    printed: PrintedThresholds
    print_look: PrintLookThresholds

    digital: DigitalThresholds

    def at_risk(self, risk: float | None) -> Thresholds:
        """The same with another risk that both witnesses pass a place wrongly (:class:`WitnessThresholds`); None: with
        its own.
        """
        if risk is None:
            return self
        return self.model_copy(update={"witness": self.witness.model_copy(update={"risk": risk})})


@cache
def load_thresholds(file: Path = FILE) -> Thresholds:
    """The thresholds of a file (default: the built-in one). A wrong file is a bug of its editor and raises."""
    return Thresholds.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
