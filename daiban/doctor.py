"""What this machine lacks for the work (体检): converter, fonts, space, optional text recognition.

Each check says what was found and, if that is not enough, what to install. Something *missing* stops work
and makes the command exit 40; a *note* is worth knowing and stops nothing.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import computed_field

from daiban.converter import configured_converter
from daiban.settings import Settings
from daiban.workspace import Workspace
from foundation.errors import ExitCode, ToolFailedError, ToolMissingError, UsageError
from foundation.frozen_model import FrozenModel
from foundation.os_errors import reason_of
from generator.layout.fonts import BOX_GLYPHS, OFFICIAL_NAMES, FontBook
from generator.layout.libreoffice import find_libreoffice

OLDEST_PYTHON = (3, 11)
# A batch of 1,000 cases with six forms each takes about half a gigabyte with its staging files.
COMFORTABLE_BYTES = 1 << 30
OCR_PACKAGE = "rapidocr"
# Characters in people's names that older fonts lack (GB2312 has none of them).
RARE_CHARACTERS = "彧喆堃昇玥瑄赟㎡"
FONT_ADVICE = (
    "请安装字体，Debian/Ubuntu：apt-get install fonts-noto-cjk fonts-arphic-ukai fonts-wqy-zenhei "
    "fonts-lxgw-wenkai fonts-dejavu-core；或装上正版公文字体"
)


class MachineCheck(FrozenModel):
    """One thing looked at. ``detail`` is what was found; ``advice`` what to do, if anything."""

    name: str
    state: Literal["ok", "missing", "note"]
    detail: str
    advice: str | None = None


class MachineReport(FrozenModel):
    """Everything looked at."""

    checks: tuple[MachineCheck, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def ok(self) -> bool:
        """Whether nothing that is needed is missing."""
        return all(check.state != "missing" for check in self.checks)

    @property
    def exit_code(self) -> ExitCode:
        """TOOL_MISSING when something needed is missing."""
        return ExitCode.OK if self.ok else ExitCode.TOOL_MISSING


def examine(workspace: Workspace | None = None) -> MachineReport:
    """Look at everything, by the settings and the disk of ``workspace``; without one, of the current folder."""
    settings = workspace.settings if workspace else Settings()
    place = workspace.path if workspace else Path.cwd()
    checks = (
        _python(),
        _converter(settings),
        *_fonts(settings),
        _space("磁盘空间", place),
        *_privacy(workspace),
        _space("临时文件夹", Path(tempfile.gettempdir())),
        _text_recognition(),
    )
    return MachineReport(checks=checks)


def _check(
    name: str, state: Literal["ok", "missing", "note"], detail: str, advice: str | None = None
) -> MachineCheck:
    return MachineCheck(name=name, state=state, detail=detail, advice=advice)


def _python() -> MachineCheck:
    enough = sys.version_info >= OLDEST_PYTHON
    advice = None if enough else "请安装 Python 3.11 以上"
    return _check("Python", "ok" if enough else "missing", platform.python_version(), advice)


def _converter(settings: Settings) -> MachineCheck:
    try:
        office = find_libreoffice(configured_converter(settings))
    except (ToolMissingError, ToolFailedError, UsageError) as error:
        (problem,) = error.problems
        return _check("LibreOffice", "missing", problem.problem, problem.advice)
    return _check("LibreOffice", "ok", f"{'.'.join(map(str, office.version))}，{office.program}")


def _fonts(settings: Settings) -> Iterator[MachineCheck]:
    book = FontBook(settings.fonts)
    for name in OFFICIAL_NAMES:
        yield _font(book, name, settings.fonts.get(name))
    box = book.box_family
    if box:
        yield _check(f"选项框 {BOX_GLYPHS}", "ok", box)
    else:
        yield _check(f"选项框 {BOX_GLYPHS}", "missing", "没有能画选项框的字体", FONT_ADVICE)
    yield _rare_characters(book)


def _font(book: FontBook, name: str, wanted: str | None) -> MachineCheck:
    chain = book.chain(name)
    label = f"字体 {name}"
    if not chain:
        return _check(label, "missing", "没有这种字体，也没有可代用的", FONT_ADVICE)
    if wanted and chain[0] != wanted:
        advice = "请核对 daiban.toml [fonts] 里的名称"
        return _check(label, "note", f"设置里写的“{wanted}”没有安装，改用 {chain[0]}", advice)
    return _check(label, "ok", "已安装" if chain[0] == name else f"用 {chain[0]} 代替")


def _rare_characters(book: FontBook) -> MachineCheck:
    """Whether rare characters in names can be drawn by any font of the body text's chain."""
    lacking = [sign for sign in RARE_CHARACTERS if not book.family_for(OFFICIAL_NAMES[0], sign)]
    if not lacking:
        return _check("人名生僻字", "ok", f"{RARE_CHARACTERS} 都有")
    advice = "含有这些字的案件会被拒绝；安装 fonts-noto-cjk 可以解决"
    return _check("人名生僻字", "note", f"缺 {''.join(lacking)}", advice)


def _space(name: str, place: Path) -> MachineCheck:
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return _check(name, "missing", f"{place}：{reason_of(error)}", "请检查这个文件夹")
    detail = f"{place} 还有 {free / (1 << 30):.1f} GB"
    if free < COMFORTABLE_BYTES:
        return _check(name, "note", detail, "大批量生成前请先清理磁盘")
    return _check(name, "ok", detail)


def _privacy(workspace: Workspace | None) -> Iterator[MachineCheck]:
    """Whether others on this machine can read what is a workspace's own: the registry holds the key of the page marks.

    A folder that was set up for a group (setgid) is the group's.
    """
    if workspace is None or os.name == "nt":
        return
    root = workspace.path.stat().st_mode
    ours = 0o007 if root & stat.S_ISGID else 0o077
    if not root & ours & 0o011:  # nobody else gets into the folder: what stands in it is safe
        yield _check("工作区权限", "ok", "只有本人（或本组）能进")
        return
    registry = workspace.registry if isinstance(workspace.registry, Path) else None
    places = (registry, workspace.roster, workspace.cases, workspace.issued_root, workspace.returned_root)
    found = [path for path in places if path is not None and path.exists()]
    open_ones = [path.name for path in found if path.stat().st_mode & ours & 0o044]
    if open_ones:
        detail = f"别的用户能读：{'、'.join(open_ones)}"
        yield _check(
            "工作区权限", "note", detail, f"运行 chmod -R go-rwx {workspace.path}；几个人共用的，按组设置权限"
        )
    else:
        yield _check("工作区权限", "ok", "别的用户读不到案件、回件和登记库")


def _text_recognition() -> MachineCheck:
    name = "文字识别（可选）"
    if importlib.util.find_spec(OCR_PACKAGE):
        return _check(name, "ok", OCR_PACKAGE)
    return _check(name, "note", "没有安装；填写和出具都用不到")
