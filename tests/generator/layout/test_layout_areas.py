"""From where a field's text stands to where a person writes."""

from typing import Any

import pytest

from forms.definition import FieldDefinition
from forms.geometry import MM_PER_PT, Box
from generator.layout.areas import RuledLines, area_on_paper

HEIGHT_PT = 842.0


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """One rule in points from the bottom left, as LibreOffice writes it."""
    return f"0.5 w 0 J 0 j\n{x0} {y0} m\n{x1} {y1} l S\n"


def grid(columns: list[float], rows: list[float]) -> RuledLines:
    """The rules of a table; columns from the left and rows from the top, in mm."""
    across = "".join(line(mm(columns[0]), up(y), mm(columns[-1]), up(y)) for y in rows)
    down = "".join(line(mm(x), up(rows[0]), mm(x), up(rows[-1])) for x in columns)
    return RuledLines.read((across + down).encode(), HEIGHT_PT)


def mm(value: float) -> float:
    return round(value / MM_PER_PT, 3)


def up(value: float) -> float:
    return round(HEIGHT_PT - value / MM_PER_PT, 3)


def field(area: Any) -> FieldDefinition:
    return FieldDefinition.model_validate(
        {"id": "project.name", "label": "项目名称", "filled_by": "office", "area": area}
    )


def rounded(box: Box) -> tuple[float, ...]:
    return tuple(round(value, 1) for value in (box.x0, box.y0, box.x1, box.y1))


def test_rules_are_read_in_mm_from_the_top() -> None:
    """A vertical and a horizontal stroke become one vertical and one horizontal rule, whichever way drawn."""
    rules = RuledLines.read(
        (line(72, 842 - 72, 72, 842 - 144) + line(216, 770, 72, 770)).encode(), page_height_pt=HEIGHT_PT
    )
    assert rules.vertical == (pytest.approx((25.4, 25.4, 50.8)),)
    assert rules.horizontal == (pytest.approx((25.4, 25.4, 76.2)),)


def test_other_drawing_is_no_rule() -> None:
    """Rectangles, curves, text and strokes with corners are not taken for table rules."""
    content = (
        b"10 10 m 20 20 30 30 40 40 c S\n1 1 5 5 re f\nBT /F1 12 Tf (x) Tj ET\n10 10 m\n20 10 l\n20 20 l S\n"
    )
    assert RuledLines.read(content, HEIGHT_PT) == RuledLines((), ())


def test_the_cell_is_the_innermost_around_the_text() -> None:
    """Of all rules the nearest on each side make the cell."""
    rules = grid([20, 60, 120, 190], [50, 70, 90])
    assert rounded(rules.cell(Box(65, 75, 80, 80)) or Box(0, 0, 0, 0)) == (60, 70, 120, 90)


def test_rules_beside_the_text_do_not_count() -> None:
    """A rule that ends above or before the text does not bound its cell."""
    long = [(20.0, 50.0, 90.0), (190.0, 50.0, 90.0)]
    short = [(100.0, 50.0, 70.0)]  # splits the first row only
    rules = RuledLines((*long, *short), ((50.0, 20.0, 190.0), (70.0, 20.0, 190.0), (90.0, 20.0, 190.0)))
    assert rules.cell(Box(80, 75, 95, 80)) == Box(20, 70, 190, 90)
    assert rules.cell(Box(80, 55, 95, 60)) == Box(20, 50, 100, 70)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("text", (65, 75, 80, 80)),
        ("cell", (60.4, 70.4, 119.6, 89.6)),
        ("row", (60.4, 75, 119.6, 80)),
        ({"left": 5, "right": 10, "up": 3, "down": -1}, (60, 72, 90, 79)),
    ],
)
def test_each_kind_of_area(area: Any, expected: tuple[float, ...]) -> None:
    """text is the blank itself, cell lies just inside the rules, row is the line across, a margin grows the blank."""
    rules = grid([20, 60, 120, 190], [50, 70, 90])
    assert rounded(area_on_paper(field(area), [Box(65, 75, 80, 80)], rules)) == expected


@pytest.mark.parametrize("area", ["cell", "row"])
def test_nothing_around_it_leaves_the_text(area: str) -> None:
    """Where no rules enclose the blank, its area is the blank."""
    text = Box(65, 75, 80, 80)
    assert area_on_paper(field(area), [text], RuledLines((), ())) == text
    open_below = RuledLines(((20, 50, 90), (190, 50, 90)), ((50, 20, 190),))
    assert area_on_paper(field(area), [text], open_below) == text


@pytest.mark.parametrize("area", ["text", {"up": 0}])
def test_a_split_blank_takes_its_wider_part(area: Any) -> None:
    """Of a blank cut in two by a line end the longer part is the area, in whichever order they come."""
    short, long = Box(150, 75, 160, 80), Box(28, 85, 70, 90)
    assert area_on_paper(field(area), [short, long], RuledLines((), ())) == long
    assert area_on_paper(field(area), [long, short], RuledLines((), ())) == long
