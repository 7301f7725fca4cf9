"""Returned files of any kind: opened, or refused in plain words; never hung on, never guessed at."""

import io
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from extractors.model import Raster
from extractors.opening import collect, open_return
from extractors.thresholds import load_thresholds
from foundation.errors import UnreadableError

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").iterdir())
SHEET = (827, 1170)  # A4 at 100 dpi
unix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and permissions of Unix")


def sheet(mode: str = "L") -> Image.Image:
    """White, a dark block at the top left, so that turns show; red in a colour mode."""
    picture = Image.new("RGB", SHEET, "white")
    picture.paste((200, 0, 0) if mode not in ("1", "L", "LA", "I;16") else (0, 0, 0), (50, 50, 350, 250))
    return picture.convert(mode)


def first_page(path: Path) -> Raster:
    with open_return(path, path.name) as opened:
        return opened.raster(1)


def problem_of(path: Path, *, page: bool = False) -> str:
    with pytest.raises(UnreadableError) as caught, open_return(path, "某文件") as opened:
        assert page, "opened, though it should not"
        opened.raster(1)
    (problem,) = caught.value.problems
    assert problem.where.startswith("某文件")
    return problem.problem


def is_upright(raster: Raster) -> bool:
    grey = raster.pixels if raster.pixels.ndim == 2 else raster.pixels[..., 1]
    height, width = grey.shape
    return bool(height > width and grey[round(height * 0.12), round(width * 0.2)] < 128 < grey[-9, -9])


@pytest.mark.parametrize("folder", BROKEN, ids=lambda path: path.name)
def test_broken_files_are_refused_in_words(folder: Path) -> None:
    """Each broken file is refused, as a whole or by its page, with the message that belongs to its defect."""
    defect = tomllib.loads((folder / "defect.toml").read_text("utf-8"))
    assert defect["says"] in problem_of(folder / defect["file"], page=defect["page"])


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("a.jpg", "L", {"dpi": (100, 100)}),
        ("a.jpg", "CMYK", {}),
        ("a.png", "P", {}),
        ("a.png", "LA", {}),
        ("a.png", "RGBA", {}),
        ("a.png", "1", {}),
        ("a.png", "I;16", {}),
        ("a.tif", "1", {"compression": "group4", "dpi": (100, 100)}),
        ("a.tif", "1", {"compression": "group3"}),
        ("a.tif", "RGB", {"compression": "tiff_lzw"}),
        ("a.tif", "RGB", {"compression": "jpeg"}),
        ("a.bmp", "RGB", {}),
        ("a.webp", "RGB", {}),
    ],
)  # fmt: skip
def test_every_kind_of_picture_opens(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    """A sheet saved in any usual way comes back upright, in eight bits, grey exactly when it has no colour."""
    picture = sheet("L" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    picture.save(tmp_path / name, **options)
    raster = first_page(tmp_path / name)
    assert raster.pixels.dtype == np.uint8 and raster.pixels.shape[:2] == SHEET[::-1]
    assert is_upright(raster)
    assert raster.has_colour == (mode in ("CMYK", "P", "RGBA", "RGB"))
    assert raster.dpi == 100 or "dpi" not in options


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    """Every page of a TIFF is read, in any order, and a thumbnail between them is none."""
    small = sheet().resize((80, 113))
    small.encoderinfo = {"tiffinfo": {254: 1}}  # type: ignore[attr-defined]
    pages = [small, sheet("RGB"), sheet("1")]
    sheet().save(tmp_path / "a.tif", save_all=True, append_images=pages)
    with open_return(tmp_path / "a.tif", "a.tif") as opened:
        assert (opened.kind, opened.pages) == ("image", 3)
        assert [opened.raster(number).has_colour for number in (3, 2, 1)] == [False, True, False]


@pytest.mark.parametrize("suffix", ["jpg", "tif", "png"])
@pytest.mark.parametrize(("tag", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_orientation_tags_are_obeyed(tmp_path: Path, suffix: str, tag: int, turn: int) -> None:
    """A picture taken with the camera turned stands upright, its resolution with it."""
    exif = Image.Exif()
    exif[274] = tag
    sheet().rotate(turn, expand=True).save(tmp_path / f"a.{suffix}", exif=exif, dpi=(100, 100))
    raster = first_page(tmp_path / f"a.{suffix}")
    assert is_upright(raster)
    assert raster.dpi == pytest.approx(100, rel=0.01)


def test_fax_pixels_are_made_square(tmp_path: Path) -> None:
    """A fax of 204 by 98 dots to the inch has a sheet's proportions again."""
    sheet().resize((1728, 1145)).convert("1").save(tmp_path / "fax.tif", compression="group4", dpi=(204, 98))
    raster = first_page(tmp_path / "fax.tif")
    assert raster.dpi == pytest.approx(204)
    assert raster.pixels.shape[0] / raster.pixels.shape[1] == pytest.approx(1145 * 204 / 98 / 1728, rel=0.01)


@pytest.mark.parametrize("dpi", [72, 1, 100_000])
def test_a_resolution_that_cannot_be_is_not_believed(tmp_path: Path, dpi: int) -> None:
    """A camera's 72 dpi, which would make a sheet of half a metre, counts as none."""
    sheet().resize((1654, 2339)).save(tmp_path / "a.jpg", dpi=(dpi, dpi))
    assert first_page(tmp_path / "a.jpg").dpi is None


@pytest.mark.parametrize("size", [(5960, 8430), (4000, 3000), (1280, 960)])
def test_no_raster_is_larger_than_needed(tmp_path: Path, size: tuple[int, int]) -> None:
    """A large picture is made smaller, a small one never larger."""
    sheet().resize(size).save(tmp_path / "a.jpg")
    height, width = first_page(tmp_path / "a.jpg").pixels.shape
    assert (
        min(size[0] * size[1], 3_800_000) * 0.99
        <= height * width
        <= 1.1 * load_thresholds().opening.photo_pixels
    )
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)


def blank_pdf(path: Path, size: tuple[float, float] = (595.3, 841.9), rotate: int = 0) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=size)
        pdf.pages[0].Rotate = rotate
        pdf.pages[0].contents_add(
            f"q {size[0] / 595} 0 0 {size[1] / 842} 0 0 cm 50 660 200 150 re f Q".encode()
        )
        pdf.save(path)
    return path


@pytest.mark.parametrize("size", [(595.3, 841.9), (1440, 2160), (216, 288), (14400, 14400), (9, 12)])
def test_pdf_pages_of_any_size_have_pixels_enough(tmp_path: Path, size: tuple[float, float]) -> None:
    """A PDF page is drawn with the pixels of a 200 dpi sheet, whether it claims to be a stamp or a wall."""
    raster = first_page(blank_pdf(tmp_path / "a.pdf", size))
    assert raster.pixels.size == pytest.approx(load_thresholds().opening.scan_pixels, rel=0.02)
    assert not raster.has_colour
    assert raster.dpi == (pytest.approx(200, rel=0.01) if size[0] == 595.3 else None)


def test_pdf_pages_lie_as_they_are_shown(tmp_path: Path) -> None:
    """A page's own rotation is part of what a person sees."""
    assert is_upright(first_page(blank_pdf(tmp_path / "a.pdf")))
    turned = first_page(blank_pdf(tmp_path / "b.pdf", rotate=90)).pixels
    assert turned.shape[1] > turned.shape[0] and turned[300, -300] < 128


def test_a_scan_in_a_pdf_keeps_its_own_pixels(tmp_path: Path) -> None:
    """A small picture put on a page is not blown up; a telephone's keeps more than a scan's."""
    sheet().save(tmp_path / "a.pdf", resolution=100)
    assert first_page(tmp_path / "a.pdf").pixels.shape == pytest.approx(SHEET[::-1], abs=2)
    sheet("RGB").resize((3000, 4000)).save(tmp_path / "b.pdf", resolution=100)
    assert first_page(tmp_path / "b.pdf").pixels.shape[0] == pytest.approx(3406, abs=3)


def scan_pdf(
    path: Path, pixels: np.ndarray, size_pt: tuple[float, float], rotate: int = 0, beside: bytes = b""
) -> Path:
    """A PDF page that a picture fills, without loss; ``beside``: what else is drawn on it."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=size_pt)
        picture = pikepdf.Stream(pdf, pixels.tobytes())
        for name, value in {
            "Type": pikepdf.Name.XObject,
            "Subtype": pikepdf.Name.Image,
            "Width": pixels.shape[1],
            "Height": pixels.shape[0],
            "BitsPerComponent": 8,
            "ColorSpace": pikepdf.Name.DeviceRGB if pixels.ndim == 3 else pikepdf.Name.DeviceGray,
        }.items():
            picture[f"/{name}"] = value
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
        page.contents_add(f"q {size_pt[0]} 0 0 {size_pt[1]} 0 0 cm /Scan Do Q ".encode() + beside)
        page.Rotate = rotate
        pdf.save(path)
    return path


@pytest.mark.parametrize("size_pt", [(595.44, 842.04), (595, 842), (595.276, 841.89)])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("colour", [False, True])
def test_a_scan_in_a_pdf_comes_out_pixel_for_pixel(
    tmp_path: Path, size_pt: tuple[float, float], rotate: int, colour: bool
) -> None:
    """As the scanner gave it, though page sizes are rounded: blurred into their neighbours, dots are dots no more."""
    shape = (2339, 1654, 3) if colour else (2339, 1654)
    pixels = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), shape, p=[0.3, 0.7])
    raster = first_page(scan_pdf(tmp_path / "a.pdf", pixels, size_pt, rotate))
    assert np.array_equal(raster.pixels, np.rot90(pixels, -rotate // 90))
    assert raster.dpi == pytest.approx(200, rel=0.005)


def test_a_finer_scan_in_a_pdf_is_made_smaller(tmp_path: Path) -> None:
    """300 dpi become 200, a line where it was; 205 stay."""
    pixels = np.full((3508, 2480), 255, np.uint8)
    pixels[:, 1200:1212] = 0
    raster = first_page(scan_pdf(tmp_path / "a.pdf", pixels, (595.2, 841.92)))
    assert raster.pixels.shape == (2339, 1654) and raster.dpi == pytest.approx(200, rel=0.005)
    assert np.flatnonzero(raster.pixels[1000] < 128).tolist() == list(range(800, 808))
    raster = first_page(scan_pdf(tmp_path / "b.pdf", pixels[:2397, :1695], (595.2, 841.92)))
    assert raster.pixels.shape == (2397, 1695) and raster.dpi == pytest.approx(205, rel=0.005)


def test_what_is_drawn_over_a_scan_is_seen(tmp_path: Path) -> None:
    """A page is drawn, never taken for its picture."""
    pixels = np.full((2339, 1654), 255, np.uint8)
    raster = first_page(scan_pdf(tmp_path / "a.pdf", pixels, (595, 842), beside=b"50 660 200 150 re f"))
    assert is_upright(raster)


def test_form_fields_are_drawn(tmp_path: Path) -> None:
    """What was typed into a form field is on the page, as a person sees it."""
    path = blank_pdf(tmp_path / "a.pdf")
    empty = first_page(path).pixels
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        drawing = pikepdf.Stream(pdf, b"0 0 100 20 re f")
        drawing.stream_dict["/Type"], drawing.stream_dict["/Subtype"] = (
            pikepdf.Name.XObject,
            pikepdf.Name.Form,
        )
        drawing.stream_dict["/BBox"] = [0, 0, 100, 20]
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="contact.phone", F=4,
            Rect=[300, 300, 400, 320], AP=pikepdf.Dictionary(N=drawing), V="138",
        )  # fmt: skip
        widget = pdf.make_indirect(widget)
        pdf.pages[0].Annots = pikepdf.Array([widget])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[widget])
        pdf.save(path)
    assert int((first_page(path).pixels != empty).sum()) > 5000


def test_owner_passwords_do_not_matter(tmp_path: Path) -> None:
    """A PDF that opens without a password is read, whatever its owner forbids."""
    path = blank_pdf(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert is_upright(first_page(path))


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    """A JPEG named .pdf and a PDF named .jpg open as what they are, in a folder with a Chinese name."""
    folder = tmp_path / "退回 材料（一）"
    folder.mkdir()
    sheet().save(folder / "委托书.pdf", "JPEG")
    blank_pdf(folder / "办结单.jpg")
    with (
        open_return(folder / "委托书.pdf", "委托书.pdf") as one,
        open_return(folder / "办结单.jpg", "x") as other,
    ):
        assert (one.kind, other.kind) == ("image", "pdf")


def test_a_docx_is_one_page_that_is_never_a_picture(form: object, tmp_path: Path) -> None:
    """A DOCX opens as such, and asking for its raster is a caller's mistake."""
    template = HERE.parents[2] / "forms" / "jincheng" / "ledger" / "template.docx"
    with open_return(template, "台账.docx") as opened:
        assert (opened.kind, opened.is_docx, opened.pages) == ("docx", True, 1)
        with pytest.raises(ValueError, match="no page"):
            opened.raster(1)


def test_one_bad_page_costs_only_itself(tmp_path: Path) -> None:
    """A TIFF whose middle page cannot be read still gives the others."""
    sheet().save(tmp_path / "a.tif", save_all=True, append_images=[Image.new("L", (9000, 40)), sheet()])
    with open_return(tmp_path / "a.tif", "a.tif") as opened:
        with pytest.raises(UnreadableError, match="第2页"):
            opened.raster(2)
        assert is_upright(opened.raster(1)) and is_upright(opened.raster(3))


@unix
def test_freed_memory_is_kept_for_what_comes_next() -> None:
    """Pictures made and dropped again and again cost the system no new pages of memory."""
    code = """
import resource, sys
import numpy as np
from extractors.opening import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
for _ in range(3):
    pictures = [np.ones(20_000_000, np.uint8) for _ in range(4)]; del pictures
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    pictures = [np.ones(20_000_000, np.uint8) for _ in range(4)]; del pictures
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    given, kept = (
        int(subprocess.run([sys.executable, "-c", code, how], capture_output=True, check=True).stdout)
        for how in ("given back", "kept")
    )
    if given < 1000:
        pytest.skip("the system's C library keeps freed memory anyway")
    assert kept < given / 10


def test_limits_hold(tmp_path: Path) -> None:
    """Files beyond the bounds in bytes, pages or pixels are refused before they cost anything."""
    limits = load_thresholds().opening
    sheet().save(tmp_path / "a.tif", save_all=True, append_images=[sheet(), sheet()])
    for name, bound, says in (
        ("file_bytes_max", 1000, "MB"),
        ("pages_max", 1, "页数超过"),
        ("source_pixels_max", 1000, "像素"),
    ):
        tight = limits.model_copy(update={name: bound})
        with (
            pytest.raises(UnreadableError, match=says),
            open_return(tmp_path / "a.tif", "a", tight) as opened,
        ):
            opened.raster(1)


@unix
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Folders, pipes, devices, sockets, dead links and files without permission are refused without waiting."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    here = Path.cwd()
    os.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        os.chdir(here)
        for name in (".", "pipe", "dead", "loop", "socket", "/dev/zero", "nowhere.pdf", "a\0b"):
            assert problem_of(tmp_path / name)


def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read says so."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "权限" in problem_of(tmp_path / "a.png")


def test_collect_sorts_as_people_count(tmp_path: Path) -> None:
    """Page 2 stands before page 10, folders are expanded, and a file named twice is there once."""
    folder = tmp_path / "扫描"
    (folder / "二").mkdir(parents=True)
    for name in ("第10页.jpg", "第2页.jpg", "第１页.jpg", "二/a.pdf"):
        (folder / name).write_bytes(b"x")
    names = [name for _, name in collect([folder, folder / "第2页.jpg", tmp_path / "gone.pdf"])]
    assert names == [str(Path("二/a.pdf")), "第１页.jpg", "第2页.jpg", "第10页.jpg", "gone.pdf"]


def test_collect_lists_what_it_skips(tmp_path: Path) -> None:
    """Hidden files, an open document's lock file and an empty folder are told, not read."""
    for name in ("~$委托书.docx", ".hidden.pdf", "Thumbs.db", "a.pdf"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "空").mkdir()
    collected = collect([tmp_path, tmp_path / "空"])
    assert [name for _, name in collected] == ["a.pdf"]
    assert {item.where for item in collected.skipped} >= {"~$委托书.docx", ".hidden.pdf", "Thumbs.db"}
    assert any("没有可读的文件" in item.problem for item in collected.skipped)


@unix
def test_collect_survives_loops_and_strange_names(tmp_path: Path) -> None:
    """A link back to its own folder ends, names stay unique, and every name can be printed."""
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pdf").write_bytes(b"x")
        (tmp_path / folder / "loop").symlink_to(tmp_path)
    Path(os.fsdecode(os.fsencode(tmp_path / "甲") + "/委托书.pdf".encode("gb18030"))).write_bytes(b"x")
    (tmp_path / "乙" / "b\x1b[31m\n.pdf").write_bytes(b"x")
    names = [name for _, name in collect([tmp_path / "甲", tmp_path / "乙"])]
    assert len(names) == len(set(names)) == 4
    assert "委托书.pdf" in names
    assert all(name.isprintable() or "�" in name for name in names)
    io.StringIO().write("".join(names).encode("utf-8").decode("utf-8"))
