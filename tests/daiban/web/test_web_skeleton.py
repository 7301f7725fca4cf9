"""The skeleton: every page says who it is for, and only those get in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office


def _patterns(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    from django.urls import URLPattern

    for item in patterns:
        if isinstance(item, URLPattern):
            yield prefix + str(item.pattern), item.callback
        else:
            yield from _patterns(item.url_patterns, prefix + str(item.pattern))


def test_every_view_says_who_it_is_for(page: Path) -> None:
    """No route leads to a view that declares no access."""
    from django.urls import get_resolver

    from daiban.web.access import declared

    routes = dict(_patterns(get_resolver().url_patterns))
    assert len(routes) > 10
    assert [route for route, view in routes.items() if declared(view) is None] == []


@pytest.mark.parametrize("path", ["/", "/cases/", "/queue/", "/jobs/", "/audit/"])
def test_strangers_are_sent_to_the_login(stranger: Any, path: str) -> None:
    """Without a login nothing of the office is shown."""
    response = stranger.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_roles_see_their_own_door(staff: Any, clerk: Any, administrator: Any) -> None:
    """Staff get into theirs, clerks into theirs, an administrator into all."""
    seen = [
        [client.get(path).status_code for path in ("/cases/", "/queue/", "/audit/")]
        for client in (staff, clerk, administrator)
    ]
    assert seen == [[200, 403, 403], [403, 200, 403], [200, 200, 200]]


def test_pages_carry_strict_headers(stranger: Any) -> None:
    """No script but our own files, no frame, no guessing of types, cookies for this site only."""
    response = stranger.get("/account/login/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    cookie = response.cookies["csrftoken"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"


def test_login_page_in_a_browser(desktop: Any, telephone: Any) -> None:
    """The login page is in order at a desk and on a telephone, and lets in."""
    for visitor in (desktop, telephone):
        visitor.open("/account/login/")
        visitor.look("login")
        visitor.log_in("经办")
        assert visitor.page.url.endswith("/cases/")
        visitor.look("staff-index")


def test_the_administrators_pages_in_a_browser(desktop: Any, telephone: Any) -> None:
    """Accounts, tokens, jobs and the audit log are in order at a desk and on a telephone."""
    for visitor in (desktop, telephone):
        visitor.log_in("管理员")
        for name in ("account/", "account/new/", "account/tokens/", "account/password/", "jobs/", "audit/"):
            visitor.open(f"/{name}")
            visitor.look(name.strip("/").replace("/", "-"))
