"""Builds small real templates: a sound form, and the same with one thing changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.template.docx_file import WORD_MAIN_TYPE

HERE = Path(__file__).resolve().parent
SOUND = HERE / "sound"
SOUND_BODY = (SOUND / "body.xml").read_text(encoding="utf-8").replace("\n", "")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'xmlns:r="{_OFFICE}"'
)
_FONT = '<w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/>'
_FOOTER = (
    '<w:p><w:r><w:t>— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
)


def _relations(*items: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(items)}</Relationships>'


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def parts(body: str) -> dict[str, str]:
    """The parts of a minimal DOCX around a body, by name."""
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD_MAIN_TYPE}"/></Types>',
        "_rels/.rels": _relations(_relation(1, "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            _relation(1, "styles", "styles.xml"), _relation(2, "footer", "footer1.xml")
        ),
        "word/document.xml": f"{_HEAD}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"{_HEAD}<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{_FONT}"
        '<w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>',
        "word/footer1.xml": f"{_HEAD}<w:ftr {_NAMESPACES}>{_FOOTER}</w:ftr>",
    }


def zipped(content: dict[str, str]) -> bytes:
    """Parts as the bytes of a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.fixture
def docx() -> Callable[[str], bytes]:
    """Makes the bytes of a DOCX from the XML of a body."""
    return lambda body: zipped(parts(body))


@pytest.fixture
def docx_parts() -> Callable[[str], dict[str, str]]:
    """Makes the parts of a DOCX from the XML of a body, to be changed before they are zipped."""
    return parts


@pytest.fixture
def zip_parts() -> Callable[[dict[str, str]], bytes]:
    """Zips parts."""
    return zipped


@pytest.fixture
def sound_body() -> str:
    """The body of the sound template."""
    return SOUND_BODY


@pytest.fixture
def sound_form(tmp_path: Path) -> Path:
    """The folder of a sound form, ready to be made wrong."""
    folder = tmp_path / "office" / "try" / "ledger"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_bytes((SOUND / "form.toml").read_bytes())
    (folder / "template.docx").write_bytes(zipped(parts(SOUND_BODY)))
    return folder
