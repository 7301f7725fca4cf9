"""What an enterprise sees of judged papers, in words of whoever keeps a company's seal; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from daiban.handing_in.preview import Preview, UnplacedUpload
from daiban.handing_in.uploads import Upload
from daiban.verifying.outcome import DocumentOutcome, FindingOutcome, PageOutcome
from daiban.verifying.reading.returned_page import ReturnedPage, observation_name
from daiban.web.layout.templatetags.daiban import MarkedPlace
from extractors.model import FindingCode

_TONES = {"incomplete": "bad", "review": "doubt", "note": "plain"}
_TONE_WORDS = {"bad": "要补", "doubt": "由工作人员核对", "plain": "提示"}
#: What to do about a finding, to the one who can do it.
_ADVICE: dict[FindingCode, str] = {
    "field-blank": "请在图上标出的地方填写，再拍一次",
    "field-invalid": "请改正后再拍一次",
    "signature-missing": "请在图上标出的地方签字或盖章，再拍一次",
    "page-missing": "请把这一页也拍照或扫描上传",
    "page-duplicate": "同一页传了几次，只算最清楚的一次",
    "text-altered": "印好的文字不要改动；有误请联系代办机构重新出具",
    "date-implausible": "请核对日期",
    "inconsistent": "请核对",
    "nothing-ticked": "请在图上标出的地方勾选，再拍一次",
    "digital-signature-invalid": "请重新签名，或打印后签字盖章",
    "area-not-visible": "这里看不清，请放平、拍全、光线均匀，再拍一次",
    "superseded-issue": "请按现行的一份重新签章",
}
_TONE_OF_VERDICT = {"complete": "good", "incomplete": "bad", "review": "doubt"}


@dataclass(frozen=True)
class UploadFinding:
    """One thing about a paper. ``crop``: address of its own picture, empty where there is none."""

    number: int
    tone: str
    word: str
    text: str
    advice: str
    crop: str


@dataclass(frozen=True)
class UploadedPageView:
    """A page of a paper. ``picture``: its address, empty where it did not come or has none; ``places``: in mm."""

    number: int
    is_missing: bool
    picture: str
    width: int
    height: int
    width_mm: float
    height_mm: float
    places: tuple[MarkedPlace, ...]
    findings: tuple[UploadFinding, ...]


@dataclass(frozen=True)
class UploadedDocument:
    """A paper as it looks. ``rest``: what is said of no page."""

    title: str
    issue: str
    tone: str
    summary: str
    pages: tuple[UploadedPageView, ...]
    rest: tuple[UploadFinding, ...]


@dataclass(frozen=True)
class UploadResult:
    """Everything that was uploaded, as it looks."""

    documents: tuple[UploadedDocument, ...]
    unplaced: tuple[UnplacedUpload, ...]

    @property
    def lacks_something(self) -> bool:
        """Whether it had better be mended before it is handed in."""
        return any(one.tone == "bad" for one in self.documents) or any(
            not one.is_harmless for one in self.unplaced
        )


def shown(preview: Preview, uploads: Iterable[Upload]) -> UploadResult:
    """A preview, with addresses of the pictures of these uploads."""
    places = {
        (upload.about.name, page.ref.page): (upload, page) for upload in uploads for page in upload.pages()
    }
    documents = tuple(_document(document, places) for document in preview.documents)
    return UploadResult(documents, preview.unplaced)


_Places = dict[tuple[str, int], tuple[Upload, ReturnedPage]]


def _document(document: DocumentOutcome, places: _Places) -> UploadedDocument:
    findings = [item for item in document.findings if item.code != "page-duplicate"]
    numbered = list(enumerate(findings, 1))
    pages = [page for page in document.pages if page.state != "duplicate"]
    known = {page.number for page in pages}
    return UploadedDocument(
        title=document.title,
        issue=document.issue,
        tone=_TONE_OF_VERDICT[document.verdict],
        summary=_summary(document, findings),
        pages=tuple(_page(page, numbered, places) for page in pages),
        rest=tuple(_finding(number, item, "") for number, item in numbered if item.page not in known),
    )


def _summary(document: DocumentOutcome, findings: list[FindingOutcome]) -> str:
    lacking = sum(item.weight == "incomplete" for item in findings)
    unsure = sum(item.weight == "review" for item in findings)
    if document.verdict == "complete":
        return "看起来齐全了，可以交件。"
    if lacking:
        return f"还缺 {lacking} 处，补好再拍一次。" + (f"另有 {unsure} 处由工作人员核对。" if unsure else "")
    return f"没有看到缺的；有 {unsure} 处程序拿不准，交件后由工作人员核对。"


def _page(page: PageOutcome, numbered: list[tuple[int, FindingOutcome]], places: _Places) -> UploadedPageView:
    found = places.get((page.source or "", page.source_page or 0))
    own = [(number, item) for number, item in numbered if item.page == page.number]
    width_mm, height_mm = page.size_mm
    width = 600
    return UploadedPageView(
        number=page.number,
        is_missing=page.state == "missing",
        picture=_picture(found),
        width=width,
        height=round(width * height_mm / width_mm),
        width_mm=width_mm,
        height_mm=height_mm,
        places=tuple(_marked(own)) if page.framed else (),
        findings=tuple(_finding(number, item, _crop(item, found)) for number, item in own),
    )


def _marked(own: list[tuple[int, FindingOutcome]]) -> Iterator[MarkedPlace]:
    for number, item in own:
        if item.box is not None:
            yield MarkedPlace(item.box, _TONES[item.weight], number)


def _finding(number: int, item: FindingOutcome, crop: str) -> UploadFinding:
    tone = _TONES[item.weight]
    advice = "" if tone == "plain" else _ADVICE[item.code]
    if tone == "doubt" and item.code not in ("area-not-visible", "text-altered"):
        advice = "确实填好、签好的，可以直接交件"
    return UploadFinding(number, tone, _TONE_WORDS[tone], item.message, advice, crop)


def _picture(found: tuple[Upload, ReturnedPage] | None) -> str:
    if found is None:
        return ""
    upload, page = found
    return reverse("enterprise:upload-page", args=[upload.about.id, page.folder.name])


def _crop(item: FindingOutcome, found: tuple[Upload, ReturnedPage] | None) -> str:
    """The address of a field's own picture, where there is one."""
    if found is None or item.field is None or item.page is None:
        return ""
    upload, page = found
    name = observation_name(item.page, item.field)
    if not (page.folder / name).is_file():
        return ""
    return reverse("enterprise:upload-place", args=[upload.about.id, page.folder.name, item.field])
