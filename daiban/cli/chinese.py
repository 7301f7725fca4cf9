"""click's own texts in Chinese: usage line, help headings, and errors of the command line.

click translates its texts by gettext, which follows the machine's locale and needs compiled catalogues; the people here
read Chinese on machines of any locale. So the few places where click prints texts are overridden, and its errors are
recognised by their types and attributes, never by their English text.
"""

from __future__ import annotations

import click
from click import exceptions

from foundation.errors import Problem
from foundation.nearest import did_you_mean

WIDTH = 100


class _ChineseFrame(click.Command):
    """What commands and groups have in common."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """用法：…"""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """选项"""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [row for option in options if (row := _help_row(option, ctx)) is not None]
        with formatter.section("选项"):
            formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option


def _help_row(option: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """An option and its help; what has to be written says so, where click would say it in English."""
    record = option.get_help_record(ctx)
    if record is None or not option.required:
        return record
    return record[0], f"{option.help or ''}（必须写）"


class ChineseCommand(_ChineseFrame):
    """A command whose help and usage errors are Chinese."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; surplus words are refused here, since click's own error has them only in its text."""
        ctx.allow_extra_args = True
        super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            raise click.UsageError(f"多出了参数：{' '.join(ctx.args)}", ctx)
        return ctx.args


class ChineseGroup(_ChineseFrame, click.Group):
    """A group of commands, likewise. Commands made by ``@group.command()`` are Chinese as well."""

    command_class = ChineseCommand

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """选项, then 命令."""
        super().format_options(ctx, formatter)
        rows = [(name, command.get_short_help_str(WIDTH)) for name, command in sorted(self.commands.items())]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            hint = did_you_mean(name, self.commands, f"可用的命令：{'、'.join(sorted(self.commands))}")
            raise click.UsageError(f"没有“{name}”这个命令。{hint}", ctx)
        return super().resolve_command(ctx, args)


def explain(error: click.ClickException) -> Problem:
    """What click found wrong with the command line, with the way to the help as advice."""
    context = getattr(error, "ctx", None)
    advice = f"用法见 {context.command_path} --help" if context is not None else None
    return Problem("", _sentence(error), advice=advice)


def _sentence(error: click.ClickException) -> str:
    if isinstance(error, exceptions.NoSuchOption):
        near = f"，是否指 {error.possibilities[0]}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, exceptions.BadOptionUsage):
        return f"选项 {error.option_name} 用法不对：需要值的要写上值，不需要的不要写"
    if isinstance(error, exceptions.MissingParameter):
        return f"缺少{_parameter_name(error)}"
    if isinstance(error, exceptions.BadParameter):
        return f"{_parameter_name(error)}：{error.message}"
    return error.message


def _parameter_name(error: exceptions.BadParameter) -> str:
    if error.param is None:
        return "参数"
    is_option = isinstance(error.param, click.Option)
    return f"选项 {error.param.opts[-1]}" if is_option else f"参数 {error.param.human_readable_name}"
