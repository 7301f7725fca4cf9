"""What both reports for people show: Chinese names, what stands on which page, what to do next.

Everything is plain text and numbers here; escaping is the business of each report's own format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from daiban.documents.person_answer import PersonAnswer
from daiban.verifying.outcome import (
    BatchReport,
    DocumentOutcome,
    FindingOutcome,
    PageOutcome,
    UnplacedPage,
    UnplacedReason,
)
from extractors.model import FindingCode, Measure, Verdict
from forms.geometry import Box

CODE_NAMES: dict[FindingCode, str] = {
    "field-blank": "未填写",
    "field-invalid": "填写有误",
    "signature-missing": "缺签章",
    "page-missing": "缺页",
    "page-duplicate": "重复页",
    "text-altered": "内容改动",
    "date-implausible": "日期不合理",
    "inconsistent": "前后不一致",
    "nothing-ticked": "没有勾选",
    "digital-signature-invalid": "数字签名",
    "area-not-visible": "看不清",
    "superseded-issue": "旧版",
}
_REASON_NAMES: dict[UnplacedReason, str] = {
    "blank-page": "空白页",
    "unknown-document": "不是本系统发出的文书",
    "unreadable": "看不清，认不出是哪一份",
    "superseded": "旧版，已被新版代替",
}
_GUIDE = "签署指引"
WEIGHT_NAMES = {"incomplete": "须补齐", "review": "须核对", "note": "提示"}
GRAVEST_FIRST: tuple[Verdict, ...] = ("incomplete", "review", "complete")
#: What readings are called to people; a name not listed is shown as it is.
MEASURE_NAMES = {
    "pen": "笔迹",
    "faint": "淡笔迹",
    "overhang": "伸出的笔迹",
    "inside": "框内笔迹",
    "beside": "框外笔迹",
    "covered": "框内覆盖",
    "disputed": "与相邻处相连的笔迹",
    "seal": "印章",
    "seen": "看得清的部分",
    "print-missing": "印刷缺失",
    "print-added": "多出笔迹",
    "print-unlike": "与原件不像",
    "print-struck": "划去",
    "print-another": "像别的字",
    "year": "年",
    "month": "月",
    "day": "日",
}

Tone = Literal["missing", "unsure", "found", "note"]
_TONES: dict[str, Tone] = {"incomplete": "missing", "review": "unsure", "note": "note"}
_MARGIN_MM = 0.8


@dataclass(frozen=True, slots=True)
class NumberedFinding:
    """A finding with the number it has in its document, as shown beside it and on the page."""

    number: int
    finding: FindingOutcome
    tone: Tone
    code_name: str
    weight_name: str
    measures: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A box to draw on a page, in mm from its top left; ``numbers``: of the findings about it."""

    box: Box
    tone: Tone
    numbers: tuple[int, ...]
    title: str


def numbered(document: DocumentOutcome) -> tuple[NumberedFinding, ...]:
    """The findings of a document, in the judge's order, from 1."""
    seen = {item.id: item for item in document.fields}
    return tuple(
        NumberedFinding(
            number,
            item,
            _TONES[item.weight],
            CODE_NAMES[item.code],
            WEIGHT_NAMES[item.weight],
            measures_text(seen[item.field].measures) if item.field in seen else "",
            unsaid(seen[item.field].reason, item.message) if item.field in seen else "",
        )
        for number, item in enumerate(document.findings, start=1)
    )


def frames(document: DocumentOutcome, page: PageOutcome) -> tuple[Frame, ...]:
    """What is to be drawn on a page: red where something is lacking, amber where nobody can tell, green where
    a field was seen. Nothing where the picture does not have the issued page's frame.
    """
    if not page.framed or page.state != "found":
        return ()
    boxed = [item for item in numbered(document) if item.finding.page == page.number and item.finding.box]
    by_box = groupby(sorted(boxed, key=_box_key), key=_box_key)
    marked = [_frame(list(items)) for _, items in by_box]
    taken = {item.finding.field for item in boxed}
    found = [
        Frame(_grown(item.box), "found", (), item.label)
        for item in document.fields
        if item.page == page.number and item.state == "filled" and item.box and item.id not in taken
    ]
    return (*found, *marked)


def measures_text(measures: Iterable[Measure]) -> str:
    """Readings and their thresholds in small print: 笔迹 0.4毫米（门槛 3）."""
    return "；".join(_measure(one) for one in measures)


def by_case(report: BatchReport) -> list[tuple[str, list[DocumentOutcome]]]:
    """The documents of each case together, by case id, the gravest of a case first."""
    ordered = sorted(
        report.documents, key=lambda item: (item.case, GRAVEST_FIRST.index(item.verdict), item.form)
    )
    return [(case, list(items)) for case, items in groupby(ordered, key=lambda item: item.case)]


def overview(report: BatchReport) -> list[DocumentOutcome]:
    """All documents, the gravest first."""
    return sorted(
        report.documents, key=lambda item: (GRAVEST_FIRST.index(item.verdict), item.case, item.form)
    )


def next_steps(report: BatchReport) -> Iterator[str]:
    """What somebody has to do now, one sentence each."""
    if count := report.count("incomplete"):
        yield f"{count}份不齐全：按下面标“须补齐”的各项补填、补签或补页，重新扫描后再核验一次。"
    if count := report.count("review"):
        yield (
            f"{count}份待人工核对：对照图片核对标“须核对”的各项；确实齐全的用 daiban decide 收下，"
            "缺的请补齐后再核验。"
        )
    if count := sum(page.needs_eyes for page in report.unplaced):
        yield (
            f"{count}页没有归入任何文书：看“未归入的页”，是本单位文书的用 daiban place 归入，外来材料另行保管，"
            "看不清的重新扫描。"
        )
    if report.failed:
        yield f"{len(report.failed)}个文件没能处理：看“没能处理的文件”，按说明处理后再核验。"
    if report.documents and all(item.verdict == "complete" for item in report.documents):
        yield "交回的文书都齐全，已归档。" if not report.failed else "其余文书都齐全，已归档。"
    if not report.documents and not report.failed:
        yield "没有找到本系统发出的文书：确认文件夹是否选对、扫描件上两角的二维码是否完整。"


def reason_name(page: UnplacedPage) -> str:
    """Why a page is in no document, or what it is."""
    return _GUIDE if page.is_guide else _REASON_NAMES[page.reason]


def page_note(page: PageOutcome) -> str:
    """Under a page's picture: where it came from, how it lay."""
    if page.state == "missing":
        return "没有交回"
    said = f"{page.source} 第{page.source_page}页"
    if page.rotation:
        said += f"，已转正（{page.rotation}°）"
    return said


def pages_text(document: DocumentOutcome) -> str:
    """How many of a document's pages are there: ``2/2``."""
    numbers = {page.number for page in document.pages if page.state != "duplicate"}
    found = {page.number for page in document.pages if page.state == "found"}
    return f"{len(found)}/{len(numbers)}"


def answer_text(document: DocumentOutcome, answer: PersonAnswer) -> str:
    """What a person said of a document or one of its findings, and whether it counts."""
    about = f"第{answer.finding}条　" if answer.finding else ""
    if answer in document.waiting:
        return f"{about}{answer.text}（等第二个人复核）"
    if answer in document.earlier:
        return f"{about}{answer.text}（是对以前交回的，不再算数）"
    return f"{about}{answer.text}"


def unsaid(reason: str, message: str) -> str:
    """What the observer said, where the finding's ``message`` does not say it already."""
    said = reason.rstrip("。")
    return said if said not in message else ""


def _measure(one: Measure) -> str:
    name = MEASURE_NAMES.get(one.name, one.name)
    unit = {"mm": "毫米", "mm2": "平方毫米", "mm²": "平方毫米"}.get(one.unit, one.unit)
    limit = f"（门槛 {one.threshold:g}）" if one.threshold is not None else ""
    return f"{name} {one.value:.3g}{unit}{limit}"


def _box_key(item: NumberedFinding) -> tuple[float, ...]:
    box = item.finding.box
    return (box.y0, box.x0, box.y1, box.x1) if box else ()


def _frame(items: list[NumberedFinding]) -> Frame:
    worst = min(items, key=lambda item: ("missing", "unsure", "note", "found").index(item.tone))
    box = worst.finding.box
    assert box is not None
    title = "；".join(item.finding.message for item in items)
    return Frame(_grown(box), worst.tone, tuple(item.number for item in items), title)


def _grown(box: Box | None) -> Box:
    assert box is not None
    return box.all_round(_MARGIN_MM)
