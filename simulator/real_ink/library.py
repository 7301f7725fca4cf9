"""Real ink, read from a folder of masks: signatures by writer, seals, stains, digits, shades of light.

The folder is not part of the project (its pictures have licences of their own, listed in its ``PROVENANCE.csv``):
``sig/<writer>_<n>.png``, ``english/*.png``, ``seal/*.png``, ``stain/*.png``, ``digit/<digit>_<n>.png``,
``shade/*.png``. Masks are grey, 255 where the ink is; stains are RGB on white, shades grey levels of lit paper.
"""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pictures

from simulator.paper.sheets import Alpha
from simulator.truth import Image

#: Where the folder is looked for, after the argument: this variable, then ``../shared/ink`` beside the checkout.
VARIABLE = "DAIBAN_INK"
_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "ink"
DIGIT_DPI = 250


@dataclass(frozen=True, slots=True, eq=False)
class RealSeal:
    """One seal as it was cut out of a scan: its ink 0..1, and its real width."""

    ink: Alpha
    width_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class RealStain:
    """One stain: how much of each colour it takes from white paper, RGB, and its real width."""

    pixels: Image
    width_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class InkLibrary:
    """What a folder of real ink holds, by family; empty where there is no folder."""

    signatures: dict[str, tuple[Alpha, ...]] = field(default_factory=dict)
    seals: dict[str, RealSeal] = field(default_factory=dict)
    stains: dict[str, RealStain] = field(default_factory=dict)
    digits: dict[str, tuple[Alpha, ...]] = field(default_factory=dict)
    shades: dict[str, Alpha] = field(default_factory=dict)


def ink_folder(given: Path | None = None) -> Path | None:
    """The folder of real ink: the one given, the one of ``DAIBAN_INK``, or the one beside the checkout."""
    named = os.environ.get(VARIABLE)
    wanted = given or (Path(named) if named else _BESIDE)
    return wanted if (wanted / "sig").is_dir() else None


@lru_cache(maxsize=2)
def load_ink(folder: Path | None) -> InkLibrary:
    """Everything in a folder of real ink; an empty library for None."""
    if folder is None:
        return InkLibrary()
    sizes = _sizes_mm(folder)
    signatures: dict[str, list[Alpha]] = defaultdict(list)
    for file in sorted(folder.glob("sig/*.png")):
        signatures[file.stem.split("_")[0]].append(_mask(file))
    for file in sorted(folder.glob("english/*.png")):
        signatures[f"english-{file.stem.split('_')[0]}"].append(_mask(file))
    digits: dict[str, list[Alpha]] = defaultdict(list)
    for file in sorted(folder.glob("digit/*.png")):
        digits[file.stem[0]].append(_mask(file))
    return InkLibrary(
        signatures={name: tuple(masks) for name, masks in signatures.items()},
        seals={
            file.stem: RealSeal(_mask(file), sizes.get(f"seal/{file.name}", 40.0))
            for file in sorted(folder.glob("seal/*.png"))
        },
        stains={
            file.stem: RealStain(_rgb(file), sizes.get(f"stain/{file.name}", 80.0))
            for file in sorted(folder.glob("stain/*.png"))
        },
        digits={name: tuple(masks) for name, masks in digits.items()},
        shades={file.stem: _shade(file) for file in sorted(folder.glob("shade/*.png"))},
    )


def _sizes_mm(folder: Path) -> dict[str, float]:
    """The real sizes that the folder's list of sources gives, by file."""
    listed = folder / "PROVENANCE.csv"
    if not listed.is_file():
        return {}
    with listed.open(encoding="utf-8", newline="") as lines:
        rows = [(row["file"], row.get("more") or "") for row in csv.DictReader(lines)]
    return {file: float(json.loads(more)["mm"]) for file, more in rows if '"mm"' in more}


def _mask(file: Path) -> Alpha:
    with Pictures.open(file) as picture:
        return np.asarray(np.asarray(picture.convert("L")) / 255, np.float32)


def _rgb(file: Path) -> Image:
    with Pictures.open(file) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def _shade(file: Path) -> Alpha:
    """Light falling on paper, 0..1, its brightest 1."""
    level = _mask(file)
    small = cv2.resize(level, (96, 128), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(small / np.percentile(small, 99), 0.05, 1), np.float32)
