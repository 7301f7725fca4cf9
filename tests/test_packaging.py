"""What a wheel would hold is what the project means to ship, file by file."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def test_every_package_is_listed() -> None:
    """A folder with modules in one of the rooms is a package of the wheel, and nothing else is."""
    rooms = ("cases", "daiban", "extractors", "forms", "foundation", "generator")
    folders = {path.parent for room in rooms for path in (ROOT / room).rglob("*.py")}
    assert sorted(".".join(folder.relative_to(ROOT).parts) for folder in folders) == sorted(
        SETUPTOOLS["packages"]
    )


def test_data_files_ship_by_exact_name() -> None:
    """Every form definition, template and sample case is listed by name, and every listed file is there."""
    data = SETUPTOOLS["package-data"]
    forms = [path for path in (ROOT / "forms").rglob("*") if path.suffix in (".toml", ".docx")]
    assert sorted(path.relative_to(ROOT / "forms").as_posix() for path in forms) == sorted(data["forms"])
    samples = (ROOT / "cases" / "samples").glob("*.yaml")
    assert sorted(path.name for path in samples) == sorted(data["cases.samples"])


def test_no_registry_host_is_named() -> None:
    """Neither lock nor configuration says where packages come from."""
    for name in ("pyproject.toml", "constraints.txt", "Makefile", "tools/setup-system.sh"):
        assert "://" not in (ROOT / name).read_text("utf-8"), name
