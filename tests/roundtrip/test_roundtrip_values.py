"""What goes in comes out: each output says its own case and no other's."""

import datetime as dt
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
import pypdfium2
import pytest
import zxingcpp

from cases.case_set import CaseSet
from cases.samples import CASE_FILES, load_case_files, load_sample, sample_path
from daiban.documents.binding import Binder
from daiban.documents.project_lists import project_list
from daiban.planning.derive import Deriver
from daiban.registry import Registry
from daiban.settings import Settings
from extractors.digital.answers import read_docx
from extractors.digital.pdf_form import read_pdf
from forms.catalogue import Catalogue
from forms.page_mark import PageMark
from generator.values import written

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]
Make = Callable[..., Path]
Start = Callable[..., "subprocess.Popen[str]"]
Case = Callable[..., dict[str, Any]]

#: A case of each document that every form of it can be made for.
WHOLE = {
    "jincheng": "JC-2026-001",
    "yangcheng": "YC-2026-001",
    "anshan": "AS-2026-001",
    "jiaocheng": "JX-2026-001",
    "jinkai": "JK-2026-001",
}
HOSTILE = {
    "markup": "甲&乙<丙>丁\"戊'己",
    "jinja": "{{ manager.name }}{% raw %}{# 注 #}{_{ x }_}",
    "rare": "彧喆堃㎡℃〔2026〕Ⅲ①",
    "long": "晋城市" + "高端精密装备制造" * 37 + "工程",
    "spaces": "一  二　三\u00a0四",
    "look-alikes": "＝1+1；@SUM(A1)；-2；+3",
    "tags": "</w:t></w:r><w:p/>&amp;#10;",
    "formula": '=HYPERLINK("http://localhost","x")',
    "latin": "Ångström Ω naïve fi ffl",
}


@pytest.fixture(scope="module")
def issued(run: Run, daiban: Start, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The sample cases of every document, issued: what their stages call for, and every other form by name."""
    folder = tmp_path_factory.mktemp("sample") / "ws"
    process = daiban("init", folder, "--sample")
    process.communicate(timeout=60)
    assert process.returncode == 0
    for name in CASE_FILES:
        # 周调度记录 is of the week it is made in: the sample's 调度 of one week falls into this one.
        text = (
            sample_path(name)
            .read_text("utf-8")
            .replace("date: 2026-11-18, progress", f"date: {dt.date.today()}, progress")
        )
        (folder / "cases" / name).write_text(text, "utf-8")
    code, told = run("generate", folder)
    assert code == 0, told["failed"]
    made = {item["form"] for item in told["issued"]}
    for document, case_id in WHOLE.items():
        others = [
            form.id for form in Catalogue.load().forms if form.document == document and form.id not in made
        ]
        named = [part for form_id in others for part in ("--form", form_id)]
        if named:
            code, more = run("generate", folder, "--case", case_id, *named)
            assert code == 0, more["failed"]
            told["issued"] += more["issued"]
    return folder, told


def test_every_form_is_in_the_round_trip(issued: tuple[Path, dict[str, Any]]) -> None:
    """No form of the catalogue is left out of what follows."""
    _, told = issued
    documents = set(WHOLE)
    wanted = {form.id for form in Catalogue.load().forms if form.document in documents}
    assert wanted == {item["form"] for item in told["issued"]}


def text_of(pdf: Path) -> str:
    with pdfplumber.open(pdf) as document:
        return re.sub(
            r"\s+", "", "".join(page.extract_text(use_text_flow=True) or "" for page in document.pages)
        )


def test_every_docx_says_its_case(issued: tuple[Path, dict[str, Any]]) -> None:
    """Read back by its tags, each DOCX equals what its case binds to, field by field."""
    folder, told = issued
    catalogue, cases = Catalogue.load(), {case.id: case for case in (*load_sample(), *load_case_files())}
    deriver = Deriver(Settings())
    binder = Binder(Settings(), CaseSet(), deriver)
    for item in (one for one in told["issued"] if one["case"] in cases):
        case, form = cases[item["case"]], catalogue.form(item["form"])
        if form.is_about_many and not case.projects:  # asked for of one case, a list has its one row
            case = project_list([case], case.id, dt.date.today(), deriver)
        bound = binder.bound(case, form)
        answers = read_docx(folder / item["docx"])
        for field_id, value in bound.values.items():
            if field_id in answers:
                expected = value if isinstance(value, bool) else written(value) or None
                assert (answers[field_id] or None) == expected, (item["case"], item["form"], field_id)
            else:
                assert value is None, (item["case"], field_id)


def test_every_docx_passes_an_open_xml_validator(issued: tuple[Path, dict[str, Any]]) -> None:
    """An independent validator finds nothing in any issued DOCX that Word would have to repair."""
    folder, _ = issued
    validator = Path(sys.executable).with_name("openxml-audit")
    done = subprocess.run(
        [validator, "-q", "-r", folder / "issued"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_every_pdf_leaves_open_exactly_its_blank_fields(issued: tuple[Path, dict[str, Any]]) -> None:
    """The form fields are the ids under blank, read by two libraries, and none has a value."""
    folder, told = issued
    for item in told["issued"]:
        answers = read_pdf(folder / item["pdf"])
        assert set(answers) == set(item["blank"])
        assert not any(answers.values())
        terminal = {
            name
            for name, field in (pypdf.PdfReader(folder / item["pdf"]).get_fields() or {}).items()
            if "/FT" in field
        }
        assert terminal == set(item["blank"])


def test_every_page_carries_its_marks(issued: tuple[Path, dict[str, Any]]) -> None:
    """Every code of every page, two or as few as its form says, reads back as issue, page and page count."""
    folder, told = issued
    with Registry.open(folder / "registry.sqlite") as registry:
        key = registry.mark_key()
    page_marks = {form.id: form.page_marks for form in Catalogue.load().forms}
    for item in told["issued"]:
        document = pypdfium2.PdfDocument(folder / item["pdf"])
        for number, page in enumerate(document, 1):
            image = page.render(scale=150 / 72, grayscale=True).to_pil()
            marks = [PageMark.parse(code.text, key) for code in zxingcpp.read_barcodes(image)]
            count = {"two": 2, "one": 1, "none": 0}[page_marks[item["form"]]]
            assert marks == [PageMark(item["issue"], number, item["pages"])] * count
            page.close()
        document.close()


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_poppler_draws_every_form_without_complaint(
    issued: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """Poppler, with the data package that the set-up installs, draws one PDF of each form and says nothing."""
    folder, told = issued
    for pdf in {item["form"]: folder / item["pdf"] for item in told["issued"]}.values():
        command = ["pdftoppm", "-r", "20", "-gray", pdf, tmp_path / pdf.stem]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), pdf.name
        assert list(tmp_path.glob(f"{pdf.stem}*.pgm"))


def test_the_registry_knows_every_page_and_area(issued: tuple[Path, dict[str, Any]]) -> None:
    """Each issue's areas lie on its pages and cover its blank fields."""
    folder, told = issued
    with Registry.open(folder / "registry.sqlite") as registry:
        for item in told["issued"]:
            record = registry.find(item["issue"])
            assert record is not None
            assert len(record.page_sizes) == item["pages"]
            assert {area.id for area in record.areas if area.is_open} == set(item["blank"])
            assert all(1 <= area.page <= item["pages"] for area in record.areas)


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "rare"])
def test_hostile_values_come_out_as_written(workspace: Make, run: Run, small_case: Case, kind: str) -> None:
    """Markup, template tags, formulas and 300 characters are text, in DOCX and PDF."""
    value = HOSTILE[kind]
    folder = workspace([small_case(1, name=value)])
    code, told = run("generate", folder, "--form", "jincheng-authorisation")
    assert code == 0, told["failed"]
    (item,) = told["issued"]
    assert read_docx(folder / item["docx"])["project.name"] == value
    assert re.sub(r"\s+", "", value) in text_of(folder / item["pdf"])


def test_rare_characters_are_drawn_and_told(workspace: Make, run: Run, small_case: Case) -> None:
    """A character the official face lacks is drawn by another face, which a warning names; it extracts as itself."""
    folder = workspace([small_case(1, name=HOSTILE["rare"])])
    code, told = run("generate", folder, "--form", "jincheng-authorisation")
    assert code == 0, told["failed"]
    assert HOSTILE["rare"] in text_of(folder / told["issued"][0]["pdf"])
    assert any("堃" in warning["problem"] for warning in told["warnings"])


def test_a_character_no_font_has_refuses_the_document(workspace: Make, run: Run, small_case: Case) -> None:
    """An emoji no font here can draw stops that document, naming the character, and harms no other."""
    folder = workspace([small_case(1, name="智慧🏭工厂"), small_case(2)])
    code, told = run("generate", folder, "--form", "jincheng-authorisation")
    assert code == 20
    assert [item["case"] for item in told["issued"]] == ["K-0002"]
    (failed,) = told["failed"]
    assert failed["problems"][0]["field"] == "project.name"
    assert "🏭" in failed["problems"][0]["problem"]


def test_no_output_holds_another_cases_values(workspace: Make, run: Run, small_case: Case) -> None:
    """Laid out in one composite, each PDF holds its own project and unit and nobody else's."""
    folder = workspace(25)
    _, told = run("generate", folder, "--form", "jincheng-authorisation")
    names = {small_case(number)["id"]: small_case(number)["enterprise"]["name"] for number in range(25)}
    for item in told["issued"]:
        text = text_of(folder / item["pdf"])
        assert [owner for owner, name in names.items() if name in text] == [item["case"]]


def test_changed_data_gives_a_new_issue_and_keeps_the_old(
    workspace: Make, run: Run, small_case: Case
) -> None:
    """New data, new number; the old issue stays on record as superseded and its files beside."""
    folder = workspace([small_case(1)])
    first = run("generate", folder, "--form", "jincheng-authorisation")[1]["issued"][0]
    text = (
        (folder / "cases" / "all.yaml")
        .read_text("utf-8")
        .replace("王建国", "李建国")
        .replace("第1号年产", "第一号年产")
    )
    (folder / "cases" / "all.yaml").write_text(text, "utf-8")
    second = run("generate", folder, "--form", "jincheng-authorisation")[1]["issued"][0]
    assert second["issue"] != first["issue"]
    with Registry.open(folder / "registry.sqlite") as registry:
        old = registry.find(first["issue"])
    assert old is not None
    assert old.superseded_by == second["issue"]
    kept = folder / "issued" / "K-0001" / "superseded" / f"jincheng-authorisation.{first['issue']}.pdf"
    assert kept.exists()


def test_a_document_somebody_edits_is_left_alone(workspace: Make, run: Run, small_case: Case) -> None:
    """Running again with nothing changed touches nothing, not even a DOCX that was edited by hand."""
    folder = workspace([small_case(1)])
    item = run("generate", folder, "--form", "jincheng-authorisation")[1]["issued"][0]
    (folder / item["docx"]).write_bytes(b"edited")
    told = run("generate", folder, "--form", "jincheng-authorisation")[1]
    assert (told["issued"], len(told["unchanged"])) == ([], 1)
    assert (folder / item["docx"]).read_bytes() == b"edited"


def test_a_lost_pdf_is_made_again_under_its_number(workspace: Make, run: Run, small_case: Case) -> None:
    """A file that has gone missing comes back with the same issue number."""
    folder = workspace([small_case(1)])
    item = run("generate", folder, "--form", "jincheng-authorisation")[1]["issued"][0]
    (folder / item["pdf"]).unlink()
    again = run("generate", folder, "--form", "jincheng-authorisation")[1]["issued"][0]
    assert again["issue"] == item["issue"]
    assert (folder / item["pdf"]).exists()
