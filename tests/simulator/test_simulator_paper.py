"""The simulator of returns: what it makes is what it says it made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from extractors.model import FindingCode, IssuedDocument
from forms.geometry import Box
from simulator.defects.catalogue import DEFECTS, fitting_defects
from simulator.files import write_return_files
from simulator.filling.planning import complete_plan, required_open
from simulator.ink import handwriting, seals
from simulator.paper.sheets import PX, PaperSheet, sheets_of
from simulator.scanning.captures import LOOKS, capture, turned
from simulator.simulate import simulate
from simulator.truth import CaseContext, SimulatedDocument, Tier

pytestmark = pytest.mark.office
Simulate = Callable[..., SimulatedDocument]


def pick(documents: list[IssuedDocument], form: str) -> IssuedDocument:
    return next(item for item in documents if item.form_id == f"jincheng-{form}")


@pytest.fixture
def make(documents: list[IssuedDocument], contexts: dict[str, CaseContext]) -> Simulate:
    def run(
        form: str = "authorisation", seed: int = 1, tier: Tier = "A", **more: object
    ) -> SimulatedDocument:
        document = pick(documents, form)
        rng = np.random.default_rng(seed)
        return simulate(document, rng, contexts[document.number], tier=tier, **more)  # type: ignore[arg-type]

    return run


def darkness(sheet: PaperSheet, box: Box) -> float:
    return 255 - float(sheet.window(box).mean())


def test_same_seed_same_pixels(make: Simulate) -> None:
    """The same seed gives the same pictures and the same truth; another seed others."""
    first, again, other = make(seed=3), make(seed=3), make(seed=4)
    assert first.truth == again.truth
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first.pages, again.pages, strict=True))
    assert not all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first.pages, other.pages, strict=True))


@pytest.mark.parametrize("form", ["authorisation", "completion", "assessment"])
def test_complete_return_fills_all_that_is_required(
    make: Simulate, documents: list[IssuedDocument], form: str
) -> None:
    """Without a defect every required field is written, and nothing is to be found."""
    truth = make(form).truth
    filled = {item.id for item in truth.written if item.filled}
    assert {area.id for area in required_open(pick(documents, form))} <= filled
    assert truth.complete and truth.expected == ()


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_every_defect_says_what_should_be_found(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext], name: str
) -> None:
    """Every defect fits some document, and either is harmless or names findings of the contract with a place."""
    document = next(item for item in documents if DEFECTS[name].fits(item))
    made = simulate(document, np.random.default_rng(5), contexts[document.number], defects=[name], tier="A")
    codes = set(get_args(FindingCode))
    assert DEFECTS[name].title and made.truth.complete == DEFECTS[name].harmless
    assert all({item.code, *item.also} <= codes for item in made.truth.expected)
    assert DEFECTS[name].harmless or made.truth.expected
    known = {area.id for area in document.areas} | {None}
    assert all(item.field in known for item in made.truth.expected)


def test_defect_that_does_not_fit_is_refused(make: Simulate) -> None:
    """An unknown defect, or one a document cannot have, is an error, not a silently sound return."""
    with pytest.raises(ValueError, match="no defect"):
        make(defects=["no-such"])
    with pytest.raises(ValueError, match="does not fit"):
        make("assessment", defects=["unsigned"])


def test_print_is_altered_on_the_page_named(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """A defect of print changes the very page it names, outside the open fields, and no other."""
    from simulator.defects.base import ReturnDraft

    document = pick(documents, "authorisation")
    assert document.pdf
    for name in (item for item in DEFECTS if item.startswith("print-")):
        draft = ReturnDraft(document, contexts[document.number], np.random.default_rng(2), "A")
        draft.sheets = sheets_of(document.pdf)
        DEFECTS[name].change_blank_sheets(draft)
        changed = [
            sheet.number
            for sheet, before in zip(draft.sheets, sheets_of(document.pdf), strict=True)
            if not np.array_equal(sheet.pixels, before.pixels)
        ]
        assert changed == [draft.expected[0].page], name


@pytest.mark.parametrize(("tier", "look"), [(tier, look) for tier in LOOKS for look in LOOKS[tier]])
def test_pictures_have_their_tiers_size(documents: list[IssuedDocument], tier: Tier, look: str) -> None:
    """Scans have the resolution they claim, chat pictures 1280 px, black-and-white scans only black and white."""
    pdf = pick(documents, "authorisation").pdf
    assert pdf
    sheet = sheets_of(pdf)[0]
    shot = capture(sheet, tier, np.random.default_rng(6), look)
    long_side = max(shot.pixels.shape[:2])
    if look.startswith("chat"):
        assert long_side == 1280
    elif tier == "C":
        assert long_side >= 3264
    else:
        assert shot.dpi is not None and abs(long_side - sheet.height_mm / 25.4 * shot.dpi) < 2
    assert not shot.bitonal or set(np.unique(shot.pixels)) <= {0, 255}


def test_homography_leads_to_the_mark(documents: list[IssuedDocument]) -> None:
    """The matrix of a picture, turned or not, leads from mm on the page to where the print is."""
    pdf = pick(documents, "authorisation").pdf
    assert pdf
    sheet = sheets_of(pdf)[0]
    letter = next(item for item in sheet.characters if item.text == "委").box
    for quarters in range(4):
        shot = turned(capture(sheet, "A", np.random.default_rng(quarters), "grey-300"), quarters)
        assert shot.matrix is not None
        corners = np.array([[letter.x0, letter.y0, 1], [letter.x1, letter.y1, 1]]) @ shot.matrix.T
        points = corners[:, :2] / corners[:, 2:]
        (x0, y0), (x1, y1) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
        here = shot.pixels[y0 : y1 + 1, x0 : x1 + 1].mean()
        assert here < shot.pixels.mean() - 40


def test_writing_lands_in_its_field(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Every filled field is darker than it was issued, every blank one as it was."""
    from simulator.filling.entries import Writers, fill

    document = pick(documents, "completion")
    assert document.pdf
    rng = np.random.default_rng(9)
    plan = complete_plan(document, contexts[document.number], rng)
    sheets, blank = sheets_of(document.pdf), sheets_of(document.pdf)
    written = {item.id: item for item in fill(sheets, plan, Writers(rng, contexts[document.number]))}
    for area in (item for item in document.areas if item.is_open and written[item.id].filled):
        before, after = (darkness(pages[area.page - 1], area.box) for pages in (blank, sheets))
        assert after > before + 0.5, area.id


@pytest.mark.parametrize(("shape", "sides"), [("round", (38, 45)), ("oval", (30, 45)), ("square", (18, 22))])
def test_seals_have_their_size(shape: seals.SealShape, sides: tuple[float, float]) -> None:
    """A seal's ink is as large as it was cut, whatever way it was turned."""
    pressed = seals.press(shape, "晋城市太行有限公司", np.random.default_rng(3))
    ys, xs = np.nonzero(pressed.alpha > 0.15)
    width, height = (float(np.ptp(v)) / PX for v in (xs, ys))
    assert sides[0] - 4 < min(width, height) and max(width, height) < sides[1] * 1.35


def test_every_character_can_be_written() -> None:
    """The faces have every character the words need: nothing is written as an empty box."""
    from simulator.ink.words import ALPHABET

    hand = handwriting.pick_handwriting(np.random.default_rng(0))
    boxes = {handwriting.centre_line(hand.face, text)[0].shape for text in "\ue000"}
    empty = [text for text in ALPHABET if handwriting.centre_line(hand.face, text)[0].shape in boxes]
    assert empty == []


def test_pile_lists_every_picture_once(make: Simulate, tmp_path: Path) -> None:
    """Every picture is in exactly one file at the place the truth names, in the size it was made."""
    made = [make(seed=seed, tier=tier) for seed, tier in enumerate(("A", "B", "C", "D", "B"))]
    placed = write_return_files(made, tmp_path, np.random.default_rng(1))
    assert (
        len({(item.source, item.source_page) for item in placed})
        == len(placed)
        == sum(len(item.pages) for item in made)
    )
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert len(truth["pages"]) == len(placed)
    assert {item.source for item in placed} == {file.name for file in tmp_path.iterdir()} - {"truth.json"}
    for item in placed:
        if not item.source.endswith(".pdf"):
            with Image.open(tmp_path / item.source) as picture:
                picture.seek(item.source_page - 1)
                assert picture.size == item.page.pixels.shape[1::-1]


def test_tick_lands_on_the_printed_box(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """A tick crosses the printed □ itself, wherever in its line that stands."""
    from simulator.filling.entries import Writers, _printed_box, fill
    from simulator.filling.planning import PlannedEntry

    document = next(item for item in documents if item.form_id == "yangcheng-completion")
    assert document.pdf
    area = next(item for item in document.areas if item.is_open and item.kind == "checkbox")
    sheets, blank = sheets_of(document.pdf), sheets_of(document.pdf)
    writer = Writers(np.random.default_rng(4), contexts[document.number])
    fill(sheets, {area.id: PlannedEntry(area=area, methods=("tick",))}, writer)
    box = _printed_box(sheets[area.page - 1], area.box)
    assert box != area.box
    assert darkness(sheets[area.page - 1], box) > darkness(blank[area.page - 1], box) + 3


def test_fitting_never_offers_what_is_refused(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Any defect that is offered for a document can be made."""
    for document in documents[:3]:
        for name in fitting_defects(document, harmless=False)[:3]:
            simulate(document, np.random.default_rng(1), contexts[document.number], defects=[name], tier="D")
