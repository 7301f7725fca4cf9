"""Pictures: JPEG, PNG, TIFF with many pages, BMP, WebP. The one place of reading back that knows Pillow."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageOps

from extractors.model import Image, Raster
from extractors.opening.kinds import FileContent
from extractors.opening.pixels import (
    believable_dpi,
    is_page_shape,
    pixels_wanted,
    shrunk,
    without_idle_colour,
)
from extractors.opening.two_levels import has_two_levels, may_have_had_two_levels
from extractors.thresholds import OpeningThresholds
from foundation.errors import Problem, UnreadableError

# A JPEG of a telephone may hold a second, smaller picture and is then an MPO.
_FORMATS = {
    "JPEG": ("JPEG", "MPO"),
    "PNG": ("PNG",),
    "TIFF": ("TIFF",),
    "BMP": ("BMP", "DIB"),
    "WEBP": ("WEBP",),
}
# Pillow's own limit would refuse a whole file for one page, and warn below it; sizes are checked here, page by page.
Pil.MAX_IMAGE_PIXELS = None
_NEW_SUBFILE_TYPE, _REDUCED = 254, 1
_DAMAGED = "图片已损坏或没有传完"
_AGAIN = "重新扫描或重新发送"


class ImagePages:
    """The pages of one picture file; ``stream`` stays the caller's to close.

    :raises UnreadableError: not even its header can be read, or it has too many pages.
    """

    def __init__(self, stream: BinaryIO, content: FileContent, name: str, limits: OpeningThresholds) -> None:
        self._name, self._limits = name, limits
        self._stream, self._formats = stream, _FORMATS[content]
        with _patiently(name):
            self._picture = Pil.open(stream, formats=self._formats)
            self._frames = tuple(self._find_frames(content))

    @property
    def count(self) -> int:
        """How many pages."""
        return len(self._frames)

    def close(self) -> None:
        """Lets go of the picture."""
        self._picture.close()

    def raster(self, page_number: int) -> Raster:
        """One page, upright as its metadata says, grey where it has no colour; raises UnreadableError."""
        where = self._where(page_number)
        with _patiently(where):
            self._picture.seek(self._frames[page_number - 1])
            self._check_size(where)
            x_dpi, y_dpi = _resolution(self._picture)
            shrink = self._draft()
            lies_wide = self._picture.width > self._picture.height
            pixels = without_idle_colour(_pixels(self._picture))
            bitonal = self._is_bitonal(pixels, drafted=shrink < 1)
        if (pixels.shape[1] > pixels.shape[0]) != lies_wide:
            x_dpi, y_dpi = y_dpi, x_dpi
        return self._sized(pixels, (x_dpi * shrink, y_dpi * shrink), bitonal)

    def _find_frames(self, content: FileContent) -> Iterator[int]:
        if content != "TIFF":
            yield 0
            return
        frame = 0
        while True:
            try:
                self._picture.seek(frame)
            except EOFError:
                return
            if frame > self._limits.pages_max:
                raise UnreadableError(
                    Problem(
                        self._name,
                        f"页数超过上限 {self._limits.pages_max}，已拒绝",
                        advice="分成几个文件再交",
                    )
                )
            # Some scanners put a thumbnail beside each page.
            if not int(self._picture.tag_v2.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED:  # type: ignore[attr-defined]
                yield frame
            frame += 1

    def _check_size(self, where: str) -> None:
        width, height = self._picture.size
        if width * height > self._limits.source_pixels_max:
            limit = self._limits.source_pixels_max // 1_000_000
            size = f"{width}×{height} 像素，超过上限 {limit} 百万像素"
            raise UnreadableError(Problem(where, f"图片有 {size}，已拒绝", advice="用 200–300 dpi 重新扫描"))
        if not is_page_shape(width, height, self._limits):
            raise UnreadableError(Problem(where, f"图片为 {width}×{height} 像素，不像一页纸", advice=_AGAIN))

    def _draft(self) -> float:
        """Lets a large JPEG be decoded at a half, a quarter or an eighth, if that is enough; returns which."""
        width, height = self._picture.size
        scale = (pixels_wanted(width, height, self._limits) / (width * height)) ** 0.5
        if scale < 1:
            self._picture.draft(None, (round(width * scale), round(height * scale)))
        return self._picture.width / width

    def _is_bitonal(self, pixels: Image, *, drafted: bool) -> bool:
        """Whether the picture has two levels as it lies in its file; decoded whole for that only if it may have."""
        between = self._limits.between_levels
        if not drafted:
            return has_two_levels(pixels, between)
        if not may_have_had_two_levels(pixels, between):
            return False
        self._stream.seek(0)
        whole = Pil.open(self._stream, formats=self._formats)
        whole.draft("L", whole.size)
        return has_two_levels(np.asarray(whole.convert("L")), between)

    def _sized(self, pixels: Image, dpi_xy: tuple[float, float], bitonal: bool) -> Raster:
        x_dpi, y_dpi = dpi_xy
        height, width = pixels.shape[:2]
        if (
            x_dpi
            and y_dpi
            and not 0.97 < x_dpi / y_dpi < 1.03
            and believable_dpi(x_dpi, width, height * x_dpi / y_dpi)
        ):
            # A fax has pixels of 204 by 98 to the inch: made square, or the sheet is half its height.
            height = round(height * x_dpi / y_dpi)
            pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
        dpi = believable_dpi(x_dpi, width, height)
        pixels, scale = shrunk(pixels, pixels_wanted(width, height, self._limits))
        return Raster(np.ascontiguousarray(pixels), dpi * scale if dpi else None, bitonal)

    def _where(self, page_number: int) -> str:
        return f"{self._name} 第{page_number}页" if self.count > 1 else self._name


@contextmanager
def _patiently(where: str) -> Iterator[None]:
    """Whatever a decoder throws at a broken picture is that picture's fault, and is said so."""
    with warnings.catch_warnings():
        # What Pillow warns about is metadata, which does not matter here.
        warnings.simplefilter("ignore")
        try:
            yield
        except UnreadableError:
            raise
        except MemoryError as error:
            raise UnreadableError(
                Problem(where, "图片太大，内存不够", advice="用 200–300 dpi 重新扫描")
            ) from error
        except (
            Exception
        ) as error:  # decoders of hostile data raise anything: struct.error, KeyError, zlib.error …
            raise UnreadableError(Problem(where, _DAMAGED, advice=_AGAIN)) from error


def _resolution(picture: Pil.Image) -> tuple[float, float]:
    """Pixels to the inch as the file says, across and down; zeros where it does not."""
    try:
        x_dpi, y_dpi = (float(value) for value in picture.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (x_dpi, y_dpi) if 0 < x_dpi < 1e5 and 0 < y_dpi < 1e5 else (0.0, 0.0)


def _pixels(picture: Pil.Image) -> Image:
    """The picture as grey or RGB, turned as its orientation tag says, on white where it is transparent."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    upright: Pil.Image = picture
    if upright.mode.startswith(("I", "F")):
        return _deep(np.asarray(upright))
    if upright.has_transparency_data:
        upright = _on_white(upright)
    if upright.mode not in ("L", "RGB"):
        upright = upright.convert("L" if upright.mode == "1" else "RGB")
    return np.asarray(upright, dtype=np.uint8)


def _deep(values: NDArray[Any]) -> Image:
    """Grey of more than eight bits: the span it uses decides between 8 bits, 16 bits and 0..1."""
    top = float(values.max(initial=0))
    whole = 255.0 if 1 < top <= 255 else 65535.0 if top > 255 else 1.0
    return np.asarray(np.clip(values * np.float32(255.0 / whole), 0, 255), dtype=np.uint8)


def _on_white(picture: Pil.Image) -> Pil.Image:
    rgba = picture.convert("RGBA")
    white = Pil.new("RGBA", rgba.size, (255, 255, 255, 255))
    return Pil.alpha_composite(white, rgba).convert("RGB")
