"""Pictures as numpy arrays, and the resolution of originals and registered pages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Points = NDArray[np.float64]
Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]

#: Reads an upright picture of one line: its text, and 0..1 how sure; empty where nothing can be read.
LineReader = Callable[[Image], tuple[str, float]]

#: Resolution of originals and registered pages: a 0.5 mm pen stroke is 3 px, a 10.5 pt character 22 px.
WORK_DPI = 150
PX_PER_MM = WORK_DPI / 25.4
