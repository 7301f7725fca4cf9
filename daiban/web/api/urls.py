"""Paths of the tokens' page; the interface itself, with each of its views saying who may call it."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, path

from daiban.web.access import Access, admits, open_to_all
from daiban.web.api import views
from daiban.web.api.operations import api

#: The token is asked for by the interface itself, operation by operation; only its description is for everybody.
BY_TOKEN = Access("有令牌的系统", lambda request: None)


def _declared(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern]:
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in found:
        declare = open_to_all if pattern.name == "openapi-json" else admits(BY_TOKEN)
        pattern.callback = declare(pattern.callback)
    return found


interface = (_declared(api.urls[0]), api.urls[1], api.urls[2])

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("make/", views.make, name="make"),
    path("<str:prefix>/revoke/", views.revoke, name="revoke"),
]
