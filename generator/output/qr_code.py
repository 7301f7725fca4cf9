"""QR codes (ISO/IEC 18004) as PDF content: filled rectangles, sharp at any size. The library is zxing-cpp, which also
reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import zxingcpp

from forms.geometry import MM_PER_PT, Box

ErrorLevel = Literal["L", "M", "Q", "H"]
#: White around a code, in modules.
QUIET_MODULES = 4
_DARK = re.compile(rb"\x00+")


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code. ``size``: modules along a side; ``modules``: the dark ones as rectangles, row by row from its upper left
    corner, in units of modules.
    """

    size: int
    modules: str

    @classmethod
    def of(cls, text: str, level: ErrorLevel) -> QrCode:
        """The smallest code that holds a text at a level of error correction."""
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        image: Any = code.to_image(scale=1, add_quiet_zones=False)
        pixels = memoryview(image)
        assert pixels.shape is not None
        size, lightness = pixels.shape[0], pixels.tobytes()
        modules = " ".join(
            f"{run.start()} {-row - 1} {run.end() - run.start()} 1 re"
            for row in range(size)
            for run in _DARK.finditer(lightness[row * size : (row + 1) * size])
        )
        return cls(size, modules)

    def content(self, box: Box, page_height_mm: float) -> str:
        """A content stream that draws the code into a square, in the colour that is set."""
        side = box.width / self.size / MM_PER_PT
        x, top = box.x0 / MM_PER_PT, (page_height_mm - box.y0) / MM_PER_PT
        return f"q {side:.5f} 0 0 {side:.5f} {x:.3f} {top:.3f} cm {self.modules} f Q"
