"""What a DOCX would do when it is opened is named, whichever part it hangs on."""

from __future__ import annotations

import io
import zipfile

import pytest

from extractors.digital.active_content import ActiveContent
from extractors.digital.docx_active import docx_active_content
from forms.template.docx_file import DocxFile

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'


def found(kind: str, target: str, mode: str, part: str = "document") -> ActiveContent:
    """Of a document in which a part has one such relation."""
    one = '<Relationship Id="r1" Type="{}/{}" Target="{}" TargetMode="{}"/>'
    content = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format(
            one.format(OFFICE, "officeDocument", "word/document.xml", "Internal")
        ),
        "word/document.xml": BODY,
        f"word/_rels/{part}.xml.rels": RELATIONS.format(one.format(OFFICE, kind, target, mode)),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    with DocxFile(made.getvalue()) as docx:
        return docx_active_content(docx)


@pytest.mark.parametrize(
    ("kind", "target", "mode", "said"),
    [
        ("vbaProject", "vbaProject.bin", "Internal", "宏"),
        ("control", "activeX/activeX1.xml", "Internal", "ActiveX 控件"),
        ("oleObject", "embeddings/oleObject1.bin", "Internal", "OLE 对象"),
        ("oleObject", "http://example.invalid/x", "External", "OLE 对象"),
        ("attachedTemplate", "http://example.invalid/t.dotm", "External", "从网上取来的内容"),
        ("attachedTemplate", "file://example.invalid/t.dotm", "External", "从网上取来的内容"),
        ("image", "//example.invalid/a.png", "External", "从网上取来的内容"),
    ],
)
@pytest.mark.parametrize("part", ["document", "settings", "header1"])
def test_what_acts_is_named(kind: str, target: str, mode: str, said: str, part: str) -> None:
    """Macros, controls, objects and whatever is fetched from a net, of whichever part."""
    assert said in found(kind, target, mode, part).kinds


def test_files_inside_are_named() -> None:
    """An embedded workbook is called by its name in the package."""
    assert found("package", "embeddings/a.xlsx", "Internal").files == ("a.xlsx",)


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "http://example.invalid/", "External"),
        ("image", "media/a.png", "Internal"),
        ("attachedTemplate", "file:///C:/Users/a/Normal.dotm", "External"),
    ],
)
def test_what_does_nothing_by_itself_is_not(kind: str, target: str, mode: str) -> None:
    """A link that people click, a picture inside, a template on the writer's own machine."""
    assert found(kind, target, mode) == ActiveContent()
