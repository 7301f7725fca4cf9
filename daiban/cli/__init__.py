"""The command line. Commands are a few lines each over functions that know nothing of click.

A command returns an :class:`~foundation.errors.ExitCode` (None: done), or raises a ``DaibanError``, which is
printed for people on stderr, for programs as ``{"problems": […]}``, and gives the exit code. Anything else
that escapes is a bug: its traceback is shown and the process exits 1.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from importlib import import_module

import click

from daiban import __version__
from daiban.cli import output
from daiban.cli.chinese import WIDTH, ChineseGroup, explain
from foundation.errors import DaibanError, ExitCode
from foundation.forking import keep_to_installed_code
from foundation.writing import DISK_FULL, keep_private, not_writable

#: Every command, each in the module of its name.
COMMANDS = (
    "adopt",
    "archive",
    "cancel",
    "code",
    "copy",
    "decide",
    "decisions",
    "doctor",
    "export",
    "forms",
    "generate",
    "history",
    "init",
    "merge",
    "monthly",
    "packet",
    "place",
    "plan",
    "print",
    "queue",
    "registry",
    "roster",
    "serve",
    "settle",
    "status",
    "undo",
    "verify",
    "withdraw",
)


class _Commands(MutableMapping[str, click.Command]):
    """Commands by name, each imported when it is asked for: no command waits for the imports of another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._loaded: dict[str, click.Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        command = self._loaded[name]
        if command is None:
            command = self._loaded[name] = getattr(import_module(f"{__name__}.{name}"), name)
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


@click.group(
    "daiban",
    cls=ChineseGroup,
    context_settings={"max_content_width": WIDTH},
    epilog="第一次使用：daiban init 我的工作区 --sample，再看 daiban status 我的工作区。",
)
@click.version_option(__version__, message="代办 daiban %(version)s", help="显示版本")
def cli() -> None:
    """代办：为投资项目“全代办”填写、出具并追踪各类表单。"""


cli.commands = _Commands(COMMANDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own); returns the exit code."""
    output.prepare()
    keep_private()
    keep_to_installed_code()
    _end_as_if_interrupted()
    args = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in args
    try:
        return _run(args, as_json=as_json)
    except DaibanError as error:
        # Only reached when printing the first error failed as well: stdout is gone.
        output.note(str(error))
        return int(error.exit_code)


def _end_as_if_interrupted() -> None:
    """Whoever ends the process, by a signal or by closing its terminal, gets what Ctrl-C gets: what was started is
    ended, and what lies half done removed.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup is respected
            signal.signal(number, signal.default_int_handler)


def _run(args: list[str], *, as_json: bool) -> int:
    try:
        code = cli.main(args, prog_name="daiban", standalone_mode=False)
        return int(code or ExitCode.OK)
    except click.exceptions.NoArgsIsHelpError as error:
        output.note(error.ctx.get_help())
        return int(ExitCode.USAGE)
    except click.ClickException as error:
        output.say_error([explain(error)], as_json=as_json)
        return int(ExitCode.USAGE)
    except DaibanError as error:
        output.say_error(error, as_json=as_json)
        return int(error.exit_code)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        refused = not_writable(error.filename or f"工作区或临时文件夹 {tempfile.gettempdir()}", error)
        output.say_error(refused, as_json=as_json)
        return int(refused.exit_code)
    except (click.Abort, KeyboardInterrupt):
        output.note("已中断。已经出具的文件都是完整的，再运行一次会接着做完。")
        return int(ExitCode.INTERRUPTED)
