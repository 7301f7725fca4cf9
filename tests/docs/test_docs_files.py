"""The documents name what is there: files, make targets, decisions, messages."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("daiban", "generator", "extractors", "forms", "cases", "foundation")
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
)
#: Paths a page gives as an example of what its reader will make.
EXAMPLES = {"forms/jincheng/receipt/form.toml"}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def named_paths(text: str) -> set[str]:
    """Everything in backticks that looks like a path of this repository."""
    found = re.findall(r"`((?:\w[\w.-]*/)+[\w.-]*)`", text)
    tops = {item.name for item in ROOT.iterdir()} - {"demo"}
    return {path for path in found if path.partition("/")[0] in tops} - EXAMPLES


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_named_paths_exist(document: Path) -> None:
    """Every path of this repository that a document names is there."""
    # A workspace's own cases/ and forms/ stand for themselves.
    named = named_paths(document.read_text("utf-8")) - {"cases/", "forms/"}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Every link inside the repository leads to a file, and every link inside a page to a heading."""
    text = document.read_text("utf-8")
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert (document.parent / target).exists(), target


def test_pictures_are_small_and_can_be_made_anew() -> None:
    """Every picture of docs/ is one that ``make pictures`` makes, is shown by a page, and is small."""
    tool = runpy.run_path(str(ROOT / "tools" / "doc_pictures.py"))
    kept = sorted((ROOT / "docs" / "pictures").iterdir())
    assert [path.stem for path in kept] == sorted(tool["SCREENS"])
    assert [path.name for path in kept if path.stat().st_size > tool["LARGEST_BYTES"]] == []
    shown = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [path.name for path in kept if f"](pictures/{path.name})" not in shown] == []


def test_list_of_modules_is_up_to_date() -> None:
    """docs/modules.md is what ``make docs`` writes, and every module in it says what it is for."""
    page = runpy.run_path(str(ROOT / "tools" / "list_modules.py"))["page"]()
    assert read("docs/modules.md") == page
    assert re.findall(r"^\| `.+` \|  \|$", page, re.MULTILINE) == []


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md", "docs/architecture.md"])
def test_make_targets_exist(document: str) -> None:
    """Every make target a document names is in the Makefile, and the READMEs name both that set up."""
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", read(document), re.MULTILINE))
    assert named <= targets
    if document.startswith("README"):
        assert {"demo", "test"} <= named


def test_every_decision_is_listed() -> None:
    """docs/decisions/README.md links every decision by number and title, in order, and no other."""
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    rows = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+) \|$", read("docs/decisions/README.md"), re.MULTILINE)
    assert [name for _, name, _ in rows] == files
    for number, name, _ in rows:
        assert name.startswith(f"{number}-")
        assert (folder / name).read_text("utf-8").startswith(f"# {number} ")


def test_quoted_messages_are_the_programs() -> None:
    """Every message that README.zh-CN.md explains is one that the program says."""
    table = read("README.zh-CN.md").partition("## 六")[2].partition("## 七")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ") and "看到" not in line]
    quoted = [part for row in rows for quote in re.findall(r"`([^`]+)`", row) for part in quote.split("……")]
    said = "".join(path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    wanted = [part for part in quoted if len(part) > 1 and not part.startswith(("✗", "daiban "))]
    assert len(wanted) > 10
    assert [part for part in wanted if not all(bit in said for bit in re.split("：|”，《|》", part))] == []
