"""Returns that never were paper: what their fields, text and signatures say."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from extractors.digital import read_docx_return, read_pdf_return
from extractors.digital.page_text import PageCharacter, typed
from extractors.digital.signatures import read_signatures
from extractors.judge import judge
from extractors.model import DigitalFacts, IssuedDocument, PageRef, ReturnedDocument
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from forms.geometry import Box, FieldArea
from tests.extractors.digital.certificates import (
    ENTERPRISE,
    Certified,
    as_sha1,
    certified,
    revoked,
    signed,
)

pytestmark = pytest.mark.office

_ANSWERS = {"handover.enterprise_date": "2026年7月2日", "handover.manager_date": "2026-07-03"}
_SIGN = "handover.enterprise_signature"


@pytest.fixture(scope="module")
def completion(issued: Any) -> IssuedDocument:
    return issued.of("completion")


def filled(document: IssuedDocument, target: Path, answers: dict[str, str], *, flatten: bool = False) -> Path:
    """The issued PDF with form fields filled by another program."""
    writer = PdfWriter(clone_from=PdfReader(document.pdf))
    for page in writer.pages:
        writer.update_page_form_field_values(page, answers, auto_regenerate=False, flatten=flatten)
    if flatten:
        writer.remove_annotations(subtypes="/Widget")
    writer.write(target)
    return target


def read(path: Path, document: IssuedDocument, issued: Any, roots: Any = ()) -> DigitalFacts:
    places = {page: (document.number, page) for page in range(1, document.pages + 1)}
    (facts,) = read_pdf_return(path, path.name, places, issued.lookup, roots)
    return facts


def states(facts: DigitalFacts) -> dict[str, tuple[str, Any]]:
    return {one.id: (one.state, one.value) for one in facts.observations}


@pytest.mark.parametrize("flatten", [False, True])
def test_what_another_program_fills_in_is_read(
    issued: Any, completion: IssuedDocument, tmp_path: Path, flatten: bool
) -> None:
    """Values are read from form fields, and where a program flattened them, from the page's text."""
    facts = read(filled(completion, tmp_path / "回件.pdf", _ANSWERS, flatten=flatten), completion, issued)
    told = states(facts)
    assert told["handover.manager_date"] == ("filled", "2026-07-03")
    assert told["handover.enterprise_date"][0] == "filled"
    assert not facts.alterations
    assert facts.added_pages == 0


def test_what_was_left_open_is_not_said_to_be_filled(
    issued: Any, completion: IssuedDocument, tmp_path: Path
) -> None:
    """An untouched PDF has no field filled, and nothing altered."""
    shutil.copy(completion.pdf or "", tmp_path / "空白.pdf")
    facts = read(tmp_path / "空白.pdf", completion, issued)
    assert all(one.state == "blank" for one in facts.observations)
    assert not facts.alterations


def test_a_picture_of_a_page_is_no_text(issued: Any, completion: IssuedDocument, tmp_path: Path) -> None:
    """A scan is not born-digital, whatever text lies under the picture."""
    with pikepdf.open(completion.pdf or "") as pdf:
        picture = pikepdf.Stream(pdf, bytes([255]), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        picture.Width = picture.Height = 1
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        for page in pdf.pages:
            name = page.add_resource(picture, pikepdf.Name.XObject)
            page.contents_add(b"q 595 0 0 842 0 0 cm %s Do Q" % str(name).encode())
        pdf.save(tmp_path / "扫描.pdf")
    places = {page: (completion.number, page) for page in range(1, completion.pages + 1)}
    assert read_pdf_return(tmp_path / "扫描.pdf", "扫描.pdf", places, issued.lookup) == ()


@pytest.mark.parametrize("how", ["note", "text"])
def test_what_was_added_to_a_scan_in_a_program_is_for_a_person(
    issued: Any, completion: IssuedDocument, tmp_path: Path, how: str
) -> None:
    """A name typed over a scan, or a stamp put onto it, is not on paper."""
    with pikepdf.open(completion.pdf or "") as pdf:
        picture = pikepdf.Stream(pdf, bytes([255]), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        picture.Width = picture.Height = 1
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        page = pdf.pages[1]
        name = page.add_resource(picture, pikepdf.Name.XObject)
        page.contents_add(b"q 595 0 0 842 0 0 cm %s Do Q" % str(name).encode())
        page.obj.Annots = pikepdf.Array()
        if how == "text":
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.Helv)
            page.contents_add(b"BT /Helv 14 Tf 200 400 Td (Zhang San) Tj ET")
        else:
            stamp = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[200, 400, 300, 500]
            )
            page.obj.Annots.append(pdf.make_indirect(stamp))
        pdf.save(tmp_path / "扫描.pdf")
    (facts,) = read_pdf_return(tmp_path / "扫描.pdf", "扫描.pdf", {2: (completion.number, 2)}, issued.lookup)
    assert [one.page for one in facts.doubts] == [2]
    assert not facts.observations


def test_text_changed_in_the_file_is_found(issued: Any, completion: IssuedDocument, tmp_path: Path) -> None:
    """Print that is not what was issued is an alteration, and a page beyond the issue's is counted."""
    other = next(one for one in issued.documents.values() if one.form_id == "jincheng-suggestions")
    with pikepdf.open(completion.pdf or "") as pdf, pikepdf.open(other.pdf or "") as foreign:
        pdf.pages[0].contents_add(b"BT /Helv 14 Tf 100 700 Td (2027) Tj ET")
        pdf.pages[0].add_resource(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            ),
            pikepdf.Name.Font,
            pikepdf.Name.Helv,
        )
        pdf.pages.append(foreign.pages[0])
        pdf.save(tmp_path / "改.pdf")
    facts = read(tmp_path / "改.pdf", completion, issued)
    assert ["2027" in one.text for one in facts.alterations] == [True]
    assert facts.added_pages == 1


@pytest.mark.parametrize("flatten", [False, True])
@pytest.mark.parametrize("how", ["turned", "cropped"])
def test_a_page_turned_or_cropped_for_the_screen_says_what_it_said(
    issued: Any, completion: IssuedDocument, tmp_path: Path, flatten: bool, how: str
) -> None:
    """Text is compared where it stands on the sheet: a turn or a crop of the page alters nothing."""
    plain = filled(completion, tmp_path / "回件.pdf", _ANSWERS, flatten=flatten)
    with pikepdf.open(plain) as pdf:
        for page in pdf.pages:
            if how == "turned":
                page.rotate(90, relative=True)
            else:
                page.cropbox = pikepdf.Array([20, 20, 575, 820])
        pdf.save(tmp_path / "改.pdf")
    facts = read(tmp_path / "改.pdf", completion, issued)
    assert not facts.alterations
    assert states(facts) == states(read(plain, completion, issued))


def test_attachments_are_named_and_change_no_verdict(
    issued: Any, completion: IssuedDocument, tmp_path: Path
) -> None:
    """Files attached to a returned PDF are said to a person, since nobody looks into them; nothing else changes."""
    verdicts = []
    for attached in (False, True):
        with pikepdf.open(filled(completion, tmp_path / "回件.pdf", _ANSWERS)) as pdf:
            if attached:
                pdf.attachments["发票.xlsx"] = b"content"
            pdf.save(tmp_path / "附.pdf")
        facts = read(tmp_path / "附.pdf", completion, issued)
        judged = judge(
            ReturnedDocument(issue=completion, digital=(facts,)),
            Catalogue.load().form(completion.form_id),
            today=dt.date(2026, 8, 1),
            thresholds=load_thresholds(),
        )
        verdicts.append(judged.verdict)
        assert any("发票.xlsx" in item.message for item in judged.findings) is attached
    assert verdicts[0] == verdicts[1]


# -- digital signatures ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate() -> Certified:
    """A signer whose certificate is its own root."""
    return certified()


@pytest.fixture
def sign(certificate: Certified, tmp_path: Path) -> Callable[..., Path]:
    def sign_it(source: Path, field: str = _SIGN) -> Path:
        return signed(source, tmp_path / f"签-{source.name}", certificate, field)

    return sign_it


def test_a_signature_fills_its_signing_place(
    issued: Any, completion: IssuedDocument, tmp_path: Path, sign: Any, certificate: Any
) -> None:
    """A digital signature in the signing place is seen, with who signed; a trusted root is told from none."""
    path = sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS))
    facts = read(path, completion, issued, [certificate.loaded])
    (signature,) = facts.signatures
    assert (signature.intact, signature.valid, signature.trusted, signature.covers_all) == (True,) * 4
    assert states(facts)[_SIGN] == ("filled", ENTERPRISE)
    (stranger,) = read_signatures(path)
    assert stranger.intact and not stranger.trusted and "未经核实" in stranger.reason


def test_a_second_signature_takes_nothing_from_the_first(
    completion: IssuedDocument, tmp_path: Path, sign: Any
) -> None:
    """When the manager signs after the enterprise, the first signature still covers everything."""
    twice = sign(sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS)), "handover.manager_signature")
    assert [one.covers_all for one in read_signatures(twice)] == [True, True]


def test_what_is_filled_in_after_signing_is_said(
    completion: IssuedDocument, tmp_path: Path, sign: Any
) -> None:
    """A field filled after the signature is named, and the signature no longer covers the document."""
    path = sign(filled(completion, tmp_path / "回件.pdf", {}))
    writer = PdfWriter(PdfReader(path), incremental=True)
    for page in writer.pages:
        writer.update_page_form_field_values(page, _ANSWERS, auto_regenerate=False)
    writer.write(tmp_path / "后填.pdf")
    (signature,) = read_signatures(tmp_path / "后填.pdf")
    assert signature.intact
    assert not signature.covers_all
    assert "签署以后" in signature.reason


def fill_later(source: Path, target: Path, name: str, value: str) -> None:
    """One field's value set in a new revision, and nothing else."""
    with source.open("rb") as file, target.open("wb") as out:
        writer = IncrementalPdfFileWriter(file, strict=False)
        siblings = writer.root["/AcroForm"]["/Fields"]
        for part in name.split("."):
            field = next(one for one in (ref.get_object() for ref in siblings) if one["/T"] == part)
            siblings = field.get("/Kids", ())
        field["/V"] = TextStringObject(value)
        writer.update_container(field)
        writer.write(out)


def test_what_others_fill_in_later_is_theirs(
    issued: Any, completion: IssuedDocument, tmp_path: Path, sign: Any
) -> None:
    """项目长's date after the enterprise's signature takes nothing from it; the enterprise's own date does."""
    form = Catalogue.load().form(completion.form_id)
    for field, whole in (("handover.manager_date", True), ("handover.enterprise_date", False)):
        path = sign(filled(completion, tmp_path / f"{whole}.pdf", {}))
        fill_later(path, tmp_path / "后填.pdf", field, "2026年7月2日")
        facts = read(tmp_path / "后填.pdf", completion, issued)
        judged = judge(
            ReturnedDocument(issue=completion, digital=(facts,)),
            form,
            today=dt.date(2026, 8, 1),
            thresholds=load_thresholds(),
        )
        broken = [item for item in judged.findings if item.code == "digital-signature-invalid"]
        assert {item.weight for item in broken} == ({"note"} if whole else {"incomplete"})


def test_a_changed_byte_breaks_the_signature(completion: IssuedDocument, tmp_path: Path, sign: Any) -> None:
    """A signed file that was altered is not intact, and its signing place is not filled."""
    path = sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS))
    data = bytearray(path.read_bytes())
    at = data.index(b"/MediaBox")
    data[at : at + 9] = b"/MediaBux"
    path.write_bytes(data)
    assert [one.intact for one in read_signatures(path)] in ([False], [])


def test_each_signature_is_judged_alone(completion: IssuedDocument, tmp_path: Path, sign: Any) -> None:
    """A signature that is no CMS, has no byte range or a method of its own is one that cannot be verified, never
    nothing; that of another place stays what it is.
    """
    once = sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS))
    data = once.read_bytes()
    at = data.index(b"<", data.index(b"/Contents <"))
    spoilt = {
        "no CMS": data[: at + 1] + b"00" * 40 + data[at + 81 :],
        "no byte range": data.replace(b"/ByteRange", b"/ByteRangf"),
        "another method": data.replace(b"/adbe.pkcs7.detached", b"/adbe.pkcs7.detachex"),
        "no cross-references": data.replace(b"startxref", b"startxfer"),
    }
    for name, content in spoilt.items():
        once.write_bytes(content)
        assert [one.intact for one in read_signatures(once)] == [None], name
    once.write_bytes(spoilt["no CMS"])
    twice = sign(once, "handover.manager_signature")
    assert {one.field: one.intact for one in read_signatures(twice)} == {
        _SIGN: None,
        "handover.manager_signature": True,
    }


@pytest.mark.parametrize(
    "numbers", [b"0 0 0 0", b"0 10 20", b"(a) 1 2 3", b"0 -1 -2 -3", b"0 99999999999 0 99999999999"]
)
def test_a_damaged_byte_range_is_no_whole_signature(
    completion: IssuedDocument, tmp_path: Path, sign: Any, numbers: bytes
) -> None:
    """A signature whose byte range is damaged is there, and is not whole."""
    path = sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS))
    data = path.read_bytes()
    found = re.search(rb"/ByteRange \[([^]]*)\]", data)
    assert found
    room = len(found.group(1))
    path.write_bytes(data[: found.start(1)] + numbers.ljust(room) + data[found.start(1) + room :])
    (signature,) = read_signatures(path)
    assert not (signature.intact and signature.valid and signature.covers_all)


def test_a_method_that_signs_a_sha1_digest_cannot_be_verified(
    completion: IssuedDocument, tmp_path: Path, sign: Any, certificate: Certified
) -> None:
    """``adbe.pkcs7.sha1`` is a signature that cannot be verified here, not none and not a whole one."""
    path = sign(filled(completion, tmp_path / "回件.pdf", _ANSWERS))
    as_sha1(path, certificate)
    (signature,) = read_signatures(path, [certificate.loaded])
    assert signature.intact is None
    assert "核验不了" in signature.reason


def test_an_expired_certificate_is_said(completion: IssuedDocument, tmp_path: Path) -> None:
    """A whole signature whose certificate has expired is whole, and says since when."""
    old = certified(days=(-400, -35))
    path = signed(filled(completion, tmp_path / "回件.pdf", _ANSWERS), tmp_path / "签.pdf", old, _SIGN)
    (signature,) = read_signatures(path, [old.loaded])
    assert (signature.intact, signature.valid) == (True, True)
    assert any("过期" in one for one in signature.doubts)


def test_a_revoked_certificate_is_said(issued: Any, completion: IssuedDocument, tmp_path: Path) -> None:
    """Of a certificate that a list in the file revokes it is said, and the document goes to a person."""
    root = certified("信任根")
    holder = certified(by=root)
    once = signed(filled(completion, tmp_path / "回件.pdf", _ANSWERS), tmp_path / "签.pdf", holder, _SIGN)
    facts = read(revoked(once, tmp_path / "吊销.pdf", holder, root), completion, issued, [root.loaded])
    (signature,) = facts.signatures
    assert signature.intact
    assert "证书已被吊销" in signature.doubts
    judged = judge(
        ReturnedDocument(issue=completion, digital=(facts,)),
        Catalogue.load().form(completion.form_id),
        today=dt.date(2026, 8, 1),
        thresholds=load_thresholds(),
    )
    assert judged.verdict != "complete"
    assert any("吊销" in item.message and item.weight != "note" for item in judged.findings)


def test_rubbish_has_no_signatures(tmp_path: Path) -> None:
    """A file that cannot be taken apart has no signature that can be believed."""
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)
    assert read_signatures(tmp_path / "坏.pdf") == ()


# -- DOCX --------------------------------------------------------------------------------------------


def edited(document: IssuedDocument, target: Path, change: Callable[[str], str]) -> Path:
    """The issued DOCX with its body changed as text."""
    with zipfile.ZipFile(document.docx) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                changed = change(data.decode("utf-8"))
                assert changed != data.decode("utf-8")
                data = changed.encode("utf-8")
            out.writestr(name, data)
    return target


def read_docx(path: Path, issued: Any) -> DigitalFacts | None:
    catalogue = Catalogue.load()
    of_form = lambda form: (one for one in issued.documents.values() if one.form_id == form)  # noqa: E731
    return read_docx_return(path, PageRef(path.name, 1), catalogue.forms, of_form)


def test_every_issued_docx_is_known_again(issued: Any, tmp_path: Path) -> None:
    """A returned DOCX is told by its controls and values, whatever it is called, and nothing in it is altered."""
    for document in issued.documents.values():
        copy = shutil.copy(document.docx, tmp_path / "改了名.docx")
        facts = read_docx(Path(copy), issued)
        assert facts is not None
        assert facts.issue == document.number
        assert not facts.alterations
        assert all(one.state == "blank" for one in facts.observations)


def test_a_changed_docx_says_what_was_changed(
    issued: Any, completion: IssuedDocument, tmp_path: Path
) -> None:
    """A changed value of the office's and changed wording are alterations; the rest still tells whose it is."""
    code = str(completion.values["project.code"])
    path = edited(
        completion,
        tmp_path / "改.docx",
        lambda body: body.replace(code, "2099-140502-04-01-000000").replace("移交完毕", "移交"),
    )
    facts = read_docx(path, issued)
    assert facts is not None and facts.issue == completion.number
    said = " ".join(one.reason for one in facts.alterations)
    assert code in said
    assert "移交完毕" in said


def test_a_docx_of_nobody_is_not_guessed(issued: Any, tmp_path: Path) -> None:
    """The blank template belongs to no issue."""
    template = Catalogue.load().form("jincheng-completion").template
    assert read_docx(Path(shutil.copy(template, tmp_path / "模板.docx")), issued) is None


def test_a_date_typed_over_the_printed_one_is_read() -> None:
    """Of two like characters in a date's place the printed one is told by where it was printed."""
    box = Box(0, 0, 60, 8)
    area = FieldArea("a.date", "date", 1, box, True)

    def at(text: str, xs: list[float]) -> list[PageCharacter]:
        return [PageCharacter(one, Box(x, 1, x + 3, 6)) for one, x in zip(text, xs, strict=True)]

    printed = at("年月日", [20, 34, 48])
    written = at("2025年12月17日", [1, 4, 7, 10, 13, 17, 21, 25, 29, 33, 37])
    returned = sorted([*printed, *written], key=lambda one: one.box.x0)
    assert typed(returned, printed, area) == "2025年12月17日"


_RUN = "<w:r><w:rPr>{}</w:rPr><w:t>另行约定</w:t></w:r>"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (_RUN.format("<w:vanish/>"), "隐藏"),
        (_RUN.format('<w:color w:val="FFFFFF"/>'), "白色"),
        (_RUN.format('<w:sz w:val="2"/>'), "小得看不见"),
        ('<w:ins w:id="1" w:author="a"><w:r><w:t>另行约定</w:t></w:r></w:ins>', "修订"),
        ("<w:r><w:pict/></w:r>", "图片"),
    ],
)
def test_what_a_docx_hides_is_for_a_person(
    issued: Any, completion: IssuedDocument, tmp_path: Path, what: str, said: str
) -> None:
    """Hidden, white and tiny text, tracked changes and things laid over text are said of a returned DOCX."""
    path = edited(completion, tmp_path / "改.docx", lambda text: text.replace("</w:p>", f"{what}</w:p>", 1))
    facts = read_docx(path, issued)
    assert facts is not None
    assert any(said in one.reason for one in facts.doubts)


def test_a_field_that_stands_twice_and_differs_is_unsure(
    issued: Any, completion: IssuedDocument, tmp_path: Path
) -> None:
    """The same field twice, one of them empty: nobody knows which counts."""

    def double(text: str) -> str:
        start = text.rindex("<w:sdt>", 0, text.index('w:val="handover.enterprise_date"'))
        end = text.index("</w:sdt>", start) + len("</w:sdt>")
        control = text[start:end]
        one = re.sub(r"<w:t([^>]*)>[^<]*</w:t>", r"<w:t\1>2026年9月9日</w:t>", control, count=1)
        return text[:start] + one + control + text[end:]

    facts = read_docx(edited(completion, tmp_path / "改.docx", double), issued)
    assert facts is not None
    assert states(facts)["handover.enterprise_date"][0] == "unsure"
    assert any(one.field == "handover.enterprise_date" for one in facts.doubts)
