"""Receipts (回执): on the page and as a PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from daiban.handing_in.inbox import HandIn
from daiban.handing_in.receipt_pdf import SEEN_NAMES, receipt_pdf
from daiban.web.enterprise.downloads import pdf_download
from daiban.web.enterprise.session import InsideCase, inside, needs_code

_TONES = {"complete": "good", "incomplete": "bad", "review": "doubt"}


@needs_code
@never_cache
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """A receipt of this case."""
    with inside(request) as case:
        found = _hand_in(case, number)
        papers = [(paper, SEEN_NAMES[paper.verdict], _TONES[paper.verdict]) for paper in found.receipt.papers]
        context = {"case": case.papers, "receipt": found.receipt, "hand_in": found, "papers": papers}
        return render(request, "enterprise/receipt.html", context)


@needs_code
@never_cache
@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a file to keep."""
    with inside(request) as case:
        found = _hand_in(case, number)
    return pdf_download(receipt_pdf(found.receipt), f"交件回执-{number}.pdf")


def _hand_in(case: InsideCase, number: str) -> HandIn:
    found = next((item for item in case.hand_ins if item.receipt.number == number), None)
    if found is None:
        raise Http404
    return found
