"""Pictures of the page's screens for docs/: made of what the tests' journeys leave, small enough to be kept.

    make pictures

Each picture of docs/pictures is the top of a screen of the same name, 900 px wide, in 256
colours. A screen that is missing, or too large, ends it with 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST_BYTES = 150_000
_WIDTH = 900
_TALLEST = 1000  # px of the picture: a screen's upper part says what it is

#: Picture → the journey's screen, with the width of the browser's window.
SCREENS = {
    "clerk-document": "clerk-document-1440",
    "clerk-page": "clerk-page-1440",
    "clerk-queue": "clerk-queue-1440",
    "enterprise-door": "enterprise-door-360",
    "enterprise-paper": "enterprise-paper-360",
    "enterprise-receipt": "enterprise-receipt-360",
    "enterprise-result": "enterprise-result-360",
    "staff-board": "staff-board-1440",
    "staff-case": "staff-case-1440",
    "staff-roster": "staff-roster-review-1440",
}


def main(folder: Path) -> int:
    """Make every picture anew; the exit code."""
    missing = [screen for screen in SCREENS.values() if not (folder / f"{screen}.png").is_file()]
    for name, screen in SCREENS.items():
        if screen not in missing:
            make(folder / f"{screen}.png", PICTURES / f"{name}.png")
    large = [path.name for path in PICTURES.glob("*.png") if path.stat().st_size > LARGEST_BYTES]
    for problem in (
        *(f"no screen {screen}" for screen in missing),
        *(f"too large: {name}" for name in large),
    ):
        print(problem, file=sys.stderr)
    return 1 if missing or large else 0


def make(screen: Path, target: Path) -> None:
    """The upper part of a screen as a small picture."""
    with Image.open(screen) as opened:
        picture = opened.convert("RGB")
    scale = min(1.0, _WIDTH / picture.width)
    size = round(picture.width * scale), round(picture.height * scale)
    small = picture.resize(size, Image.Resampling.LANCZOS)
    upper = small.crop((0, 0, small.width, min(small.height, _TALLEST)))
    upper.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
