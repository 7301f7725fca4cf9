"""Returns with real ink: families and their split, what is drawn, and the truth beside it."""

import numpy as np
import pytest

from extractors.model import IssuedDocument
from forms.geometry import Box
from simulator.defects.altered_print import lines_of
from simulator.paper.sheets import PaperSheet, sheets_of
from simulator.real_ink import overwriting, sealing
from simulator.real_ink.defects import INK_DEFECTS, defect_named, ink_defects
from simulator.real_ink.families import held_out, of_side, pick
from simulator.real_ink.library import InkLibrary, ink_folder, load_ink
from simulator.real_ink.lookalikes import KINDS, lay, lookalikes
from simulator.real_ink.pens import digit, pick_pen, signature, writers
from simulator.real_ink.returns import simulate_with_ink
from simulator.real_ink.scanners import scanned, scanners
from simulator.real_ink.signing import HABITS
from simulator.real_ink.wear import WEARS, Wear
from simulator.scanning.captures import LOOKS
from simulator.truth import CaseContext, Tier

DRAWN = InkLibrary()
needs_ink = pytest.mark.skipif(ink_folder() is None, reason="no folder of real ink here")
TIERS: tuple[Tier, ...] = ("A", "B", "C", "D")


def sheet() -> PaperSheet:
    """A blank sheet, a quarter of A4."""
    return PaperSheet(1, np.full((1400, 1400, 3), 255, np.uint8), 118.5, 118.5)


def test_a_third_of_a_pool_is_held_out_for_ever() -> None:
    """The split depends on the names alone, leaves none out and none on both sides."""
    names = [f"p{number:03d}" for number in range(51)]
    apart = held_out(names)
    assert len(apart) == 17 and apart == held_out(reversed(names))
    assert set(of_side(names, "fitting")) | apart == set(names)
    assert not set(of_side(names, "fitting")) & set(of_side(names, "held-out"))
    assert of_side(["only"], "fitting") == of_side(["only"], "held-out") == ("only",)


def test_a_family_is_picked_from_the_side_asked_for() -> None:
    """However often one is picked, none of the other side comes."""
    names, rng = ["a", "b", "c", "d", "e", "f"], np.random.default_rng(1)
    assert {pick(names, "held-out", rng) for _ in range(60)} == held_out(names)


def test_every_pool_has_families_on_both_sides() -> None:
    """Marks, seals, writers and scanners can each be counted on families that nothing was fitted to."""
    pools = [list(pool) for pool in lookalikes(DRAWN, "any").values()]
    pools += [list(sealing.seal_families(DRAWN, shape)) for shape in ("round", "oval", "square")]
    pools += [list(scanners(DRAWN, tier)) for tier in TIERS] + [list(writers(DRAWN))]
    for pool in pools:
        assert of_side(pool, "held-out") and of_side(pool, "fitting")


@pytest.mark.parametrize("kind", KINDS)
def test_a_lookalike_leaves_its_trace_in_its_place(kind: str) -> None:
    """Something of every kind is seen in the place it was laid into, and its family is of the side asked for."""
    for seed in range(3):
        paper, box = sheet(), Box(30, 35, 80, 80)
        family = lay(kind, paper, box, DRAWN, "held-out", np.random.default_rng(seed))
        assert paper.window(box.all_round(6)).min() < 250
        assert family.split("/")[1] in held_out(lookalikes(DRAWN, "any")[kind])


def test_the_same_seed_draws_the_same() -> None:
    """A mark of the same seed is the same to the last pixel."""
    one, other = sheet(), sheet()
    for paper in (one, other):
        lay("fingerprint", paper, Box(30, 35, 80, 80), DRAWN, "any", np.random.default_rng(5))
    assert np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("wear", WEARS)
def test_a_worn_seal_keeps_its_size_and_loses_or_moves_ink(wear: Wear) -> None:
    """Half-inked, scratched, doubled, faint, dry or smeared: it is the same seal, of the same width."""
    whole = sealing.press(DRAWN, "any", "round", np.random.default_rng(3))
    worn = sealing.press(DRAWN, "any", "round", np.random.default_rng(3), wears=(wear,))
    assert worn.width_mm == whole.width_mm and worn.mark.family == whole.mark.family
    assert 36 <= whole.width_mm <= 58 and not np.array_equal(worn.mark.alpha, whole.mark.alpha)


@pytest.mark.parametrize("library", [DRAWN, pytest.param(load_ink(ink_folder()), marks=needs_ink)])
def test_a_signature_is_as_wide_as_asked_for(library: InkLibrary) -> None:
    """Of real and of drawn writers alike, to a third; a digit is as high."""
    rng = np.random.default_rng(4)
    for side in ("fitting", "held-out"):
        mark = signature(library, side, pick_pen(rng), 30.0, rng, "王建国")  # type: ignore[arg-type]
        assert 18 < mark.size_mm[0] < 45 and 0.3 < mark.alpha.max() <= 1
        assert 1.5 < digit(library, "7", side, pick_pen(rng), 3.0, rng).size_mm[1] < 7  # type: ignore[arg-type]


@needs_ink
def test_the_folder_of_real_ink_is_read_with_its_sizes() -> None:
    """Writers, seals, stains, digits and shades are there, ink is 1 and paper 0, sizes are those of its list."""
    library = load_ink(ink_folder())
    assert len(library.signatures) >= 50 and set(library.digits) == set("0123456789")
    assert all(20 < seal.width_mm < 60 and seal.ink.mean() < 0.5 for seal in library.seals.values())
    assert all(stain.width_mm > 20 for stain in library.stains.values()) and library.shades


def test_every_defect_has_a_name_of_its_own_and_says_what_it_is() -> None:
    """Names do not meet those of the drawn simulator, and both kinds of defect are there."""
    assert all(name == defect.name and defect.title for name, defect in INK_DEFECTS.items())
    assert all(name.startswith("ink-") for name in INK_DEFECTS)
    assert ink_defects(harmless=True) and ink_defects(harmless=False)
    with pytest.raises(ValueError, match="no defect named"):
        defect_named("ink-nothing")


@pytest.mark.parametrize(
    "name", ["ink-signature-stain", "ink-date-slip", "ink-print-digit", "ink-checkbox-crease"]
)
def test_a_defect_makes_the_return_incomplete_and_is_expected(
    name: str, documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """A place with nothing but a look-alike stays blank in the truth; altered print is expected on its page."""
    document = next(item for item in documents if defect_named(name).fits(item))
    made = simulate_with_ink(
        document,
        np.random.default_rng(2),
        contexts[document.number],
        DRAWN,
        defects=[name],
        tier="A",
        side="held-out",
    )
    assert not made.truth.complete and made.truth.expected and made.side == "held-out"
    blank = {item.field for item in made.truth.expected if item.field}
    assert not any(item.filled for item in made.truth.written if item.id in blank)
    assert len(made.pages) == document.pages and any(
        family.startswith("scanner/") for family in made.families
    )


@pytest.mark.parametrize("seed", range(6))
def test_print_altered_by_pen_is_to_be_seen(seed: int, documents: list[IssuedDocument]) -> None:
    """Whatever is struck out or put in leaves ink: each of its characters is one that the typefaces hold."""
    assert documents[0].pdf is not None
    for change in (overwriting.insert, overwriting.strike):
        paper = sheets_of(documents[0].pdf)[0]
        before = paper.pixels.copy()
        line = next(line for line in lines_of(paper, []) if len(line) > 6)
        change(paper, line[1:5], np.random.default_rng(seed))
        assert ((before != paper.pixels).any(axis=2)).sum() > 400


@pytest.mark.parametrize("habit", list(HABITS))
def test_unusual_ink_is_complete(
    habit: str, documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Red pen, a marker, a tiny signature, long-armed ticks, a half-inked seal: each is as valid as any."""
    document = next(item for item in documents if "completion" in item.form_id)
    made = simulate_with_ink(
        document,
        np.random.default_rng(6),
        contexts[document.number],
        DRAWN,
        tier="A",
        habit=habit,  # type: ignore[arg-type]
    )
    assert made.truth.complete and made.habit == habit


@pytest.mark.parametrize("tier", TIERS)
def test_every_scanner_gives_a_picture(
    tier: Tier, documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Of each tier's own machines: black and white is 0 and 255 only, and the look's name is told."""
    library = DRAWN
    assert documents[0].pdf is not None
    paper = sheets_of(documents[0].pdf)[0]
    for name in scanners(library, tier).keys() - LOOKS[tier].keys():
        shot = scanned(paper, library, tier, name, np.random.default_rng(1))
        assert shot.look == name and min(shot.pixels.shape[:2]) > 500
        assert not shot.bitonal or set(np.unique(shot.pixels)) <= {0, 255}
