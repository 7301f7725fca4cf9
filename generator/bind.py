"""Case + form definition → the value of every field of one document, and what is missing.

The only module where case data and forms meet. Lists become entries with an index, lists of names tick the boxes
that print those names, and whatever a form prints no box for goes to its blank lines.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forms.definition import FieldDefinition, FieldKind, FieldValue, FormDefinition, ListDefinition
from forms.patterns import listed
from foundation.digests import sha256_of_value
from foundation.errors import Problem
from foundation.field_tree import FieldNode, FieldTree
from generator.values import CheckBoxLeaf, DocumentValue, Leaf, Node, written

#: Part of every digest: raise it when the same data would now give a different document.
OUTPUT_VERSION = 1
_NEAR = 0.8
_INDEX = re.compile("[0-9]{1,6}")
_FOLD = re.compile(r"[\s，,、；;。：:（）()《》“”\"'‘’\-—]+")

Locate = Callable[[str], str]


@dataclass(frozen=True)
class Bound:
    """One document's values: concrete field id → value (``None``: left open), in the form's order."""

    case_id: str
    form: FormDefinition
    values: Mapping[str, DocumentValue]
    entries: Mapping[str, int]
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop this document."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def awaited(self) -> tuple[Problem, ...]:
        """What this document still waits for."""
        return tuple(problem for problem in self.problems if problem.severity == "awaited")

    def definition(self, field_id: str) -> FieldDefinition:
        """The definition of one of this document's fields."""
        found = self.form.field(field_id)
        assert found is not None, field_id
        return found

    def context(self) -> Mapping[str, Node | Leaf]:
        """The names a template's expressions see."""
        root = Node()
        for item in self.form.lists:
            root.branch(item.id)
        for field_id, value in self.values.items():
            definition = self.definition(field_id)
            leaf = CheckBoxLeaf if definition.kind is FieldKind.CHECKBOX else Leaf
            root.put(field_id, leaf(value, definition.blank))
        return root.roots()

    def digest(self, template_sha256: str) -> str:
        """What decides whether a document has changed: form, template and every value."""
        content = [
            OUTPUT_VERSION,
            self.form.id,
            template_sha256,
            self.json_values(),
        ]
        return sha256_of_value(content, sort_keys=True)

    def json_values(self) -> dict[str, FieldValue]:
        """The values as the registry keeps them."""
        return {field_id: _plain(value) for field_id, value in self.values.items()}

    def with_entries(self, list_id: str, count: int) -> Bound:
        """The same document with its list padded by open entries to ``count``, or cut back to it."""
        values = dict(self.values)
        for definition in _entry_definitions(self.form, list_id):
            for index in range(count):
                values.setdefault(definition.id.replace("*", str(index), 1), None)
        spare = re.compile(re.escape(list_id) + r"\.(\d+)(\..*)?")
        kept = {
            field_id: value
            for field_id, value in values.items()
            if value is not None
            or (match := spare.fullmatch(field_id)) is None
            or int(match.group(1)) < count
        }
        return replace(self, values=kept, entries={**self.entries, list_id: count})


def bind(tree: FieldTree, form: FormDefinition, place: Locate | None = None) -> Bound:
    """Bind one case to one form.

    ``tree``: everything the document can draw on, by field id: the case, what is derived, the office's defaults.
    ``place(field_id)``: where a person finds that datum (``roster.xlsx 项目!C5``), for the problems.
    """
    where = place or (lambda _field_id: str(tree.get("id", "")))
    binder = _Binder(_listed(tree, form), form, where)
    return binder.bound()


def _listed(tree: FieldTree, form: FormDefinition) -> FieldTree:
    """The tree with each list cut down to the entries that are of this form's list."""
    for item in form.lists:
        if item.where:
            entries = [
                entry
                for entry in _entries(tree, item.id)
                if all(_at(entry, key) == value for key, value in item.where.items())
            ]
            tree = {**tree, item.id: entries}
    return tree


class _Binder:
    def __init__(self, tree: FieldTree, form: FormDefinition, where: Locate) -> None:
        self.tree = tree
        self.form = form
        self.where = where
        self.given: dict[str, int] = {}
        self.problems: list[Problem] = []

    def bound(self) -> Bound:
        self.given = {item.id: len(_entries(self.tree, item.id)) for item in self.form.lists}
        entries = {item.id: max(self.given[item.id], item.minimum) for item in self.form.lists}
        boxes = self._boxes(entries)
        values: dict[str, DocumentValue] = {}
        for definition in self.form.fields:
            for field_id in _concrete(definition, entries):
                values[field_id] = boxes[field_id] if field_id in boxes else self._value(definition, field_id)
        if self.form.content and not self._has_content():
            self._await(self.form.content.fields[0].partition(".*")[0], self.form.content.message)
        self._require(values)
        self._require_facts()
        return Bound(str(self.tree["id"]), self.form, values, entries, tuple(self.problems))

    def _value(self, definition: FieldDefinition, field_id: str) -> DocumentValue:
        raw = _at(self.tree, field_id)
        if definition.kind is FieldKind.SIGNATURE or raw is None or raw in ("", [], ()):
            return None
        if isinstance(raw, dt.date | str):
            return raw
        if isinstance(raw, Sequence):
            names = [_item_text(item) for item in raw]
            return _numbered(names) if definition.multiline else "、".join(names)
        return str(raw)

    def _boxes(self, entries: Mapping[str, int]) -> dict[str, DocumentValue]:
        """Every check box, and the blank lines beside the blank boxes, from the case's lists of names."""
        groups: dict[str, list[FieldDefinition]] = {}
        for definition in self.form.fields:
            if definition.kind is not FieldKind.CHECKBOX:
                continue
            for field_id in _concrete(definition, entries):
                one = (
                    definition
                    if field_id == definition.id
                    else definition.model_copy(update={"id": field_id})
                )
                groups.setdefault(field_id.rpartition(".")[0], []).append(one)
        values: dict[str, DocumentValue] = {}
        for group, boxes in groups.items():
            source = boxes[0].reads or group
            values |= self._group(group, source, boxes)
        return values

    def _group(self, group: str, source: str, boxes: list[FieldDefinition]) -> dict[str, DocumentValue]:
        lines = {box.id: f"{group}.text_{box.id.rpartition('.')[2]}" for box in boxes}
        blanks = [box for box in boxes if self.form.field(lines[box.id]) is not None]
        printed = {_fold(box.label): box for box in boxes if box not in blanks}
        values: dict[str, DocumentValue] = dict.fromkeys(
            [*(box.id for box in boxes), *(lines[box.id] for box in blanks)]
        )
        others: list[str] = []
        for name in _names(self.tree, source):
            box = printed.get(_fold(name))
            if box is not None:
                values[box.id] = True
            else:
                self._warn_near(source, name, [item.label for item in printed.values()])
                others.append(name)
        if self.form.field(source) is not None:
            return values | {source: "\n".join(others) or None}  # the written line after the boxes
        if others and not blanks and self.form.field(f"{group}.others") is not None:
            return values | {f"{group}.others": "；".join(others)}
        if others and not blanks:
            listed = "、".join(f"“{name}”" for name in others)
            self._problem(source, f"{listed}在表上没有对应的选项，也没有空白行可写", "请改用表上印出的名称")
        return values | _on_blank_lines(others, blanks, lines)

    def _warn_near(self, source: str, name: str, printed: list[str]) -> None:
        near = difflib.get_close_matches(name, printed, n=1, cutoff=_NEAR)
        if near:
            self._problem(
                source,
                f"“{name}”与表上印出的“{near[0]}”相近，已按未印出的事项写在空白行",
                "若是同一项，请改成印出的名称",
                warning=True,
            )

    def _require(self, values: Mapping[str, DocumentValue]) -> None:
        """What the office must supply. Of a list that is empty this is its first entry; what is missing in several
        entries is said once.
        """
        missing: set[str] = set()
        for field_id, value in values.items():
            definition = self.form.field(field_id)
            if definition is None or definition.required != "issue" or value is not None:
                continue
            empty = self._empty_list(definition)
            if empty is None and definition.id not in missing:
                self._await(field_id, f"缺少“{definition.label}”")
            elif empty is not None and empty.id not in missing and self._has_content():
                self._await(empty.id, f"“{empty.label}”一项也没有")
            missing |= {definition.id, empty.id if empty else definition.id}
        for rule in self.form.any_of:
            if rule.at == "issue" and not any(
                value is not None and listed(field_id, rule.fields) for field_id, value in values.items()
            ):
                self._await(rule.fields[0].partition(".*")[0], rule.message)

    def _empty_list(self, definition: FieldDefinition) -> ListDefinition | None:
        """The list a field is of, if the case has no entry for it."""
        base = definition.id.partition(".*")[0]
        return next((item for item in self.form.lists if item.id == base and not self.given[base]), None)

    def _has_content(self) -> bool:
        """Whether the case says anything of what the form is about."""
        content = self.form.content
        return content is None or any(_says(self.tree, field.split(".")) for field in content.fields)

    def _require_facts(self) -> None:
        for fact in self.form.facts:
            said = _at(self.tree, fact.field)
            if said in fact.values or (said is None and fact.open):
                continue
            found = f"“{fact.label}”写的是“{said}”" if said is not None else f"“{fact.label}”还没有填"
            self._await(
                fact.field, f"{found}，表上却印着“{fact.sentence}”", f"是{'或'.join(fact.values)}才能出具"
            )

    def _await(self, field_id: str, reason: str, advice: str | None = None) -> None:
        self.problems.append(Problem(self.where(field_id), reason, field_id, advice, "awaited"))

    def _problem(self, field_id: str, text: str, advice: str | None = None, *, warning: bool = False) -> None:
        self.problems.append(
            Problem(self.where(field_id), text, field_id, advice, "warning" if warning else "error")
        )


def _on_blank_lines(
    others: Sequence[str], blanks: Sequence[FieldDefinition], lines: Mapping[str, str]
) -> dict[str, DocumentValue]:
    """One unprinted name per blank line; the last line takes all that are left."""
    values: dict[str, DocumentValue] = {}
    last = len(blanks) - 1
    for box, text in zip(blanks, [*others[:last], "；".join(others[last:])] if blanks else [], strict=False):
        if text:
            values[box.id] = True
            values[lines[box.id]] = text
    return values


def _concrete(definition: FieldDefinition, entries: Mapping[str, int]) -> Iterator[str]:
    """The ids a definition stands for: itself, or one per entry of its list."""
    if "*" not in definition.id:
        yield definition.id
        return
    count = entries.get(definition.id.partition(".*")[0], 0)
    yield from (definition.id.replace("*", str(index), 1) for index in range(count))


def _entry_definitions(form: FormDefinition, list_id: str) -> Iterator[FieldDefinition]:
    return (definition for definition in form.fields if definition.id.startswith(f"{list_id}.*"))


def _at(tree: FieldNode, path: str) -> FieldNode:
    """Follow a dotted id through nested groups and lists; None where it leads nowhere."""
    node = tree
    for name in path.split("."):
        if isinstance(node, Mapping):
            node = node.get(name)
        elif isinstance(node, Sequence) and not isinstance(node, str) and _INDEX.fullmatch(name):
            node = node[int(name)] if int(name) < len(node) else None
        else:
            return None
    return node


def _says(node: FieldNode, path: Sequence[str]) -> bool:
    """Whether anything is said below a node at a path, in any entry where the path has ``*``."""
    if isinstance(node, Mapping):
        below = [node.get(path[0])] if path else node.values()
        return any(_says(child, path[1:]) for child in below)
    if isinstance(node, Sequence) and not isinstance(node, str):
        return any(_says(entry, path[1:]) for entry in node)
    return not path and node not in (None, "")


def _entries(tree: FieldTree, path: str) -> Sequence[FieldNode]:
    """The entries of the list at a dotted id; none where there is no list."""
    found = _at(tree, path)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _item_text(item: FieldNode) -> str:
    """An entry of a list as it is printed: 企业投资项目备案（市级）."""
    if isinstance(item, Mapping):
        name, authority = str(item.get("name") or ""), item.get("authority")
        return f"{name}（{authority}）" if authority else name
    return str(item)


def _numbered(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _names(tree: FieldTree, path: str) -> list[str]:
    """The names that a list at a dotted id holds, or a text there, one to a line."""
    raw = _at(tree, path)
    parts = raw.split("\n") if isinstance(raw, str) else map(_item_text, _entries(tree, path))
    return [part.strip() for part in parts if part.strip()]


def _fold(label: str) -> str:
    """A printed name without the differences people do not see: width, spaces, punctuation."""
    return _FOLD.sub("", unicodedata.normalize("NFKC", label)).lower()


def _plain(value: DocumentValue) -> FieldValue:
    return value if isinstance(value, bool) or value is None else written(value)
