"""``daiban forms``: the catalogue, one form, and the lint of definitions and templates."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseGroup
from daiban.cli.options import json_option, workspace_option
from daiban.cli.output import note, problem_lines, say, say_json, table
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.describe import KIND_NAMES, FormDescription, describe, summarise
from forms.lint.check import check_form, check_path
from foundation.errors import ExitCode, Problem


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
    if as_json:
        say_json(
            {
                "forms": [summarise(form).model_dump(mode="json") for form in catalogue.forms],
                "problems": [problem.to_json() for problem in catalogue.problems],
            }
        )
    else:
        _tell_catalogue(catalogue)
    return _code(catalogue.problems)


@forms.command()
@click.argument("form", metavar="FORM")
@workspace_option
@json_option
@click.pass_obj
def show(given: Path | None, form: str, workspace: Path | None, as_json: bool) -> None:
    """一种表单的出处、字段、由谁填写、何时必填。"""
    # "forms --workspace WS show FORM" means the same as naming it at the end.
    described = describe(_catalogue(workspace or given).form(form))
    if as_json:
        say_json(described.model_dump(mode="json"))
    else:
        _show_form(described)


@forms.command()
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path))
@json_option
def check(paths: tuple[Path, ...], as_json: bool) -> ExitCode:
    """检查表单定义和模板，一次列出全部问题；不写 PATH 就检查自带的全部表单。"""
    problems = [problem for path in paths for problem in check_path(path)] if paths else _check_all()
    code = _code(problems)
    if as_json:
        found = [problem.to_json() for problem in problems]
        say_json({"ok": code is ExitCode.OK, "problems": found})
        return code
    if problems:
        say(problem_lines(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    say(f"错误 {errors} 处，存疑 {len(problems) - errors} 处。" if problems else "没有问题。")
    return code


def _catalogue(workspace: Path | None) -> Catalogue:
    """The built-in forms, and a workspace's own."""
    return Catalogue.load(*([Workspace.open(workspace).forms] if workspace else []))


def _check_all() -> list[Problem]:
    catalogue = Catalogue.load()
    return [*catalogue.problems, *(problem for form in catalogue.forms for problem in check_form(form))]


def _code(problems: list[Problem] | tuple[Problem, ...]) -> ExitCode:
    wrong = any(problem.severity == "error" for problem in problems)
    return ExitCode.FORM if wrong else ExitCode.OK


def _tell_catalogue(catalogue: Catalogue) -> None:
    for document in catalogue.documents:
        members = [form for form in catalogue.forms if form.document == document.id]
        say(f"{document.number}《{document.title}》")
        rows = [(f"  {form.id}", KIND_NAMES[form.kind], form.title) for form in members]
        say(table(("  编号", "版式", "名称"), rows) + "\n")
    say("照印：文件印有格式，逐字照印；拟制：文件只提到名称，格式由本程序拟定。")
    say("看一种表单：daiban forms show 编号")
    if catalogue.problems:
        note(problem_lines(catalogue.problems))


def _show_form(form: FormDescription) -> None:
    source = form.source
    say(f"{form.title}（{form.id}，{form.kind_name}）")
    say(f"出处：{source.number}《{source.title}》{source.place}")
    for quote in source.quotes:
        say(f"　　“{quote}”")
    say(f"模板：{form.template}\n")
    rows = [
        (field.id, field.label, field.kind_name, field.filled_by_name, field.required_name)
        for field in form.fields
    ]
    say(table(("字段", "名称", "类型", "由谁填写", "要求"), rows))
