"""Reduces the handwriting faces to the characters the simulator writes: ``python -m simulator.ink.make_faces FOLDER``.

FOLDER holds the npm packages named in ``faces/README.md``, as downloaded; their slices (woff2, by Unicode
range) are subset to :data:`simulator.words.ALPHABET`, joined, and written as TrueType without hints.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from simulator.ink.words import ALPHABET

FACES = Path(__file__).parent / "faces"
NAMES = ("long-cang", "zhi-mang-xing", "liu-jian-mao-cao", "ma-shan-zheng")


def main(folder: Path) -> None:
    """Write one TTF and one licence per face."""
    for name in NAMES:
        package = next(folder.glob(f"fontsource-{name}-*.tgz"))
        with tarfile.open(package) as archive:
            members = [item for item in archive if item.name.endswith("-400-normal.woff2")]
            parts = [_part(archive.extractfile(item).read()) for item in members]  # type: ignore[union-attr]
            licence = archive.extractfile("package/LICENSE").read()  # type: ignore[union-attr]
        _joined([part for part in parts if part]).save(FACES / f"{name}.ttf")
        (FACES / f"{name}.OFL.txt").write_bytes(licence)


def _part(data: bytes) -> bytes | None:
    """One slice with only the characters wanted, or None if it has none of them."""
    font = TTFont(io.BytesIO(data))
    wanted = set(map(ord, ALPHABET)) & set(font.getBestCmap())
    if not wanted:
        return None
    options = Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "vhea", "vmtx", "VORG", "BASE", "STAT"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _joined(parts: list[bytes]) -> TTFont:
    merged = Merger().merge([io.BytesIO(part) for part in parts])
    options = Options(hinting=False, layout_features=[], glyph_names=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(map(ord, ALPHABET)))
    subsetter.subset(merged)
    scale_upem(merged, 400)  # finer than a pen; coarser outlines are half the size
    return merged


if __name__ == "__main__":
    main(Path(sys.argv[1]))
