"""Workspaces for round trips, and the command as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def daiban() -> Callable[..., "subprocess.Popen[str]"]:
    """Start the command with these arguments; the caller waits for it, or kills it."""

    def start(*arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "daiban", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment},
        )

    return start


@pytest.fixture(scope="session")
def run(daiban: Callable[..., "subprocess.Popen[str]"]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Run a command with --json to its end; exit code and what it printed."""

    def finish(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        process = daiban(*arguments, "--json")
        out, error = process.communicate(timeout=280)
        assert process.returncode != 1, error
        return process.returncode, json.loads(out)

    return finish


def case(number: int, **project: str) -> dict[str, Any]:
    """A small case that can be given a 委托书."""
    return {
        "id": f"K-{number:04d}",
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {"name": f"第{number}号年产{number}万吨新材料项目", **project},
        "enterprise": {"name": f"晋城市第{number}新材料有限公司"},
        "agency": {"name": "晋城市行政审批服务管理局"},
        "manager": {"name": "王建国"},
        "authorisation": {"items": ["企业投资项目备案", "用地预审与选址意见书核发"]},
    }


@pytest.fixture(scope="session")
def small_case() -> Callable[..., dict[str, Any]]:
    """Makes a small case by its number."""
    return case


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Path]:
    """A new workspace with so many small cases."""

    def make(cases: int | list[dict[str, Any]], folder: Path = tmp_path / "ws") -> Path:
        from daiban.workspace import Workspace

        Workspace.create(folder)
        listed = [case(number) for number in range(cases)] if isinstance(cases, int) else cases
        text = yaml.safe_dump(listed, allow_unicode=True, sort_keys=False)
        (folder / "cases" / "all.yaml").write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def issued(
    tmp_path_factory: pytest.TempPathFactory,
    run: Callable[..., tuple[int, dict[str, Any]]],
    small_case: Callable[..., Any],
) -> Path:
    """A workspace with three 委托书 out, of two pages each; the first was issued anew, the old issue superseded."""
    from daiban.workspace import Workspace

    folder = tmp_path_factory.mktemp("issued") / "ws"
    Workspace.create(folder)
    cases = [small_case(number) for number in range(3)]
    for name in ("甲项目", cases[0]["project"]["name"]):
        cases[0]["project"]["name"] = name
        text = yaml.safe_dump(cases, allow_unicode=True)
        (folder / "cases" / "all.yaml").write_text(text, "utf-8")
        assert run("generate", folder, "--form", "jincheng-authorisation")[0] == 0
    return folder
