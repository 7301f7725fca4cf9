"""Printed text by OCR: the one place that knows rapidocr, an optional extra (``pip install daiban[ocr]``).

Its models come inside its own package and are named to it one by one: with a model missing it would fetch one
from the network, and an office's machine has none.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from extractors.model import Image, Points
from foundation.errors import Problem, ToolMissingError

_PACKAGES = ("rapidocr", "onnxruntime")
_LINES_ASKED = 15  # which way up they are
_LIES_DOWN = 1.5  # times as long down as across: a line that runs down the picture
_TASKS = {"Det": "*det*.onnx", "Rec": "*rec*.onnx", "Cls": "*cls*.onnx"}


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line that was read: its text, 0..1 how sure, and the corners (4, 2) of its box in the picture's px."""

    text: str
    score: float
    corners: Points


class TextReader(Protocol):
    """Whoever can read the printed lines of a picture, at any of the four turns."""

    def lines(self, picture: Image) -> tuple[TextLine, ...]:
        """The lines of a grey or RGB picture, in no particular order."""

    def line(self, picture: Image) -> tuple[str, float]:
        """What an upright picture of one line says, and 0..1 how sure; empty where nothing can be read."""


def ocr_available() -> bool:
    """Whether OCR is installed with all its models, without loading any of it."""
    return all(find_spec(name) for name in _PACKAGES) and not _missing_models()


@cache
def text_reader(threads: int = 1) -> TextReader:
    """The OCR engine of this process, loaded the first time it is asked for.

    :param threads: for one picture; a pool with a worker per core wants 1.
    :raises ToolMissingError: not installed, or a model is not in its package.
    """
    if not all(find_spec(name) for name in _PACKAGES):
        raise ToolMissingError(
            Problem("文字识别", "没有安装 rapidocr 和 onnxruntime", advice='pip install "daiban[ocr]"')
        )
    missing = _missing_models()
    if missing:
        what = f"rapidocr 里缺少模型文件 {'、'.join(missing)}"
        raise ToolMissingError(Problem("文字识别", what, advice="重新安装 rapidocr 的完整安装包"))
    return _RapidReader(threads)


class _RapidReader:
    def __init__(self, threads: int) -> None:
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        settings: dict[str, Any] = {f"{task}.model_path": str(path) for task, path in _models().items()}
        settings["Global.log_level"] = "error"
        settings["EngineConfig.onnxruntime.intra_op_num_threads"] = threads
        self._engine = RapidOCR(params=settings)

    def lines(self, picture: Image) -> tuple[TextLine, ...]:
        colour = picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
        bgr = np.ascontiguousarray(colour[..., ::-1], dtype=np.uint8)
        detected: Any = self._engine(bgr, use_det=True, use_cls=False, use_rec=False)
        if detected is None or detected.boxes is None:
            return ()
        boxes = [np.asarray(box, dtype=np.float64) for box in detected.boxes]
        strips = [_strip(bgr, box) for box in boxes]
        lines = (self._line(strip, box) for strip, box in zip(self._upright(strips), boxes, strict=True))
        return tuple(line for line in lines if line is not None)

    def line(self, picture: Image) -> tuple[str, float]:
        colour = picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
        if min(colour.shape[:2]) < 1:
            return "", 0.0
        bgr = np.ascontiguousarray(colour[..., ::-1], dtype=np.uint8)
        read: Any = self._engine(bgr, use_det=False, use_cls=False, use_rec=True)
        return (str(read.txts[0]), float(read.scores[0])) if read.txts else ("", 0.0)

    def _upright(self, strips: list[Image]) -> list[Image]:
        """All turned over, or none: single lines are misjudged now and then, the lines of a page together not."""
        longest = sorted(strips, key=lambda strip: strip.shape[1], reverse=True)[:_LINES_ASKED]
        votes = [self._is_upside_down(strip) for strip in longest]
        if sum(votes) * 2 <= len(votes):
            return strips
        return [np.ascontiguousarray(strip[::-1, ::-1]) for strip in strips]

    def _is_upside_down(self, strip: Image) -> bool:
        turned: Any = self._engine(strip, use_det=False, use_cls=True, use_rec=False)
        return bool(turned.cls_res) and str(turned.cls_res[0][0]) == "180"

    def _line(self, strip: Image, box: Points) -> TextLine | None:
        read: Any = self._engine(strip, use_det=False, use_cls=False, use_rec=True)
        if not read.txts or not read.txts[0].strip():
            return None
        return TextLine(str(read.txts[0]), float(read.scores[0]), box)


def _strip(picture: Image, box: Points) -> Image:
    """The picture inside a line's box, lying across; one that runs down the page is turned counter-clockwise."""
    across = max(float(np.linalg.norm(box[1] - box[0])), float(np.linalg.norm(box[2] - box[3])), 1.0)
    down = max(float(np.linalg.norm(box[3] - box[0])), float(np.linalg.norm(box[2] - box[1])), 1.0)
    target = np.array([(0, 0), (across, 0), (across, down), (0, down)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(box.astype(np.float32), target)
    size = (max(1, round(across)), max(1, round(down)))
    strip = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(strip) if down > _LIES_DOWN * across else strip, dtype=np.uint8)


def _models() -> dict[str, Path | None]:
    spec = find_spec("rapidocr")
    places = list(spec.submodule_search_locations or ()) if spec else []
    return {
        task: next((path for place in places for path in sorted(Path(place, "models").glob(shape))), None)
        for task, shape in _TASKS.items()
    }


def _missing_models() -> list[str]:
    return [_TASKS[task] for task, path in _models().items() if path is None]
