"""The first page of this door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daiban.web.access import Role, needs_role


@needs_role(Role.CLERK)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """待核."""
    return render(request, "clerk/index.html")
