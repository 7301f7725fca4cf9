"""``daiban serve``: the first account, one server per workspace, what it makes private, what it needs of memory."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from daiban.sample import make_workspace

ROOT = Path(__file__).resolve().parents[3]
MOST_MEMORY = 300 * 1024 * 1024


def _serve(workspace: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "daiban", "serve", str(workspace), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace."""
    return make_workspace(tmp_path / "ws", sample=False).path


def test_the_first_password_is_printed_once(workspace: Path, start_page: Any) -> None:
    """The first start says it, the next does not; nobody but the owner reads what the page keeps; Ctrl-C ends all."""
    first = start_page(workspace)
    family = psutil.Process(first.process.pid).children(recursive=True)
    assert family
    taken = _serve(workspace, "--port", "1")
    assert taken.returncode == 50 and "已经开着" in taken.stderr
    first.process.send_signal(2)
    assert first.process.wait(60) == 0
    _, left = psutil.wait_procs(family, timeout=20)
    assert left == []
    assert len(re.findall(r"密码：\S+", first.log.read_text("utf-8"))) == 1
    for kept in (workspace / "page.sqlite", workspace / ".daiban" / "page" / "secret"):
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    second = start_page(workspace)
    second.process.terminate()
    assert second.process.wait(60) == 0
    assert "密码：" not in second.log.read_text("utf-8")


def test_a_taken_port_is_said(workspace: Path, free_port: Any) -> None:
    """A port that is taken, or no number, ends with 2 and what to do."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        done = _serve(workspace, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2 and "占用" in done.stderr and "--port" in done.stderr
    assert _serve(workspace, "--port", "http").returncode == 2


def test_a_lost_password_is_renewed(workspace: Path) -> None:
    """``--new-password`` gives the administrator another each time, the first time by making one."""
    shown = [re.findall(r"密码：(\S+)", _serve(workspace, "--new-password").stdout) for _ in range(2)]
    assert all(len(found) == 1 for found in shown)
    assert shown[0] != shown[1]


@pytest.mark.office
def test_the_server_is_small(served: Any) -> None:
    """The process that answers stays under 300 MB with all its pages loaded."""
    import urllib.request

    for _ in range(20):
        urllib.request.urlopen(f"{served.url}/account/login/", timeout=20).read()
    server = psutil.Process(served.process.pid)
    assert server.memory_info().rss < MOST_MEMORY


def test_logins_of_the_office_can_be_joined(workspace: Path, tmp_path: Path) -> None:
    """A module that the environment names changes Django's settings: here, a directory that knows one person."""
    (tmp_path / "directory.py").write_text(
        "from django.contrib.auth.backends import RemoteUserBackend\n"
        "class Directory(RemoteUserBackend):\n"
        "    def authenticate(self, request, username=None, password=None):\n"
        "        return super().authenticate(request, username) if password == 'from-ldap' else None\n"
    )
    (tmp_path / "office_login.py").write_text(
        "def adjust(settings):\n    settings['AUTHENTICATION_BACKENDS'].insert(1, 'directory.Directory')\n"
    )
    code = (
        "import sys; from daiban.web.configuration import configure; from daiban.workspace import Workspace\n"
        "configure(Workspace.open(sys.argv[1]))\n"
        "from daiban.web.serving import prepare_database; list(prepare_database())\n"
        "from django.test.utils import setup_test_environment; setup_test_environment()\n"
        "from django.test import Client\n"
        "answer = Client().post('/account/login/', {'username': 'zhang', 'password': 'from-ldap'})\n"
        "print(answer.status_code, answer['Location'])\n"
    )
    environment = {**os.environ, "DAIBAN_PAGE_SETTINGS": "office_login", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [sys.executable, "-c", code, str(workspace)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.stdout == "302 /\n", done.stderr
    wrong = _serve(workspace, DAIBAN_PAGE_SETTINGS="no.such.module")
    assert wrong.returncode == 2 and "docs/serving.md" in wrong.stderr
