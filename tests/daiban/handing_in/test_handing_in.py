"""daiban/handing_in: one case's papers, uploads read against it alone, hand-ins with receipts, the clerk's turn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from daiban.handing_in.case_papers import CasePapers, case_papers
from daiban.handing_in.inbox import HandIn, hand_in, hand_ins, verify_hand_in, waiting, waiting_issues
from daiban.handing_in.preview import Preview, preview
from daiban.handing_in.receipt_pdf import receipt_pdf
from daiban.handing_in.typed_in import filled_pdf, read_answers
from daiban.handing_in.uploads import LARGEST_BYTES, Uploads
from daiban.office import Office
from foundation.errors import UnreadableError, UsageError

pytestmark = pytest.mark.office

CASE, OTHER = "JC-2026-006", "JC-2026-001"
FORM, OTHER_FORM = "jincheng-completion", "jincheng-authorisation"
Photo = Callable[..., bytes]


def papers_of(office: Office, case_id: str) -> CasePapers:
    with office.registry() as registry:
        assert registry is not None
        found = waiting_issues(hand_ins(office.workspace, case_id))
        return case_papers(office, registry, case_id, found)


def uploaded(office: Office, files: Iterable[tuple[bytes, str]], case_id: str = CASE) -> Uploads:
    uploads = Uploads(office.workspace, case_id)
    for content, name in files:
        uploads.add([content], name)
    uploads.read(workers=1)
    return uploads


def seen(office: Office, uploads: Uploads, case_id: str = CASE) -> Preview:
    with office.registry() as registry:
        assert registry is not None
        return preview(office, registry, case_id, uploads)


def handed_in(office: Office, uploads: Uploads, case_id: str = CASE) -> HandIn:
    return hand_in(office, papers_of(office, case_id), list(uploads), seen(office, uploads, case_id))


def test_a_case_sees_its_own_papers_alone(office: Office) -> None:
    """What is out for its enterprise, with what to do; another case's number is no paper of it."""
    own, other = papers_of(office, CASE), papers_of(office, OTHER)
    (paper,) = own.papers
    assert paper.state == "todo" and paper.form.pages and own.project
    assert own.paper(paper.record.number) is paper
    assert own.paper(other.papers[0].record.number) is None


def test_internal_papers_are_not_shown(office: Office) -> None:
    """A 台账 of the case is out, and its enterprise sees nothing of it."""
    with office.registry() as registry:
        assert registry is not None
        out = {issue.form_id: issue.number for issue in registry.issues(CASE)}
    papers = papers_of(office, CASE)
    assert set(out) == {FORM, "jincheng-ledger"}
    assert papers.paper(out[FORM]) is not None and papers.paper(out["jincheng-ledger"]) is None


def test_uploads_become_one_document(office: Office, photo: Photo) -> None:
    """Pages that come one by one are judged together, and what is missing has its place; nothing is filed or kept on
    record.
    """
    uploads = uploaded(office, [(photo(CASE, FORM, 1), "第一页.jpg")])
    (first,) = seen(office, uploads).documents
    assert "page-missing" in {finding.code for finding in first.findings}
    uploads = uploaded(office, [(photo(CASE, FORM, 2), "第二页.jpg")])
    (whole,) = seen(office, uploads).documents
    codes = {finding.code: finding for finding in whole.findings}
    assert "page-missing" not in codes and whole.verdict == "incomplete"
    assert codes["signature-missing"].box is not None and codes["signature-missing"].page == 2
    assert all(page.thumbnail and page.framed for page in whole.pages)
    assert not any(office.workspace.returned_root.iterdir())
    with office.registry() as registry:
        assert registry is not None and registry.returns.newest(whole.issue) is None


@pytest.mark.parametrize(("case", "form"), [(OTHER, OTHER_FORM), (CASE, "jincheng-ledger")])
def test_pages_not_for_it_are_strangers(office: Office, photo: Photo, case: str, form: str) -> None:
    """Pages of another case, and internal ones of its own, are told like a stranger's page, neither whose they are nor
    that they are ours; so in a clerk's verify.
    """
    uploads = uploaded(office, [(photo(case, form, 1), "别人的.jpg")])
    told = seen(office, uploads)
    (item,) = told.unplaced
    assert not told.documents and "认不出" in item.why
    with office.registry() as registry:
        assert registry is not None
        (number,) = [issue.number for issue in registry.issues(case) if issue.form_id == form]
    assert number not in item.why + item.advice and OTHER not in item.why + item.advice
    report = verify_hand_in(office, handed_in(office, uploads), workers=1)
    assert not report.documents and [page.reason for page in report.unplaced] == ["unknown-document"]


def test_from_upload_to_receipt_to_the_clerk(office: Office, photo: Photo) -> None:
    """What is handed in is kept as it came under no openable name, waits, gets a receipt; verified, the enterprise sees
    what the office says; and handing in again is a new receipt.
    """
    content = [photo(CASE, FORM, 1), photo(CASE, FORM, 2)]
    uploads = uploaded(office, [(content[0], "C:\\图片\\image.jpg"), (content[1], "../../image.jpg")])
    item = handed_in(office, uploads)
    assert list(uploads) == []
    names = [file.name for file in item.receipt.files]
    assert names == ["image.jpg", "image（2）.jpg"]
    kept = [item.folder / file.stored for file in item.receipt.files]
    assert [path.read_bytes() for path in kept] == content and all(not path.suffix for path in kept)
    assert [file.sha256 for file in item.receipt.files] == [
        hashlib.sha256(one).hexdigest() for one in content
    ]
    assert [one.receipt for one in waiting(office.workspace)] == [item.receipt]
    assert papers_of(office, CASE).papers[0].state == "waiting"
    printed = text_of(receipt_pdf(item.receipt))
    assert item.receipt.number in printed and item.receipt.digest in printed and "image（2）.jpg" in printed
    report = verify_hand_in(office, item, workers=1)
    assert [document.case for document in report.documents] == [CASE]
    assert not waiting(office.workspace)
    assert papers_of(Office.open(office.workspace.path), CASE).papers[0].state == "mend"
    (again,) = hand_ins(office.workspace, CASE)
    assert again.verified is not None and again.receipt.digest == item.receipt.digest


def text_of(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_typed_answers_go_round(office: Office) -> None:
    """What is typed on the page stands in a copy of the issued PDF under its number, and reads back as exactly that."""
    (paper,) = papers_of(office, CASE).papers
    (date,) = [field.area.id for field in paper.fillable if field.definition.kind == "date"]
    wrong = read_answers(paper, {date: "2026-02-30"})
    assert [problem.field for problem in wrong.problems] == [date] and not wrong.texts
    answers = read_answers(paper, {date: " ２０２６.3.5 ", "agency.name": "别的单位"})
    assert not answers.problems and [text.field for text in answers.texts] == [date]
    filled = filled_pdf(office.workspace.path, paper, answers)
    (document,) = seen(office, uploaded(office, [(filled, "填好的.pdf")])).documents
    states = {field.id: (field.state, field.value) for field in document.fields}
    assert states[date] == ("filled", "2026-03-05") and document.issue == paper.record.number
    assert "text-altered" not in {finding.code for finding in document.findings}
    place = office.workspace.path / str(paper.record.pdf)
    place.write_bytes(place.read_bytes() + b"% changed")
    with pytest.raises(UnreadableError):
        filled_pdf(office.workspace.path, paper, answers)


def test_bounds_on_uploads(office: Office) -> None:
    """Empty and too large files are refused in words and leave nothing; the same bytes again are no second upload; what
    is no page of ours, or cannot be opened, is said with what to do; removed, it is gone.
    """
    uploads = Uploads(office.workspace, CASE)
    for chunks in ([], [b"x" * (1 << 20)] * ((LARGEST_BYTES >> 20) + 1)):
        with pytest.raises(UsageError):
            uploads.add(chunks, "a.jpg")
    assert not list(uploads) and not any((office.workspace.inbox(CASE) / "draft").iterdir())
    script = b"<html><script>alert(1)</script></html>"
    first = uploaded(office, [(script, "a.html")])
    again = uploaded(office, [(script, "b.html")])
    (upload,) = list(again)
    assert [one.about.id for one in first] == [upload.about.id] and upload.about.name == "a.html"
    (told,) = seen(office, again).unplaced
    assert told.page is None and told.why and told.advice
    assert not Uploads(office.workspace, OTHER).find(upload.about.id)
    assert again.remove(upload.about.id) and not again.remove(upload.about.id) and not list(again)
    with pytest.raises(UsageError):
        handed_in(office, again)


def test_no_case_id_leads_out_of_the_inbox(office: Office) -> None:
    """An id that would lead elsewhere is refused."""
    for name in ("..", "a/../../b", ""):
        with pytest.raises(UsageError):
            Uploads(office.workspace, name)
    assert isinstance(office.workspace.inbox(CASE), Path)
