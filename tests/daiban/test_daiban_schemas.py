"""The published schemas: there for every command, up to date, and satisfied by what the commands really print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from daiban.cli import cli, main
from daiban.issuing import GenerateRequest, generate
from daiban.office import Office
from daiban.sample import make_workspace
from daiban.schemas import RESULTS, file_name, schema_text, schemas
from daiban.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schema"
Capture = pytest.CaptureFixture[str]
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A sample workspace with four documents out."""
    made = make_workspace(tmp_path_factory.mktemp("schemas") / "ws", sample=True)
    forms = ("jincheng-assessment", "jincheng-completion")
    generate(Office(made), GenerateRequest(("JC-2026-001", "JC-2026-006"), forms, 1))
    return made


@pytest.fixture
def run(capsys: Capture) -> Run:
    """Runs a command line with ``--json``; gives what it printed once it is found to satisfy the command's schema."""

    def outcome(schema: str, *arguments: str | Path) -> Any:
        main([*map(str, arguments), "--json"])
        printed = json.loads(capsys.readouterr().out)
        published = json.loads((FOLDER / file_name(schema)).read_text("utf-8"))
        Draft202012Validator(published).validate(printed)
        return printed

    return outcome


def commands_with_json(group: click.Group = cli, words: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in group.commands.items():
        if any("--json" in option.opts for option in command.params):
            yield " ".join((*words, name))
        if isinstance(command, click.Group):
            yield from commands_with_json(command, (*words, name))


def test_every_command_with_json_has_a_schema() -> None:
    """The commands that take --json are those whose results are published."""
    assert sorted(commands_with_json()) == sorted(RESULTS)


def test_published_schemas_are_up_to_date() -> None:
    """docs/schema holds what `make schemas` writes, and nothing else."""
    published = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert published == {name: schema_text(schema) for name, schema in schemas().items()}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_are_valid(name: str) -> None:
    """Each schema is one of JSON Schema 2020-12, says so, and allows for keys that later versions add."""
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert "2020-12" in str(schema["$schema"])
    assert '"additionalProperties": false' not in schema_text(schema)


def test_generate(workspace: Workspace, run: Run) -> None:
    """What was issued, what is unchanged, what failed and what is doubtful."""
    (workspace.cases / "bad.yaml").write_text("- id: X1\n", "utf-8")
    try:
        forms = ("--form", "jincheng-completion", "--form", "jincheng-ledger")
        printed = run("generate", "generate", workspace.path, "--case", "JC-2026-006", *forms)
        again = run("generate", "generate", workspace.path)
    finally:
        (workspace.cases / "bad.yaml").unlink()
    assert printed["issued"] and again["unchanged"] and again["failed"]


def test_verify(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    """A returned document, a page of nobody's, and a file that cannot be read."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    document = workspace.issued("JC-2026-006", "jincheng-completion", ".docx")
    printed = run("verify", "verify", workspace.path, document, tmp_path / "broken.pdf", "--workers", "1")
    assert printed["documents"][0]["fields"] and printed["failed"]


def test_status_and_archive(workspace: Workspace, run: Run) -> None:
    """Cases with documents out, back and missing."""
    status = run("status", "status", workspace.path)
    assert any(form["issue"] for case in status["cases"] for form in case["forms"])
    archive = run("archive", "archive", workspace.path)
    assert {case["verdict"] for case in archive["cases"]} <= {"complete", "review", "incomplete"}


def test_plan_and_merge(workspace: Workspace, run: Run) -> None:
    """Plans with their origins; departments' sheets merged, with who ticked what."""
    assert run("plan", "plan", workspace.path)["cases"][0]["origins"]
    sheet = workspace.issued("JC-2026-001", "jincheng-assessment", ".docx")
    merged = run("merge", "merge", workspace.path, sheet, "--case", "JC-2026-001")
    assert merged["ticks"] and merged["assessment"]["approval"]


def test_code(workspace: Workspace, run: Run) -> None:
    """A code that was made, and the codes of its case."""
    printed = run("code", "code", workspace.path, "--case", "JC-2026-006", "--new", "--withdraw")
    assert printed["made"]["letters"] and printed["codes"]


@pytest.mark.office
def test_packet(workspace: Workspace, run: Run) -> None:
    """A packet with something to do in it."""
    assert run("packet", "packet", workspace.path, "--case", "JC-2026-006")["forms"][0]["todos"]


@pytest.mark.office
def test_print(workspace: Workspace, run: Run) -> None:
    """A file to print with papers in it."""
    assert run("print", "print", workspace.path)["papers"]


@pytest.mark.office
def test_export(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    """A folder with files in it."""
    assert run("export", "export", workspace.path, tmp_path / "out")["files"]


def test_forms(run: Run, tmp_path: Path) -> None:
    """The catalogue; every form; the check of good and of broken definitions."""
    (tmp_path / "form.toml").write_text("id = 1", "utf-8")
    for form in run("forms", "forms")["forms"]:
        run("forms show", "forms", "show", form["id"])
    assert run("forms check", "forms", "check")["ok"]
    assert run("forms check", "forms", "check", tmp_path)["problems"]


def test_roster_check_and_doctor(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    """A good roster, a case file that is refused, and what this machine has."""
    (tmp_path / "case.yaml").write_text("id: X1\nnonsense: 1\n", "utf-8")
    assert run("roster check", "roster", "check", workspace.roster)["ok"]
    assert run("roster check", "roster", "check", tmp_path / "case.yaml")["refused"] == ["X1"]
    assert run("doctor", "doctor", workspace.path)["checks"]


@pytest.mark.parametrize("arguments", [("status", "nowhere"), ("status",), ("forms", "show", "nothing")])
def test_errors(run: Run, arguments: tuple[str, ...]) -> None:
    """Whatever fails as a whole prints its problems, and nothing else, under one schema for all commands."""
    assert run("errors", *arguments)["problems"]
