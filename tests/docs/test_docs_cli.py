"""README.zh-CN.md says every command, option and exit code that there is, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from daiban import __version__
from daiban.cli import cli
from daiban.issuing.result import GenerateResult
from forms.catalogue import Catalogue
from foundation.errors import _WORST_FIRST, ExitCode

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "README.zh-CN.md").read_text("utf-8")


def section(number: str) -> str:
    """One numbered section of the page."""
    return PAGE.partition(f"\n## {number}、")[2].partition("\n## ")[0]


def commands(group: click.Command = cli, name: str = "daiban") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name."""
    if group is not cli and (not isinstance(group, click.Group) or group.invoke_without_command):
        yield name, group
    if isinstance(group, click.Group):
        for word, command in group.commands.items():
            yield from commands(command, f"{name} {word}")


def usage(name: str, command: click.Command) -> str:
    """The command with its arguments, as the page writes it: ``daiban doctor [WS]``."""
    metavars = [str(param.metavar) for param in command.params if isinstance(param, click.Argument)]
    return " ".join([name, *metavars])


def options(command: click.Command) -> Iterator[str]:
    """A command's options with what follows them: ``--case ID``."""
    for param in command.params:
        if isinstance(param, click.Option):
            yield param.opts[-1] if param.is_flag else f"{param.opts[-1]} {param.metavar}"


def test_commands_are_the_documented_ones() -> None:
    """The table of commands is the command line's, arguments included."""
    table = re.findall(r"^\| `(daiban [^`]+)` \| [^`|]+ \|$", section("七"), re.MULTILINE)
    assert sorted(table) == sorted(usage(name, command) for name, command in commands())


def test_options_are_the_documented_ones() -> None:
    """The table of options has every option of every command, --help and --version apart, and no other."""
    rows = re.findall(r"^\| `(daiban[\w ]*)` \| `(--[^`]+)` \|", section("七"), re.MULTILINE)
    real = [(name, option) for name, command in commands() for option in options(command)]
    assert sorted(rows) == sorted(real)
    assert "--help" in PAGE and "--version" in PAGE


def test_exit_codes_are_the_documented_ones() -> None:
    """Every exit code has its row, and the order of the worst is the program's."""
    rows = re.findall(r"^\| (\d+) \|", section("八"), re.MULTILINE)
    assert [int(row) for row in rows] == sorted(ExitCode)
    order = "、".join(str(int(code)) for code in _WORST_FIRST)
    assert f"次序是 {order}。" in section("八")


def test_json_keys_are_named() -> None:
    """Every key of generate --json and of a problem is named in the section on JSON."""
    schema = GenerateResult.model_json_schema(mode="serialization")
    shapes = (schema, *(schema["$defs"][name] for name in ("IssuedItem", "FailedItem", "Problem")))
    keys = {key for shape in shapes for key in shape["properties"]}
    assert sorted(key for key in keys if f"`{key}`" not in section("八")) == []


def test_default_forms_are_the_documented_ones() -> None:
    """The table of stages gives each stage the forms its document prescribes."""
    catalogue = Catalogue.load()
    titles = {form.id: form.title for form in catalogue.forms}
    rows = re.findall(r"^\| (\S+) \| (\S+) \|$", section("三"), re.MULTILINE)
    told = {stage: forms.split("、") for stages, forms in rows for stage in stages.split("、")}
    for stage, ids in catalogue.document("jincheng").stages.items():
        assert len(told[stage]) == len(ids)
        assert all(any(word in titles[form_id] for form_id in ids) for word in told[stage])


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/add-a-form.md"])
def test_command_lines_parse(name: str) -> None:
    """Every command line in a shell block is one that the program takes."""
    text = (ROOT / name).read_text("utf-8")
    shell = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    lines = re.findall(r"^daiban (.+?)(?: +#.*)?$", shell, re.MULTILINE)
    assert lines
    for line in lines:
        parse(cli, line.split())


def parse(command: click.Command, words: list[str]) -> None:
    """Parse a command line without running it; click raises for what it does not take."""
    context = command.make_context(command.name, list(words), resilient_parsing=False)
    rest = [*context._protected_args, *context.args] if isinstance(command, click.Group) else []
    if isinstance(command, click.Group) and rest:
        _, found, others = command.resolve_command(context, rest)
        assert found is not None
        parse(found, others)


def test_version_is_in_the_changelog() -> None:
    """The changelog begins with what is not released yet or with the version that the program says it is."""
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = headings[1:] if headings[0] == "Unreleased" else headings
    assert released[0] == __version__
