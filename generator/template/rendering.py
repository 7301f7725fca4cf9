"""Templates compiled once, rendered per case, equal to what docxtpl renders.

docxtpl loads, patches and compiles its template anew for every document, and an object of it used in a loop
hands every document the first row's values. Here a template is loaded once into a :class:`CompiledTemplate`,
which never changes and may be shared between threads; each case gets a :class:`RenderedDocument` of its own.
A test compares both; where they differ on purpose, :mod:`generator.template.docxtpl_adapter` lists it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from forms.template.docx_file import DocxSource
from forms.template.docxtpl_patch import patch
from forms.template.ooxml import Element
from foundation.errors import CaseDataError, DaibanError, FormError, Problem
from generator.template import docxtpl_adapter as adapter
from generator.template.bounds import rendering_bounded
from generator.template.docx_package import DocxPackage
from generator.template.environment import FormEnvironment, template_environment
from generator.template.part import CompiledXml

_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)
# What XML 1.0 cannot hold (§2.2 Char), tab, newline and return excepted.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG: Final = re.compile(r"<[^>]*>")


class RenderedDocument:
    """One filled document: its changed parts, as trees to work on further and as a .docx. Not for sharing."""

    def __init__(
        self,
        package: DocxPackage,
        parts: Mapping[str, bytes],
        trees: Mapping[str, Element] | None = None,
    ) -> None:
        """Take the changed ``parts`` of ``package`` and, where they are parsed already, their ``trees``."""
        self.package = package
        self._parts = dict(parts)
        self._trees = dict(trees or {})
        self._handed_out: set[str] = set()

    @property
    def parts(self) -> Mapping[str, bytes]:
        """Zip name → XML of every rendered part, with the changes made to its tree."""
        changed = {name: _serialise(self._trees[name]) for name in self._handed_out}
        return self._parts | changed

    @property
    def body_tree(self) -> Element:
        """Root (``w:document``) of the body's part, to be changed in place; see :meth:`tree`."""
        return self.tree(self.package.main_part)

    @property
    def body(self) -> Element:
        """The ``w:body`` element in it."""
        return adapter.body_of(self.body_tree)

    def tree(self, name: str) -> Element:
        """Root element of any part; what is changed in it is in :attr:`parts` and :meth:`to_bytes`."""
        if name not in self._trees:
            data = self._parts.get(name) or self.package[name]
            self._trees[name] = etree.fromstring(data, _PARSER)
        self._handed_out.add(name)
        return self._trees[name]

    def to_bytes(self) -> bytes:
        """The document as a .docx; the same content gives the same bytes."""
        return self.package.write(self.parts)


class CompiledTemplate:
    """A template, patched and compiled. Immutable: safe for loops and threads."""

    def __init__(self, package: DocxPackage, environment: FormEnvironment | None = None) -> None:
        """Compile every part docxtpl renders; FormError with all that is wrong in all parts."""
        self.package = package
        self._environment = environment or template_environment()
        self._environment.autoescape = True
        problems: list[Problem] = []
        self._parts: list[_Part] = []
        for source in adapter.part_sources(package):
            try:
                self._parts.append(_Part(source, package, self._environment))
            except FormError as error:
                problems += error.problems
        try:
            self._properties = _Properties(package, self._environment)
        except FormError as error:
            problems += error.problems
        if problems:
            raise FormError(*problems)

    @classmethod
    def load(
        cls, source: DocxSource, environment: FormEnvironment | None = None, *, where: str | None = None
    ) -> CompiledTemplate:
        """Read and compile a template from a path or its bytes.

        ``environment`` defaults to :func:`template_environment`; one of the caller's keeps its filters,
        options and ``undefined`` (only autoescape is switched on, as docxtpl's ``autoescape=True`` does).
        ``where`` names the template in problems. FormError if it is not a docx or its tags are wrong.
        """
        return cls(DocxPackage.read(source, where), environment)

    @property
    def names(self) -> frozenset[str]:
        """Every name the tags use, dotted as written (``contact.phone``), loop variables and prefixes
        included.
        """
        return frozenset().union(*(part.compiled.names for part in self._parts))

    def render(self, context: Mapping[str, Any]) -> RenderedDocument:
        """Fill the template.

        FormError lists every place whose data is missing or cannot be computed; CaseDataError a value that no
        Word file can hold. A value's text comes out as it is: its newlines (``\\n``, ``\\r\\n``) as line
        breaks, ``\\t`` as a tab, and as in docxtpl ``\\a`` as a new paragraph and ``\\f`` as a page break.
        """
        parts: dict[str, bytes] = {}
        trees: dict[str, Element] = {}
        problems: list[DaibanError] = []
        with rendering_bounded():
            for part in self._parts:
                try:
                    parts[part.name], trees[part.name] = part.render(context)
                except (FormError, CaseDataError) as error:
                    problems.append(error)
            try:
                parts |= self._properties.render(context)
            except (FormError, CaseDataError) as error:
                problems.append(error)
        if problems:
            raise type(problems[0])(*(problem for error in problems for problem in error.problems))
        return RenderedDocument(self.package, parts, trees)


class _Part:
    """A part's fixed text, its compiled XML, and the check of what comes out."""

    def __init__(
        self, source: adapter.PartSource, package: DocxPackage, environment: FormEnvironment
    ) -> None:
        self.name = source.story.part
        self._is_body = source.story.kind == "body"
        self._before, self._after = source.before, source.after
        self._where = f"{package.where} {source.story.label or '正文'}"
        self.compiled = CompiledXml(patch(source.source), environment, package.where, source.story)

    def render(self, context: Mapping[str, Any]) -> tuple[bytes, Element]:
        """The part's XML and its tree."""
        filled = self.compiled.render(context)
        xml = f"{self._before}{adapter.resolve_listing(filled)}{self._after}"
        try:
            data = xml.encode()
            root = etree.fromstring(data, _PARSER)
        except (UnicodeEncodeError, etree.XMLSyntaxError) as error:
            raise _unwritable(self._where, xml, filled, error) from error
        try:
            settled = self._is_body and adapter.settle_body(root)
        except ValueError:
            problem = f"表格里合并的列数不成立，只能是 1 至 {adapter.MOST_COLUMNS}"
            raise FormError(Problem(self._where, problem, advice="检查 colspan 后面写的")) from None
        return (_serialise(root) if settled else data), root


class _Properties:
    """The document properties that hold tags. They are text, not XML, so nothing in them is escaped twice."""

    def __init__(self, package: DocxPackage, environment: FormEnvironment) -> None:
        self._where = package.where
        self._part = package.core_properties
        self._core = package[self._part] if self._part else b""
        texts = adapter.read_properties(self._core) if self._part else {}
        plain = environment.overlay(autoescape=False)
        self._templates: dict[str, CompiledXml] = {}
        for name, text in texts.items():
            if "{{" in text or "{%" in text:
                self._templates[name] = CompiledXml(text, plain, self._place(name))

    def _place(self, name: str) -> str:
        return f"{self._where} 文档属性“{adapter.PROPERTIES[name]}”"

    def render(self, context: Mapping[str, Any]) -> dict[str, bytes]:
        """The properties part by its zip name; nothing if no property holds a tag."""
        if not self._templates or self._part is None:
            return {}
        values = {name: template.render(context) for name, template in self._templates.items()}
        problems = [problem for name, value in values.items() for problem in self._refusals(name, value)]
        if problems:
            raise CaseDataError(*problems)
        return {self._part: adapter.write_properties(self._core, values)}

    def _refusals(self, name: str, value: str) -> list[Problem]:
        illegal = _ILLEGAL.search(value)
        if illegal:
            return [_illegal_character(self._place(name), value, illegal)]
        if len(value) > adapter.PROPERTY_LIMIT:
            problem = f"填入后有 {len(value)} 个字，Word 的文档属性最多 {adapter.PROPERTY_LIMIT} 个"
            return [Problem(self._place(name), problem, advice="缩短该值，或从模板的属性里去掉标签")]
        return []


def _serialise(root: Element) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))


def _unwritable(where: str, xml: str, filled: str, error: Exception) -> DaibanError:
    """Why a filled part is not XML: a character that cannot be written, a break where none can be, or the
    template.
    """
    illegal = _ILLEGAL.search(xml)
    if illegal:
        return CaseDataError(_illegal_character(where, xml, illegal))
    if "\a" in filled or "\f" in filled:
        problem = "数据里有换段符或分页符，填在了不能换段的地方（如内容控件里）"
        return CaseDataError(Problem(where, problem, advice="改用普通换行"))
    problem = "填入数据后不再是完好的 Word 文件"
    return FormError(Problem(where, problem, advice="检查标签是否跨了内容控件或表格单元"))


def _illegal_character(where: str, xml: str, found: re.Match[str]) -> Problem:
    before = _TAG.sub("", xml[: found.start()])[-12:]
    after = _TAG.sub("", xml[found.end() : found.end() + 200])[:12]
    shown = _ILLEGAL.sub("�", f"{before}�{after}".strip())
    problem = f"“{shown}”里有 Word 文件不能保存的字符 U+{ord(found.group()):04X}"
    return Problem(where, problem, advice="在数据里删掉这个字符")
