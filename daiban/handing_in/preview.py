"""What is still missing (预看): the uploads of one case, judged as they would be if handed in. Nothing is filed.

The same judge as ``verify``'s, and what is back already counts with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daiban.handing_in.case_papers import enterprise_scope
from daiban.handing_in.uploads import Upload
from daiban.office import Office
from daiban.registry import Registry
from daiban.verifying.assembling.best_copies import by_issue
from daiban.verifying.assembling.case_judge import CaseJudge
from daiban.verifying.issued import IssuedDocuments
from daiban.verifying.outcome import DocumentOutcome, UnplacedPage
from daiban.verifying.reporting.document_outcome import document_outcome

#: Why a page counts for nothing, to the one who uploaded it. Whose it is otherwise is nobody's business here.
_UNPLACED = {
    "blank-page": ("这一页是空白页", "不用交"),
    "unknown-document": ("这一页认不出是本项目的文书", "把整页连同右上角、左下角的二维码都拍进去，再传一次"),
    "unreadable": ("这一页看不清", "放平、拍满、光线均匀，再拍一张"),
    "superseded": ("这一页是作废的旧件", "请按现行的一份重新签章"),
}
_RETAKE = "请重新拍照或扫描，再传一次"
_IS_GUIDE = ("这一页是签署指引", "不用交")


@dataclass(frozen=True, slots=True)
class UnplacedUpload:
    """A page, or a whole file (``page`` None), that counts for nothing, and what to do."""

    upload: str
    name: str
    page: int | None
    why: str
    advice: str

    @property
    def is_harmless(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.advice == "不用交"


@dataclass(frozen=True, slots=True)
class Preview:
    """What uploads amount to: a judged document per issue, and what counts for nothing."""

    documents: tuple[DocumentOutcome, ...]
    unplaced: tuple[UnplacedUpload, ...]


def preview(office: Office, registry: Registry, case_id: str, uploads: Iterable[Upload]) -> Preview:
    """Judge the uploads of a case that were read."""
    read = [upload for upload in uploads if upload.reading() is not None]
    issues = IssuedDocuments(
        registry, office.workspace.path, scope=enterprise_scope(office.catalogue, case_id)
    )
    pages = [page for upload in read for page in upload.pages()]
    arrivals = by_issue(pages, [item for upload in read for item in upload.digital()])
    known = [(issue, arrival) for number, arrival in arrivals.items() if (issue := issues.find(number))]
    judge = CaseJudge(office, registry, issues)
    documents = tuple(
        document_outcome(document, judge.form(document.issue.form_id))
        for document in judge.case(case_id, known)
    )
    return Preview(documents, tuple(one for upload in read for one in _unplaced(upload)))


def _unplaced(upload: Upload) -> Iterable[UnplacedUpload]:
    reading = upload.reading()
    assert reading is not None
    about = upload.about
    for item in reading.failed:
        for problem in item.problems:
            yield UnplacedUpload(about.id, about.name, None, problem.problem, problem.advice or _RETAKE)
    if reading.failed:
        return
    for page in reading.unplaced:
        why, advice = _IS_GUIDE if page.is_guide else _UNPLACED[page.reason]
        yield UnplacedUpload(about.id, about.name, page.source_page, _shown(page, why), advice)


def _shown(page: UnplacedPage, why: str) -> str:
    """With the detail where that is of this case alone."""
    return f"{why}：{page.detail}" if page.reason == "superseded" and page.detail else why
