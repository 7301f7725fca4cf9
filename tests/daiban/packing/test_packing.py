"""The packet for an enterprise: what is in it, what it says to do, and that nothing is asked twice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from cases.samples import load_sample
from daiban import rosters
from daiban.issuing.run import GenerateRequest, generate
from daiban.packing.packet import Packet, make_packet
from daiban.registry import Registry
from daiban.workspace import Workspace
from foundation.errors import CaseDataError, UsageError

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.create(tmp_path_factory.mktemp("packets") / "ws")
    cases = [case for case in load_sample() if case.id in ("JC-2026-001", "JC-2026-006")]
    rosters.write_new(made.roster, cases)
    Registry.open(made.registry).close()
    assert not generate(made, GenerateRequest(workers=1)).failed
    return made


@pytest.fixture(scope="module")
def packet(workspace: Workspace) -> Packet:
    return make_packet(workspace, "JC-2026-006")


def text(path: Path, page: int = 0) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return "".join(document[page].get_textpage().get_text_range().split())
    finally:
        document.close()


def test_every_open_field_of_the_enterprise_is_asked_for(workspace: Workspace, packet: Packet) -> None:
    """Each thing still to fill, sign or seal is one todo with its page; what others fill is none."""
    (form,) = packet.forms
    assert form.form.id == "jincheng-completion"
    (page,) = form.pages
    assert [todo.text for todo in page.todos] == [
        "在“项目单位”处盖章或签字",
        "填写“项目单位签署日期”，写全年、月、日",
    ]
    assert page.others  # 项目长 signs too
    said = text(packet.pdf)
    assert "①在“项目单位”处盖章或签字" in said
    assert form.record.number in said


def test_a_place_is_marked_in_its_picture(packet: Packet) -> None:
    """The guide carries one picture per page, and no field or page mark of its own."""
    with pikepdf.open(packet.pdf) as pdf:
        guide = pdf.pages[0]
        assert len(guide.get_images()) == len(packet.forms[0].pages)
        assert "/Annots" not in guide.obj


def test_the_one_file_is_fillable_like_the_single_ones(workspace: Workspace, packet: Packet) -> None:
    """All open fields are in the joined PDF under their own names, on pages after the guide."""
    record = packet.forms[0].record
    names = {name for name, field in (PdfReader(packet.pdf).get_fields() or {}).items() if "/FT" in field}
    assert names == {area.id for area in record.areas if area.is_open}
    issued = pikepdf.open(workspace.path / str(record.pdf))
    with issued, pikepdf.open(packet.pdf) as joined:
        assert len(joined.pages) == len(issued.pages) + 1


def test_the_archive_holds_the_issued_files_unchanged(workspace: Workspace, packet: Packet) -> None:
    """The ZIP has the guide first and then each form, byte for byte as issued."""
    with zipfile.ZipFile(packet.zip) as archive:
        names = archive.namelist()
        assert names == ["0-签署指引.pdf", "1-全代办服务办结单.pdf"]
        assert archive.read(names[1]) == (workspace.path / str(packet.forms[0].record.pdf)).read_bytes()


def test_a_form_to_keep_is_in_it_and_one_of_the_office_is_not(workspace: Workspace) -> None:
    """The 服务方案 goes along to be kept; the 研判表 and the 台账 stay here, and that is said."""
    made = make_packet(workspace, "JC-2026-001")
    assert [form.form.id for form in made.forms] == ["jincheng-service-plan", "jincheng-authorisation"]
    assert {problem.problem[:6] for problem in made.problems} == {"《一站式项目", "《晋城市投资"}


def test_what_cannot_be_made_is_said(workspace: Workspace, tmp_path: Path) -> None:
    """An unknown case names the nearest; a case with nothing out says what to run; nothing is written."""
    with pytest.raises(UsageError, match="JC-2026-00"):
        make_packet(workspace, "JC-2026-00")
    fresh = Workspace.create(tmp_path / "ws")
    rosters.write_new(fresh.roster, load_sample()[:1])
    with pytest.raises(CaseDataError, match="generate"):
        make_packet(fresh, "JC-2026-001")
    assert not fresh.packets.exists()
