"""Finds the docxtpl/Jinja tags of a template, each with its place, its control and its parsed expression.

Word cuts a tag into several runs; here, as in docxtpl, a paragraph's text counts as one. What cannot be
read is a problem with its place, not with Jinja's line number in a patched document.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, nodes

from forms.template.controls import Control, control_of
from forms.template.language import UNPARSABLE, refusal
from forms.template.ooxml import SDT, TEXT, Element
from forms.template.text import WITHOUT_TEXT
from forms.template.walker import Level, walk
from foundation.errors import Problem
from foundation.nearest import nearest

# A tag ends before the next opening, so that an unclosed tag does not swallow the one after it.
_NO_OPENING = r"(?:(?!\{\{|\{%).)*?"
TAG = re.compile(rf"\{{\{{{_NO_OPENING}\}}\}}|\{{%{_NO_OPENING}%\}}|\{{#.*?#\}}", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%|\{#|[｛{][｛{]|[｛{][％%]")
_CLOSING = re.compile(r"\}\}|%\}|#\}|[｝}][｝}]|[％%][｝}]")
_PREFIX = re.compile(r"(tr|tc|p|r)(?=\s)")
_SMART_QUOTES = re.compile("[“”‘’]")
_FULL_WIDTH = re.compile("[（）［］｛｝．，＝＿　]")
_REMOVED = "\x00"

# What a statement is held against: Jinja's own that make sense in a form, and docxtpl's table helpers.
OPENERS = {"for": "endfor", "if": "endif"}
MIDDLES = {"elif": ("if",), "else": ("if", "for")}
_WORDS = (*OPENERS, *OPENERS.values(), *MIDDLES, "set", "colspan", "cellbg", "vm", "hm")
_CELL_HELPERS = {"colspan", "cellbg"}
_ENVIRONMENT = Environment()
#: So much of a tag is shown.
LONGEST_SHOWN = 200
#: Filters of Jinja that a field's text cannot go through, or comes out of as markup.
_UNFIT_FILTERS = frozenset(
    {"abs", "attr", "dictsort", "filesizeformat", "forceescape", "items", "pprint", "random", "round", "safe"}
    | {"slice", "sum", "tojson", "urlencode", "urlize", "xmlattr"}
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One ``{{ … }}`` or ``{% … %}`` of a template.

    ``word`` is the statement's first word (``for``, ``endif``), empty for an output; ``prefix`` is
    docxtpl's ``tr``, ``tc``, ``p`` or ``r``; ``node`` the parsed output or statement, None where there is
    nothing to parse.
    """

    source: str
    word: str
    prefix: str
    node: nodes.Node | None
    place: str
    paragraph: Element
    control: Control | None


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A piece of a paragraph's text outside its tags, and the control it stands in (None: outside all)."""

    text: str
    place: str
    paragraph: Element
    control: Control | None


@dataclass(slots=True)
class TemplateTags:
    """Everything found in a template, in reading order; a control stands before the tags inside it."""

    events: list[Tag | Control] = field(default_factory=list)
    texts: list[TaggedText] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def tags(self) -> list[Tag]:
        """The tags alone."""
        return [event for event in self.events if isinstance(event, Tag)]

    @property
    def controls(self) -> list[Control]:
        """The controls alone."""
        return [event for event in self.events if isinstance(event, Control)]


@dataclass(slots=True)
class _Line:
    """A paragraph's text. ``spans``: (start, end, control around it); ``opened``: (position, control that begins)."""

    text: str = ""
    spans: list[tuple[int, int, Control | None]] = field(default_factory=list)
    opened: list[tuple[int, Control]] = field(default_factory=list)

    def add(self, text: str, control: Control | None) -> None:
        start = len(self.text)
        self.text += text
        self.spans.append((start, len(self.text), control))

    def control_at(self, position: int) -> Control | None:
        return next((control for start, end, control in self.spans if start <= position < end), None)

    def without_tags(self) -> str:
        """The text with every character of a tag replaced by one that XML cannot hold; positions are unchanged."""
        return TAG.sub(lambda match: _REMOVED * len(match.group()), self.text)


def scan(tree: Element, label: str = "") -> TemplateTags:
    """All tags and controls of a part; ``label`` is what places call it (``页脚``), empty for the body."""
    return _Scanner().scan(tree, label)


def parse_tag(source: str, place: str) -> tuple[str, str, nodes.Node | None, Problem | None]:
    """Word, prefix, parsed node and, if it cannot be parsed, the problem of one tag."""
    inner = source[2:-2]
    match = _PREFIX.match(inner)
    prefix = match.group() if match else ""
    inner = inner[len(prefix) :].removeprefix("-").removesuffix("-").strip()
    word = inner.split(maxsplit=1)[0] if inner and source.startswith("{%") else ""
    problem = _style_problem(source, inner, word, place)
    if problem is not None:
        return word, prefix, None, problem
    try:
        node = _parse(inner, word)
        return word, prefix, node, _unknown_name(node, source, place)
    except TemplateSyntaxError as error:
        return (
            word,
            prefix,
            None,
            Problem(place, f"标签 {source} 语法有误（Jinja：{error.message}）", advice="改正表达式"),
        )
    except UNPARSABLE:
        return (
            word,
            prefix,
            None,
            Problem(place, f"标签 {source[:24]}… 嵌套太深，或数字太长", advice="改正表达式"),
        )


class _Scanner:
    def __init__(self) -> None:
        self.found = TemplateTags()
        self.controls: dict[Element, Control] = {}
        # An opening without its end, waiting to see whether the end stands in a later paragraph.
        self.unclosed: Problem | None = None

    def scan(self, tree: Element, label: str) -> TemplateTags:
        for block in walk(tree, label):
            if block.level is not None:
                self._open_control(block.element, block.place, block.level)
            else:
                around = self.controls.get(block.control) if block.control is not None else None
                self._paragraph(block.element, block.place, around)
        return self.found

    def _open_control(self, sdt: Element, place: str, level: Level) -> Control:
        control = control_of(sdt, place, level)
        self.controls[sdt] = control
        self.found.events.append(control)
        return control

    def _paragraph(self, paragraph: Element, place: str, around: Control | None) -> None:
        line = _Line()
        self._read(paragraph, place, around, line)
        events: list[tuple[int, int, Tag | Control]] = [(at, 0, control) for at, control in line.opened]
        for match in TAG.finditer(line.text):
            tag = self._tag(match, line, paragraph, place)
            if tag is not None:
                events.append((match.start(), 1, tag))
        self.found.events.extend(event for _, _, event in sorted(events, key=lambda item: item[:2]))
        rest = line.without_tags()
        for part in filter(None, rest.split(_REMOVED)):
            self._look_for_halves(part, place)
        for start, end, control in line.spans:
            if text := rest[start:end].replace(_REMOVED, ""):
                self.found.texts.append(TaggedText(text, place, paragraph, control))

    def _read(self, element: Element, place: str, control: Control | None, line: _Line) -> None:
        for child in element:
            if child.tag == TEXT:
                line.add(child.text or "", control)
            elif child.tag == SDT:
                inner = control_of(child, place, "run")
                line.opened.append((len(line.text), inner))
                self._read(child, place, inner, line)
            elif child.tag not in WITHOUT_TEXT:
                self._read(child, place, control, line)

    def _tag(self, match: re.Match[str], line: _Line, paragraph: Element, place: str) -> Tag | None:
        source, control = match.group(), line.control_at(match.start())
        if source.startswith("{#"):
            return None
        if control is not line.control_at(match.end() - 1):
            self._problem(place, f"标签 {source} 跨越了内容控件的边界", "把整个标签放进控件里，或全放在外面")
            return None
        word, prefix, node, problem = parse_tag(source, place)
        if problem is not None:
            self.found.problems.append(problem)
        return Tag(source, word, prefix, node, place, paragraph, control)

    def _look_for_halves(self, rest: str, place: str) -> None:
        opening, closing = _OPENING.search(rest), _CLOSING.search(rest)
        if closing and not opening:
            self._stray_end(rest, closing, place)
        if opening:
            self._problem(
                place, f"标签没有写完：{rest[opening.start() :][:24]}", "补上与“{{”“{%”成对的半角“}}”“%}”"
            )
            self.unclosed = self.found.problems[-1]

    def _stray_end(self, rest: str, closing: re.Match[str], place: str) -> None:
        if self.unclosed is None:
            self._problem(place, f"多出标签的结尾：{rest[: closing.end()][-24:]}", "删去，或补上开头")
            return
        before = self.unclosed
        self.found.problems.remove(before)
        beginning = before.problem.partition("：")[2]
        self._problem(before.where, f"标签被拆到了两段，无法拼合：{beginning}", "把整个标签写在同一段里")
        self.unclosed = None

    def _problem(self, place: str, problem: str, advice: str) -> None:
        self.found.problems.append(Problem(place, problem, advice=advice))


def _style_problem(source: str, inner: str, word: str, place: str) -> Problem | None:
    if _SMART_QUOTES.search(inner):
        advice = "改为直引号，并关掉 Word 的“直引号替换为弯引号”"
        return Problem(place, f"标签 {source} 里有中文（弯）引号", advice=advice)
    if found := _FULL_WIDTH.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", inner)):
        return Problem(place, f"标签 {source} 里有全角字符“{found.group()}”", advice="改为半角")
    if not inner:
        return Problem(place, f"标签 {source} 是空的", advice="写上字段编号，或删去")
    if source.startswith("{%") and word not in _WORDS:
        near = nearest(word, _WORDS)
        hint = f"是否指“{near}”？" if near else "可用 for、if、elif、else、endfor、endif、set"
        return Problem(place, f"标签 {source} 用了不认识的语句“{word}”", advice=hint)
    return None


def _unknown_name(node: nodes.Node | None, source: str, place: str) -> Problem | None:
    """A filter, test or function that there is not, or a filter with the wrong arguments.

    Jinja itself notices only when a template is compiled or rendered.
    """
    for used in (node, *node.find_all(nodes.Node)) if node is not None else ():
        kind, name, known = _used_name(used)
        if name and name not in known:
            near = nearest(name, tuple(known))
            hint = f"是否指“{near}”？" if near else f"去掉这个{kind}"
            return Problem(place, f"标签 {source} 用了没有的{kind}“{name}”", advice=hint)
        if isinstance(used, nodes.Filter) and name in _UNFIT_FILTERS:
            return Problem(
                place, f"标签 {source} 的过滤器“{name}”用不到表单的文字上", advice="去掉这个过滤器"
            )
        if isinstance(used, nodes.Filter) and not _takes_arguments(used):
            return Problem(place, f"标签 {source} 给过滤器“{name}”的参数不对", advice="改正参数的个数和名称")
        if reason := refusal(used):
            return Problem(place, f"标签 {source[:LONGEST_SHOWN]} {reason}", advice="改正表达式")
    return None


def _used_name(used: nodes.Node) -> tuple[str, str, Collection[str]]:
    """What kind of thing a node uses by name, the name, and the names there are; no name for any other node."""
    if isinstance(used, nodes.Filter):
        return "过滤器", used.name, _ENVIRONMENT.filters
    if isinstance(used, nodes.Test):
        return "判断", used.name, _ENVIRONMENT.tests
    if isinstance(used, nodes.Call) and isinstance(used.node, nodes.Name):
        return "函数", used.node.name, _ENVIRONMENT.globals
    return "", "", ()


def _takes_arguments(used: nodes.Filter) -> bool:
    """Whether a filter can be called as it is written; true where that cannot be said."""
    function = _ENVIRONMENT.filters[used.name]
    if used.dyn_args is not None or used.dyn_kwargs is not None:
        return True
    given = 1 + len(used.args) + hasattr(function, "jinja_pass_arg")
    try:
        inspect.signature(function).bind(*[None] * given, **{str(item.key): None for item in used.kwargs})
    except TypeError:
        return False
    except ValueError:
        return True  # a function of C does not say what it takes
    return True


def _parse(inner: str, word: str) -> nodes.Node | None:
    """The expression of an output, or the statement's own node; raises TemplateSyntaxError."""
    if not word:
        return _only(_ENVIRONMENT.parse("{{" + inner + "}}"), nodes.Output).nodes[0]
    if word in _CELL_HELPERS:
        return _only(_ENVIRONMENT.parse("{{" + inner.removeprefix(word) + "}}"), nodes.Output).nodes[0]
    if word == "for":
        return _ENVIRONMENT.parse("{%" + inner + "%}{% endfor %}").body[0]
    if word in ("if", "elif"):
        test = inner[len(word) :]
        return _ENVIRONMENT.parse("{% if " + test + "%}{% endif %}").body[0]
    if word == "set":
        return _ENVIRONMENT.parse("{%" + inner + "%}").body[0]
    if inner != word:
        raise TemplateSyntaxError(f"“{word}”后面不应再有内容", 1)
    return None


def _only(template: nodes.Template, kind: type[nodes.Output]) -> nodes.Output:
    body = template.body
    if len(body) != 1 or not isinstance(body[0], kind) or len(body[0].nodes) != 1:
        raise TemplateSyntaxError("不是一个单独的表达式", 1)
    return body[0]
