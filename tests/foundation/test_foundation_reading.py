"""What must not be waited for, and TOML within bounds."""

from __future__ import annotations

import os
import socket
import tomllib
from pathlib import Path

import pytest

from cases.files.case_file import read_case_file
from cases.roster.read import read_roster
from daiban.settings import load_settings
from extractors.digital import load_roots
from extractors.opening import open_return
from forms.definition_file import read_form
from forms.matters.lists import reference_matters
from forms.template.docx_file import DocxFile
from foundation.errors import DaibanError
from foundation.reading import TomlBoundsError, is_special, parse_toml

TOO_MUCH = {
    "arrays": "a = " + "[" * 20_000 + "]" * 20_000,
    "keys": ".".join(["a"] * 20_000) + " = 1",
    "a number": "a = " + "9" * 5000,
}


@pytest.mark.parametrize("how", TOO_MUCH)
def test_toml_beyond_every_use_is_told(how: str, tmp_path: Path) -> None:
    """Twenty thousand levels and numbers of five thousand digits are told, in settings and in forms alike."""
    with pytest.raises(TomlBoundsError):
        parse_toml(TOO_MUCH[how])
    for name, read in (("daiban.toml", load_settings), ("form.toml", lambda path: read_form(path.parent))):
        (tmp_path / name).write_text(TOO_MUCH[how], "utf-8")
        with pytest.raises(DaibanError, match=r"嵌套太深|太长"):
            read(tmp_path / name)


def test_toml_that_breaks_its_rules_is_an_error_of_toml() -> None:
    """What is no TOML raises as ever."""
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_toml("a = [")
    assert parse_toml("a = [[1]]") == {"a": [[1]]}


@pytest.mark.skipif(os.name == "nt", reason="no pipes or sockets in folders there")
@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_pipes_and_sockets_are_refused_and_not_waited_for(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a writer that never comes: cases, rosters, settings, forms, roots, returns."""
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    readers = {
        "a.yaml": read_case_file,
        "a.xlsx": read_roster,
        "daiban.toml": load_settings,
        "form.toml": lambda path: read_form(path.parent),
        "a.docx": DocxFile,
        "a.cer": lambda path: load_roots([path]),
        "matters.toml": lambda path: reference_matters(path.parent),
        "a.pdf": lambda path: open_return(path, path.name),
    }
    for name, read in readers.items():
        if kind == "pipe":
            os.mkfifo(name)
        else:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(name)
        assert is_special(Path(name))
        with pytest.raises(DaibanError, match="不是普通文件"):
            read(tmp_path / name)
