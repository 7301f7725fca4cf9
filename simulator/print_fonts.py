"""A printing face for seals, typed text and foreign papers: whichever this machine has."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from simulator.people import FACES

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("C:/Windows/Fonts"))
_WANTED = {
    "song": ("FandolSong-Regular.otf", "NotoSerifCJK-Regular.ttc", "uming.ttc", "simsun.ttc"),
    "fang": ("FandolFang-Regular.otf", "ukai.ttc", "LXGWWenKai-Light.ttf", "simfang.ttf"),
    "hei": ("FandolHei-Regular.otf", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "simhei.ttf"),
}
Style = Literal["song", "fang", "hei"]


@lru_cache(maxsize=256)
def font(style: Style, size_px: int) -> ImageFont.FreeTypeFont:
    """The face at that size; where the machine has no Chinese face, a handwriting one of ours."""
    path = _path(style)
    index = 2 if path.name.startswith("Noto") else 0  # the SC face of the collection
    return ImageFont.truetype(str(path), size_px, index=index)


@lru_cache(maxsize=8)
def _path(style: Style) -> Path:
    others = tuple(name for names in _WANTED.values() for name in names)
    for name in (*_WANTED[style], *others):
        for folder in _FOLDERS:
            found = next(folder.rglob(name), None) if folder.is_dir() else None
            if found:
                return found
    return FACES[0]
