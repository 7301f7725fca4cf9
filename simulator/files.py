"""Returned files: pictures written into files as scanners, phones and clerks do, with ``truth.json`` beside them.

Files: PDF of JPEG or of black-and-white G4 pages, multi-page TIFF, single JPEG or PNG; with Chinese names.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import img2pdf
import numpy as np
from PIL import Image as Pictures

from simulator.digital.returns import DigitalReturn
from simulator.scanning import optics
from simulator.truth import SimulatedDocument, SimulatedPage

_NAMES = ("扫描件", "回件", "委托材料", "扫描文档", "批量扫描", "IMG", "微信图片", "资料")


@dataclass(frozen=True, slots=True)
class FilePage:
    """A picture in a returned file: the name of the file and the page number in it, from 1."""

    source: str
    source_page: int
    page: SimulatedPage


def write_return_files(
    documents: Sequence[SimulatedDocument],
    folder: Path,
    rng: np.random.Generator,
    *,
    digital: Sequence[DigitalReturn] = (),
) -> list[FilePage]:
    """Write the pictures of all documents as files into a folder, with ``truth.json``; where each picture is.

    Some files hold several documents, some documents are split over two files, and the pages of some files are
    shuffled. ``digital``: born-digital returns, each a file of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[FilePage] = []
    for number, pages in enumerate(_batches(documents, rng), start=1):
        written += _write(pages, folder, f"{rng.choice(list(_NAMES))}{number:03d}", rng)
    truth = {
        "pages": [
            {"source": item.source, "source_page": item.source_page, **asdict(item.page.truth)}
            for item in written
        ],
        "documents": [
            *(asdict(item.truth) for item in documents),
            *(asdict(item.truth) for item in digital),
        ],
        "files": [_write_digital(item, folder) for item in digital],
    }
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1, default=str), "utf-8")
    return written


def _write_digital(item: DigitalReturn, folder: Path) -> dict[str, str]:
    name = f"电子件_{item.truth.case}_{item.truth.form}{item.suffix}"
    (folder / name).write_bytes(item.data)
    return {"source": name, "way": item.way, "issue": item.truth.issue}


def _batches(documents: Sequence[SimulatedDocument], rng: np.random.Generator) -> list[list[SimulatedPage]]:
    batches: list[list[SimulatedPage]] = []
    for document in documents:
        pages = list(document.pages)
        draw = rng.random()
        if draw < 0.45 and batches and batches[-1] and len(batches[-1]) < 12:
            batches[-1] += pages
            if rng.random() < 0.4:
                rng.shuffle(batches[-1])
        elif draw > 0.92 and len(pages) > 1:
            batches += [pages[:1], pages[1:]]
        else:
            batches.append(pages)
    return [batch for batch in batches if batch]


def _write(pages: list[SimulatedPage], folder: Path, name: str, rng: np.random.Generator) -> list[FilePage]:
    if all(page.bitonal for page in pages):
        kind = str(rng.choice(["tiff", "pdf"]))
    elif any(page.truth.tier in "CD" for page in pages):
        kind = str(rng.choice(["jpeg", "jpeg", "pdf"]))
    else:
        kind = str(rng.choice(["pdf", "pdf", "pdf", "tiff", "png"]))
    if kind in ("jpeg", "png"):
        return [_single(page, folder, f"{name}_{index}", kind) for index, page in enumerate(pages, start=1)]
    file = folder / f"{name}.{'tif' if kind == 'tiff' else 'pdf'}"
    file.write_bytes(tiff(pages) if kind == "tiff" else pdf(pages))
    return [FilePage(file.name, index, page) for index, page in enumerate(pages, start=1)]


def _single(page: SimulatedPage, folder: Path, name: str, kind: str) -> FilePage:
    suffix = ".jpg" if kind == "jpeg" else ".png"
    file = folder / f"{name}{suffix}"
    file.write_bytes(jpeg_bytes(page) if kind == "jpeg" else _png(page))
    return FilePage(file.name, 1, page)


def jpeg_bytes(page: SimulatedPage) -> bytes:
    """One picture as a JPEG file, with its resolution where the device knows it."""
    picture = Pictures.open(io.BytesIO(optics.jpeg(page.pixels, page.jpeg or 85)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality="keep", **_dpi(page))
    return out.getvalue()


def _png(page: SimulatedPage) -> bytes:
    out = io.BytesIO()
    _picture(page).save(out, "PNG", **_dpi(page))
    return out.getvalue()


def tiff(pages: Sequence[SimulatedPage]) -> bytes:
    """A multi-page TIFF: G4 for black-and-white pages, JPEG for the others."""
    pictures = [_picture(page) for page in pages]
    for picture, page in zip(pictures, pages, strict=True):
        picture.encoderinfo = {"compression": "group4" if page.bitonal else "jpeg", **_dpi(page)}
    first, *rest = pictures
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, **first.encoderinfo)
    return out.getvalue()


def pdf(pages: Sequence[SimulatedPage]) -> bytes:
    """A PDF of pictures, each page as large as the scanned paper."""
    return bytes(img2pdf.convert([_for_pdf(page) for page in pages], layout_fun=_layout(pages)))


def _for_pdf(page: SimulatedPage) -> bytes:
    if not page.bitonal:
        return jpeg_bytes(page)
    out = io.BytesIO()
    _picture(page).save(out, "TIFF", compression="group4", **_dpi(page))
    return out.getvalue()


def _layout(pages: Sequence[SimulatedPage]) -> Callable[..., tuple[float, float, float, float]]:
    remaining = iter(pages)

    def layout(width_px: int, height_px: int, dpi: tuple[float, float]) -> tuple[float, float, float, float]:
        page = next(remaining)
        unit = 72 / (page.dpi or 200)
        width, height = width_px * unit, height_px * unit
        return width, height, width, height

    return layout


def _picture(page: SimulatedPage) -> Pictures.Image:
    picture = Pictures.fromarray(page.pixels)
    return picture.convert("1", dither=Pictures.Dither.NONE) if page.bitonal else picture


def _dpi(page: SimulatedPage) -> dict[str, Any]:
    return {"dpi": (page.dpi, page.dpi)} if page.dpi else {}
