"""What pyproject.toml and constraints.txt list is what there is; tools/check_wheel.py tries the wheel itself."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import daiban

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT, SETUPTOOLS = PYPROJECT["project"], PYPROJECT["tool"]["setuptools"]
ROOMS = ("cases", "daiban", "extractors", "forms", "foundation", "generator")
NOT_SHIPPED = ("bench", "simulator", "tests", "tools")


def test_every_package_is_listed() -> None:
    """A folder with modules in one of the rooms is a package of the wheel, and nothing else is."""
    folders = {path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert sorted(".".join(folder.relative_to(ROOT).parts) for folder in folders) == sorted(
        SETUPTOOLS["packages"]
    )


def test_simulator_does_not_ship() -> None:
    """Simulator, benches, tools and tests are in no wheel, and nothing that ships imports them."""
    assert not {name.partition(".")[0] for name in SETUPTOOLS["packages"]} & set(NOT_SHIPPED)
    imported = {
        (path.relative_to(ROOT).as_posix(), name)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in imports_of(path)
    }
    assert [place for place, name in sorted(imported) if name in NOT_SHIPPED] == []


def imports_of(path: Path) -> Iterator[str]:
    """The top packages that a module imports, inside its functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_data_files_ship_by_exact_name() -> None:
    """Every file in a room that is no module is listed by name to ship, and every listed file is there."""
    files = {path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()}
    data = {path for path in files if path.suffix not in (".py", ".pyc")}
    listed = {
        ROOT.joinpath(*package.split("."), name)
        for package, names in SETUPTOOLS["package-data"].items()
        for name in names
    }
    assert listed == data


def test_every_room_ships_its_types() -> None:
    """Whoever uses a room from a type-checked program gets its types: each ships a ``py.typed``."""
    assert sorted(
        room for room, names in SETUPTOOLS["package-data"].items() if "py.typed" in names
    ) == sorted(ROOMS)


def test_version_has_one_source() -> None:
    """The wheel takes its version from ``daiban.__version__``, which ``daiban --version`` says."""
    assert "version" in PROJECT["dynamic"]
    assert PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "daiban.__version__"}
    assert daiban.__version__.count(".") == 2


def test_constraints_are_what_the_project_needs() -> None:
    """Every package that the project and its extras need, directly or through another, is pinned, and no other."""
    requirements = [*PROJECT["dependencies"]]
    requirements += [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    }
    assert pinned == needed([Requirement(text) for text in requirements])


def test_the_lock_gives_the_same_versions_with_hashes_and_no_host() -> None:
    """``make setup`` installs the versions of constraints.txt, each file of a known hash, whatever host it comes from;
    only what other systems need, and what builds the project, stands in the lock alone.
    """
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)[^\n]*((?:\n    --hash=\S+[^\n]*)*)", lock, re.M)
    locked = {canonicalize_name(name): version for name, version, _ in entries}
    constraints = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in constraints if not line.startswith("#"))
    known = {canonicalize_name(name): version for name, version in pinned.items()}
    assert known.items() <= locked.items(), "run make lock"
    assert locked.keys() - known <= {"setuptools", "colorama", "tzdata"}, "run make lock"
    assert all("--hash=sha256:" in hashes for _, _, hashes in entries)
    assert "//" not in lock
    assert "--index" not in lock


def needed(requirements: list[Requirement]) -> set[str]:
    """The names of these requirements and of all that they require here, extras included."""
    seen: set[tuple[str, str]] = set()
    while requirements:
        requirement = requirements.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            requirements += required_by(name, extra)
    return {name for name, _ in seen}


def required_by(name: str, extra: str) -> Iterator[Requirement]:
    """What an installed package requires in this environment, with one of its extras or (``""``) without."""
    for text in metadata.requires(name) or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement
