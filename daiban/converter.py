"""Which converter an office's settings may start.

A workspace may come from somebody else, and ``daiban.toml`` names a program. One in a usual place is started as it is;
any other has to be confirmed once by whoever uses this machine (``daiban doctor WS --confirm-converter``). What was
confirmed is kept in the user's own configuration folder, never in a workspace: the program's absolute path with the
SHA-256 of its file, so that another file in its place asks again.
"""

from __future__ import annotations

import json
from pathlib import Path

from platformdirs import user_config_path

from daiban.settings import Settings
from foundation.digests import sha256_of_file_if_readable
from foundation.errors import Problem, UsageError
from foundation.writing import write_atomically, writing
from generator.document_generator import GeneratorSettings
from generator.layout.libreoffice import LibreOffice, is_usual_place

_KEPT = "confirmed-converters.json"


def generator_settings(
    settings: Settings, mark_key: bytes, found: LibreOffice | None = None
) -> GeneratorSettings:
    """What documents are made with, for every operation that makes any. ``found``: a converter that was found already.

    :raises UsageError: as :func:`configured_converter`.
    """
    return GeneratorSettings(
        mark_key=mark_key,
        fonts=settings.fonts,
        libreoffice=found or configured_converter(settings),
        deadline_s=settings.converter.deadline_s,
    )


def named_converter(settings: Settings) -> Path | None:
    """The converter the settings name, to be shown or confirmed, not to be started; None where they name none."""
    return Path(settings.converter.path) if settings.converter.path else None


def configured_converter(settings: Settings) -> Path | None:
    """The converter the settings name; None where they name none, and the usual places are searched.

    :raises UsageError: nobody has confirmed on this machine that it may be started.
    """
    program = named_converter(settings)
    if program is None or not program.exists() or is_usual_place(program) or _is_confirmed(program):
        return program
    problem = f"daiban.toml 的 [converter] 指定了 {program.absolute()}，不在 LibreOffice 通常的位置，还没有在本机确认过"
    advice = (
        "确认它可信，运行 daiban doctor 工作区 --confirm-converter；不认识它，把 [converter] 的 path 改成空的"
    )
    raise UsageError(Problem("LibreOffice", problem, advice=advice))


def confirm(program: Path) -> None:
    """Remember that this program, as it is now, may be started.

    :raises UsageError: it cannot be read. :raises NotWritableError: the user's configuration folder cannot be written.
    """
    sha256 = sha256_of_file_if_readable(program)
    if sha256 is None:
        raise UsageError(
            Problem(str(program), "没有这个程序，或读不出来", advice="核对 daiban.toml 的 [converter] path")
        )
    kept = _file()
    content = json.dumps({**_confirmed(), str(program.absolute()): sha256}, ensure_ascii=False, indent=2)
    with writing(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(content.encode(), kept)


def _is_confirmed(program: Path) -> bool:
    known = _confirmed().get(str(program.absolute()))
    return known is not None and known == sha256_of_file_if_readable(program)


def _confirmed() -> dict[str, str]:
    """What was confirmed: path → SHA-256. A file that is lost or damaged confirms nothing."""
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(sha256) for path, sha256 in found.items()} if isinstance(found, dict) else {}


def _file() -> Path:
    return user_config_path("daiban") / _KEPT
