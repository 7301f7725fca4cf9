"""How small a page mark may be and still be read from a photograph sent over chat (1280 px on its long side).

    python -m bench.bench_marks [--pictures 100] [--seed 1]

For each size of a module, the same sheets with the same text are marked, photographed, reduced and compressed with the
same seeds, and read as ``verify`` reads them. Prints, per size, how many pages were known by both marks, by one and by
none, and what a lone mark (``page_marks = "one"``) would have yielded.
"""

from __future__ import annotations

import argparse
import sys

import cv2
import numpy as np

from extractors.identify import sight
from extractors.identify.codes import modules_of
from extractors.model import Raster, Sighting
from forms.geometry import Box
from forms.page_mark import EDGE_MM, MODULE_MM, MODULES, PageMark, PageMarks
from simulator.paper.sheets import PX, PaperSheet
from simulator.scanning.captures import LOOKS

_A4 = (210.0, 297.0)
_KEY = b"k" * 32
_MARK = PageMark("7K3M9QX2", 2, 13)
_SIZES_MM = (MODULE_MM, 0.8, 0.7, 0.6)
_PHOTO = LOOKS["D"]["chat-photo"][1]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_marks", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=100, help="of each size")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("module mm | code mm | both | one | none | lone mark read")
    for module_mm in _SIZES_MM:
        counts = [0, 0, 0]
        lone = 0
        for number in range(options.pictures):
            seed = options.seed * 100_003 + number
            counts[_known(_sheet("two", module_mm), seed)] += 1
            lone += _known(_sheet("one", module_mm), seed)
        none, one, both = (f"{count / options.pictures:.0%}" for count in counts)
        side = module_mm * MODULES
        print(
            f"{module_mm:9} | {side:7.1f} | {both:>4} | {one:>3} | {none:>4} | {lone / options.pictures:.0%}",
            flush=True,
        )
    return 0


def _known(sheet: PaperSheet, seed: int) -> int:
    """By how many marks a photograph of the sheet tells its page."""
    picture = _PHOTO(sheet, np.random.default_rng(seed)).pixels
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    found = sight(Raster(np.ascontiguousarray(grey)), _KEY)
    return len(found.codes) if isinstance(found, Sighting) and found.page == _MARK.page else 0


def _sheet(marks: PageMarks, module_mm: float) -> PaperSheet:
    """A page with lines of pretended print and its marks, modules so wide."""
    width, height = _A4
    paper = np.full((round(height * PX), round(width * PX)), 255, np.uint8)
    rng = np.random.default_rng(5)
    for top in np.arange(40, 260, 9.5):
        for left in np.arange(30, 180, 5.6):
            at = (round(left * PX), round(top * PX))
            end = (at[0] + round(rng.uniform(2, 5) * PX), at[1] + round(rng.uniform(2, 5) * PX))
            cv2.rectangle(paper, at, end, 40, 3)
    for box in _boxes(marks, module_mm):
        x0, y0, x1, y1 = (round(side * PX) for side in (box.x0, box.y0, box.x1, box.y1))
        code = cv2.resize(modules_of(_MARK.text(_KEY)), (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
        paper[y0:y1, x0:x1] = code
    return PaperSheet(1, np.repeat(paper[..., None], 3, axis=2), width, height)


def _boxes(marks: PageMarks, module_mm: float) -> tuple[Box, ...]:
    width, height = _A4
    side = module_mm * MODULES
    upper = Box(width - EDGE_MM - side, EDGE_MM, width - EDGE_MM, EDGE_MM + side)
    lower = Box(EDGE_MM, height - EDGE_MM - side, EDGE_MM + side, height - EDGE_MM)
    return (upper, lower) if marks == "two" else (lower,)


if __name__ == "__main__":
    sys.exit(main())
