"""Typed text as a printer prints it, in whichever Chinese typeface this machine has."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from simulator.ink.handwriting import FACES
from simulator.paper.sheets import PX, Alpha

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("C:/Windows/Fonts"))
_WANTED = {
    "song": ("FandolSong-Regular.otf", "NotoSerifCJK-Regular.ttc", "uming.ttc", "simsun.ttc"),
    "fang": ("FandolFang-Regular.otf", "ukai.ttc", "LXGWWenKai-Light.ttf", "simfang.ttf"),
    "hei": ("FandolHei-Regular.otf", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "simhei.ttf"),
}
Typeface = Literal["song", "fang", "hei"]


@lru_cache(maxsize=256)
def font(typeface: Typeface, size_px: int) -> ImageFont.FreeTypeFont:
    """The typeface at that size; where the machine has no Chinese typeface, one of the bundled handwriting faces."""
    path = _path(typeface)
    index = 2 if path.name.startswith("Noto") else 0  # the SC face of the collection
    return ImageFont.truetype(str(path), size_px, index=index)


def typed_mask(text: str, height_mm: float, typeface: Typeface = "song") -> Alpha:
    """A printed line of text as a mask, 0..1, trimmed to its ink."""
    face = font(typeface, max(round(height_mm * PX), 8))
    left, top, right, bottom = (int(v) for v in face.getbbox(text))
    picture = Pictures.new("L", (max(right - left, 1) + 4, max(bottom - top, 1) + 4))
    ImageDraw.Draw(picture).text((2 - left, 2 - top), text, 255, face)
    return (np.asarray(picture, np.float32) / 255).astype(np.float32)


@lru_cache(maxsize=8)
def _path(typeface: Typeface) -> Path:
    others = tuple(name for names in _WANTED.values() for name in names)
    for name in (*_WANTED[typeface], *others):
        for folder in _FOLDERS:
            found = next(folder.rglob(name), None) if folder.is_dir() else None
            if found:
                return found
    return FACES[0]
