"""Checks forms: definition and template against each other, GB/T 9704-2012 and docxtpl's syntax.

Everything that is wrong is reported at once, each with its place. An *error* would break filling, issuing or
reading back; a *warning* is a deviation from the standard's look.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from forms.catalogue import is_built_in
from forms.definition import FormDefinition
from forms.definition_file import FORM_FILE, TEMPLATE_FILE, read_form, refuse_links, shown_name
from forms.lint.definition import check_definition
from forms.lint.fields import check_fields
from forms.lint.layout import check_layout
from forms.lint.package import check_package
from forms.lint.printing import check_printing
from forms.lint.properties import check_properties
from forms.lint.review import check_review
from forms.lint.syntax import check_lost_text, check_patched
from forms.lint.tables import check_areas, check_tables
from forms.lint.typography import Typography
from forms.template.docx_file import DocxFile, Story
from forms.template.scope import Scopes, follow
from forms.template.tags import TemplateTags, scan
from foundation.errors import FormError, Problem, UnreadableError

#: The XML of a part of a template; the largest of those that come with the program has 0.2 MB.
MAX_PART_BYTES = 4 * 2**20
_STYLES_PART = "word/styles.xml"


def check_form(form: FormDefinition) -> list[Problem]:
    """Everything wrong with one form: its definition, its template, and the two against each other."""
    where = shown_name(form.folder / FORM_FILE)
    return [*check_definition(form, where), *_check_template(form.template, form)]


def refuse_wrong(form: FormDefinition) -> None:
    """Stop a form that the check refuses from being issued; FormError with what the check says.

    The forms that come with the program were checked before they were shipped.
    """
    if is_built_in(form):
        return
    errors = [problem for problem in check_form(form) if problem.severity == "error"]
    if errors:
        raise FormError(*errors)


def check_path(path: Path) -> list[Problem]:
    """Everything wrong with what is at a path.

    A form's folder, a folder of forms at any depth, a form.toml beside its template, or a lone DOCX, which is
    checked without a definition.
    """
    if not path.exists():
        return [Problem(str(path), "没有这个文件或文件夹", advice="检查路径")]
    if path.is_dir():
        return _check_folder(path)
    if folders := form_folders(path):
        return _check_form_folder(folders[0])
    return _check_template(path, None)


def form_folders(path: Path) -> list[Path]:
    """The folders with a definition that :func:`check_path` would look at."""
    if path.is_dir():
        return sorted(found.parent for found in path.rglob(FORM_FILE))
    return (
        [path.parent]
        if path.name in (FORM_FILE, TEMPLATE_FILE) and (path.parent / FORM_FILE).exists()
        else []
    )


def _check_folder(path: Path) -> list[Problem]:
    folders = form_folders(path)
    lone = sorted(found for found in path.rglob(TEMPLATE_FILE) if found.parent not in folders)
    if not folders and not lone:
        return [Problem(str(path), "文件夹里没有表单（form.toml）", advice="检查路径")]
    problems = [problem for folder in folders for problem in _check_form_folder(folder)]
    for template in lone:
        problems.append(Problem(shown_name(template), f"旁边没有 {FORM_FILE}", advice="补上表单定义"))
    return problems


def _check_form_folder(folder: Path) -> list[Problem]:
    try:
        refuse_links(folder, folder)
    except FormError as error:
        return list(error.problems)
    try:
        form = read_form(folder)
    except FormError as error:
        # The template still has a syntax and a page to be checked.
        return [*error.problems, *_check_template(folder / TEMPLATE_FILE, None)]
    return check_form(form)


def _check_template(path: Path, form: FormDefinition | None) -> list[Problem]:
    name = shown_name(path)
    try:
        with DocxFile(path, name) as docx:
            problems = _check_docx(docx, form)
    except UnreadableError as error:
        return list(error.problems)
    return [replace(problem, where=f"{name} {problem.where}".strip()) for problem in problems]


def _check_docx(docx: DocxFile, form: FormDefinition | None) -> list[Problem]:
    large = [part for part in docx.part_names if part.endswith(".xml") and docx.size(part) > MAX_PART_BYTES]
    if large:
        problem = (
            f"{large[0]} 有 {docx.size(large[0]) >> 20} MB，表单的模板一个部分最多 {MAX_PART_BYTES >> 20} MB"
        )
        return [Problem("", problem, advice="用 Word 或 WPS 重新另存，或拆成几张表")]
    stories = tuple(docx.stories())
    typography = Typography.of(docx.tree(_STYLES_PART) if docx.has(_STYLES_PART) else None)
    found = [scan(story.root, story.label) for story in stories]
    scopes = _joined([follow(tags) for tags in found])
    problems = _check_syntax(docx, stories, found, scopes)
    problems += check_properties(docx, form)
    problems += check_package(docx, stories)
    problems += check_review(docx, stories)
    problems += check_printing(docx, stories, typography)
    if form is not None:
        problems += check_fields(form, scopes, [text for tags in found for text in tags.texts])
        problems += check_areas(form, scopes.controls, typography)
    problems += check_tables(stories[0].root)
    problems += check_layout(form, stories, typography)
    return problems


def _check_syntax(
    docx: DocxFile, stories: tuple[Story, ...], found: list[TemplateTags], scopes: Scopes
) -> list[Problem]:
    problems = [problem for tags in found for problem in tags.problems]
    problems += scopes.problems
    if not problems:
        # What docxtpl makes of a part has no places, so it is looked at only where the tags are in order.
        pairs = zip(stories, found, strict=True)
        problems = [
            problem for story, tags in pairs for problem in check_patched(story, docx.read(story.part), tags)
        ]
    return problems + [problem for tags in found for problem in check_lost_text(tags)]


def _joined(parts: list[Scopes]) -> Scopes:
    return Scopes(
        expressions=tuple(expression for part in parts for expression in part.expressions),
        controls=tuple(scoped for part in parts for scoped in part.controls),
        loops=tuple(loop for part in parts for loop in part.loops),
        problems=tuple(problem for part in parts for problem in part.problems),
        is_nested=all(part.is_nested for part in parts),
    )
