"""Pages name steps as pages do: no reader of a page is sent to a terminal."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

import daiban.web
from daiban.cli import cli
from daiban.web.layout.navigation import MENU
from daiban.web.layout.page_words import ON_THE_PAGE, in_page_words

WEB = Path(daiban.web.__file__).parent


@pytest.mark.parametrize(
    ("said", "on_the_page"),
    [
        ("还没有出具，请运行 daiban generate", "还没有出具，请点“出具”"),
        ("内容已变，请再运行 daiban generate 出新的", "内容已变，请再点“出具”出新的"),
        ("先用 daiban undo 撤销整份的决定（B1）", "先点“撤销”撤销整份的决定（B1）"),
        ("请用 daiban generate --form 项目审批“全代办”服务方案 出具", "请点“出具”出具"),
        ("先移出：daiban place /srv/工作区 9MKKJXFB/2 --away", "先移出：“归入”"),
        ("daiban withdraw --undo 9MKKJXFB；要新的，写 --reissue", "“撤回这一份”；要新的，写 --reissue"),
        ("运行 daiban doctor 查看应安装的字体", "请管理员运行 daiban doctor 查看应安装的字体"),
        ("代办，不是命令", "代办，不是命令"),
    ],
)
def test_a_command_is_said_by_its_name_on_the_page(said: str, on_the_page: str) -> None:
    """Options and what belongs to them go with the command; the sentence around it stays."""
    assert in_page_words(said) == on_the_page


def test_every_name_is_a_command() -> None:
    """No page's name stands for a command that there is not."""
    assert set(ON_THE_PAGE) <= set(cli.commands)


def test_every_name_stands_on_a_page() -> None:
    """Nobody is told to click on what no page shows."""
    shown = "".join(path.read_text("utf-8") for path in WEB.rglob("templates/**/*.html"))
    shown += "".join(entry.label for entry in MENU)
    assert {name for name in ON_THE_PAGE.values() if name not in shown} == set()


@pytest.mark.parametrize("path", ["/cases/", "/queue/", "/archive/", "/unplaced/"])
def test_no_page_sends_anyone_to_a_terminal(path: str, administrator: Any) -> None:
    """What a case or a document waits for is told without a command."""
    text = html.unescape(re.sub(r"<[^>]*>", " ", administrator.get(path).content.decode()))
    assert not re.search(r"(?<!请管理员运行 )daiban [a-z]", text)
