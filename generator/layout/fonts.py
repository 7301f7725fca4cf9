"""Which installed font stands for an official one, and which characters it can draw.

Templates name the official fonts (GB/T 9704-2012: 方正小标宋_GBK, 仿宋_GB2312, 楷体_GB2312, 黑体), which are never
shipped. For layout each has a chain: the official font itself where it is installed, then free stand-ins. The first
installed family of a chain is its *face*; a character the face lacks is drawn by the first later family that has
it, and a character no family has makes the document refused, by name, before anything is laid out.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError
from platformdirs import user_cache_path

from foundation.errors import Problem, ToolMissingError

_SONG = ("宋体", "SimSun", "FandolSong", "Noto Serif CJK SC")
_KAI = ("楷体", "KaiTi", "FandolKai", "AR PL UKai CN", "LXGW WenKai")
#: Official name → families that may stand for it, best first: of the same kind (仿宋), then of the nearest (宋), and of
#: another (楷) only for what those cannot draw. The name itself is always tried first.
CHAINS: Mapping[str, tuple[str, ...]] = {
    "仿宋_GB2312": ("仿宋", "FangSong", "FandolFang R", *_SONG, *_KAI),
    "楷体_GB2312": (*_KAI, "Noto Serif CJK SC"),
    "黑体": ("SimHei", "FandolHei", "WenQuanYi Zen Hei", "Noto Sans CJK SC"),
    "宋体": _SONG[1:],
    "方正小标宋_GBK": ("方正小标宋简体", "Noto Serif CJK SC", "FandolSong", "WenQuanYi Zen Hei"),
}
#: Other names people give the same faces in Word and WPS.
ALIASES: Mapping[str, str] = {
    "仿宋": "仿宋_GB2312",
    "FangSong": "仿宋_GB2312",
    "楷体": "楷体_GB2312",
    "KaiTi": "楷体_GB2312",
    "SimHei": "黑体",
    "SimSun": "宋体",
    "方正小标宋简体": "方正小标宋_GBK",
}
#: Stand-ins light enough that 小标宋's weight has to come from the bold cut.
BOLD_STAND_INS = frozenset({"Noto Serif CJK SC", "FandolSong"})
#: Box glyphs □ and ☑ are drawn by one font, so that a ticked box is as large as an empty one.
BOX_FAMILIES = ("Segoe UI Symbol", "DejaVu Sans", "Noto Sans Symbols2", "Symbola")
BOX_GLYPHS = "□☑"
OFFICIAL_NAMES = tuple(CHAINS)
#: Characters that no font draws and none needs to.
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")
UNDRAWN = INVISIBLE | frozenset("\n\t\r\u00a0")
_DEFAULT = "仿宋_GB2312"


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face of one font file: its path, its index in a collection, the family it answers to."""

    family: str
    path: Path
    index: int


class FontBook:
    """The fonts of this machine, asked by official name.

    ``overrides`` maps an official name to a family the office wants instead (daiban.toml ``[fonts]``).
    Raises :class:`ToolMissingError` naming what to install when a chain has no installed family at all.
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._installed = installed_fonts()

    def chain(self, name: str) -> tuple[str, ...]:
        """The installed families for an official (or alias) font name, best first."""
        official = ALIASES.get(name, name)
        wanted = (
            self._overrides.get(official, official),
            *CHAINS.get(official, (official, *CHAINS[_DEFAULT])),
        )
        return tuple(dict.fromkeys(family for family in wanted if family in self._installed))

    def face(self, name: str) -> str:
        """The family that stands for an official font name."""
        chain = self.chain(name)
        if not chain:
            raise ToolMissingError(
                Problem(
                    where="字体",
                    problem=f"本机没有可代替“{name}”的字体",
                    advice="运行 daiban doctor 查看应安装的字体",
                )
            )
        return chain[0]

    def missing_faces(self) -> tuple[str, ...]:
        """Official names for which this machine has nothing at all."""
        lacking = [name for name in OFFICIAL_NAMES if not self.chain(name)]
        return (*lacking, *(() if self.box_family else ("□☑",)))

    @property
    def box_family(self) -> str | None:
        """The family that draws □ and ☑."""
        return next((family for family in BOX_FAMILIES if family in self._installed), None)

    def covers(self, family: str, character: str) -> bool:
        """Whether a family has a glyph for the character."""
        return ord(character) in self.coverage(family)

    def coverage(self, family: str) -> frozenset[int]:
        """The code points a family can draw."""
        font = self._installed.get(family)
        return _coverage(font.path, font.index) if font else frozenset()

    def family_for(self, name: str, character: str) -> str | None:
        """The first family of a name's chain that can draw the character, or None."""
        return next((family for family in self.chain(name) if self.covers(family, character)), None)

    def glyph_fonts(self, name: str) -> tuple[FontFile, ...]:
        """The files behind an official name, its face first, for drawing outlines."""
        self.face(name)  # says what to install where there is none
        return tuple(self._installed[family] for family in self.chain(name))


def installed_fonts() -> Mapping[str, FontFile]:
    """Family name → file, for the regular cut of every font installed on this machine."""
    found: dict[str, FontFile] = {}
    for font, regular in _listed_fonts():
        if regular or font.family not in found:
            found[font.family] = font
    return found


def _listed_fonts() -> Iterator[tuple[FontFile, bool]]:
    listing = _fontconfig_listing()
    if listing is None:
        yield from _scanned_fonts(_font_folders())
        return
    for line in listing.splitlines():
        path, index, families, style = [*line.split("\t"), "", "", ""][:4]
        regular = any(word in style for word in ("Regular", "Book", "Medium", "")) and "Bold" not in style
        for family in families.split(","):
            yield FontFile(family.replace("\\", ""), Path(path), int(index or 0) & 0xFFFF), regular


@lru_cache(maxsize=1)
def _fontconfig_listing() -> str | None:
    try:
        done = subprocess.run(
            ["fc-list", "--format", "%{file}\t%{index}\t%{family}\t%{style[0]}\n"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _font_folders() -> tuple[Path, ...]:
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",)
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def _scanned_fonts(folders: Iterable[Path]) -> Iterator[tuple[FontFile, bool]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.[to]t[fc]")):
            try:
                yield from _names_in(path)
            except (OSError, TTLibError):
                continue  # an unreadable font file is treated as absent


def _names_in(path: Path) -> Iterator[tuple[FontFile, bool]]:
    with path.open("rb") as stream:
        is_collection = path.suffix.lower() == ".ttc"
        fonts = TTCollection(stream, lazy=True).fonts if is_collection else [TTFont(stream, lazy=True)]
        for index, font in enumerate(fonts):
            names = font["name"]
            for record in names.names:
                if record.nameID in (1, 16):
                    yield (
                        FontFile(record.toUnicode(), path, index),
                        names.getDebugName(2) in ("Regular", "Book"),
                    )


@lru_cache(maxsize=64)
def _coverage(path: Path, index: int) -> frozenset[int]:
    """The code points of one face. Cached in the user's cache folder, since reading them from a font takes 50 ms."""
    status = path.stat()
    name = hashlib.sha256(
        f"drawn\0{path}\0{index}\0{status.st_mtime_ns}\0{status.st_size}".encode()
    ).hexdigest()[:24]
    cache = user_cache_path("daiban") / "coverage" / name
    points = _cached_points(cache)
    if not points:
        points = array("I", sorted(_code_points(path, index)))
        _write_cache(cache, array("I", [len(points)]).tobytes() + points.tobytes())
    return frozenset(points)


def _cached_points(path: Path) -> array[int]:
    """What a cache file holds after its own count; nothing if it is not there or not whole."""
    points = array("I")
    try:
        points.frombytes(path.read_bytes())
    except (OSError, ValueError):
        return array("I")
    return points[1:] if points and points[0] == len(points) - 1 else array("I")


def _code_points(path: Path, index: int) -> Iterable[int]:
    """The code points a font draws: those it maps to a glyph with an outline, and those that have none anywhere.

    Some fonts map rare characters to empty glyphs (AR PL UKai: 䶮, 䜣), which would leave a gap in a name.
    """
    with TTFont(path, fontNumber=index, lazy=True) as font:
        mapped = font.getBestCmap() or {}
        empty = _empty_glyphs(font)
        return tuple(
            code
            for code, name in mapped.items()
            if name not in empty or unicodedata.category(chr(code))[0] in "ZCM"
        )


def _empty_glyphs(font: TTFont) -> frozenset[str]:
    """The glyphs without an outline, of fonts with TrueType outlines; none of other kinds."""
    if "loca" not in font or "glyf" not in font:
        return frozenset()
    ends = font["loca"].locations
    order = font.getGlyphOrder()
    return frozenset(order[number] for number in range(len(ends) - 1) if ends[number] == ends[number + 1])


def _write_cache(path: Path, data: bytes) -> None:
    """Write a cache file beside its place and rename it; a cache that cannot be written is only slower."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
