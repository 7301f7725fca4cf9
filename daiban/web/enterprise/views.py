"""The first page of this door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daiban.web.access import open_to_all


@open_to_all
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Where the code is entered."""
    return render(request, "enterprise/index.html")
