"""A server that is killed in the middle of people's ways: what they gave it is there after the next start."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psutil
import pytest

from tests.daiban.web.conftest import PASSWORD, ServedPage, make_accounts
from tests.daiban.web.test_web_enterprise import CASE, code_of, photos

pytestmark = pytest.mark.office
_BOUNDARY = "part"


class Visitor:
    """A browser without a window: cookies, and forms as they are sent."""

    def __init__(self, page: ServedPage) -> None:
        self._page = page
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """A page."""
        with self._opener.open(f"{self._page.url}{path}", timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def send(
        self, path: str, *, form: str, files: dict[str, list[tuple[str, bytes]]] | None = None, **data: str
    ) -> str:
        """A form, with the token of the page it stands on; the page that it leads to."""
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(form))[0]
        parts = [
            _part(name, value.encode()) for name, value in {**data, "csrfmiddlewaretoken": token}.items()
        ]
        parts += [
            _part(field, content, name) for field, sent in (files or {}).items() for name, content in sent
        ]
        body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Referer": self._page.url}
        with self._opener.open(Request(f"{self._page.url}{path}", body, headers), timeout=60) as answer:
            text: str = answer.read().decode()
            return text


def _part(field: str, content: bytes, file: str = "") -> bytes:
    named = f'; filename="{file}"' if file else ""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def test_neither_a_pile_nor_an_upload_is_lost(
    sample_workspace: Path, tmp_path: Path, start_page: Callable[..., ServedPage]
) -> None:
    """Killed while a pile is verified and an enterprise's photograph is read: both logins hold, the pile is verified to
    its end by the same job, nothing is filed twice, and what was uploaded is read and handed in.
    """
    workspace = Path(shutil.copytree(sample_workspace, tmp_path / "ws"))
    before = _returned(workspace)
    first = start_page(workspace)
    accounts = make_accounts(workspace)
    clerk, company = Visitor(first), Visitor(first)
    clerk.send("/account/login/", form="/account/login/", username=accounts["档案"], password=PASSWORD)
    company.send("/e/", form="/e/", code=code_of(workspace))
    filed = sorted(workspace.glob("returned/*/*/*.pdf"))[:2]
    pile = [(f"{at}.pdf", file.read_bytes()) for at, file in enumerate(filed)]
    clerk.send("/returns/", form="/returns/", files={"pile": pile})
    company.send("/e/uploads/", form="/e/uploads/", files={"files": [("一.jpg", photos(workspace)[0])]})
    _until(lambda: _jobs(workspace)[0][0] == "running")
    family = [first.process, *psutil.Process(first.process.pid).children(recursive=True)]
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    psutil.wait_procs([one for one in family[1:] if isinstance(one, psutil.Process)], timeout=60)
    assert _jobs(workspace)[0][0] in ("running", "waiting")
    second = start_page(workspace, first.port)
    try:
        _until(lambda: _jobs(workspace)[0][0] == "done", 120)
        assert _jobs(workspace) == [("done", 2)]
        assert "待核" in clerk.get("/queue/")
        assert _returned(workspace) == before
        _until(lambda: "every 1s" not in company.get("/e/uploads/result/"))
        assert "委托书" in company.get("/e/uploads/result/")
        assert "等待核对" in company.send("/e/uploads/hand-in/", form="/e/uploads/")
    finally:
        second.process.terminate()
        assert second.process.wait(60) == 0
    assert len(list(workspace.glob(f"inbox/{CASE}/*/receipt.json"))) == 1


def _jobs(workspace: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(workspace / "page.sqlite", timeout=20) as database:
        return database.execute("SELECT state, starts FROM jobs_job ORDER BY id").fetchall()


def _returned(workspace: Path) -> list[Any]:
    with sqlite3.connect(workspace / "registry.sqlite", timeout=20) as registry:
        return registry.execute(
            "SELECT issue, generation FROM returned ORDER BY issue, generation"
        ).fetchall()


def _until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
