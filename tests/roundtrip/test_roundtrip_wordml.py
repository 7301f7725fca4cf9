"""Issued DOCX files are what Word demands: its schema's order, unique ids, whole packages."""

import io
import posixpath
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from cases.samples import load_case_files, load_sample
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue
from forms.definition import FieldKind, FormDefinition
from generator.bind import Bound, bind
from generator.template.fill import FormFiller

FORMS = [form.id for form in Catalogue.load().forms]
SCHEMA = tomllib.loads(Path(__file__).with_name("wordml_order.toml").read_text("utf-8"))
ORDER: dict[str, list[set[str]]] = {
    name: [set(place.split("|")) for place in places.split()] for name, places in SCHEMA["order"].items()
}
REPEATS: dict[str, set[str]] = {
    name: {one for place in places.split() for one in place.split("|")}
    for name, places in SCHEMA["repeats"].items()
}
INSIDE: dict[str, set[str]] = {name: set(names.split()) for name, names in SCHEMA["inside"].items()}

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MOST = {"alias": 64, "tag": 64}  # characters Word takes

Parts = dict[str, bytes]


# --- the checker ---------------------------------------------------------------------------------------------------


def short(element: etree._Element) -> str:
    """``w:p`` as ``p``, ``w14:checkbox`` as ``w14:checkbox``."""
    tag = str(element.tag)
    return tag.replace(W, "").replace(W14, "w14:")


def elements(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def violations(root: etree._Element, part: str) -> Iterator[str]:
    """Everything in a part that stands out of order, twice, or where it may not stand."""
    for element in root.iter(etree.Element):
        where = f"{part}: {root.getroottree().getpath(element)}"
        yield from (f"{where}: {told}" for told in (*_disorder(element), *_misplaced(element)))


def _disorder(element: etree._Element) -> Iterator[str]:
    name = short(element)
    children = [short(child) for child in elements(element)]
    if name in SCHEMA["first"] and SCHEMA["first"][name] in children[1:]:
        yield f"{SCHEMA['first'][name]} is not the first child"
    if name not in ORDER:
        return
    places = {child: at for at, names in enumerate(ORDER[name]) for child in names}
    yield from (f"{child} is unknown" for child in children if child not in places)
    known = [child for child in children if child in places]
    for one, other in pairwise(known):
        if places[one] > places[other]:
            yield f"{other} stands after {one}"
    for place, count in Counter(places[child] for child in known).items():
        if count > 1 and not ORDER[name][place] <= REPEATS.get(name, set()):
            yield f"{'|'.join(sorted(ORDER[name][place]))} stands {count} times"


def _misplaced(element: etree._Element) -> Iterator[str]:
    holder = element
    while holder is not None and short(holder) in ("sdtContent", "sdt"):
        parent = holder.getparent()
        assert parent is not None
        holder = parent
    name = short(holder)
    if name in INSIDE and short(element) != "sdt":
        for child in elements(element):
            if short(child) not in INSIDE[name]:
                yield f"{short(child)} may not stand in {name}"
    if short(element) == "tc" and (not elements(element) or short(elements(element)[-1]) != "p"):
        yield "a cell ends with a paragraph"
    if short(element) == "body" and short(elements(element)[-1]) != "sectPr":
        yield "a body ends with its section"


def control_problems(root: etree._Element) -> Iterator[str]:
    """What Word says of content controls beyond the schema's order."""
    ids = [item.get(f"{W}val", "") for item in root.iterfind(f".//{W}sdtPr/{W}id")]
    yield from (f"sdt id {one} stands {count} times" for one, count in Counter(ids).items() if count > 1)
    yield from (f"sdt id {one} is no signed 32-bit number" for one in ids if not -(2**31) <= int(one) < 2**31)
    for control in root.iter(f"{W}sdt"):
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        assert properties is not None
        tag = properties.find(f"{W}tag")
        name = tag.get(f"{W}val", "") if tag is not None else "?"
        if properties.find(f"{W}id") is None:
            yield f"{name}: no id"
        if content is None or not elements(content):
            yield f"{name}: no content"
            continue
        for item, most in _MOST.items():
            found = properties.find(f"{W}{item}")
            if found is None or not 0 < len(found.get(f"{W}val", "")) <= most:
                yield f"{name}: {item} is missing, empty or longer than {most} characters"
        text = properties.find(f"{W}text")
        if text is not None:
            yield from (f"{name}: {told}" for told in _text_control(text, content))


def _text_control(text: etree._Element, content: etree._Element) -> Iterator[str]:
    """A plain-text control holds runs of one paragraph, and line breaks only where w:multiLine allows them."""
    if sum(1 for _ in content.iter(f"{W}p")) > 1:
        yield "more than one paragraph in a plain-text control"
    if next(content.iter(f"{W}br"), None) is not None and text.get(f"{W}multiLine") not in ("1", "true"):
        yield "a line break in a control of one line"
    if next(content.iter(f"{W}tbl", f"{W}sdt"), None) is not None:
        yield "a table or control in a plain-text control"


def package_problems(parts: Parts) -> Iterator[str]:
    """Content types that do not cover a part, relationships that lead nowhere, ids that no relationship has."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    defaults = {item.get("Extension", "").lower() for item in types.iter(f"{_TYPES}Default")}
    overrides = {
        item.get("PartName", ""): item.get("ContentType", "") for item in types.iter(f"{_TYPES}Override")
    }
    yield from (f"{name} is overridden but not there" for name in overrides if name.lstrip("/") not in parts)
    for name in parts:
        if name == "[Content_Types].xml":
            continue
        if f"/{name}" not in overrides and name.rpartition(".")[2].lower() not in defaults:
            yield f"{name} has no content type"
        kind = re.sub(r"\d*\.xml$", "", posixpath.basename(name))
        if posixpath.dirname(name) == "word" and not overrides.get(f"/{name}", "").startswith(_MAIN + kind):
            yield f"{name} has the content type {overrides.get(f'/{name}')}"
    for name, data in parts.items():
        if name.endswith(".rels"):
            yield from _dangling(name, etree.fromstring(data), parts)


def _dangling(rels: str, root: etree._Element, parts: Parts) -> Iterator[str]:
    folder = posixpath.dirname(posixpath.dirname(rels))
    ids = Counter(item.get("Id", "") for item in root)
    yield from (f"{rels}: {one} stands {count} times" for one, count in ids.items() if count > 1)
    for item in root:
        target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/")
        if item.get("TargetMode") != "External" and target not in parts:
            yield f"{rels}: {item.get('Id')} leads to {target}, which is not there"
    source = posixpath.join(folder, posixpath.basename(rels).removesuffix(".rels"))
    if source in parts:
        for element in etree.fromstring(parts[source]).iter(etree.Element):
            for attribute, value in element.attrib.items():
                if str(attribute).startswith(R) and str(value) not in ids:
                    yield f"{source}: {value} of {short(element)} is no relationship"


def namespace_problems(root: etree._Element) -> Iterator[str]:
    """mc:Ignorable may name only declared prefixes, and must name what is not of the standard."""
    ignorable = (root.get(f"{MC}Ignorable") or "").split()
    yield from (
        f"mc:Ignorable names {prefix}, undeclared" for prefix in ignorable if prefix not in root.nsmap
    )
    if next(root.iter(f"{W14}*"), None) is not None and "w14" not in ignorable:
        yield "w14 is used but not ignorable"


def unpacked(docx: bytes) -> Parts:
    """A DOCX's parts, each of them whole and there once."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return {name: archive.read(name) for name in names}


def docx_problems(docx: bytes) -> list[str]:
    """Everything Word might stumble over in a DOCX."""
    parts = unpacked(docx)
    found = list(package_problems(parts))
    drawings: Counter[str] = Counter()
    for name, data in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(data)
            for told in (violations(root, name), control_problems(root), namespace_problems(root)):
                found += told
            drawings.update(item.get("id", "") for item in root.iter(f"{WP}docPr"))
    found += [f"docPr id {one} stands {count} times" for one, count in drawings.items() if count > 1]
    return found


# --- the documents -------------------------------------------------------------------------------------------------


def full(form: FormDefinition) -> Bound:
    """A document in which every field that can be filled is, lists are long, and texts have several lines."""
    tree: dict[str, Any] = {"id": "A"}
    bound = bind(tree, form)
    for item in form.lists:
        bound = bound.with_entries(item.id, 25)
    values = {
        field_id: True
        if bound.definition(field_id).kind is FieldKind.CHECKBOX
        else "第一行 & <标记>\n第二行\t表"
        if bound.definition(field_id).multiline
        else None
        if bound.definition(field_id).kind in (FieldKind.SIGNATURE, FieldKind.DATE)
        else "晋城市" + "高端精密装备" * 40
        for field_id in bound.values
    }
    return Bound("A", form, values, bound.entries)


@pytest.mark.parametrize("name", FORMS)
def test_sample_documents_are_what_word_demands(name: str) -> None:
    """Every sample case in every form gives a DOCX without a structural fault."""
    form = Catalogue.load().form(name)
    filler = FormFiller(form)
    deriver = Deriver(Settings())
    for case in (*load_sample(), *load_case_files()):
        data = document_data(deriver.planned(case), Settings())
        filled = filler.fill(bind(data.field_tree(), form))
        assert docx_problems(filled.docx) == [], case.id


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("amount", ["empty", "full"])
def test_empty_and_full_documents_are_what_word_demands(name: str, amount: str) -> None:
    """With nothing filled in, and with everything, a form is still without a structural fault."""
    form = Catalogue.load().form(name)
    bound = full(form) if amount == "full" else bind({"id": "A"}, form)
    assert docx_problems(FormFiller(form).fill(bound).docx) == []


@pytest.mark.office
def test_what_the_command_issues_is_what_word_demands(
    workspace: Callable[..., Path], run: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    """Files on disk, as published, are those that were checked here."""
    folder = workspace(2)
    code, told = run("generate", folder, "--form", "jincheng-authorisation")
    assert code == 0
    for item in told["issued"]:
        assert docx_problems((folder / item["docx"]).read_bytes()) == []


# --- the checker is not blind --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (r"(<w:alias [^>]*/>)(<w:tag [^>]*/>)", r"\2\1", "alias stands after tag"),
        (r'<w:id w:val="100002"/>', '<w:id w:val="100001"/>', "sdt id 100001 stands 2 times"),
        (r"(<w:tblW [^>]*/>)", r"\1\1", "tblW stands 2 times"),
        (r"(<w:pPr>)(<w:pStyle [^>]*/>)", r"\1<w:jc w:val='left'/>\2", "pStyle stands after jc"),
        (r"(<w:tcPr>.*?</w:tcPr>)(<w:p>)", r"\2<w:r/></w:p>\1\2", "tcPr is not the first child"),
        (r'r:id="rId4"', 'r:id="rId99"', "rId99 of footerReference is no relationship"),
        (r' w:multiLine="1"', "", "a line break in a control of one line"),
        (r'(<w:alias w:val=")[^"]*', r"\1", "alias is missing, empty"),
        (r"<w:id [^>]*/>", "", "no id"),
        (r"(<w:body>)", r"\1<w:r/>", "r may not stand in body"),
        (r"<w:sectPr>.*</w:sectPr>", "", "a body ends with its section"),
        (r' mc:Ignorable="w14"', "", "w14 is used but not ignorable"),
    ],
)
def test_the_checker_sees_a_fault(old: str, new: str, told: str) -> None:
    """Each kind of structural fault, put into a sound document, is found."""
    name = "assessment" if "w14" in told else "suggestions"
    form = Catalogue.load().form(f"jincheng-{name}")
    parts = unpacked(FormFiller(form).fill(full(form)).docx)
    changed, count = re.subn(old, new, parts["word/document.xml"].decode(), count=1, flags=re.DOTALL)
    assert count == 1
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        for part, data in {**parts, "word/document.xml": changed.encode()}.items():
            out.writestr(part, data)
    assert any(told in problem for problem in docx_problems(stream.getvalue()))


@pytest.mark.parametrize("lost", ["word/footer1.xml", "word/styles.xml", "[Content_Types].xml default"])
def test_the_checker_sees_a_package_that_lacks_something(lost: str) -> None:
    """A part that has gone, or that no content type covers, is found."""
    form = Catalogue.load().form("jincheng-suggestions")
    parts = unpacked(FormFiller(form).fill(full(form)).docx)
    if lost in parts:
        del parts[lost]
    else:
        parts["word/media/image1.png"] = b""
    assert list(package_problems(parts))
