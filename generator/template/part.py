"""One part of a template (the body, a header), patched and compiled once, rendered per case.

Before compiling, every tag of the patched XML gets a line of its own, so that Jinja's line number names the tag that
failed; only then is the template read by :mod:`forms.template.tags` for the tag's place. The marks, and docxtpl's
``{_{`` for a literal ``{{``, are resolved in the syntax tree, in the template's own text: never in what values hold,
and at no cost per document.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from jinja2 import Environment, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes

from forms.template.docx_file import Story
from forms.template.language import UNPARSABLE, names_in
from forms.template.scope import follow
from forms.template.tags import Tag, TemplateTags, scan
from forms.template.tracing import trace
from foundation.errors import FormError, Problem
from generator.template import bounds
from generator.template.environment import Missing, missing_noted

# Whitespace to Jinja's trim markers, and a control character that XML cannot hold, so that no template has
# it.
_MARK: Final = "\x1e\n"
# As it comes back: Jinja writes newlines as the environment's newline_sequence.
_MARKS: Final = re.compile("\x1e(?:\r\n|\r|\n)")
_FEWER: Final = "检查循环是否套了循环、清单是否太长"
_TAG_START: Final = re.compile(r"\{[{%]")
_MARKED_TAG: Final = re.compile(r"\x1e\n(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_NEWLINE: Final = re.compile(r"\r\n?")
_ESCAPED_DELIMITERS: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


class CompiledXml:
    """Patched XML compiled for one environment. Immutable; rendering keeps nothing."""

    def __init__(
        self, patched: str, environment: Environment, where: str, story: Story | None = None
    ) -> None:
        """Compile ``patched``.

        :param where: begins the place of every problem.
        :param story: the part as its author wrote it, to be read when something is wrong; none for a text that is no
            part (a document property).
        :raises FormError: the tags are not what Jinja understands; with every problem of the part at its place.
        """
        marked = _TAG_START.sub(lambda tag: _MARK + tag.group(), _NEWLINE.sub("\n", patched))
        self._where = where
        self._story = story
        self._lines, self._patched_tags = _tag_lines(marked)
        try:
            tree = environment.parse(marked)
            self._names = _names_by_line(tree)
            _resolve_marks(tree)
            bounds.bound_loops(tree)
            code = environment.compile(tree)
        except TemplateSyntaxError as error:
            raise FormError(*self._syntax_problems(error)) from error
        except UNPARSABLE as error:
            problem = Problem(self._where_it_begins, "循环和判断套得太深", advice="拆成几张表，或少套几层")
            raise FormError(problem) from error
        self._template = Template.from_code(environment, code, environment.make_globals(None))

    @property
    def names(self) -> frozenset[str]:
        """Every name the part uses, dotted as written: ``contact.phone``; loop variables too."""
        return frozenset(name for names in self._names.values() for name in names)

    def render(self, context: Mapping[str, Any]) -> str:
        """The part's XML for one case; FormError with everything that is missing or cannot be computed."""
        faults: list[Problem] = []
        xml = ""
        with missing_noted() as noted:
            try:
                xml = "".join(bounds.bounded_output(self._template.generate(context)))
            except Exception as error:
                line = fault_line(error)
                if line is None and isinstance(error, bounds.BoundsError):
                    raise FormError(Problem(self._where_it_begins, str(error), advice=_FEWER)) from error
                if line is None:
                    raise
                if not (noted and isinstance(error, UndefinedError)):  # noted already
                    faults.append(self._fault(error, line))
        problems = [*map(self._missing, noted), *faults]
        if problems:
            raise FormError(*dict.fromkeys(problems))
        # An XML parser reads a carriage return as a newline that Word shows as a space; a value means a line
        # break by it.
        return xml.replace("\r\n", "\n").replace("\r", "\n") if "\r" in xml else xml

    @cached_property
    def _written(self) -> TemplateTags:
        """The part's tags as their author wrote them."""
        return scan(self._story.root, self._story.label) if self._story else TemplateTags()

    @cached_property
    def _tags(self) -> list[Tag | None]:
        """For each patched tag, the one its author wrote."""
        return trace(self._patched_tags, self._written.tags)

    def _tag_at(self, line: int) -> tuple[str, str]:
        """Place and words of the tag on a line of the marked source, as its author wrote it if that is known."""
        index = bisect_right(self._lines, line) - 1
        if index < 0:
            return self._where_it_begins, "模板"
        tag = self._tags[index]
        if tag is None:
            return self._where_it_begins, f"标签“{self._patched_tags[index]}”"
        return f"{self._where} {tag.place}", f"标签“{tag.source}”"

    @property
    def _where_it_begins(self) -> str:
        return f"{self._where} {self._story.label or '正文'}" if self._story else self._where

    def _syntax_problems(self, error: TemplateSyntaxError) -> list[Problem]:
        """What is wrong with the tags one by one and with their nesting; if nothing is, Jinja's own message."""
        found = [*self._written.problems, *follow(self._written).problems]
        if found:
            return [replace(problem, where=f"{self._where} {problem.where}") for problem in found]
        place, tag = self._tag_at(error.lineno)
        problem = f"{tag}写法有误，Jinja 报告：{error.message}"
        return [Problem(place, problem, advice="检查标签的写法，括号和引号用英文标点、成对书写")]

    def _fault(self, error: BaseException, line: int) -> Problem:
        """A problem out of an exception that a tag raised."""
        place, tag = self._tag_at(line)
        reason = error.message if isinstance(error, TemplateError) else error
        return Problem(place, f"{tag}算不出来，原因：{reason}", advice="检查标签的写法和它用到的数据")

    def _missing(self, missing: Missing) -> Problem:
        place, tag = self._tag_at(missing.line)
        candidates = [name for name in self._names.get(missing.line, ()) if missing.name in name.split(".")]
        name = max(candidates, key=len, default=missing.name)
        advice = "核对标签里的名称，或在数据里补上这一项"
        return Problem(place, f"{tag}用到的“{name}”没有数据", advice=advice)


def fault_line(error: BaseException) -> int | None:
    """The template line an exception was raised on, by the template or in Jinja for it.

    None if it came from deeper, out of the data or a filter of ours: a bug, not the template's mistake.
    Jinja's own exceptions are always the template's.
    """
    line = None
    trace = error.__traceback__
    while trace is not None:
        names = trace.tb_frame.f_globals
        if "__jinja_exception__" in names:
            line = trace.tb_lineno
        elif not (isinstance(error, TemplateError) or _is_jinja(names)):
            line = None
        trace = trace.tb_next
    return line


def _is_jinja(names: Mapping[str, Any]) -> bool:
    """Whether code is Jinja's, or what its filters call of Python's own."""
    name = str(names.get("__name__"))
    own = name.startswith(("jinja2.", "markupsafe", bounds.__name__))
    return own or name.partition(".")[0] in sys.stdlib_module_names


def _tag_lines(marked: str) -> tuple[list[int], list[str]]:
    """The line (from 1) and the words of every tag of a marked source."""
    lines: list[int] = []
    tags: list[str] = []
    line, position = 1, 0
    for found in _MARKED_TAG.finditer(marked):
        line += marked.count("\n", position, found.start(1))
        position = found.start(1)
        lines.append(line)
        tags.append(found[1].replace(_MARK, ""))
    return lines, tags


def _names_by_line(tree: nodes.Template) -> dict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    for name, line in names_in(tree):
        names[line].append(name)
    return dict(names)


def _resolve_marks(tree: nodes.Template) -> None:
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        if isinstance(node, nodes.TemplateData):
            node.data = _MARKS.sub("", node.data)
            for escaped, delimiter in _ESCAPED_DELIMITERS:
                node.data = node.data.replace(escaped, delimiter)
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            node.value = _MARKS.sub("", node.value)
