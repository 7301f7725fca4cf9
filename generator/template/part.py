"""One part of a template (the body, a header), patched and compiled once, rendered per case.
 Before compiling, every tag of the patched XML gets a line of its own, so that Jinja's line number names the
tag that failed. The marks, and docxtpl's ``{_{`` for a literal ``{{``, are then resolved in the syntax tree,
in the template's own text: never in what values hold, and at no cost per document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import Environment, Template, TemplateError, UndefinedError, nodes

from foundation.errors import FormError, Problem
from generator.template.environment import Missing, missing_noted
from generator.template.tags import TAG, TagFinder, TemplateTag

# Whitespace to Jinja's trim markers, and a control character that XML cannot hold, so that no template has
# it.
_MARK: Final = "\x1e\n"
# As it comes back: Jinja writes newlines as the environment's newline_sequence says.
_MARKS: Final = re.compile("\x1e(?:\r\n|\r|\n)")
_TAG_START: Final = re.compile(r"\{[{%]")
_NEWLINE: Final = re.compile(r"\r\n?")
_ESCAPED_DELIMITERS: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


class CompiledXml:
    """Patched XML compiled for one environment. Immutable; rendering keeps nothing."""

    def __init__(
        self, patched: str, environment: Environment, where: str, originals: Sequence[TemplateTag] = ()
    ) -> None:
        """Compile ``patched``; jinja2's TemplateSyntaxError if that fails.

        ``where`` begins places that ``originals``, the tags as their author sees them, do not give.
        """
        marked = _TAG_START.sub(lambda tag: _MARK + tag.group(), _NEWLINE.sub("\n", patched))
        self._where = where
        self._lines, tags = _tag_lines(marked)
        self._tags = [
            original or TemplateTag(tag, "")
            for tag, original in zip(tags, TagFinder(originals).trace(tags), strict=True)
        ]
        tree = environment.parse(marked)
        self._names = _names_by_line(tree)
        _resolve_marks(tree)
        code = environment.compile(tree)
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
                xml = self._template.render(context)
            except Exception as error:
                line = fault_line(error)
                if line is None:
                    raise
                if not (noted and isinstance(error, UndefinedError)):  # said already
                    faults.append(self.fault(error, line))
        problems = [*map(self._missing, noted), *faults]
        if problems:
            raise FormError(*dict.fromkeys(problems))
        # An XML parser reads a carriage return as a newline that Word shows as a space; it is meant as a line
        # break.
        return xml.replace("\r\n", "\n").replace("\r", "\n") if "\r" in xml else xml

    def tag_at(self, line: int) -> TemplateTag | None:
        """The tag on a line of the marked source, as its author wrote it if that is known."""
        index = bisect_right(self._lines, line) - 1
        return self._tags[index] if index >= 0 else None

    def place(self, tag: TemplateTag | None) -> str:
        """Where a tag stands, or as much of it as is known."""
        return tag.place if tag and tag.place else self._where

    def fault(self, error: BaseException, line: int) -> Problem:
        """A problem out of an exception that a tag raised."""
        tag = self.tag_at(line)
        said = f"标签“{tag.text}”" if tag else "模板"
        reason = error.message if isinstance(error, TemplateError) else error
        return Problem(
            self.place(tag), f"{said}算不出来，原因：{reason}", advice="检查标签的写法和它用到的数据"
        )

    def _missing(self, missing: Missing) -> Problem:
        tag = self.tag_at(missing.line)
        candidates = [name for name in self._names.get(missing.line, ()) if missing.name in name.split(".")]
        name = max(candidates, key=len, default=missing.name)
        said = f"标签“{tag.text}”" if tag else "模板"
        advice = "核对标签里的名称，或在数据里补上这一项"
        return Problem(self.place(tag), f"{said}用到的“{name}”没有数据", advice=advice)


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
    return str(names.get("__name__")).startswith(("jinja2.", "markupsafe"))


def _tag_lines(marked: str) -> tuple[list[int], list[str]]:
    lines: list[int] = []
    tags: list[str] = []
    line, position = 1, 0
    for found in TAG.finditer(marked):
        line += marked.count("\n", position, found.start())
        position = found.start()
        lines.append(line)
        tags.append(found.group().replace(_MARK, ""))
    return lines, tags


def _names_by_line(tree: nodes.Template) -> dict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)):
        name = _dotted(node)
        if name is not None and getattr(node, "ctx", "load") == "load":
            names[node.lineno].append(name)
    return dict(names)


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        head, last = _dotted(node.node), node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        head, last = _dotted(node.node), str(node.arg.value)
    else:
        return None
    return f"{head}.{last}" if head else None


def _resolve_marks(tree: nodes.Template) -> None:
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        if isinstance(node, nodes.TemplateData):
            node.data = _MARKS.sub("", node.data)
            for escaped, delimiter in _ESCAPED_DELIMITERS:
                node.data = node.data.replace(escaped, delimiter)
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            node.value = _MARKS.sub("", node.value)
