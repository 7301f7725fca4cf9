"""Leaves and nodes: what a template sees of a case."""

import datetime as dt

import pytest

from generator.values import CheckBoxLeaf, Leaf, Node


def test_an_open_leaf_is_false_and_prints_its_blank() -> None:
    """An open leaf prints no-break spaces, two to the em, and counts as absent in conditions."""
    leaf = Leaf(None, 4)
    assert str(leaf) == "\u00a0" * 8
    assert not leaf


def test_a_date_prints_without_leading_zeros() -> None:
    """GB/T 9704-2012 7.3.5.4: Arabic digits, full year, no leading zeros."""
    leaf = Leaf(dt.date(2026, 3, 5), 4)
    assert str(leaf) == "2026年3月5日"
    assert (leaf.year, leaf.month, leaf.day) == ("2026", "3", "5")


def test_an_open_date_has_three_open_slots() -> None:
    """Year, month and day of an open date are blanks of their own."""
    leaf = Leaf(None, 4)
    assert not (leaf.year + leaf.month + leaf.day).strip()
    assert len(leaf.year) > len(leaf.month) == len(leaf.day)


def test_a_box_prints_its_glyph() -> None:
    """A box is □ until it is ticked."""
    assert (str(CheckBoxLeaf(None, 1)), str(CheckBoxLeaf(True, 1))) == ("□", "☑")


def test_field_names_win_over_methods() -> None:
    """Names such as items and get are data, not methods of the node."""
    root = Node()
    root.put("plan.approval.items", Leaf("甲", 1))
    root.put("plan.approval.put_off", Leaf("乙", 1))
    assert str(root.plan.approval.items) == "甲"  # type: ignore[union-attr]


def test_entries_come_in_numerical_order() -> None:
    """Entry 10 follows entry 9, not entry 1."""
    root = Node()
    for number in (10, 2, 0, 9):
        root.put(f"ledger.{number}.content", Leaf(str(number), 1))
    assert [str(entry.content) for entry in root.ledger] == ["0", "2", "9", "10"]  # type: ignore[union-attr]


def test_an_unknown_name_is_an_error() -> None:
    """What was never put there is an AttributeError, which the template engine reports."""
    with pytest.raises(AttributeError):
        _ = Node().nothing
