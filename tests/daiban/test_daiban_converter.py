"""A workspace that somebody hands over starts no program: not by its settings, and not by what lies in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import daiban
from daiban.converter import configured_converter, confirm, generator_settings
from daiban.form_trial import try_form
from daiban.office import Office
from daiban.settings import ConverterSettings, Settings
from daiban.workspace import Workspace
from foundation.errors import UsageError


@pytest.fixture
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def settings(program: Path) -> Settings:
    """Settings that name a converter."""
    return Settings(converter=ConverterSettings(path=str(program)))


def test_a_named_converter_is_started_once_it_is_confirmed(
    fake_office: Callable[[str], Path], own_configuration: Path
) -> None:
    """A program in no usual place is refused with what to do, until somebody confirms it; a changed one is again."""
    program = fake_office("crashes")
    with pytest.raises(UsageError, match="--confirm-converter"):
        configured_converter(settings(program))
    confirm(program)
    assert configured_converter(settings(program)) == program
    program.write_text(program.read_text("utf-8") + "# changed\n", "utf-8")
    with pytest.raises(UsageError, match="--confirm-converter"):
        configured_converter(settings(program))


@pytest.mark.skipif(sys.platform != "linux", reason="a launcher in PATH needs Linux")
def test_a_converter_in_a_usual_place_needs_no_confirmation(
    tmp_path: Path, own_configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be found without being named may be named as well, by links too."""
    (tmp_path / "soffice").write_text("#!/bin/sh\n", "utf-8")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "link").symlink_to("soffice")
    assert configured_converter(settings(tmp_path / "link")) == tmp_path / "link"


def test_python_files_in_a_workspace_are_never_run(tmp_path: Path) -> None:
    """Worker processes begun in a folder with modules of well-known names import the installed ones."""
    (tmp_path / "workspace").mkdir()
    for name in ("multiprocessing", "selectors", "socket", "signal", "random"):
        (tmp_path / "workspace" / f"{name}.py").write_text(
            f"open({str(tmp_path / 'was-run')!r}, 'w').close()\n", "utf-8"
        )
    program, folder = tmp_path / "program.py", tmp_path / "workspace"
    program.write_text(
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from foundation.forking import forking\n"
        "if __name__ == '__main__':\n"
        "    print(ProcessPoolExecutor(1, mp_context=forking(())).submit(len, 'abc').result())\n",
        "utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    command = [sys.executable, str(program)]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("3", "")
    assert not (tmp_path / "was-run").exists()


@pytest.mark.skipif(os.name == "nt", reason="the program is a script")
def test_no_operation_starts_a_converter_that_nobody_confirmed(
    tmp_path: Path, fake_office: Callable[[str], Path], own_configuration: Path
) -> None:
    """What documents are made with refuses the converter of a foreign workspace, whoever asks, a form's trial too."""
    named = settings(fake_office("crashes"))
    with pytest.raises(UsageError, match="--confirm-converter"):
        generator_settings(named, b"key")
    office = Office(Workspace(tmp_path, named))
    with pytest.raises(UsageError, match="--confirm-converter"):
        try_form(office, "jincheng-authorisation", tmp_path)


def test_which_program_is_started_is_said_in_one_place() -> None:
    """No other module makes generator settings, or turns the settings' text into a program."""
    rooms = Path(daiban.__file__).parent
    found = {
        path.relative_to(rooms).as_posix()
        for path in rooms.rglob("*.py")
        if re.search(r"\bGeneratorSettings\(|\bconverter\.path\b", path.read_text("utf-8"))
    }
    assert found == {"converter.py"}
