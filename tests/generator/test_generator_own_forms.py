"""An office's own forms: whatever the check of forms lets pass is issued, and what goes out is what was meant."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from forms.definition_file import read_form
from forms.lint.check import check_form
from foundation.errors import ExitCode
from generator.bind import bind
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.model import Failed, Order, Produced, Result
from generator.output.check import squeezed

REPORTED = Path(__file__).resolve().parents[1] / "forms" / "reported"
ISSUED = ("auto-numbering", "sectionpages")
REFUSED = sorted(path.name for path in REPORTED.iterdir() if path.is_dir() and path.name not in ISSUED)
BODY, NUMBERS = "word/document.xml", "word/numbering.xml"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

#: Changes one part of a template.
Change = Callable[[str], str]


def changed_form(folder: Path, name: str, changes: Mapping[str, Change]) -> Path:
    """A reported form with some of its parts changed."""
    shutil.copytree(REPORTED / name, folder)
    with zipfile.ZipFile(REPORTED / name / "template.docx") as source:
        parts = {part: source.read(part).decode() for part in source.namelist()}
    for part, change in changes.items():
        parts[part] = change(parts[part])
    with zipfile.ZipFile(folder / "template.docx", "w") as target:
        for part, text in parts.items():
            target.writestr(part, text)
    definition = folder / "form.toml"
    definition.write_text(definition.read_text().replace("pages = [1, 2]", "pages = [1, 9]"))
    return folder


def issue(folder: Path, staging: Path, *materials: int) -> list[Result]:
    """Issue the form for one case for each number of materials, all in one composite."""
    form = read_form(folder)
    trees = [
        {
            "id": f"C-{count}",
            "enterprise": {"name": "某某公司"},
            "project": {"name": "某某项目"},
            "handover": {"materials": [f"材料{'甲乙丙丁'[number % 4]}" for number in range(count)]},
        }
        for count in materials
    ]
    orders = [Order(f"{number:08d}", bind(tree, form)) for number, tree in enumerate(trees)]
    staging.mkdir()
    with DocumentGenerator(GeneratorSettings(b"k" * 32, {})) as generator:
        return sorted(generator.run(orders, staging), key=lambda result: result.order.issue)


def page_texts(pdf: Path) -> list[str]:
    """The text of each page, without blanks."""
    with pdfium.PdfDocument(pdf) as opened:
        return [squeezed(page.get_textpage().get_text_range()) for page in opened]


def produced(results: list[Result]) -> list[Produced]:
    """The results, none of which may have failed."""
    assert all(isinstance(result, Produced) for result in results), results
    return [result for result in results if isinstance(result, Produced)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_check_refuses_is_not_issued(name: str, tmp_path: Path) -> None:
    """A form that the check refuses makes no document: generating says the same, in the same words and place."""
    errors = [problem for problem in check_form(read_form(REPORTED / name)) if problem.severity == "error"]
    [result] = issue(REPORTED / name, tmp_path / "staging", 1)
    assert isinstance(result, Failed)
    assert (list(result.problems), result.exit_code) == (errors, ExitCode.FORM)
    assert errors
    assert all(problem.advice for problem in errors)
    assert not list((tmp_path / "staging").iterdir())


@pytest.mark.parametrize("name", ISSUED)
def test_what_works_is_not_refused(name: str) -> None:
    """Automatic numbers and page counts are nothing the check complains about."""
    assert check_form(read_form(REPORTED / name)) == []


@pytest.mark.office
def test_automatic_numbers_are_printed_and_begin_anew_in_each_document(tmp_path: Path) -> None:
    """Every document of a composite has its own numbers from the first, as its DOCX alone would be printed."""
    lists = (
        ("chineseCountingThousand", "%1、", ""),
        ("decimal", "%1.", '<w:suff w:val="nothing"/>'),
        ("decimalEnclosedCircle", "%1", '<w:suff w:val="space"/>'),
        ("upperLetter", "（%1）", ""),
    )

    def definition(number: int, form: str, text: str, suffix: str) -> str:
        return (
            f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/>{suffix}<w:lvlText w:val="{text}"/>'
            '<w:pPr><w:ind w:left="840" w:hanging="840"/></w:pPr></w:lvl></w:abstractNum>'
        )

    def numbering(_old: str) -> str:
        definitions = "".join(definition(number, *listed) for number, listed in enumerate(lists, 1))
        instances = "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
            for number in range(1, len(lists) + 1)
        )
        return f"<w:numbering {NAMESPACE}>{definitions}{instances}</w:numbering>"

    def numbered(body: str) -> str:
        old = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
        before, first, second, third = body.split(old, 3)
        marks = [f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{n}"/></w:numPr>' for n in (1, 3, 4)]
        body = before + marks[0] + first + marks[1] + second + marks[2] + third
        # The list of materials is numbered by Word, not by the template's own expression.
        own = (
            '<w:p><w:pPr><w:pStyle w:val="FormBody"/></w:pPr>'
            '<w:r><w:t xml:space="preserve">{{ loop.index }}. </w:t></w:r>'
        )
        listed = '<w:p><w:pPr><w:pStyle w:val="FormBody"/><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'
        assert own in body
        return body.replace(own, listed)

    folder = changed_form(tmp_path / "form", "auto-numbering", {BODY: numbered, NUMBERS: numbering})
    assert check_form(read_form(folder)) == []
    documents = produced(issue(folder, tmp_path / "staging", 3, 12, 3))

    texts = ["".join(page_texts(document.pdf)) for document in documents if document.pdf]
    for text, count in zip(texts, (3, 12, 3), strict=True):
        assert "一、申请人应当交验原件" in text
        assert "①材料应当齐全" in text
        assert "（A）逾期不予受理" in text
        assert re.findall(r"(\d+)\.材料", text) == [str(number) for number in range(1, count + 1)]
    alone = tmp_path / "alone"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", alone, documents[1].docx]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed_alone = "".join(page_texts(alone / f"{documents[1].docx.stem}.pdf"))
    marks = re.compile(r"0000000\d\d/\d[0-9A-Z]{4}|—\d—")
    assert sorted(marks.sub("", printed_alone)) == sorted(marks.sub("", texts[1]))


def control(content: str) -> str:
    """A control around whole paragraphs or cells, as Word makes one where nothing else stands."""
    properties = '<w:alias w:val="联系电话"/><w:tag w:val="contact.phone"/>'
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def styled(runs: str) -> str:
    """A paragraph of body text."""
    return f'<w:p><w:pPr><w:pStyle w:val="FormBody"/></w:pPr>{runs}</w:p>'


PHONE = styled("<w:r><w:t>{{ contact.phone }}</w:t></w:r>")
CELL = '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>{}</w:tc>'
TABLE = (
    '<w:tbl><w:tblPr><w:tblW w:w="8845" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="3845"/>'
    f'<w:gridCol w:w="5000"/></w:tblGrid><w:tr>{CELL.format(3845, styled("<w:r><w:t>联系电话</w:t></w:r>"))}'
    "{}</w:tr></w:tbl>"
)
#: Things of Word and WPS that work: what stands in the form, whether it holds the telephone's control, what is printed.
WORKING = {
    "control-around-paragraph": (control(PHONE), True, ""),
    "control-around-cell": (TABLE.format(control(CELL.format(5000, PHONE))), True, ""),
    "control-in-cell": (TABLE.format(CELL.format(5000, control(PHONE) + "<w:p/>")), True, ""),
    "page-number-block": (
        "<w:sdt><w:sdtPr><w:docPartObj/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format(
            styled("<w:r><w:t>附页</w:t></w:r>")
        ),
        False,
        "附页",
    ),
    "symbols": (
        styled(
            '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        ),
        False,
        "□☑",
    ),
    "hyphens": (
        styled("<w:r><w:t>甲</w:t><w:softHyphen/><w:noBreakHyphen/><w:t>乙</w:t></w:r>"),
        False,
        "甲-乙",
    ),
    "vertical-text": (
        TABLE.format(CELL.format(5000, styled("<w:r><w:t>竖排</w:t></w:r>")))
        .replace('"5000" w:type="dxa"/>', '"5000" w:type="dxa"/><w:textDirection w:val="tbRlV"/>')
        .replace("<w:tr>", '<w:tr><w:trPr><w:trHeight w:val="2400"/></w:trPr>'),
        False,
        "竖排",
    ),
}


@pytest.mark.office
@pytest.mark.parametrize("kind", WORKING)
def test_what_the_check_lets_pass_is_issued(kind: str, tmp_path: Path) -> None:
    """Whatever Word puts around a field or into the text and the check accepts is issued, read back and printed."""
    inserted, holds_phone, printed = WORKING[kind]

    def with_it(body: str) -> str:
        if holds_phone:
            start = body.rindex("<w:sdt>", 0, body.index('<w:alias w:val="联系电话"/>'))
            end = body.index("</w:sdt>", start) + len("</w:sdt>")
            body = body[:start] + body[end:]
        at = body.index('<w:p><w:pPr><w:pStyle w:val="FormBody"/>')
        return body[:at] + inserted + body[at:]

    folder = changed_form(tmp_path / "form", "auto-numbering", {BODY: with_it})
    assert check_form(read_form(folder)) == []
    for result in produced(issue(folder, tmp_path / "staging", 2, 3)):
        assert result.pdf is not None
        assert printed in "".join(page_texts(result.pdf))
        assert any(area.id == "contact.phone" and area.is_open for area in result.areas)


@pytest.mark.office
def test_each_document_says_how_many_pages_it_has(tmp_path: Path) -> None:
    """A page count in a footer is that of the document, whatever the template holds and the composite counts."""

    def other_name(name: str) -> Change:
        return lambda footer: footer.replace(" SECTIONPAGES ", f" {name} \\* MERGEFORMAT ")

    changes = {f"word/footer{number}.xml": other_name("NUMPAGES") for number in (1, 2)}
    for folder in (REPORTED / "sectionpages", changed_form(tmp_path / "numpages", "sectionpages", changes)):
        results = produced(issue(folder, tmp_path / f"{folder.name}-staging", 3, 30, 3, 60))
        lengths = [len(result.page_sizes) for result in results]
        assert lengths[0] == lengths[2] == 1 < lengths[1] < lengths[3]
        for result, length in zip(results, lengths, strict=True):
            assert result.pdf is not None
            for number, text in enumerate(page_texts(result.pdf), 1):
                assert f"—{number}—，共{length}页" in text
