"""Tries the wheel as a user gets it: ``python tools/check_wheel.py``; part of ``make check``.

Builds sdist and wheel, holds their contents against the lists in pyproject.toml, installs the wheel alone into an
empty virtual environment and, with that installation, issues documents of the sample and verifies their simulated
returns. The returns are made with the development environment, because the wheel does not contain the simulator.
Without LibreOffice only DOCX are issued and nothing is verified; that is said, and is not a failure.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
FORM = "jincheng-authorisation"
CASES = ("JC-2026-001", "JC-2026-002", "JC-2026-003")
#: Exit codes of the command that are no failure here.
DONE, INCOMPLETE, REVIEW, TOOL_MISSING = 0, 10, 11, 40
#: What an sdist has beside the packages.
SDIST_FILES = {"LICENSE", "MANIFEST.in", "PKG-INFO", "README.md", "pyproject.toml", "setup.cfg"}

Run = subprocess.CompletedProcess[str]


def run(folder: Path, *command: object, accepted: Sequence[int] = (DONE,), path: Path | None = None) -> Run:
    """Run a command in a folder outside the repository; the script ends with its output where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in accepted:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def build(folder: Path) -> tuple[Path, Path]:
    """Sdist and wheel, the wheel from the sdist: what an earlier build left in the tree gets into neither."""
    run(folder, sys.executable, "-m", "build", "--outdir", folder, ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def shipped() -> set[str]:
    """Every file that the lists in pyproject.toml mean to ship."""
    folders = {package: Path(*package.split(".")) for package in SETUPTOOLS["packages"]}
    modules = {
        (folder / module.name).as_posix()
        for folder in folders.values()
        for module in (ROOT / folder).glob("*.py")
    }
    data = SETUPTOOLS["package-data"].items()
    return modules | {(folders[package] / name).as_posix() for package, names in data for name in names}


def check_contents(sdist: Path, wheel: Path) -> None:
    """Both hold exactly what is meant to ship, beside the metadata."""
    with zipfile.ZipFile(wheel) as archive:
        compare("wheel", (name for name in archive.namelist() if ".dist-info/" not in name))
    with tarfile.open(sdist) as archive:
        files = (member.name.partition("/")[2] for member in archive.getmembers() if member.isfile())
        compare("sdist", (name for name in files if "egg-info/" not in name and name not in SDIST_FILES))


def compare(what: str, names: Iterable[str]) -> None:
    """The script ends with the difference where there is one."""
    found, meant = set(names), shipped()
    if found != meant:
        raise SystemExit(f"{what}: too many {sorted(found - meant)}, lacking {sorted(meant - found)}")


def install(wheel: Path, folder: Path) -> Path:
    """An environment with the wheel and what it requires, and nothing else; its folder of commands."""
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / "bin"
    run(folder, binaries / "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel)
    for absent in ("simulator", "bench", "tests", "pytest"):
        run(folder, binaries / "python", "-c", f"import {absent}", accepted=(1,))
    version = run(folder, binaries / "daiban", "--version").stdout.split()[-1]
    if wheel.name.split("-")[1] != version:
        raise SystemExit(f"{wheel.name} says of itself that it is {version}")
    return binaries


def issue_and_verify(daiban: Path, folder: Path) -> str:
    """The sample's way from roster to verdict; what was done, in a sentence."""
    workspace, returns = folder / "workspace", folder / "returns"
    run(folder, daiban, "init", workspace, "--sample")
    chosen = [word for case in CASES for word in ("--case", case)]
    generate = (daiban, "generate", workspace, *chosen, "--form", FORM, "--workers", "1", "--json")
    generated = run(folder, *generate, accepted=(DONE, TOOL_MISSING))
    issued = json.loads(generated.stdout)["issued"]
    if len(issued) != len(CASES):
        raise SystemExit(f"{len(issued)} of {len(CASES)} documents issued\n{generated.stdout}")
    if generated.returncode == TOOL_MISSING:
        return f"{len(issued)} DOCX issued; without LibreOffice there is nothing to verify"
    simulate = ("-m", "simulator", workspace, returns, "--tier", "A", "--spoil", "none")
    run(folder, sys.executable, *simulate, path=ROOT)
    (returns / "truth.json").unlink()
    verify = (daiban, "verify", workspace, returns, "--workers", "1", "--json")
    result = json.loads(run(folder, *verify, accepted=(DONE, INCOMPLETE, REVIEW)).stdout)
    verdicts = {document["issue"]: document["verdict"] for document in result["documents"]}
    if set(verdicts) != {item["issue"] for item in issued} or "incomplete" in verdicts.values():
        raise SystemExit(f"complete returns were read as {verdicts}")
    if result["unplaced"] or result["failed"]:
        raise SystemExit(f"not every page has its place: {result['unplaced']} {result['failed']}")
    return f"{len(issued)} documents issued and verified: {', '.join(sorted(verdicts.values()))}"


def main() -> None:
    """Build, look inside, install, issue and verify."""
    with tempfile.TemporaryDirectory(prefix="daiban-wheel-") as name:
        folder = Path(name)
        sdist, wheel = build(folder)
        check_contents(sdist, wheel)
        binaries = install(wheel, folder)
        print(f"{wheel.name}: {issue_and_verify(binaries / 'daiban', folder)}")


if __name__ == "__main__":
    main()
