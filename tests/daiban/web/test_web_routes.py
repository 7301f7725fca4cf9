"""Every route × every role × objects of others: what is not yours is not shown, and nothing escapes as a bug."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office

ROLES = ("经办", "档案", "管理员")
#: Values for the parameters of routes: objects that are there for nobody, and such that try to lead out.
FOREIGN = {
    "int": ("0", "987654321", "99999999999999999999999"),
    "str": ("ZZZZZZZZ", "..", "%2e%2e%2f%2e%2e%2fdaiban.toml", "' OR 1=1 --", "<script>"),
    "path": ("../../daiban.toml", "ZZZZZZZZ"),
    "slug": ("zzz",),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
}
#: What a route answers at most to somebody with a login: a page, a way on, a refusal. Never a bug.
REFUSED = {302, 401, 403, 404, 405}
ANSWERS = {200, 204, 302, 304, 400, 401, 403, 404, 405, 409, 422, 429}


def routes(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Every route: its path with its parameters as ``{name}``, its view, and its parameters' converters."""
    from django.urls import URLPattern, get_resolver

    for item in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLPattern):
            yield route, item.callback, dict(_parameters(route))
        else:
            yield from routes(item.url_patterns, route)


def _parameters(route: str) -> Iterator[tuple[str, str]]:
    for part in route.split("<")[1:]:
        kind, _, name = part.partition(">")[0].rpartition(":")
        yield name, kind or "str"


def addresses(route: str, parameters: dict[str, str]) -> Iterator[str]:
    """The route with foreign objects in its places: each place takes each of its values at least once."""
    count = max((len(FOREIGN.get(kind, ("zzz",))) for kind in parameters.values()), default=1)
    for number in range(count):
        address = route
        for name, kind in parameters.items():
            values = FOREIGN.get(kind, ("zzz",))
            for written in (f"<{kind}:{name}>", f"<{name}>"):
                address = address.replace(written, values[number % len(values)])
        yield address


def test_every_route_says_who_it_is_for(page: Path) -> None:
    """No view is without a declaration; the routes are those that the program has, and many."""
    from daiban.web.access import declared

    found = list(routes())
    assert len(found) > 20
    assert [route for route, view, _ in found if declared(view) is None] == []


def enterprise_of(client: Any, workspace: Path) -> Any:
    """A client of whoever holds the code of a case."""
    from daiban.access_codes import issue_code
    from daiban.office import Office

    code = issue_code(Office.open(workspace), "JC-2026-001", by="王芳", reason="试").letters
    assert client.post("/e/", {"code": code}).status_code == 302
    return client


def test_no_role_gets_past_a_declaration(writable_page: Path, client_of: Any) -> None:
    """Whoever is not named by a route is sent to the login (a stranger) or refused; foreign objects are not found.

    Both ways of asking are tried: looking (GET) and doing (POST).
    """
    from daiban.web.access import declared

    clients = {role: client_of(role) for role in ROLES}
    clients["访问码"] = enterprise_of(client_of(), writable_page)
    stranger = client_of()
    wrong: list[str] = []
    for route, view, parameters in routes():
        access = declared(view)
        assert access is not None
        for address in addresses(route, parameters):
            for method in ("get", "post"):
                got = getattr(stranger, method)(address).status_code
                if access.who != "任何人" and got not in REFUSED:
                    wrong.append(f"stranger {method} {address}: {got}")
                for role, client in clients.items():
                    got = getattr(client, method)(address).status_code
                    open_to = ("任何人", "已登录") if role in ROLES else ("任何人",)
                    closed = role not in access.who and access.who not in open_to
                    if got not in ANSWERS or (closed and got not in REFUSED):
                        wrong.append(f"{role} {method} {address}: {got}")
                    if "logout" in address and role in ROLES:
                        clients[role] = client_of(role)
                    if address == "/e/leave/" and role not in ROLES:
                        clients[role] = enterprise_of(client_of(), writable_page)
    assert not wrong, "\n".join(wrong)


def test_an_undeclared_view_is_closed(administrator: Any) -> None:
    """A view that says nothing of who may enter is refused to everybody."""
    from django.test import override_settings

    with override_settings(ROOT_URLCONF=undeclared_urls()):
        assert administrator.get("/forgotten/").status_code == 403


def undeclared_urls() -> Any:
    """A table of addresses with one view that declares nothing."""
    from types import ModuleType

    from django.http import HttpResponse
    from django.urls import include, path

    table: Any = ModuleType("undeclared_urls")
    table.handler403 = "daiban.web.layout.failures.permission_denied"
    table.urlpatterns = [
        path("forgotten/", lambda request: HttpResponse("secret")),
        path("", include("daiban.web.urls")),
    ]
    return table
