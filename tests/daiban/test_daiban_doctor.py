"""What the check of a machine finds and advises."""

import os
import shutil
from pathlib import Path
from typing import Literal

import pytest

import daiban.doctor
import generator.layout.fonts
from daiban.doctor import MachineCheck, MachineReport, examine
from daiban.settings import ConverterSettings, Settings
from daiban.workspace import Workspace
from foundation.errors import ExitCode, Problem, ToolMissingError
from generator.layout.fonts import OFFICIAL_NAMES
from generator.layout.libreoffice import LibreOffice


def _by_name(report: MachineReport) -> dict[str, MachineCheck]:
    return {check.name: check for check in report.checks}


def _report(*states: Literal["ok", "missing", "note"]) -> MachineReport:
    checks = (MachineCheck(name=state, state=state, detail="") for state in states)
    return MachineReport(checks=tuple(checks))


@pytest.fixture
def with_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with LibreOffice, whatever this one has."""
    monkeypatch.setattr(
        daiban.doctor, "find_libreoffice", lambda _: LibreOffice(Path("/opt/soffice"), (25, 2, 3))
    )


def test_converter_found(with_office: None) -> None:
    """A converter that will do is shown with version and place."""
    found = _by_name(examine())["LibreOffice"]
    assert (found.state, found.detail, found.advice) == ("ok", "25.2.3，/opt/soffice", None)


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
def test_what_others_can_read_is_said(with_office: None, tmp_path: Path) -> None:
    """A workspace that others can look into is named with what to do; a private one, and a group's own, is not."""
    folder = tmp_path / "ws"
    workspace = Workspace.create(folder)
    (folder / "registry.sqlite").touch(mode=0o644)
    for mode, state in ((0o700, "ok"), (0o755, "note"), (0o2770, "ok")):
        folder.chmod(mode)
        assert _by_name(examine(workspace))["工作区权限"].state == state, oct(mode)


def test_converter_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing converter makes the check fail with what to install."""

    def lacking(_: object) -> LibreOffice:
        raise ToolMissingError(Problem("LibreOffice", "没有找到 soffice", advice="请安装"))

    monkeypatch.setattr(daiban.doctor, "find_libreoffice", lacking)
    checks = examine()
    found = _by_name(checks)["LibreOffice"]
    assert (found.state, found.detail, found.advice) == ("missing", "没有找到 soffice", "请安装")
    assert checks.exit_code is ExitCode.TOOL_MISSING


def test_configured_converter_is_the_one_looked_at(tmp_path: Path) -> None:
    """The converter of the settings is judged, not another one that happens to be installed."""
    settings = Settings(converter=ConverterSettings(path=str(tmp_path / "nowhere")))
    assert _by_name(examine(Workspace(Path.cwd(), settings)))["LibreOffice"].state == "missing"


def test_no_fonts_at_all(with_office: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any font, every official name and the boxes are missing, with packages to install."""
    monkeypatch.setattr(generator.layout.fonts, "installed_fonts", dict)
    report = examine()
    checks = _by_name(report)
    lacking = [checks[f"字体 {name}"] for name in OFFICIAL_NAMES] + [checks["选项框 □☑"]]
    assert all(check.state == "missing" and "fonts-noto-cjk" in (check.advice or "") for check in lacking)
    assert checks["人名生僻字"].state == "note"
    assert report.exit_code is ExitCode.TOOL_MISSING


def test_override_that_is_not_installed(with_office: None) -> None:
    """A font the settings name but nobody installed is a note, not silence."""
    check = _by_name(examine(Workspace(Path.cwd(), Settings(fonts={"黑体": "没有这种字体"}))))["字体 黑体"]
    assert check.state in ("note", "missing")
    assert check.advice


def test_little_space_is_a_note(with_office: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A nearly full disk is worth a note and stops nothing."""
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    check = _by_name(examine(Workspace(tmp_path, Settings())))["磁盘空间"]
    assert check.state == "note"
    assert str(tmp_path) in check.detail


def test_only_missing_things_fail() -> None:
    """Notes alone leave the exit code 0."""
    assert _report("ok", "note").exit_code is ExitCode.OK
    assert _report("ok", "missing").exit_code is ExitCode.TOOL_MISSING
