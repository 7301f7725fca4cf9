"""Finds all forms: those that come with the program, and an office's own beside them.

A folder of forms holds one folder per source document (``document.toml``) and in it one per form
(``form.toml``, ``template.docx``). An office's own folder may also hold forms directly, for a document that
is already known. One bad definition never hides the others: its problems are kept, and raised when that form is
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from forms.definition import DocumentDefinition, FormDefinition
from forms.definition_file import DOCUMENT_FILE, FORM_FILE, read_document, read_form, refuse_links, shown_name
from foundation.errors import CaseDataError, FormError, Problem
from foundation.nearest import did_you_mean

BUILT_IN = Path(__file__).resolve().parent


def is_built_in(form: FormDefinition) -> bool:
    """Whether a form is one of those that the program ships."""
    return form.folder.resolve().is_relative_to(BUILT_IN)


_Definition = TypeVar("_Definition", FormDefinition, DocumentDefinition)


#: What of a title nobody types.
_UNHEARD = re.compile(r"[\s“”\"'‘’《》()（）]+")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All forms that can be filled, ordered by document and then as the document orders them.

    ``problems``: what is wrong with definitions that could not be read, and contradictions between those that could.
    """

    forms: tuple[FormDefinition, ...]
    documents: tuple[DocumentDefinition, ...]
    problems: tuple[Problem, ...] = ()
    _broken: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, *extra: Path) -> Catalogue:
        """The built-in forms and those under each extra folder; a folder that does not exist holds none."""
        loader = _Loader()
        for root in (BUILT_IN, *extra):
            loader.add(root)
        return loader.catalogue()

    def form(self, form_id: str) -> FormDefinition:
        """The form of this id.

        :raises FormError: unknown, naming the nearest id; or its definition is wrong, with its problems.
        """
        for item in self.forms:
            if item.id == form_id:
                return item
        if form_id in self._broken:
            raise FormError(*self._broken[form_id])
        named = {name: item.id for item in self.forms for name in (item.title, *item.aliases)}
        advice = did_you_mean(form_id, (*named.values(), *self._broken), "用 daiban forms 查看全部表单")
        if form_id in named:
            advice = f"请写编号“{named[form_id]}”"
        raise FormError(Problem("", f"没有表单“{form_id}”", advice=advice))

    def named(self, name: str) -> tuple[FormDefinition, ...]:
        """The forms a person means by a name: an id, or a title of one or more documents; none if nothing is so named.

        Quotation marks, brackets and blanks do not count; a part of a title will do where each document has one such
        title (委托书).
        """
        exact = tuple(form for form in self.forms if form.id == name)
        if exact:
            return exact
        wanted = _bare(name)
        titles = [(form, _bare(title)) for form in self.forms for title in (form.title, *form.aliases)]
        whole = dict.fromkeys(form.id for form, title in titles if title == wanted)
        part = dict.fromkeys(form.id for form, title in titles if len(wanted) > 1 and wanted in title)
        found = [form for form in self.forms if form.id in (whole or part)]
        documents = [form.document for form in found]
        return tuple(found) if whole or len(set(documents)) == len(documents) else ()

    def titles(self, name: Callable[[str], str] = str) -> str:
        """Every title by its document, as advice for people. ``name``: what people call a document of an id."""
        by_document: dict[str, list[str]] = {}
        for form in self.forms:
            by_document.setdefault(form.document, []).append(form.title)
        return "；".join(f"{name(document)}：{'、'.join(titles)}" for document, titles in by_document.items())

    def document(self, document_id: str) -> DocumentDefinition:
        """The source document of this id; raises FormError, naming the nearest one."""
        for item in self.documents:
            if item.id == document_id:
                return item
        known = [item.id for item in self.documents]
        advice = did_you_mean(document_id, known, f"已有：{'、'.join(known)}")
        raise FormError(Problem("", f"没有文件“{document_id}”的表单", advice=advice))

    def for_stage(self, document_id: str, stage: str | None) -> tuple[str, ...]:
        """The ids of the forms a case gets by default: what its document prescribes for its stage.

        ``stage`` None: the document's first stage. A document without stages gives all its forms but those that
        something in a case calls for (``trigger``).

        :raises CaseDataError: the case names a document or a stage that there is not.
        """
        try:
            document = self.document(document_id)
        except FormError as error:
            (unknown,) = error.problems
            raise CaseDataError(replace(unknown, field="document")) from error
        if not document.stages:
            return tuple(item.id for item in self.forms if item.document == document_id and not item.trigger)
        wanted = next(iter(document.stages)) if stage is None else stage
        if wanted not in document.stages:
            advice = did_you_mean(wanted, document.stages, f"可写：{'、'.join(document.stages)}")
            problem = f"《{document.title}》没有“{wanted}”这个阶段"
            raise CaseDataError(Problem("", problem, "stage", advice))
        return document.stages[wanted]


class _Loader:
    """Reads folder after folder; of two definitions with one id the first counts."""

    def __init__(self) -> None:
        self.forms: dict[str, FormDefinition] = {}
        self.documents: dict[str, DocumentDefinition] = {}
        self.problems: list[Problem] = []
        self.broken: dict[str, tuple[Problem, ...]] = {}

    def add(self, root: Path) -> None:
        for folder in _folders(root, DOCUMENT_FILE):
            document = self._read(folder, root, read_document)
            if document is not None:
                self._take(document, self.documents, folder / DOCUMENT_FILE)
        for folder in _folders(root, FORM_FILE):
            form = self._read(folder, root, read_form)
            if form is not None:
                self._take(form, self.forms, folder / FORM_FILE)

    def catalogue(self) -> Catalogue:
        problems = [*self.problems, *self._contradictions()]
        ordered = sorted(self.forms.values(), key=self._order)
        return Catalogue(tuple(ordered), tuple(self.documents.values()), tuple(problems), dict(self.broken))

    def _read(self, folder: Path, root: Path, read: Callable[[Path], _Definition]) -> _Definition | None:
        try:
            if root != BUILT_IN:
                refuse_links(folder, root)
            return read(folder)
        except FormError as error:
            self.problems.extend(error.problems)
            for name in _likely_ids(folder):
                self.broken.setdefault(name, error.problems)
            return None

    def _take(self, item: _Definition, known: dict[str, _Definition], path: Path) -> None:
        if item.id not in known:
            known[item.id] = item
            return
        before = shown_name(known[item.id].folder / path.name)
        problem = f"编号“{item.id}”已被 {before} 占用，此处不用"
        self.problems.append(Problem(shown_name(path), problem, advice="换一个编号"))

    def _order(self, form: FormDefinition) -> tuple[int, int, str]:
        documents = list(self.documents)
        if form.document not in self.documents:
            return len(documents), 0, form.id
        listed = self.documents[form.document].forms
        position = listed.index(form.id) if form.id in listed else len(listed)
        return documents.index(form.document), position, form.id

    def _contradictions(self) -> Iterator[Problem]:
        """Where documents and forms do not agree about each other."""
        for document in self.documents.values():
            where = shown_name(document.folder / DOCUMENT_FILE)
            named = [
                ("forms", document.forms),
                *((f"stages 的“{key}”", ids) for key, ids in document.stages.items()),
                *((f"archive 的“{key}”", ids) for key, ids in document.archive.items()),
            ]
            for place, ids in named:
                yield from self._unknown_forms(f"{where} {place}", ids)
            yield from _archive_problems(document, f"{where} archive")
        for form in self.forms.values():
            yield from self._unlisted(form)

    def _unknown_forms(self, where: str, ids: tuple[str, ...]) -> Iterator[Problem]:
        for form_id in ids:
            # A form that is there but wrong is among the problems already.
            if form_id not in self.forms and form_id not in self.broken:
                yield Problem(where, f"没有表单“{form_id}”", advice=did_you_mean(form_id, self.forms))

    def _unlisted(self, form: FormDefinition) -> Iterator[Problem]:
        where = shown_name(form.folder / FORM_FILE)
        document = self.documents.get(form.document)
        if document is None:
            advice = did_you_mean(form.document, self.documents, "补上 document.toml，或改 document")
            yield Problem(where, f"所属文件“{form.document}”没有 document.toml", advice=advice)
        elif form.folder.parent == document.folder and form.id not in document.forms:
            advice = "在 document.toml 的 forms 里加上它"
            yield Problem(where, f"表单“{form.id}”没有列在 document.toml 里", advice=advice)


def _bare(title: str) -> str:
    return _UNHEARD.sub("", title).casefold()


def _archive_problems(document: DocumentDefinition, where: str) -> Iterator[Problem]:
    """What a case's files must hold is given stage by stage, so each stage must be one of the document's."""
    for stage, ids in document.archive.items():
        if stage not in document.stages:
            advice = did_you_mean(stage, document.stages, "写 [stages] 里有的阶段")
            yield Problem(where, f"[stages] 里没有“{stage}”这个阶段", advice=advice)
        for form_id in dict.fromkeys(name for name in ids if ids.count(name) > 1):
            yield Problem(f"{where} 的“{stage}”", f"表单“{form_id}”写了不止一次", advice="只留一个")


def _folders(root: Path, name: str) -> Iterator[Path]:
    """Folders that hold such a file: the root itself, in it, or one below, in order."""
    found = {path.parent for pattern in (name, f"*/{name}", f"*/*/{name}") for path in root.glob(pattern)}
    return iter(sorted(found))


def _likely_ids(folder: Path) -> tuple[str, str]:
    """Ids a definition that cannot be read may have, from its folders: ``ledger`` in ``jincheng``."""
    return folder.name, f"{folder.parent.name}-{folder.name}"
