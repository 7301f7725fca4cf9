"""A PDF made for one answer, to be saved under a name that people read."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_download(content: bytes, name: str) -> HttpResponse:
    """The PDF as an attachment of this name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": str(disposition)}
    )
