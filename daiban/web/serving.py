"""``daiban serve``: the page of one workspace, until it is told to stop.

One process answers browsers (waitress, threads), one works jobs off. The second is started anew when it dies, and ends
with the first, however that ends.
"""

from __future__ import annotations

import errno
import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from daiban.web.configuration import configure, private_folder
from daiban.web.jobs.worker import work
from daiban.workspace import Workspace
from foundation.errors import NotWritableError, Problem, UsageError
from foundation.writing import share_with_group_of

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from waitress.server import BaseWSGIServer, MultiSocketServer

_THREADS = 8
_ENDS_WITHIN_S = 20.0
_STARTS_AGAIN_AFTER_S = 2.0
_TAKEN = {
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EACCES: "不允许普通用户使用",
    errno.EADDRNOTAVAIL: "不是本机的地址",
}
_EVERYWHERE = ("0.0.0.0", "::")


def serve(folder: Path, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve a workspace's page until KeyboardInterrupt (Ctrl-C, SIGTERM). ``say`` gets what the person who starts it
    must read: the address, and at the very first start the administrator's password.

    :raises UsageError: no workspace; the port is taken or not allowed.
    :raises NotWritableError: the workspace is served already, or cannot be written.
    """
    workspace = Workspace.open(folder)
    share_with_group_of(workspace.path)
    with _served_once(workspace.path):
        configure(workspace, hosts=_names_of(host))
        for line in prepare_database():
            say(line)
        server = _listening(host, port, https=workspace.settings.page.https)
        from daiban.web.clerk.watching import watching  # both ask for models
        from daiban.web.housekeeping import housekeeping

        with _worker(workspace.path), watching(workspace.path), housekeeping(workspace.path):
            say(f"网页已经打开：http://{_shown(host)}:{port}/　按 Ctrl+C 停止")
            if host not in ("127.0.0.1", "localhost", "::1") and not workspace.settings.page.https:
                say(
                    "注意：没有 HTTPS，密码和文件在网络上不加密。对外使用请放在 HTTPS 代理后面，见 docs/serving.md"
                )
            server.run()  # returns when interrupted
            server.close()
    say("已停止。没做完的任务下次启动时接着做。")


def prepare_database() -> Iterator[str]:
    """Bring the page's database to this version; at the very first start, what the first person needs to log in."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from daiban.web.accounts.first_account import FIRST_NAME, make_first_account

    password = make_first_account()
    if password is not None:
        yield f"第一个账户：{FIRST_NAME}　密码：{password}　只显示这一次，登录后须更换"


def renew_password(folder: Path, say: Callable[[str], None]) -> None:
    """A new password of the first administrator, for whoever can write the workspace's files; the page may be running.

    :raises UsageError: no workspace. :raises NotWritableError: it cannot be written.
    """
    workspace = Workspace.open(folder)
    share_with_group_of(workspace.path)
    configure(workspace)
    lines = list(prepare_database())
    from daiban.web.accounts.first_account import FIRST_NAME, renew_first_account

    for line in lines or [f"账户：{FIRST_NAME}　新密码：{renew_first_account()}　只显示这一次，登录后须更换"]:
        say(line)


@contextmanager
def _served_once(folder: Path) -> Iterator[None]:
    try:
        with FileLock(private_folder(folder) / "serve.lock", timeout=0):
            yield
    except Timeout:
        problem = Problem(
            str(folder),
            "这个工作区的网页已经开着",
            advice="直接用浏览器打开它，或先停止正在运行的 daiban serve",
        )
        raise NotWritableError(problem) from None


def _names_of(host: str) -> tuple[str, ...]:
    """By which names browsers may call: where the server listens everywhere, every name and address of this machine."""
    if host not in _EVERYWHERE:
        return (host,)
    import psutil

    addresses = (item.address for items in psutil.net_if_addrs().values() for item in items)
    return (socket.gethostname(), *(address for address in addresses if "%" not in address))


def _shown(host: str) -> str:
    if host in _EVERYWHERE:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _listening(host: str, port: int, *, https: bool) -> BaseWSGIServer | MultiSocketServer:
    """A server that holds the port already."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    try:
        return create_server(
            get_wsgi_application(),
            host=host,
            port=port,
            threads=_THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            # The page itself refuses in words what is too large; this only bounds what it reads.
            max_request_body_size=2 * settings.DAIBAN_UPLOAD_BYTES,
            # A proxy on this machine is believed who it speaks for, and nobody else is.
            trusted_proxy="127.0.0.1" if https else None,
            trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"} if https else set(),
        )
    except OSError as error:
        cause = _TAKEN.get(error.errno or 0, "不能使用")
        problem = Problem(f"{host}:{port}", cause, advice="请换一个：--port 8001")
        raise UsageError(problem) from error


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """The process that works jobs off, for as long as the block runs."""
    keeper = _WorkerKeeper(folder)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _WorkerKeeper:
    """Starts the worker, starts it anew when it dies, ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ending = threading.Event()
        self._process = self._started()
        self._thread = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._process.terminate()
        self._process.join(_ENDS_WITHIN_S)
        if self._process.is_alive():
            self._process.kill()
        self._thread.join(_ENDS_WITHIN_S)

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._process.join()
            if not self._ending.wait(_STARTS_AGAIN_AFTER_S):
                self._process = self._started()

    def _started(self) -> SpawnProcess:
        process = multiprocessing.get_context("spawn").Process(
            target=work, args=(self._folder,), name="daiban worker"
        )
        process.start()
        return process
