"""Reading what people, and strangers, put into folders: what must not be waited for, where links lead, bounded TOML."""

from __future__ import annotations

import errno
import io
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

#: How problems say that something in a folder is not in it.
LEADS_OUT = "是通到别处的链接，不予读写"
LINK_ADVICE = "把文件本身放进来，删去链接"
_DEEPEST = 64  # nested values; a definition or settings have five


class TomlBoundsError(ValueError):
    """TOML that keeps its rules and goes beyond every use; the message is one Chinese clause."""


def is_special(path: Path) -> bool:
    """Whether there is something that is neither file nor folder: whoever opened a pipe would wait for its writer."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def open_file(path: Path) -> io.BufferedReader:
    """A file opened for reading. It is opened once and asked what it is afterwards, so that nothing else can be put in
    its place in between; a pipe's writer is not waited for.

    :raises OSError: it cannot be read; with ``ENXIO`` where it is a pipe, a socket or a device.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  # the caller closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))


def read_file(path: Path, most_bytes: int) -> bytes:
    """A whole file of at most so many bytes.

    :raises OSError: as :func:`open_file`; with ``EFBIG`` where it is larger.
    """
    with open_file(path) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def leads_out(path: Path, root: Path) -> bool:
    """Whether links between a folder and what lies below it by name lead out of the folder.

    A folder that somebody hands over may hold links to files of whoever opens it. The folder itself may be reached by
    links.
    """
    real, below = os.path.realpath(root), os.path.realpath(path)
    return below != real and not below.startswith(real.rstrip(os.sep) + os.sep)


def text_of(data: bytes) -> str:
    """Text as editors here save it: UTF-8, with or without its mark, else GBK (GB 18030).

    :raises UnicodeDecodeError: it is neither.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def parse_toml(text: str) -> dict[str, Any]:
    """A TOML document as plain data.

    :raises tomllib.TOMLDecodeError: it breaks TOML's rules.
    :raises TomlBoundsError: it is nested too deeply, or has a number too long for Python.
    """
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise TomlBoundsError(f"嵌套太深，最多 {_DEEPEST} 层") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # what int() refuses
        raise TomlBoundsError("有一个数字太长，读不出来") from None
    _require_shallow(data)
    return data


def _require_shallow(data: dict[str, Any]) -> None:
    """By a list of its own: tables may be nested deeper than Python calls."""
    waiting: list[tuple[Any, int]] = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise TomlBoundsError(f"嵌套太深，最多 {_DEEPEST} 层")
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((one, depth + 1) for one in inner)
