"""Follows a template's loops and conditions, and resolves each expression to the field id it means.

Inside ``{%tr for e in ledger %}`` the expression ``e.date`` means ``ledger.*.date``: the index is open,
``*``, as in a form.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jinja2 import nodes

from forms.template.controls import Control
from forms.template.language import names_in
from forms.template.ooxml import Element, w
from forms.template.tags import MIDDLES, OPENERS, TAG, Tag, TemplateTags, parse_tag
from foundation.errors import Problem

INDEX = "*"
_GLOBALS = {"loop", "range", "dict", "namespace", "cycler", "joiner"}
_CONTAINERS = {"tr": w("tr"), "tc": w("tc"), "p": w("p"), "r": w("r")}


@dataclass(frozen=True, slots=True)
class Block:
    """An open ``for`` or ``if``. ``variable`` means ``list_id.*`` inside; ``branch`` counts elif and else."""

    opener: Tag
    branch: int = 0
    variable: str | None = None
    list_id: str | None = None

    @property
    def is_loop(self) -> bool:
        """Whether this is a ``for``."""
        return self.opener.word == "for"


@dataclass(frozen=True, slots=True)
class TemplateExpression:
    """One expression of the template: the ids it means, where, inside which control and blocks.

    ``whole`` is the id if the expression is nothing but one field (filters allowed), else None; ``ids`` are
    all it mentions. ``is_output``: a ``{{ … }}``, not the test of an ``if``.
    """

    tag: Tag
    ids: tuple[str, ...]
    whole: str | None
    is_output: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ScopedControl:
    """A control with its tag's pattern (``ledger.*.date``) and the blocks it stands in."""

    control: Control
    pattern: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Scopes:
    """What following the template gave. ``is_nested``: every loop and condition ends where it should."""

    expressions: tuple[TemplateExpression, ...]
    controls: tuple[ScopedControl, ...]
    loops: tuple[Block, ...]
    problems: tuple[Problem, ...]
    is_nested: bool = True


def follow(found: TemplateTags) -> Scopes:
    """Resolve every expression and control tag of a scanned part; nesting problems come along."""
    follower = _Follower()
    for event in found.events:
        if isinstance(event, Control):
            follower.control(event)
        else:
            follower.tag(event)
    return follower.finish()


class _Follower:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.names: dict[str, str] = {}
        self.nested = True
        self.expressions: list[TemplateExpression] = []
        self.controls: list[ScopedControl] = []
        self.loops: list[Block] = []
        self.problems: list[Problem] = []

    def finish(self) -> Scopes:
        for block in self.blocks:
            opener = block.opener
            self._problem(opener, f"没有对应的 {OPENERS[opener.word]}", "补上结束标签")
        nested = self.nested and not self.blocks
        return Scopes(
            tuple(self.expressions), tuple(self.controls), tuple(self.loops), tuple(self.problems), nested
        )

    def control(self, control: Control) -> None:
        pattern = TAG.sub(lambda match: self._index_in_tag(match.group(), control), control.tag)
        self.controls.append(ScopedControl(control, pattern, tuple(self.blocks)))

    def tag(self, tag: Tag) -> None:
        if tag.word in OPENERS:
            self._open(tag)
        elif tag.word in MIDDLES:
            self._middle(tag)
        elif tag.word in OPENERS.values():
            self._close(tag)
        elif tag.word == "set":
            self._set(tag)
        elif tag.node is not None:
            self._add_expression(tag, tag.node, is_output=True)

    def _index_in_tag(self, source: str, control: Control) -> str:
        _, _, node, problem = parse_tag(source, control.place)
        if problem is not None:
            self.problems.append(problem)
        elif not _is_index(node):
            self.problems.append(
                Problem(
                    control.place,
                    f"控件编号“{control.tag}”里的序号应写 loop.index0（从 0 起），现为 {source}",
                    advice="改为 {{ loop.index0 }}",
                )
            )
        elif not any(block.is_loop for block in self.blocks):
            self.problems.append(
                Problem(
                    control.place,
                    f"控件编号“{control.tag}”用了循环序号，但不在循环里",
                    advice="放进循环，或写明编号",
                )
            )
        return INDEX

    def _open(self, tag: Tag) -> None:
        block = Block(tag)
        if isinstance(tag.node, nodes.For):
            block = self._loop(tag, tag.node)
            self.loops.append(block)
        elif isinstance(tag.node, nodes.If):
            self._add_expression(tag, tag.node.test, is_output=False)
        self.blocks.append(block)

    def _loop(self, tag: Tag, node: nodes.For) -> Block:
        list_id = self.resolve(node.iter)
        self.expressions.append(
            TemplateExpression(tag, tuple(self._mentioned(node.iter)), list_id, False, tuple(self.blocks))
        )
        variable = node.target.name if isinstance(node.target, nodes.Name) else None
        if list_id is None or variable is None:
            self._problem(tag, "的循环对象不是一个字段清单", "写成 for 项 in 清单编号")
        return Block(tag, variable=variable, list_id=list_id)

    def _middle(self, tag: Tag) -> None:
        if not self.blocks or self.blocks[-1].opener.word not in MIDDLES[tag.word]:
            self._problem(tag, "没有对应的 if", "补上 if，或删去")
            return
        block = self.blocks[-1]
        self._check_same_level(block.opener, tag)
        self.blocks[-1] = replace(block, branch=block.branch + 1)
        if isinstance(tag.node, nodes.If):
            self._add_expression(tag, tag.node.test, is_output=False)

    def _close(self, tag: Tag) -> None:
        if not self.blocks or OPENERS[self.blocks[-1].opener.word] != tag.word:
            self.nested = False
            self._problem(tag, f"没有对应的 {tag.word.removeprefix('end')}", "补上开头，或删去")
            return
        self._check_same_level(self.blocks.pop().opener, tag)

    def _set(self, tag: Tag) -> None:
        node = tag.node
        if not isinstance(node, nodes.Assign):
            return
        self._add_expression(tag, node.node, is_output=False)
        resolved = self.resolve(node.node)
        if isinstance(node.target, nodes.Name) and resolved is not None:
            self.names[node.target.name] = resolved

    def _check_same_level(self, opener: Tag, tag: Tag) -> None:
        """A block rendered never or often keeps the XML whole only if both ends stand at one level."""
        if opener.prefix != tag.prefix:
            self._problem(
                tag, f"与 {opener.source}（{opener.place}）的写法不同级", "两端用同样的 {%、{%p 或 {%tr"
            )
        elif _level(opener) is not _level(tag):
            apart = {"": "不在同一段", "r": "不在同一段", "tr": "不在同一个表", "tc": "不在同一行"}
            problem = apart.get(opener.prefix, "不在同一格或同一层")
            self._problem(
                tag, f"与 {opener.source}（{opener.place}）{problem}", "放到一起；整段用 {%p，整行用 {%tr"
            )

    def _add_expression(self, tag: Tag, node: nodes.Node, *, is_output: bool) -> None:
        if not any(block.is_loop for block in self.blocks) and "loop" in _roots(node):
            self._problem(tag, "用了循环序号，但不在循环里", "放进循环，或删去")
        ids = tuple(self._mentioned(node))
        self.expressions.append(
            TemplateExpression(tag, ids, self.resolve(node), is_output, tuple(self.blocks))
        )

    def _mentioned(self, node: nodes.Node) -> Iterator[str]:
        resolved = self.resolve(node)
        if resolved is not None:
            yield resolved
            return
        for child in node.iter_child_nodes():
            yield from self._mentioned(child)

    def resolve(self, node: nodes.Node | None) -> str | None:
        """The id an expression means, if it is one field; loop variables replaced, filters ignored."""
        if isinstance(node, nodes.Name):
            return None if node.name in _GLOBALS else self._name(node.name)
        if isinstance(node, nodes.Filter):
            return self.resolve(node.node)
        if isinstance(node, nodes.Getattr):
            return _join(self.resolve(node.node), node.attr)
        if isinstance(node, nodes.Getitem):
            return _join(self.resolve(node.node), _key(node.arg))
        return None

    def _name(self, name: str) -> str:
        for block in reversed(self.blocks):
            if block.variable == name:
                return f"{block.list_id}.{INDEX}"
        return self.names.get(name, name)

    def _problem(self, tag: Tag, problem: str, advice: str) -> None:
        self.problems.append(Problem(tag.place, f"{tag.source} {problem}", advice=advice))


def _roots(node: nodes.Node) -> set[str]:
    return {name.partition(".")[0] for name, _ in names_in(node)}


def _is_index(node: nodes.Node | None) -> bool:
    return (
        isinstance(node, nodes.Getattr)
        and node.attr == "index0"
        and isinstance(node.node, nodes.Name)
        and node.node.name == "loop"
    )


def _key(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Const) and isinstance(node.value, int | str):
        return str(node.value)
    return INDEX if _is_index(node) else None


def _join(base: str | None, key: str | None) -> str | None:
    return None if base is None or key is None else f"{base}.{key}"


def _level(tag: Tag) -> Element | None:
    """What both ends of a block must share: the paragraph, or the parent of what docxtpl takes away."""
    if tag.prefix in ("", "r"):
        return tag.paragraph
    container = _CONTAINERS[tag.prefix]
    element = tag.paragraph if tag.prefix == "p" else next(tag.paragraph.iterancestors(container), None)
    return element.getparent() if element is not None else None
