"""Data by field id."""

from foundation.field_tree import FieldNode, LateTree


def test_a_late_tree_works_out_a_member_once_and_only_when_asked() -> None:
    """What nobody asks for is never worked out; what was asked for twice, once."""
    asked: list[str] = []

    def member(name: str) -> FieldNode:
        asked.append(name)
        return name.upper()

    tree = LateTree({name: lambda name=name: member(name) for name in ("case", "plan", "archive")})
    assert list(tree) == ["case", "plan", "archive"]
    assert len(tree) == 3
    assert asked == []
    assert tree["plan"] == tree["plan"] == "PLAN"
    assert tree.get("nothing") is None
    assert asked == ["plan"]
