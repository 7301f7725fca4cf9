"""docs/add-a-form.md: its example is a form that works, and the ids it promises exist."""

import re
import runpy
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.model.case import Case
from cases.samples import load_case_files, load_sample
from daiban.issuing import GenerateRequest, generate
from daiban.office import Office
from daiban.sample import make_workspace
from forms.definition import DocumentDefinition
from forms.lint.check import check_path
from forms.template.controls import read_controls
from tools.drafting.draft import write as write_template
from tools.drafting.markup import Controls
from tools.drafting.page import section

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-form.md").read_text("utf-8")


def block(name: str) -> str:
    """The fenced block after a marker comment."""
    match = re.search(rf"<!-- {re.escape(name)} -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)
    assert match is not None, name
    return match.group(1)


@pytest.fixture
def draft(tmp_path: Path) -> Callable[[Path], None]:
    """Writes the example into a folder, as the page says."""
    outline = tmp_path / "outline.py"
    outline.write_text(block("example: outline"), "utf-8")

    def write(folder: Path) -> None:
        folder.mkdir(parents=True)
        text = block("example: form.toml")
        (folder / "form.toml").write_text(text, "utf-8")
        definition: dict[str, Any] = tomllib.loads(text)
        labels = {item["id"]: item["label"] for item in definition["field"]}
        body = runpy.run_path(str(outline))["OUTLINES"]["receipt"](Controls(labels))
        write_template(folder / "template.docx", definition["title"], body, section())

    return write


def test_example_passes_the_lint(draft: Callable[[Path], None], tmp_path: Path) -> None:
    """The example has nothing for the lint to find, not even a warning."""
    draft(tmp_path / "receipt")
    assert check_path(tmp_path) == []


def test_table_of_controls_is_the_examples(draft: Callable[[Path], None], tmp_path: Path) -> None:
    """The table shows exactly the tags, titles and contents of the example's controls."""
    draft(tmp_path / "receipt")
    shown = set(re.findall(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \|$", PAGE, re.MULTILINE))
    controls = read_controls(tmp_path / "receipt" / "template.docx")
    assert {(control.tag, control.alias, control.text) for control in controls} == shown


@pytest.mark.office
def test_example_is_issued(draft: Callable[[Path], None], tmp_path: Path) -> None:
    """In a workspace's own forms the example gives DOCX and PDF, with as many open lines as the page says."""
    workspace = make_workspace(tmp_path / "ws", sample=True)
    draft(workspace.path / "forms" / "receipt")
    outcome = generate(
        Office(workspace), GenerateRequest(("JC-2026-001", "JC-2026-006"), ("jincheng-receipt",), 1)
    )
    assert outcome.failed == ()
    blanks = {
        item.case: sum(field.startswith("handover.") for field in item.blank) for item in outcome.issued
    }
    assert blanks == {"JC-2026-001": 3, "JC-2026-006": 0}
    assert all(item.pdf is not None for item in outcome.issued)


def test_example_document_is_one() -> None:
    """The document.toml on the page is read as one."""
    text = PAGE.split("```toml\n")[1].split("```")[0]
    assert DocumentDefinition.model_validate(tomllib.loads(text)).stages


def promised_ids() -> Iterator[str]:
    for line in block("ids of the case model").splitlines():
        first, *others = line.split()
        yield first
        yield from (first.rpartition(".")[0] + other for other in others)


def paths(tree: Any, before: str = "") -> Iterator[str]:
    """The dotted paths of a case's tree, list indices as ``*``."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield f"{before}{key}"
            yield from paths(value, f"{before}{key}.")
    elif isinstance(tree, list):
        for value in tree:
            yield from paths(value, f"{before}*.")


def test_promised_ids_are_of_the_case() -> None:
    """Every id that is said to have data is a path of the case model, and none is left out."""
    known = {path for case in (*load_sample(), *load_case_files()) for path in paths(case.tree())}
    promised = list(promised_ids())
    assert [field_id for field_id in promised if field_id not in known] == []
    groups = {name for name in Case.model_fields if name not in ("id", "document", "stage")}
    assert {field_id.partition(".")[0] for field_id in promised} == groups
