"""The packet for an enterprise: what is in it, what it says to do, and that nothing is asked twice."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from pypdf import PdfReader

from cases.samples import load_sample
from daiban import rosters
from daiban.access_codes import admission
from daiban.issuing.run import GenerateRequest, generate
from daiban.office import Office
from daiban.packing.packet import PacketResult, make_packet
from daiban.registry import Generation, IssueRecord, Registry
from daiban.workspace import Workspace
from extractors.identify import sight
from extractors.model import Raster, Sighting
from forms.page_mark import GUIDE_NUMBER
from foundation.errors import CaseDataError, FormError, UnreadableError, UsageError

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.create(tmp_path_factory.mktemp("packets") / "ws")
    cases = [case for case in load_sample() if case.id in ("JC-2026-001", "JC-2026-006")]
    rosters.write_new(made.roster, cases)
    Registry.open(made.registry).close()
    assert not generate(Office(made), GenerateRequest(workers=1)).failed
    return made


@pytest.fixture(scope="module")
def packet(workspace: Workspace) -> PacketResult:
    return make_packet(Office(workspace), "JC-2026-006")


def text(path: Path, page: int = 0) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return "".join(document[page].get_textpage().get_text_range().split())
    finally:
        document.close()


def record_of(workspace: Workspace, issue: str) -> IssueRecord:
    found = Office(workspace).record(issue)
    assert found is not None
    return found


def test_every_open_field_of_the_enterprise_is_asked_for(workspace: Workspace, packet: PacketResult) -> None:
    """Each thing still to fill, sign or seal is one todo with its page; what others fill is none."""
    (form,) = packet.forms
    assert form.form == "jincheng-completion"
    assert [(todo.page, todo.number, todo.todo) for todo in form.todos] == [
        (2, 1, "在“项目单位”处盖章或签字"),
        (2, 2, "填写“项目单位签署日期”，写全年、月、日"),
    ]
    printed = text(workspace.path / packet.pdf)
    assert "①在“项目单位”处盖章或签字" in printed
    assert "其余空白由代办机构填写" in printed  # 项目长 signs too
    assert form.issue in printed


def test_the_guide_says_until_when_and_where_to(workspace: Workspace) -> None:
    """The covering letter names a day by the office's calendar; what is not known (phone, address) leaves no gap."""
    office = Office(workspace, today=dt.date(2026, 9, 18))
    made = make_packet(office, "JC-2026-006")
    letter = text(workspace.path / made.pdf)
    assert "于2026年9月24日前交回" in letter and "2026年9月18日" in letter
    with pikepdf.open(workspace.path / made.pdf) as pdf:
        pages = len(pdf.pages)
    whole = "".join(text(workspace.path / made.pdf, page) for page in range(pages))
    assert "电话：。" not in whole and "（）" not in whole
    assert any("address" in problem.problem for problem in made.problems)


def test_a_place_is_marked_in_its_picture(workspace: Workspace, packet: PacketResult) -> None:
    """The guide carries one picture per page, and no field of its own."""
    with pikepdf.open(workspace.path / packet.pdf) as pdf:
        guide = pdf.pages[0]
        assert len(guide.get_images()) == len({todo.page for todo in packet.forms[0].todos})
        assert "/Annots" not in guide.obj


def test_the_one_file_is_fillable_like_the_single_ones(workspace: Workspace, packet: PacketResult) -> None:
    """All open fields are in the joined PDF under their own names, on pages after the guide."""
    record = record_of(workspace, packet.forms[0].issue)
    whole = workspace.path / packet.pdf
    names = {name for name, field in (PdfReader(whole).get_fields() or {}).items() if "/FT" in field}
    assert names == {area.id for area in record.areas if area.is_open}
    issued = pikepdf.open(workspace.path / str(record.pdf))
    with issued, pikepdf.open(whole) as joined:
        assert len(joined.pages) == len(issued.pages) + 1


def test_the_archive_holds_the_issued_files_unchanged(workspace: Workspace, packet: PacketResult) -> None:
    """The ZIP has the guide first and then each form, byte for byte as issued."""
    record = record_of(workspace, packet.forms[0].issue)
    with zipfile.ZipFile(workspace.path / packet.zip) as archive:
        names = archive.namelist()
        assert names == ["0-签署指引.pdf", "1-全代办服务办结单.pdf"]
        assert archive.read(names[1]) == (workspace.path / str(record.pdf)).read_bytes()


def test_a_form_to_keep_is_in_it_and_one_of_the_office_is_not(workspace: Workspace) -> None:
    """The 服务方案 goes along to be kept; the 研判表 and the 台账 stay here, and that is said."""
    made = make_packet(Office(workspace), "JC-2026-001")
    assert [form.form for form in made.forms] == ["jincheng-service-plan", "jincheng-authorisation"]
    assert made.forms[0].todos == ()
    assert {problem.problem[:6] for problem in made.problems} == {
        "《一站式项目",
        "《晋城市投资",
        "没有写 [a",
    }


def test_what_is_back_complete_is_not_asked_for_again(workspace: Workspace, tmp_path: Path) -> None:
    """A form that came back complete is left out of the packet and named; with nothing else left, none is made."""
    shutil.copytree(workspace.path, tmp_path / "ws")
    office = Office.open(tmp_path / "ws")
    _bring_back(office, "JC-2026-001", "jincheng-authorisation")
    made = make_packet(Office.open(tmp_path / "ws"), "JC-2026-001")
    assert [form.form for form in made.forms] == ["jincheng-service-plan"]
    assert any("委托书》已交回齐全" in problem.problem for problem in made.problems)
    _bring_back(office, "JC-2026-006", "jincheng-completion")
    with pytest.raises(CaseDataError, match="已交回齐全"):
        make_packet(Office.open(tmp_path / "ws"), "JC-2026-006")


def _bring_back(office: Office, case_id: str, form_id: str) -> None:
    """Record a complete return."""
    with Registry.open(office.workspace.registry) as registry:
        (issue,) = [one for one in registry.issues(case_id) if one.form_id == form_id]
        back = Generation(
            issue=issue.number,
            generation=1,
            batch="verify-1",
            verdict="complete",
            digest="1" * 64,
            files={},
            recorded_at=issue.created_at,
            filed_at=issue.created_at,
        )
        registry.returns.record(back)


def test_what_cannot_be_made_is_said(workspace: Workspace, tmp_path: Path) -> None:
    """An unknown case names the nearest; a case with nothing out says what to run; nothing is written."""
    with pytest.raises(UsageError, match="JC-2026-00"):
        make_packet(Office(workspace), "JC-2026-00")
    fresh = Workspace.create(tmp_path / "ws")
    rosters.write_new(fresh.roster, load_sample()[:1])
    with pytest.raises(CaseDataError, match="generate"):
        make_packet(Office(fresh), "JC-2026-001")
    assert not fresh.packets.exists()
    assert not (fresh.path / "registry.sqlite").exists()


def test_changed_and_missing_files_are_all_named(workspace: Workspace, tmp_path: Path) -> None:
    """An issued PDF that was changed, and one that is gone, are each named with what to do, and nothing is packed."""
    shutil.copytree(workspace.path, tmp_path / "ws")
    copy = Workspace.open(tmp_path / "ws")
    shutil.rmtree(copy.packets, ignore_errors=True)
    changed = copy.issued("JC-2026-001", "jincheng-authorisation", ".pdf")
    changed.write_bytes(changed.read_bytes() + b"% filled in")
    copy.issued("JC-2026-001", "jincheng-service-plan", ".pdf").unlink()
    with pytest.raises(UnreadableError) as caught:
        make_packet(Office(copy), "JC-2026-001")
    told = {problem.where: problem for problem in caught.value.problems}
    assert set(told) == {
        f"issued/JC-2026-001/jincheng-{name}.pdf" for name in ("authorisation", "service-plan")
    }
    assert "改过" in told[copy.relative(changed)].problem
    assert "不见了" in told["issued/JC-2026-001/jincheng-service-plan.pdf"].problem
    assert all("daiban generate" in (problem.advice or "") for problem in told.values())
    assert not copy.packets.exists()


def test_changed_files_can_be_issued_again_and_packed(workspace: Workspace, tmp_path: Path) -> None:
    """Once a changed file is moved away, as advised, generate issues it again and the packet can be made."""
    shutil.copytree(workspace.path, tmp_path / "ws")
    office = Office.open(tmp_path / "ws")
    file = office.workspace.issued("JC-2026-006", "jincheng-completion", ".pdf")
    file.unlink()
    generate(office, GenerateRequest(("JC-2026-006",), ("jincheng-completion",), 1))
    assert make_packet(Office.open(tmp_path / "ws"), "JC-2026-006").forms


def test_own_forms_and_matters_count(workspace: Workspace, tmp_path: Path) -> None:
    """An office's own form goes into the packet; its own list of matters is read as for every other command."""
    own = add_own_form(workspace, tmp_path)
    assert [form.form for form in make_packet(Office(own), "JC-2026-006").forms][-1] == "own-receipt"
    (own.forms / "matters.toml").write_text("[[matter]]\nstage = 'nowhere'\n", "utf-8")
    with pytest.raises(FormError, match="matters"):
        make_packet(Office(own), "JC-2026-006")


def add_own_form(workspace: Workspace, folder: Path) -> Workspace:
    """A copy of a workspace with a form of its own, issued for one case."""
    shutil.copytree(workspace.path, folder / "own")
    copy = Workspace.open(folder / "own")
    source = Office(workspace).forms["jincheng-completion"]
    target = copy.forms / "receipt"
    shutil.copytree(source.folder, target)
    definition = (target / "form.toml").read_text("utf-8")
    (target / "form.toml").write_text(definition.replace("jincheng-completion", "own-receipt"), "utf-8")
    result = generate(Office(copy), GenerateRequest(("JC-2026-006",), ("own-receipt",), 1))
    assert not result.failed and result.issued
    return copy


def test_the_guide_prints_a_code_for_the_page(workspace: Workspace, tmp_path: Path) -> None:
    """Where the office has a page: its address, a code in letters and as QR that lets in to this very case; the guide
    is still known for a guide when it comes back.
    """
    shutil.copytree(workspace.path, tmp_path / "ws")
    settings = tmp_path / "ws" / "daiban.toml"
    told = settings.read_text("utf-8").replace(
        'address = ""\n# 访问码', 'address = "https://db.example.gov.cn/"\n# 访问码'
    )
    settings.write_text(told, "utf-8")
    office = Office.open(tmp_path / "ws")
    made = make_packet(office, "JC-2026-006", by="王芳")
    assert made.code is not None
    with pdfium.PdfDocument(office.workspace.path / made.pdf) as document:
        pages = [page.render(scale=200 / 72).to_pil() for page in document]
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    at = next(index for index, one in enumerate(texts) if made.code.letters in one)
    assert "https://db.example.gov.cn/e/" in texts[at]
    read = {one.text for one in zxingcpp.read_barcodes(pages[at])}
    assert made.code.address in read and made.code.address.endswith(f"/e/#{made.code.letters}")
    with office.registry() as registry:
        assert registry is not None
        found = admission(registry, made.code.letters)
        assert found is not None and found.case_id == "JC-2026-006"
        seen = sight(Raster(np.asarray(pages[at].convert("L"))), registry.mark_key())
    assert isinstance(seen, Sighting) and seen.issue == GUIDE_NUMBER
