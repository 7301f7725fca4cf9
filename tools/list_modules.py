"""Writes docs/modules.md, the list of all modules with what each is for: ``python tools/list_modules.py``.

What is said of a module is the first sentence of its docstring. ``make docs`` writes the list anew, and a test fails
when it is out of date.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "modules.md"
#: The shipped packages from the application down, then what is never shipped.
FOLDERS = ("daiban", "generator", "extractors", "forms", "cases", "foundation", "simulator", "bench", "tools")
HEAD = """# Modules

Every module and what it is for, in the words of its docstring. Written by `make docs`; do not edit.
How the parts work together: [architecture.md](architecture.md).
"""


def summary(path: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<!e\.g)(?<=\.)\s+", paragraph, maxsplit=1)[0]


def section(folder: Path, level: int) -> Iterator[str]:
    """The lines of a folder: what it is for, its modules, then its subfolders."""
    modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    init = folder / "__init__.py"
    subfolders = sorted(path.parent for path in folder.glob("*/__init__.py"))
    yield from ("", f"{'#' * level} {folder.relative_to(ROOT).as_posix()}/", "")
    if init.exists():
        yield summary(init)
    if modules:
        yield from ("", "| module | |", "|---|---|")
    for path in modules:
        yield f"| `{path.name}` | {summary(path).replace('|', chr(92) + '|')} |"
    for subfolder in subfolders:
        yield from section(subfolder, level + 1)


def page() -> str:
    """The whole page."""
    lines = (line for name in FOLDERS for line in section(ROOT / name, 2))
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
