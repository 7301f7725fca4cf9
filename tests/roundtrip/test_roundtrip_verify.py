"""What went out comes back in a pile: every page once, nothing changed by asking twice, nothing lost by a kill."""

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import img2pdf
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from daiban.registry import Registry
from tests.small_disk import enlarge, small_disk

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]
Start = Callable[..., "subprocess.Popen[str]"]
FORM = ("--form", "jincheng-authorisation")
CASES = 3


@pytest.fixture
def ws(issued: Path, tmp_path: Path) -> Path:
    """A copy of that workspace to verify in."""
    return Path(shutil.copytree(issued, tmp_path / "ws"))


def pages_of(pdf: Path) -> list[Image.Image]:
    """The pages of an issued PDF, as a scanner of 150 dpi would see them."""
    with pdfium.PdfDocument(pdf) as document:
        return [page.render(scale=150 / 72).to_pil().convert("L") for page in document]


def paper(ws: Path) -> dict[tuple[str, int], Image.Image]:
    """Every issued page by case and number."""
    found = {}
    for pdf in sorted((ws / "issued").glob("*/jincheng-authorisation.pdf")):
        for number, page in enumerate(pages_of(pdf), start=1):
            found[pdf.parent.name, number] = page
    assert len(found) == 2 * CASES
    return found


def scan(pages: list[Image.Image], target: Path) -> Path:
    """Pages into one file, by its suffix."""
    if target.suffix == ".pdf":
        folder = target.parent / f".{target.stem}"
        folder.mkdir()
        for number, page in enumerate(pages):
            page.save(folder / f"{number:03}.png", dpi=(150, 150))
        target.write_bytes(img2pdf.convert(sorted(map(str, folder.iterdir()))))
        shutil.rmtree(folder)
    elif len(pages) > 1:
        pages[0].save(target, save_all=True, append_images=pages[1:], dpi=(150, 150))
    else:
        pages[0].save(target, dpi=(150, 150))
    return target


def places(told: dict[str, Any]) -> list[tuple[str, int]]:
    """Where every page was said to be, in documents and unplaced."""
    found = [
        (page["source"], page["source_page"])
        for document in told["documents"]
        for page in document["pages"]
        if page["state"] != "missing"
    ]
    return found + [(page["source"], page["source_page"]) for page in told["unplaced"]]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def records(ws: Path) -> list[str]:
    """Everything the registry says of returns."""
    with sqlite3.connect(ws / "registry.sqlite") as connection:
        tables = ("returned", "return_page", "observation", "finding", "batch")
        return [
            str(row) for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]


def document_of(told: dict[str, Any], case: str) -> dict[str, Any]:
    (found,) = [document for document in told["documents"] if document["case"] == case]
    return found


@pytest.fixture
def pile(ws: Path, tmp_path: Path) -> Path:
    """A mixed pile: turned, shuffled, doubled, blank and superseded pages in files of every kind."""
    folder = tmp_path / "pile"
    (folder / "子文件夹").mkdir(parents=True)
    page = paper(ws)
    old = pages_of(next((ws / "issued" / "K-0000" / "superseded").glob("*.pdf")))
    blank = Image.new("L", (1240, 1754), 255)
    mixed = [
        page["K-0001", 2].rotate(180),
        blank,
        page["K-0000", 1].transpose(Image.Transpose.ROTATE_90),
        page["K-0002", 1],
    ]
    scan(mixed, folder / "扫描 一.pdf")
    scan([page["K-0000", 2], page["K-0001", 1]], folder / "传真.tif")
    scan([page["K-0002", 2].transpose(Image.Transpose.ROTATE_270)], folder / "子文件夹" / "照片.jpg")
    scan([page["K-0002", 2]], folder / "again.png")
    scan(old[:1], folder / "old.png")
    return folder


def test_every_page_is_placed_or_listed_once(ws: Path, pile: Path, run: Run) -> None:
    """Each page of a shuffled mixed pile is in its document, turned right, or listed with its reason; exactly once."""
    letter = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(letter).multiline_text((200, 300), "NOTICE\n" * 20, fill=0, font_size=40)
    scan([letter], pile / "letter.png")
    code, told = run("verify", ws, pile, "--workers", "2")
    assert code in (10, 11)
    sources = {
        "扫描 一.pdf": 4,
        "letter.png": 1,
        "传真.tif": 2,
        "子文件夹/照片.jpg": 1,
        "again.png": 1,
        "old.png": 1,
    }
    wanted = [(name, page) for name, pages in sources.items() for page in range(1, pages + 1)]
    assert sorted(places(told)) == sorted(wanted)
    reasons = {(page["source"], page["source_page"]): page["reason"] for page in told["unplaced"]}
    assert reasons[("old.png", 1)] == "superseded"
    assert reasons[("letter.png", 1)] == "unknown-document"
    assert reasons[("扫描 一.pdf", 2)] == "blank-page"
    assert len(reasons) == 3
    assert len(told["documents"]) == CASES
    turns = {
        (page["source"], page["source_page"]): page["rotation"]
        for document in told["documents"]
        for page in document["pages"]
    }
    assert turns[("扫描 一.pdf", 1)] == 180
    assert turns[("扫描 一.pdf", 3)] == 90
    assert turns[("子文件夹/照片.jpg", 1)] == 270 or turns[("again.png", 1)] == 0
    states = Counter(page["state"] for page in document_of(told, "K-0002")["pages"])
    assert states == {"found": 2, "duplicate": 1}
    for document in told["documents"]:
        with pikepdf.Pdf.open(ws / document["filed"]) as filed:
            assert len(filed.pages) == 2


def test_filed_pages_stand_upright(ws: Path, pile: Path, run: Run) -> None:
    """The filed PDF shows every page as it was issued, whichever way it lay in the pile."""
    run("verify", ws, pile)
    for (case, number), issued_page in paper(ws).items():
        filed = pages_of(ws / "returned" / case / "jincheng-authorisation" / "jincheng-authorisation.pdf")
        pair = [np.asarray(image.resize((62, 88)), float) for image in (filed[number - 1], issued_page)]
        assert np.abs(pair[0] - pair[1]).mean() < 6, (case, number)


def test_verifying_twice_changes_nothing(ws: Path, pile: Path, run: Run) -> None:
    """The same pile again: same answer, and neither returned/, reports/ nor the registry differ."""
    first = run("verify", ws, pile)
    before = tree(ws / "returned"), tree(ws / "reports"), records(ws)
    second = run("verify", ws, pile)
    assert (tree(ws / "returned"), tree(ws / "reports"), records(ws)) == before
    for _, told in (first, second):
        for document in told["documents"]:
            document.pop("note")
    assert first == second


def test_a_document_may_come_in_two_batches(ws: Path, tmp_path: Path, run: Run) -> None:
    """A page that comes later joins the one that is back; what was filed before is in the history."""
    page = paper(ws)
    one, two = (scan([page["K-0001", number]], tmp_path / f"{number}.png") for number in (1, 2))
    told = document_of(run("verify", ws, one)[1], "K-0001")
    assert [item["state"] for item in told["pages"]] == ["found", "missing"]
    assert "page-missing" in {finding["code"] for finding in told["findings"]}
    told = document_of(run("verify", ws, two)[1], "K-0001")
    assert [(item["state"], item["source"]) for item in told["pages"]] == [
        ("found", "1.png"),
        ("found", "2.png"),
    ]
    assert "page-missing" not in {finding["code"] for finding in told["findings"]}
    folder = ws / "returned" / "K-0001" / "jincheng-authorisation"
    with pikepdf.Pdf.open(folder / "jincheng-authorisation.pdf") as filed:
        assert len(filed.pages) == 2
    with pikepdf.Pdf.open(folder / "history" / "1" / "jincheng-authorisation.pdf") as before:
        assert len(before.pages) == 1
    again = tree(ws / "returned")
    run("verify", ws, one)
    assert tree(ws / "returned") == again


def sealed(page: Image.Image, ws: Path, case: str, number: int) -> Image.Image:
    """A page with a round red seal of 40 mm and pen strokes where its fields are."""
    with Registry.open(ws / "registry.sqlite", create=False) as registry:
        issue = registry.current_for(case, "jincheng-authorisation", "立项用地规划许可")
    assert issue is not None
    picture, scale, chance = page.convert("RGB"), 150 / 25.4, random.Random(number)
    draw = ImageDraw.Draw(picture)
    for area in issue.areas:
        if area.page != number or not area.is_open:
            continue
        x0, y0, x1, y1 = (side * scale for side in (area.box.x0, area.box.y0, area.box.x1, area.box.y1))
        line = [(chance.uniform(x0, x1), chance.uniform(y0 + 2, y1 - 2)) for _ in range(14)]
        draw.line(line, fill=(20, 20, 90), width=3, joint="curve")
        if area.kind == "signature":
            x, y, radius = (x0 + x1) / 2, (y0 + y1) / 2, 20 * scale
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(205, 40, 45), width=7)
            draw.regular_polygon((x, y, radius / 3), 5, fill=(205, 40, 45))
    return picture


def test_a_signed_return_replaces_the_unsigned_one(ws: Path, tmp_path: Path, run: Run) -> None:
    """A page that comes back signed takes the unsigned one's place, whose files stay in the history; the unsigned one,
    sent once more, changes nothing.
    """
    page = paper(ws)
    pages = [page["K-0001", number] for number in (1, 2)]
    unsigned = scan([image.convert("RGB") for image in pages], tmp_path / "unsigned.pdf")
    signed = scan(
        [sealed(image, ws, "K-0001", number) for number, image in enumerate(pages, start=1)],
        tmp_path / "signed.pdf",
    )
    told = document_of(run("verify", ws, unsigned)[1], "K-0001")
    assert "signature-missing" in {finding["code"] for finding in told["findings"]}
    told = document_of(run("verify", ws, signed)[1], "K-0001")
    assert "signature-missing" not in {finding["code"] for finding in told["findings"]}
    folder = ws / "returned" / "K-0001" / "jincheng-authorisation"
    assert (folder / "history" / "1" / "jincheng-authorisation.pdf").is_file()
    before = tree(ws / "returned")
    told = document_of(run("verify", ws, unsigned)[1], "K-0001")
    assert tree(ws / "returned") == before
    assert Counter(item["state"] for item in told["pages"]) == {"found": 2, "duplicate": 2}
    assert "signature-missing" not in {finding["code"] for finding in told["findings"]}


def test_a_filed_document_that_was_edited_is_set_aside(ws: Path, tmp_path: Path, run: Run) -> None:
    """A filed file that somebody changed is kept in the history, and a warning names it."""
    page = paper(ws)
    source = scan([page["K-0001", 1], page["K-0001", 2]], tmp_path / "both.tif")
    run("verify", ws, source)
    filed = ws / "returned" / "K-0001" / "jincheng-authorisation" / "findings.json"
    filed.write_text("改过")
    _, told = run("verify", ws, source)
    assert any("findings.json" in warning["where"] for warning in told["warnings"])
    kept = list((filed.parent / "history").rglob("findings.json"))
    assert [path.read_text() for path in kept] == ["改过"]
    assert filed.read_text() != "改过"


def test_a_bad_file_stops_nothing_else(ws: Path, tmp_path: Path, run: Run) -> None:
    """Broken, truncated, encrypted and foreign files are reported by name; what else is in the pile is verified."""
    folder = tmp_path / "pile"
    folder.mkdir()
    page = paper(ws)
    scan([page["K-0001", 1], page["K-0001", 2]], folder / "good.pdf")
    whole = (folder / "good.pdf").read_bytes()
    (folder / "cut.pdf").write_bytes(whole[: len(whole) // 3])
    (folder / "noise.jpg").write_bytes(b"\xff\xd8\xff" + random.Random(1).randbytes(5000))
    (folder / "empty.png").write_bytes(b"")
    with pikepdf.Pdf.open(folder / "good.pdf") as pdf:
        pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    code, told = run("verify", ws, folder)
    assert code == 30
    assert {item["source"] for item in told["failed"]} == {"cut.pdf", "noise.jpg", "empty.png", "locked.pdf"}
    assert {page["source"] for page in told["unplaced"]} == {
        "cut.pdf",
        "noise.jpg",
        "empty.png",
        "locked.pdf",
    }
    assert all(page["reason"] == "unreadable" for page in told["unplaced"])
    states = [page["state"] for page in document_of(told, "K-0001")["pages"]]
    assert states == ["found", "found"]


@pytest.mark.timeout(600)
def test_killed_at_any_moment_a_rerun_completes(ws: Path, pile: Path, daiban: Start, run: Run) -> None:
    """kill -9 at random moments: running again files everything whole, as if nothing had happened."""
    clean = Path(shutil.copytree(ws, ws.parent / "clean"))
    chance = random.Random(20261121)
    for _ in range(6):
        process = daiban("verify", ws, pile, "--workers", "2", "--json")
        time.sleep(chance.uniform(0.5, 6.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    run("verify", ws, pile)
    run("verify", clean, pile)
    assert whole(ws) == whole(clean)
    assert not list((ws / ".daiban").glob("staging-*"))


def whole(ws: Path) -> dict[str, bytes]:
    """What is filed now, history apart."""
    return {name: data for name, data in tree(ws / "returned").items() if "history" not in name}


def test_two_at_once_file_once(ws: Path, pile: Path, daiban: Start) -> None:
    """Two verifies of one pile at once: one waits for the other, and everything is filed once."""
    both = [daiban("verify", ws, pile, "--json") for _ in range(2)]
    for process in both:
        process.communicate(timeout=200)
        assert process.returncode in (10, 11)
    assert not list((ws / "returned").rglob("history"))
    with sqlite3.connect(ws / "registry.sqlite") as connection:
        rows = connection.execute("SELECT issue, generation, filed_at FROM returned").fetchall()
    assert sorted(generation for _, generation, _ in rows) == [1] * CASES
    assert all(filed_at for _, _, filed_at in rows)


def test_a_full_disk_loses_nothing(issued: Path, pile: Path, tmp_path: Path, run: Run) -> None:
    """On a full disk the run says so with exit code 50; with room again it completes."""
    with small_disk(tmp_path / "disk", "8m") as disk:
        ws = Path(shutil.copytree(issued, disk / "ws"))
        room = shutil.disk_usage(disk).free
        filler = disk / "filler"
        filler.write_bytes(b"x" * max(0, room - 400_000))
        code, _ = run("verify", ws, pile, "--workers", "1")
        assert code == 50
        filler.unlink()
        enlarge(disk)
        code, told = run("verify", ws, pile)
        assert code in (10, 11)
        assert len(told["documents"]) == CASES
        assert all((ws / document["filed"]).is_file() for document in told["documents"])
