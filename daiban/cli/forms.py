"""``daiban forms``: the catalogue, one form, and the lint of definitions and templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from daiban.cli.chinese import ChineseGroup
from daiban.cli.options import json_option, workspace_option
from daiban.cli.output import note, problem_lines, say, say_json, table
from daiban.form_reports import catalogue_report, check_forms
from forms.catalogue import Catalogue
from forms.describe import AUDIENCE_NAMES, KIND_NAMES, FormDescription, describe
from foundation.errors import ExitCode, Problem, UsageError


@click.group(cls=ChineseGroup, invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def forms(context: click.Context, workspace: Path | None, as_json: bool) -> ExitCode | None:
    """表单目录：不带命令时列出全部表单。"""
    context.obj = workspace
    if context.invoked_subcommand is not None:
        return None
    catalogue = _catalogue(workspace)
    report = catalogue_report(catalogue)
    if as_json:
        say_json(report)
    else:
        _show_catalogue(catalogue)
    return report.exit_code


@forms.command()
@click.argument("form", metavar="表单")
@workspace_option
@json_option
@click.pass_obj
def show(given: Path | None, form: str, workspace: Path | None, as_json: bool) -> None:
    """一种表单的出处、字段、由谁填写、何时必填。"""
    # "forms --workspace WS show FORM" means the same as naming it at the end.
    catalogue = _catalogue(workspace or given)
    meant = catalogue.named(form)
    if len(meant) > 1:
        ids = "、".join(item.id for item in meant)
        raise UsageError(
            Problem("表单", f"有{len(meant)}种表单叫“{form}”", advice=f"写其中一个的编号：{ids}")
        )
    described = describe(meant[0] if meant else catalogue.form(form))
    if as_json:
        say_json(described)
    else:
        _show_form(described)


@forms.command()
@click.argument("paths", metavar="[路径]…", nargs=-1, type=click.Path(path_type=Path))
@json_option
def check(paths: tuple[Path, ...], as_json: bool) -> ExitCode:
    """检查表单定义和模板，一次列出全部问题；不写路径就检查自带的全部表单。"""
    report = check_forms(paths)
    if as_json:
        say_json(report)
    else:
        _show_problems(report.problems)
    return report.exit_code


def _catalogue(workspace: Path | None) -> Catalogue:
    """The built-in forms, and a workspace's own."""
    if workspace is None:
        return Catalogue.load()
    from daiban.office import Office  # takes longer to load than the built-in forms, which need none

    return Office.open(workspace).catalogue


def _show_problems(problems: Sequence[Problem]) -> None:
    if problems:
        say(problem_lines(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    say(f"错误 {errors} 处，存疑 {len(problems) - errors} 处。" if problems else "没有问题。")


def _show_catalogue(catalogue: Catalogue) -> None:
    for document in catalogue.documents:
        members = [form for form in catalogue.forms if form.document == document.id]
        say(f"{document.number}《{document.title}》")
        rows = [
            (f"  {form.title}", KIND_NAMES[form.kind], AUDIENCE_NAMES[form.audience], form.id)
            for form in members
        ]
        say(table(("  名称", "版式", "给谁", "编号"), rows) + "\n")
    say("给项目单位：项目单位的网页和材料包里有；给部门、内部使用：项目单位看不到。")
    say("照印：文件印有格式，逐字照印；拟制：文件只提到名称，格式由本程序拟定。")
    say("看一种表单：daiban forms show 名称（或编号）")
    if catalogue.problems:
        note(problem_lines(catalogue.problems))


def _show_form(form: FormDescription) -> None:
    source = form.source
    say(f"{form.title}（{form.id}，{form.kind_name}，{form.audience_name}）")
    say(f"出处：{source.number}《{source.title}》{source.place}")
    for quote in source.quotes:
        say(f"　　“{quote}”")
    say(f"模板：{form.template}\n")
    rows = [
        (field.label, field.kind_name, field.filled_by_name, field.required_name, field.id)
        for field in form.fields
    ]
    say(table(("名称", "类型", "由谁填写", "要求", "字段编号"), rows))
