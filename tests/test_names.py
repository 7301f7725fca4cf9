"""One class name, one thing: whoever reads a name knows without its module which class is meant."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bench", "cases", "daiban", "extractors", "forms", "foundation", "generator", "simulator")


def public_classes() -> dict[str, list[str]]:
    """Per name of a public class, the modules that define one."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Migration":
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


def test_no_two_public_classes_bear_the_same_name() -> None:
    """No name of a public class is given twice in what ships, the simulator and the benches."""
    assert {name: places for name, places in public_classes().items() if len(places) > 1} == {}


def test_nothing_of_a_merge_is_left() -> None:
    """No file of ours holds two versions of a passage: in a docstring no other check would see it."""
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    files = [path for room in (*ROOMS, "tests", "tools", "docs") for path in (ROOT / room).rglob("*.*")]
    texts = [path for path in files if path.suffix in (".py", ".md", ".toml", ".html", ".css", ".js")]
    lines = ((path, line) for path in texts for line in path.read_text("utf-8").splitlines())
    assert [(path, line) for path, line in lines if line.startswith(marks)] == []
