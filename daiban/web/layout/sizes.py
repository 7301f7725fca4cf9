"""Uploads are refused by their announced size before anything of them is read by the page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from daiban.web.layout.failures import too_large


class UploadSizeMiddleware:
    """Answers 413 in words. What announces no size carries no body: the server has put chunks together before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Called by the server for every request."""
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) > settings.DAIBAN_UPLOAD_BYTES:
            return too_large(request)
        return self._get_response(request)
