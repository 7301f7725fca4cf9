"""A receipt (回执) as a PDF to keep: what was handed in, when, with the digests by which both sides can hold it against
what is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.values.dates import format_date
from daiban.handing_in.inbox import HandedInFile, Receipt
from extractors.model import Verdict
from generator.output.text_pages import TextRow, text_pages

#: How a paper looked when it was handed in, to its sender.
SEEN_NAMES: dict[Verdict, str] = {
    "complete": "看起来齐全",
    "incomplete": "还缺内容",
    "review": "要由人工核对",
}


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt on A4."""
    return text_pages(f"交件回执 {receipt.number}", _rows(receipt))


def size_text(file: HandedInFile) -> str:
    """A file's size as people read it."""
    return f"{file.size / 2**20:.1f} MB" if file.size >= 2**20 else f"{max(1, file.size >> 10)} KB"


def _rows(receipt: Receipt) -> Iterator[TextRow]:
    yield TextRow("交件回执", size_pt=22, centred=True)
    yield TextRow(receipt.number, "回执编号", ruled=True, size_pt=13)
    at = receipt.at.astimezone()
    yield TextRow(f"{format_date(at.date())} {at:%H:%M:%S}", "交件时间")
    yield TextRow(receipt.agency or "代办机构", "收件单位")
    yield TextRow(receipt.project, "项目名称")
    if receipt.enterprise:
        yield TextRow(receipt.enterprise, "项目单位")
    yield TextRow(receipt.case, "案件编号")
    if receipt.papers:
        yield TextRow("交来的文书", ruled=True, size_pt=13)
        for paper in receipt.papers:
            found = f"{paper.pages_found}/{paper.pages} 页"
            yield TextRow(f"《{paper.title}》　{found}　交件时{SEEN_NAMES[paper.verdict]}", paper.issue)
    yield TextRow(f"交来的文件（{len(receipt.files)} 个）", ruled=True, size_pt=13)
    for number, file in enumerate(receipt.files, 1):
        yield TextRow(f"{number}. {file.name}　{size_text(file)}")
        yield TextRow(file.sha256, "SHA-256", size_pt=8.5)
    yield TextRow("本回执的摘要", ruled=True, size_pt=13)
    yield TextRow(receipt.digest, "SHA-256", size_pt=8.5)
    yield TextRow(
        "本回执证明以上文件在上述时间交到，不证明文书齐全。核对结果请用原访问码在网页上查看；需要补正的，补好后再交。",
        size_pt=10,
    )
