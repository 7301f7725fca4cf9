"""Prints the lowest versions that pyproject.toml admits, as constraints for pip: ``python tools/lowest.py``.

A lower bound must therefore be a version that was released: ``>=4.10.0.84``, not ``>=4.10``, where there is no 4.10.
What only developers install (the extra "dev") is left out: it is pinned in constraints.txt.
Used by ``make check-lowest``.
"""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def lowest(requirements: list[str]) -> list[str]:
    """``name==version`` for each requirement that has a lower bound."""
    bounds = (
        (requirement.name, specifier.version)
        for requirement in map(Requirement, requirements)
        for specifier in requirement.specifier
        if specifier.operator == ">="
    )
    return [f"{name}=={version}" for name, version in bounds]


def main() -> None:
    """Print the constraints: the program's own requirements and those of its OCR."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    print(*lowest([*project["dependencies"], *project["optional-dependencies"]["ocr"]]), sep="\n")


if __name__ == "__main__":
    main()
