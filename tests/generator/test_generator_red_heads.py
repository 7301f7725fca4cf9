"""Red heads and red rules measured on the page, against GB/T 9704-2012: 7.2 a notice, 10.1 a letter, 10.3 minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2
import pytest

from cases.samples import load_case_files
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from generator.model import Produced

pytestmark = pytest.mark.office

PAGE_MM, TOP_MM, TYPE_AREA_MM = 297, 37, (28, 184)
DPI = 300
MM = 25.4 / DPI
#: A character of 3号, and how far 10.1 has a letter's number from the rule over it.
CHARACTER_MM = 16 * 25.4 / 72
NEAR = 0.4
LETTER, MINUTES, NOTICE = (
    f"yangcheng-{name}" for name in ("referral-letter", "review-minutes", "supervision-notice")
)


@dataclass(frozen=True)
class Head:
    """What stands on a first page, mm from the paper's upper edge.

    ``sign``: first and last ink of 发文机关标志; ``rules``: (left, right, middle, weight) of each red rule;
    ``black``: first and last ink of each line of black text.
    """

    sign: tuple[float, float]
    rules: list[tuple[float, float, float, float]]
    black: list[tuple[float, float]]


@pytest.fixture(scope="module")
def head_of(press_all: Callable[..., list[Produced]]) -> Callable[[str], Head]:
    """The head of a form filled from a sample case."""

    @lru_cache
    def measured(name: str) -> Head:
        case = next(case for case in load_case_files() if case.id == "YC-2026-001")
        data = document_data(Deriver(Settings()).planned(case), Settings())
        pdf = press_all(name, data.field_tree())[0].pdf
        assert pdf is not None
        return Head(_ink(pdf, red=True)[0], _red_rules(pdf), _ink(pdf, red=False))

    return measured


def _red_rules(pdf: Path) -> list[tuple[float, float, float, float]]:
    with pdfplumber.open(pdf) as document:
        lines = [line for line in document.pages[0].lines if line["stroking_color"] == (1.0, 0.0, 0.0)]
    found = {
        tuple(round(line[side] * 25.4 / 72, 2) for side in ("x0", "x1", "top", "linewidth")) for line in lines
    }
    return sorted(found, key=lambda rule: rule[2])  # type: ignore[arg-type,return-value]


def _ink(pdf: Path, *, red: bool) -> list[tuple[float, float]]:
    """Rows of ink of one colour inside the 版心's width, from the top."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72).to_numpy().astype(int)
    blue, green, reds = picture[..., 0], picture[..., 1], picture[..., 2]
    wanted = (reds > 150) & (green < 110) & (blue < 110) if red else reds < 140
    left, right = (round(side / MM) for side in TYPE_AREA_MM)
    rows = wanted[:, left + 60 : right - 80].any(axis=1).astype(np.int8)  # without the page marks
    edges = np.flatnonzero(np.diff(rows, prepend=0, append=0))
    return [(float(start) * MM, float(end) * MM) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _under(head: Head, place: float) -> tuple[float, float]:
    return next(line for line in head.black if line[0] > place)


def _over(head: Head, place: float) -> tuple[float, float]:
    return [line for line in head.black if line[1] < place][-1]


def test_a_letters_sign_stands_under_the_papers_edge(head_of: Callable[[str], Head]) -> None:
    """发文机关标志 of a letter begins 30 mm under the paper's upper edge (10.1)."""
    assert head_of(LETTER).sign[0] == pytest.approx(30, abs=NEAR)


def test_a_letters_rules_are_two_double_lines(head_of: Callable[[str], Head]) -> None:
    """Thick over thin 4 mm under the sign, thin over thick 20 mm over the lower edge, 170 mm long and centred."""
    head = head_of(LETTER)
    assert len(head.rules) == 4
    thick, thin, foot_thin, foot_thick = head.rules
    assert thick[2] - thick[3] / 2 - head.sign[1] == pytest.approx(4, abs=NEAR)
    assert PAGE_MM - (foot_thick[2] + foot_thick[3] / 2) == pytest.approx(20, abs=NEAR)
    assert thick[3] > 2 * thin[3] and foot_thick[3] > 2 * foot_thin[3]
    assert all(rule[:2] == pytest.approx((20, 190), abs=0.1) for rule in head.rules)


def test_a_letters_number_stands_under_the_rule(head_of: Callable[[str], Head]) -> None:
    """发文字号 stands seven eighths of a character under the first red rule, the title two lines under it (10.1)."""
    head = head_of(LETTER)
    number = _under(head, head.rules[1][2] + 0.5)
    assert number[0] - head.rules[1][2] == pytest.approx(CHARACTER_MM * 7 / 8, abs=NEAR)
    title = _under(head, number[1])
    assert title[0] - number[1] == pytest.approx(2 * 28.95 * 25.4 / 72, abs=3)


@pytest.mark.parametrize("name", [MINUTES, NOTICE])
def test_a_sign_stands_under_the_type_area(head_of: Callable[[str], Head], name: str) -> None:
    """纪要标志, and 发文机关标志 of a notice, begin 35 mm under the upper edge of the 版心 (7.2.4, 10.3)."""
    assert head_of(name).sign[0] == pytest.approx(TOP_MM + 35, abs=NEAR)


@pytest.mark.parametrize("name", [MINUTES, NOTICE])
def test_a_rule_stands_under_the_number(head_of: Callable[[str], Head], name: str) -> None:
    """The red rule is as wide as the 版心 and 4 mm under 发文字号 (7.2.7)."""
    head = head_of(name)
    ((left, right, middle, weight),) = head.rules
    assert (left, right) == pytest.approx(TYPE_AREA_MM, abs=0.5)
    number = _over(head, middle - weight)
    assert middle - weight / 2 - number[1] == pytest.approx(4, abs=NEAR)
