"""The page under test: a sample workspace that has been issued, returned and verified, in this process and served.

Most tests use Django's test client over ``page_workspace``; whatever they change in the page's database is taken back
after each. Journeys in a browser use ``served``: the same workspace, copied, behind a real ``daiban serve``.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[3]
AXE = Path(__file__).with_name("axe") / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "页面测试-2026-密码"
#: The sample's cases that are issued and verified; the others are not out yet.
CASES = ("JC-2026-001", "JC-2026-002")
RETURNED = 4


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The sample with some cases issued and part of that verified; made once for all test processes. Only to copy.

    Whoever runs these tests again and again keeps it in the folder ``DAIBAN_PAGE_SAMPLE``.
    """
    base = tmp_path_factory.getbasetemp()
    base = Path(os.environ.get("DAIBAN_PAGE_SAMPLE") or (base if worker_id == "master" else base.parent))
    made = base / "page-sample"
    with FileLock(f"{made}.lock"):
        if not (made / "done").exists():
            _make_sample(made / "ws", made / "returns")
            (made / "done").touch()
    return made / "ws"


def _make_sample(workspace: Path, returns: Path) -> None:
    cases = [part for case in CASES for part in ("--case", case)]
    _run("daiban", "init", workspace, "--sample")
    _run("daiban", "generate", workspace, *cases)
    _run("simulator", workspace, returns, "--count", RETURNED, "--tier", "A")
    (returns / "truth.json").unlink()
    _run("daiban", "verify", workspace, returns, codes=(0, 10, 11))


def _run(module: str, *arguments: object, codes: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in codes, done.stderr


# -- in this process -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def page_workspace(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample, which Django is configured for in this process. Tests that write copy it again."""
    from daiban.web.configuration import configure
    from daiban.workspace import Workspace

    folder = Path(shutil.copytree(sample_workspace, tmp_path_factory.mktemp("page") / "ws"))
    configure(Workspace.open(folder))
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from daiban.web.serving import prepare_database

    assert list(prepare_database())
    return folder


@pytest.fixture
def page(page_workspace: Path) -> Iterator[Path]:
    """The workspace with a page whose database is as it was before, afterwards."""
    from django.core.cache import cache
    from django.db import transaction

    with transaction.atomic():
        yield page_workspace
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture
def writable_page(page: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the workspace that the page serves during one test, which may change it."""
    from django.test import override_settings

    copied = Path(shutil.copytree(page, tmp_path / "ws", ignore=shutil.ignore_patterns("page.sqlite*")))
    with override_settings(DAIBAN_WORKSPACE=copied):
        yield copied


@pytest.fixture
def client_of(page: Path) -> Callable[..., Any]:
    """``client_of(Role.STAFF)``: Django's test client, logged in with these roles; without any, a stranger's."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from daiban.web.accounts.models import Account

    def client(*roles: str) -> Client:
        found = Client()
        if roles:
            name = "-".join(roles)
            account, _ = Account.objects.get_or_create(username=name, defaults={"first_name": f"{name}员"})
            account.groups.set(Group.objects.filter(name__in=roles))
            found.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return found

    return client


@pytest.fixture
def staff(client_of: Callable[..., Any]) -> Any:
    """A client of 经办."""
    return client_of("经办")


@pytest.fixture
def clerk(client_of: Callable[..., Any]) -> Any:
    """A client of 档案."""
    return client_of("档案")


@pytest.fixture
def administrator(client_of: Callable[..., Any]) -> Any:
    """A client of 管理员."""
    return client_of("管理员")


@pytest.fixture
def stranger(client_of: Callable[..., Any]) -> Any:
    """A client of nobody."""
    return client_of()


@pytest.fixture
def work_off(page: Path) -> Callable[[], list[Any]]:
    """Work all waiting jobs off in this process, as the worker would; returns them as they ended."""
    from daiban.web.jobs.models import Job, JobState
    from daiban.web.jobs.tasks import run_job

    def work() -> list[Any]:
        numbers = list(Job.objects.filter(state=JobState.WAITING).order_by("id").values_list("pk", flat=True))
        for number in numbers:
            run_job.call(number)
        return [Job.objects.get(pk=number) for number in numbers]

    return work


# -- served, in a browser ------------------------------------------------------------------------------


@dataclass
class ServedPage:
    """A running ``daiban serve``. ``accounts``: login by role; all have ``PASSWORD``."""

    workspace: Path
    port: int
    process: "subprocess.Popen[str]"
    log: Path
    accounts: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """``free_port()``: a port that nobody listens on."""
    return unused_port


def unused_port() -> int:
    """A port that nobody listens on."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def start_page() -> Callable[..., ServedPage]:
    """``start_page(workspace)``: a server of one's own, to end or to kill."""
    return start


def start(workspace: Path, port: int | None = None, **environment: str) -> ServedPage:
    """Start ``daiban serve`` and wait until it answers."""
    port = port or unused_port()
    log = workspace.parent / f"serve-{port}.log"
    with log.open("a") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "daiban", "serve", str(workspace), "--port", str(port)],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            text=True,
            env={**os.environ, **environment},
            # As from a terminal: whoever starts these tests in the background has Ctrl-C ignored, and so would it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    page = ServedPage(workspace, port, process, log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), urllib.request.urlopen(f"{page.url}/health/", timeout=5):
            return page
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def stop_page(page: ServedPage) -> int:
    """End it as an administrator would; returns its exit code."""
    page.process.terminate()
    return page.process.wait(60)


@pytest.fixture(scope="session")
def served(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    """The sample behind a real server, with an account per role."""
    folder = Path(shutil.copytree(sample_workspace, tmp_path_factory.mktemp("served") / "ws"))
    page = start(folder)
    try:
        page.accounts = make_accounts(folder)
        yield page
    finally:
        stop_page(page)


_MAKE_ACCOUNTS = """
import sys
from daiban.web.configuration import configure
from daiban.workspace import Workspace
configure(Workspace.open(sys.argv[1]))
from django.contrib.auth.models import Group
from daiban.web.accounts.models import Account
for role, name, shown in (("经办", "jingban", "李经办"), ("档案", "dangan", "王档案"), ("管理员", "guanli", "赵主管")):
    account = Account.objects.create_user(name, password=sys.argv[2], first_name=shown)
    account.groups.add(Group.objects.get(name=role))
"""


def make_accounts(workspace: Path) -> dict[str, str]:
    """An account per role, for a server's workspace; their logins."""
    subprocess.run([sys.executable, "-c", _MAKE_ACCOUNTS, str(workspace), PASSWORD], cwd=ROOT, check=True)
    return {"经办": "jingban", "档案": "dangan", "管理员": "guanli"}


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of pages are kept: ``DAIBAN_SCREENSHOTS``, else the test run's own folder."""
    folder = Path(os.environ.get("DAIBAN_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, for one module's tests: as long as it lives, its event loop runs in this thread, and nothing
    else that needs one (checking signatures) works.
    """
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip("没有 /usr/bin/chromium")
    # Playwright keeps an event loop in this thread for as long as the browser lives, by which Django would take every
    # later test for asynchronous code; nothing here is.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody at a browser. ``page`` is Playwright's; ``faults``: what the browser complained about."""

    page: Any
    served: ServedPage
    screenshots: Path
    width: int
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the server."""
        self.page.goto(f"{self.served.url}{path}")

    def log_in(self, role: str) -> None:
        """Log in with a role's account."""
        self.open("/account/login/")
        self.page.fill("#id_username", self.served.accounts[role])
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """Keep a picture of the whole page, and hold it to the rules: nothing for axe to complain of, nothing wider
        than the screen, no complaint of the browser.
        """
        self.page.screenshot(path=str(self.screenshots / f"{name}-{self.width}.png"), full_page=True)
        assert self.faults == []
        assert self.axe() == []
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name}: {wide} px wider than the screen"

    def axe(self) -> list[str]:
        """What axe-core finds against WCAG 2.1 AA and its best practices: rule, and where."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{item['id']}: {node['html'][:120]}" for item in found["violations"] for node in item["nodes"]
        ]


def _visitor(
    browser: Any, served: ServedPage, screenshots: Path, width: int, height: int
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        is_mobile=width < 600,
        has_touch=width < 600,
    )
    context.set_default_timeout(15_000)
    visitor = Visitor(context.new_page(), served, screenshots, width)
    visitor.page.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.page.on("console", lambda message: _note(visitor, message))
    yield visitor
    context.close()


def _note(visitor: Visitor, message: Any) -> None:
    # An answer with an error's status is the test's business; what the page itself does wrong is ours.
    if message.type == "error" and not re.search("the server responded with a status", message.text):
        visitor.faults.append(message.text)


@pytest.fixture
def desktop(browser: Any, served: ServedPage, screenshots: Path) -> Iterator[Visitor]:
    """Somebody at a desk: 1440 px."""
    yield from _visitor(browser, served, screenshots, 1440, 900)


@pytest.fixture
def telephone(browser: Any, served: ServedPage, screenshots: Path) -> Iterator[Visitor]:
    """Somebody with a telephone: 360 px."""
    yield from _visitor(browser, served, screenshots, 360, 740)
