"""The start page and the state of the server."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from daiban.web.access import needs_login, open_to_all
from daiban.web.layout.navigation import start_of


@needs_login
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """On to the first page of whoever is logged in."""
    target = start_of(request)
    if target is None:
        raise PermissionDenied("您的账户还没有角色")
    return HttpResponseRedirect(target)


@open_to_all
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """``ok``, for whoever watches the server."""
    return HttpResponse("ok", content_type="text/plain")
