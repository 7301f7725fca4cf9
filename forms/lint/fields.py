"""Holds a template's controls and expressions against its form.toml.

What is wrong here would print a value in the wrong place, never fill a field, or lose it when the document is read
back: every finding is an error, except about labels, which only people see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from forms.definition import FieldDefinition, FieldKind, FilledBy, FormDefinition
from forms.patterns import meet
from forms.template.controls import Control
from forms.template.ooxml import VAL, is_on, w
from forms.template.scope import INDEX, ScopedControl, Scopes, TemplateExpression
from forms.template.tags import TAG, TaggedText
from foundation.errors import Problem
from foundation.nearest import did_you_mean

# Word cuts a tag and an alias off at 64 characters; an index takes the place of its expression, up to 999.
MAX_TAG_LENGTH = 64
_INDEX_WIDTH = "000"
DATE_SLOTS = ("year", "month", "day")
_DATE_LETTERS = frozenset("年月日 \u3000\u00a0")
_HALF_TAG = re.compile(r"\{\{|\{%|\}\}|%\}")


def check_fields(form: FormDefinition, scopes: Scopes, texts: list[TaggedText]) -> list[Problem]:
    """Every disagreement between a definition and its template, in its order; then what is missing.

    Places are inside the template (``表1 第3行 第2格``).
    """
    expressions = _by_control(scopes)
    problems = [*_loops(form, scopes)]
    for scoped in scopes.controls:
        problems += _control(form, scoped, expressions.get(id(scoped.control), []), texts)
    problems += _duplicates(scopes)
    problems += _outside(form, scopes)
    problems += _missing(form, scopes)
    return problems


def definition_for(form: FormDefinition, pattern: str) -> FieldDefinition | None:
    """The definition of a control's pattern: ``ledger.*.date``, or a concrete id."""
    # A form may define one index by itself (its first entry is required, say) beside the pattern for all.
    exact = form.field(pattern)
    return exact if exact is not None else form.field(pattern.replace(INDEX, "0"))


def _by_control(scopes: Scopes) -> dict[int, list[TemplateExpression]]:
    """Outputs per control, counting for every control around them."""
    expressions: dict[int, list[TemplateExpression]] = {}
    by_element = {scoped.control.element: scoped.control for scoped in scopes.controls}
    for expression in scopes.expressions:
        inner = expression.tag.control
        if not expression.is_output or inner is None or inner.element is None:
            continue
        for element in (inner.element, *inner.element.iterancestors(w("sdt"))):
            control = by_element.get(element)
            if control is not None:
                expressions.setdefault(id(control), []).append(expression)
    return expressions


def _control(
    form: FormDefinition,
    scoped: ScopedControl,
    expressions: list[TemplateExpression],
    texts: list[TaggedText],
) -> Iterator[Problem]:
    control = scoped.control
    if control.is_gallery:
        return
    if not control.tag:
        yield _problem(control, "内容控件没有编号（标记）", None, "在控件属性的“标记”里填字段编号")
        return
    yield from _lengths(control)
    definition = definition_for(form, scoped.pattern)
    if definition is None:
        advice = did_you_mean(scoped.pattern, (item.id for item in form.fields), "在 form.toml 加上这个字段")
        yield _problem(control, f"控件编号“{control.tag}”在 form.toml 中没有定义", scoped.pattern, advice)
        return
    yield from _properties(control, definition)
    yield from _content(scoped, definition, expressions)
    yield from _other_text(control, definition, expressions, texts)


def _lengths(control: Control) -> Iterator[Problem]:
    for name, text in (("标记", control.tag), ("标题", control.alias)):
        length = len(TAG.sub(_INDEX_WIDTH, text))
        if length > MAX_TAG_LENGTH:
            yield _problem(
                control, f"控件的{name}有 {length} 个字符，Word 只留 {MAX_TAG_LENGTH} 个", control.tag, "改短"
            )


def _properties(control: Control, definition: FieldDefinition) -> Iterator[Problem]:
    is_box = definition.kind is FieldKind.CHECKBOX
    if is_box and not control.is_checkbox:
        yield _problem(control, "字段是选项框，控件却不是复选框", definition.id, "换成“复选框内容控件”")
    if control.is_checkbox and not is_box:
        yield _problem(control, "控件是复选框，字段却不是选项框", definition.id, "换成纯文本控件，或改 kind")
    label = TAG.sub("", control.alias).strip()
    if not label:
        yield _problem(control, "控件没有标题", definition.id, f"标题填“{definition.label}”", "warning")
    elif not _is_label(label, definition.label):
        problem = f"控件标题“{label}”与 form.toml 的“{definition.label}”不同"
        yield _problem(control, problem, definition.id, "改成一致", "warning")
    if control.is_placeholder:
        yield _problem(
            control, "控件还处于占位提示状态，填入的字会被当成提示", definition.id, "重新键入控件内容"
        )
    yield from _settings(control, definition)


def _is_label(alias: str, label: str) -> bool:
    """Whether a control's title is its field's label, or, where that is too long for Word, its beginning and …"""
    shortened = alias.endswith("…") and label.startswith(alias[:-1]) and len(alias) > MAX_TAG_LENGTH // 2
    return alias == label or (shortened and len(label) > MAX_TAG_LENGTH)


def _settings(control: Control, definition: FieldDefinition) -> Iterator[Problem]:
    properties = control.element.find(w("sdtPr")) if control.element is not None else None
    if properties is None:
        return
    if properties.find(w("dataBinding")) is not None:
        problem = "控件绑定了 XML 数据，打开时会盖掉填入的内容"
        yield _problem(control, problem, definition.id, "删去控件重新插入")
    lock = properties.find(w("lock"))
    is_locked = lock is not None and lock.get(VAL) in ("contentLocked", "sdtContentLocked")
    if is_locked and definition.filled_by is not FilledBy.OFFICE:
        yield _problem(
            control, "控件的内容锁定了，收到的人填不进去", definition.id, "在控件属性里取消“无法编辑内容”"
        )
    if is_on(properties.find(w("temporary"))):
        problem = "控件设为“编辑内容时删除”，一改就没有了"
        yield _problem(control, problem, definition.id, "在控件属性里取消勾选")


def _content(
    scoped: ScopedControl, definition: FieldDefinition, expressions: list[TemplateExpression]
) -> Iterator[Problem]:
    """What the control's expressions mean must be the control's own field."""
    control, pattern = scoped.control, scoped.pattern
    if not expressions:
        # A tag that could not be read is a problem already; the control is not empty.
        if definition.kind is not FieldKind.SIGNATURE and not _HALF_TAG.search(control.text):
            yield _problem(
                control, f"控件“{control.tag}”里没有表达式，永远填不上", definition.id, "写上字段表达式"
            )
        return
    slots = {f"{pattern}.{slot}" for slot in DATE_SLOTS} if definition.kind is FieldKind.DATE else set()
    wrong = [expression for expression in expressions if not _belongs(expression, pattern, slots)]
    for expression in wrong:
        meant = f"指向“{expression.whole}”" if expression.whole else "不是单个字段"
        yield _problem(
            control,
            f"控件编号是“{control.tag}”，表达式 {expression.tag.source} 却{meant}",
            definition.id,
            "改成一致",
        )
    if not wrong:
        yield from _completeness(
            control, definition, [str(expression.whole) for expression in expressions], pattern
        )


def _belongs(expression: TemplateExpression, pattern: str, slots: set[str]) -> bool:
    # Entries of the control's own list may be printed by a loop inside it; loop.index names nothing.
    own_entry = expression.whole is not None and expression.whole.startswith(f"{pattern}.{INDEX}")
    return (
        expression.whole == pattern
        or expression.whole in slots
        or own_entry
        or (expression.whole is None and not expression.ids)
    )


def _completeness(
    control: Control, definition: FieldDefinition, meant: list[str], pattern: str
) -> Iterator[Problem]:
    if definition.kind is FieldKind.DATE and pattern not in meant:
        names = {"year": "年", "month": "月", "day": "日"}
        lacking = "".join(names[slot] for slot in DATE_SLOTS if f"{pattern}.{slot}" not in meant)
        if lacking:
            problem = f"日期控件缺“{lacking}”的表达式"
            yield _problem(control, problem, definition.id, "三个空各写 .year .month .day")
    for name in sorted(set(meant)):
        if meant.count(name) > 1 and INDEX not in name.removeprefix(pattern):
            yield _problem(control, f"控件里的“{name}”写了 {meant.count(name)} 次", definition.id, "只留一个")


def _other_text(
    control: Control,
    definition: FieldDefinition,
    expressions: list[TemplateExpression],
    texts: list[TaggedText],
) -> Iterator[Problem]:
    if any(
        len(expression.blocks) and expression.blocks[-1].opener.control is control
        for expression in expressions
    ):
        return  # a loop inside the control separates its entries as it likes
    rest = "".join(text.text for text in texts if text.control is control)
    if definition.kind is FieldKind.DATE:
        rest = "".join(letter for letter in rest if letter not in _DATE_LETTERS)
    if rest.strip() and not _HALF_TAG.search(rest):
        problem = f"控件里除表达式外还有文字“{rest.strip()[:20]}”，读回时会混进字段"
        yield _problem(control, problem, definition.id, "把文字移到控件外面")


def _duplicates(scopes: Scopes) -> Iterator[Problem]:
    named = [scoped for scoped in scopes.controls if scoped.control.tag and not scoped.control.is_gallery]
    for scoped in named if scopes.is_nested else ():
        loops = sum(block.is_loop for block in scoped.blocks)
        if scoped.pattern.count(INDEX) < loops:
            advice = "编号里加上 {{ loop.index0 }}"
            problem = f"循环里的控件编号“{scoped.control.tag}”没有序号，每一项都会同号"
            yield _problem(scoped.control, problem, scoped.pattern, advice)
    first: dict[str, list[ScopedControl]] = {}
    for scoped in named:
        before = [other for other in first.get(scoped.pattern, []) if not _exclusive(other, scoped)]
        if before:
            problem = f"控件编号“{scoped.control.tag}”重复，前一个在{before[0].control.place}"
            yield _problem(scoped.control, problem, scoped.pattern, "一个编号只用一次")
        first.setdefault(scoped.pattern, []).append(scoped)


def _exclusive(first: ScopedControl, second: ScopedControl) -> bool:
    """Whether two controls stand in different branches of the same ``if``, so that only one is printed."""
    branches = {id(block.opener): block.branch for block in first.blocks if not block.is_loop}
    return any(branches.get(id(block.opener), block.branch) != block.branch for block in second.blocks)


def _outside(form: FormDefinition, scopes: Scopes) -> Iterator[Problem]:
    for expression in scopes.expressions:
        tag = expression.tag
        if expression.is_output and tag.control is None and expression.ids:
            problem = f"表达式 {tag.source} 不在内容控件里，填了也读不回来"
            yield Problem(tag.place, problem, expression.ids[0], "放进内容控件，标记填字段编号")
        elif not expression.is_output and tag.word != "for":
            yield from _unknown(form, expression)


def _unknown(form: FormDefinition, expression: TemplateExpression) -> Iterator[Problem]:
    for wanted in expression.ids:
        if not _is_known(form, wanted):
            advice = did_you_mean(wanted, (item.id for item in form.fields), "改为已定义的字段编号")
            yield Problem(
                expression.tag.place,
                f"{expression.tag.source} 用到了没有定义的字段“{wanted}”",
                wanted,
                advice,
            )


def _is_known(form: FormDefinition, wanted: str) -> bool:
    concrete = wanted.replace(INDEX, "0")
    base, _, last = concrete.rpartition(".")
    if last in DATE_SLOTS and (date := form.field(base)) is not None:
        return date.kind is FieldKind.DATE
    known = [item.id for item in form.fields] + [item.id for item in form.lists]
    shown = [item.replace(INDEX, "0") for item in known]
    return form.field(concrete) is not None or any(f"{item}.".startswith(f"{concrete}.") for item in shown)


def _loops(form: FormDefinition, scopes: Scopes) -> Iterator[Problem]:
    lists = [item.id for item in form.lists]
    # A list that has fields but no definition is the definition's own problem.
    bases = {item.id.partition(f".{INDEX}")[0] for item in form.fields if INDEX in item.id}
    for loop in scopes.loops:
        if loop.list_id is not None and loop.list_id not in bases.union(lists):
            advice = did_you_mean(loop.list_id, lists, "在 form.toml 加上 [[list]]")
            problem = f"{loop.opener.source} 循环的清单“{loop.list_id}”没有定义"
            yield Problem(loop.opener.place, problem, loop.list_id, advice)


def _missing(form: FormDefinition, scopes: Scopes) -> Iterator[Problem]:
    patterns = {scoped.pattern for scoped in scopes.controls}
    looped = {loop.list_id for loop in scopes.loops}
    unlooped = [listed for listed in form.lists if listed.id not in looped]
    for listed in unlooped:
        advice = f"用 {{%tr for 项 in {listed.id} %}}（表格行）或 {{%p for … %}}（段落）循环"
        yield Problem("", f"清单“{listed.label}”（{listed.id}）在模板里没有循环", listed.id, advice)
    for field in form.fields:
        covered = any(field.id.startswith(f"{listed.id}.{INDEX}") for listed in unlooped)
        if not covered and not any(meet(pattern, field.id) for pattern in patterns):
            problem = f"字段“{field.label}”（{field.id}）在模板里没有内容控件"
            yield Problem("", problem, field.id, "插入控件，或从 form.toml 删去")


def _problem(
    control: Control,
    problem: str,
    field_id: str | None,
    advice: str | None,
    severity: Literal["error", "warning"] = "error",
) -> Problem:
    return Problem(control.place, problem, field_id, advice, severity)
