"""Everything the command line says is Chinese: what click itself would say in English is walked through."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator

import click
import pytest

from daiban.cli import cli
from daiban.cli.chinese import explain
from foundation.os_errors import reason_of

_WRONG = ("？？", "-1", "99999999", "a b", "")
#: Command lines, options and file names, which are the same in every language.
_NAMES = re.compile(r"daiban[ a-z]*|--?[a-z-]+|[\w./-]+\.[a-z]+")
#: English is words in a row, or a word click says alone.
_ENGLISH = re.compile(
    r"[A-Za-z]{2,}(?:[ ,;:'’.]+[a-z]{2,})+|\b(?:required|default|usage|options|commands|error|invalid|missing|range)\b",
    re.IGNORECASE,
)


def _commands(group: click.Command, path: str = "daiban") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    if isinstance(group, click.Group):
        for name in group.commands:
            yield from _commands(group.commands[name], f"{path} {name}")


_COMMANDS = dict(_commands(cli))


def _english(text: str) -> list[str]:
    return _ENGLISH.findall(_NAMES.sub("", text))


@pytest.mark.parametrize("path", _COMMANDS)
def test_help_is_chinese(path: str) -> None:
    """The help of every command is Chinese, its headings and options too."""
    command = _COMMANDS[path]
    with command.make_context(path, [], resilient_parsing=True) as context:
        assert _english(command.get_help(context)) == []


@pytest.mark.parametrize("path", _COMMANDS)
def test_wrong_values_are_refused_in_chinese(path: str) -> None:
    """Whatever is wrong with the value of an option or argument is said in Chinese, and so is that it lacks."""
    command = _COMMANDS[path]
    with command.make_context(path, [], resilient_parsing=True) as context:
        for parameter in command.params:
            missing = explain(click.MissingParameter(ctx=context, param=parameter))
            assert _english(str(missing)) == []
            if isinstance(parameter, click.Option) and parameter.is_flag:
                continue
            for value in _WRONG:
                several = parameter.multiple or parameter.nargs == -1
                said = _refusal(context, parameter, (value,) if several else value)
                assert _english(said) == [], said


def _refusal(context: click.Context, parameter: click.Parameter, value: object) -> str:
    context.resilient_parsing = False
    try:
        parameter.process_value(context, value)
    except click.ClickException as error:
        return str(explain(error))
    return ""


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_the_system_is_quoted_in_chinese(number: int) -> None:
    """Whatever the system refuses is said in Chinese, never in its own words."""
    assert _english(reason_of(OSError(number, os.strerror(number)))) == []
