"""What a tag of a form may say: fields, conditions on them, loops over lists, filters of text; each of bounded size.

An office's own template may come from anywhere. Jinja's sandbox keeps it from reaching Python, not from asking for
``'%999999999d'|format(1)`` or ``range(…)``. What a form has no use for is refused where it is written: functions and
methods, arithmetic other than on the counts of a loop, widths and paddings wider than a page. What is left takes time
and space in proportion to template and data, which rendering bounds as well (:mod:`generator.template.bounds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

#: Numbers and texts that a filter is given: no line of a form is longer.
LARGEST_ARGUMENT = 100
#: What Jinja and Python raise, beside Jinja's own errors, for what they cannot read or compile: nested too deeply
#: (CPython: 20 loops, 100 levels), numbers of thousands of digits.
UNPARSABLE = (RecursionError, SyntaxError, MemoryError, ValueError)
#: Filters that are given data, not constants: what is printed instead of nothing, and a pattern's values.
_DATA_ARGUMENTS = frozenset({"default", "d", "format"})
_APPLYING = frozenset({"map", "select", "reject", "selectattr", "rejectattr"})
_CONVERSION = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?")
_COUNTS = frozenset({"index", "index0", "revindex", "revindex0", "length", "depth", "depth0"})
_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod)


def refusal(node: nodes.Node) -> str | None:
    """Why a form may not say this, as a Chinese clause; None where it may. Looks at the node alone, not below it."""
    if isinstance(node, nodes.Call):
        return None if _is_cycle(node.node) else "调用了函数或方法，表单里只写字段、判断和过滤器"
    if isinstance(node, nodes.BinExpr) and not isinstance(node, nodes.And | nodes.Or):
        return None if _is_count(node) else "做了算术，表单里只能用循环序号加减"
    if isinstance(node, nodes.UnaryExpr) and not isinstance(node, nodes.Not):
        return None if _is_count(node.node) else "做了算术，表单里只能用循环序号加减"
    if isinstance(node, nodes.Const):
        return None if _is_small(node) else "有一个数太大"
    if isinstance(node, nodes.Filter):
        return _filter_refusal(node)
    return None


def names_in(tree: nodes.Node) -> Iterator[tuple[str, int]]:
    """Every name that is read, dotted as written (``contact.phone``), with its line."""
    kinds = (nodes.Name, nodes.Getattr, nodes.Getitem)
    for node in (*([tree] if isinstance(tree, kinds) else []), *tree.find_all(kinds)):
        name = _dotted(node)
        if name is not None and getattr(node, "ctx", "load") == "load":
            yield name, node.lineno


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


def _is_cycle(node: nodes.Node) -> bool:
    return _is_of_loop(node) and getattr(node, "attr", "") in ("cycle", "changed")


def _is_of_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "loop"


def _is_count(node: nodes.Node) -> bool:
    """Whether this is a small number: a constant, a count of a loop or of a list, or a sum of such."""
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int | float)
    if isinstance(node, nodes.Filter):
        return node.name in ("length", "count")
    if isinstance(node, _ARITHMETIC):
        return _is_count(node.left) and _is_count(node.right)
    if isinstance(node, nodes.Neg | nodes.Pos):
        return _is_count(node.node)
    return _is_of_loop(node) and getattr(node, "attr", "") in _COUNTS


def _is_small(node: nodes.Node) -> bool:
    """Numbers as long as a date at most, so that none can be too long to be written out."""
    return not (isinstance(node, nodes.Const) and isinstance(node.value, int) and abs(node.value) >= 10**12)


def _filter_refusal(node: nodes.Filter) -> str | None:
    name, arguments = node.name, [*node.args, *(item.value for item in node.kwargs)]
    if name == "format":
        return _format_refusal(node.node)
    if name in _APPLYING and node.args and getattr(node.args[0], "value", "") == "format":
        return "给过滤器“map”的“format”没有写明格式"
    if name in _DATA_ARGUMENTS:
        return None
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return f"给过滤器“{name}”的参数没有逐个写明"
    if all(_is_bounded(one) for one in arguments):
        return None
    return f"给过滤器“{name}”的参数太大或不是写明的值（数不超过 {LARGEST_ARGUMENT}，文字不超过 {LARGEST_ARGUMENT} 字）"


def _is_bounded(argument: nodes.Node) -> bool:
    if isinstance(argument, nodes.Neg | nodes.Pos):
        return _is_bounded(argument.node)
    if not isinstance(argument, nodes.Const):
        return False
    value = argument.value
    size = len(value) if isinstance(value, str) else abs(value) if isinstance(value, int | float) else 0
    return size <= LARGEST_ARGUMENT


def _format_refusal(pattern: nodes.Node | None) -> str | None:
    if not isinstance(pattern, nodes.Const) or not isinstance(pattern.value, str):
        return "过滤器“format”的格式没有写明"
    for found in _CONVERSION.finditer(pattern.value):
        widths = [found["width"], found["precision"]]
        if any(
            width == "*" or (width and (len(width) > 3 or int(width) > LARGEST_ARGUMENT)) for width in widths
        ):
            return f"格式里的宽度超过 {LARGEST_ARGUMENT}"
    return None
