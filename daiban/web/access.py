"""Who may enter a view (访问控制): every view says it itself, by one decorator; a view that does not say it is closed.

A decorator only declares; :class:`AccessMiddleware` is the one place that asks, before any view runs. So a view that
nobody thought of is refused, and a test can walk all routes and see who they are for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

_log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What an account may do; the names of Django's groups. An administrator may do all."""

    STAFF = "经办"
    CLERK = "档案"
    ADMINISTRATOR = "管理员"


@dataclass(frozen=True)
class Access:
    """Who may enter a view. ``who``: in words, for tests and for the log. ``admit``: None lets the request in; a
    response is given instead of the view's (a way to the login page); PermissionDenied refuses.
    """

    who: str
    admit: Callable[[HttpRequest], HttpResponse | None]


def declared(view: Callable[..., Any]) -> Access | None:
    """What a view says of who may enter it."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def admits(access: Access) -> Callable[[View], View]:
    """Declares an access of its own kind: the enterprise's code, another system's token."""

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


def needs_role(*roles: Role) -> Callable[[View], View]:
    """Declares that a view is for accounts with one of these roles, and for administrators."""
    allowed = frozenset(roles) | {Role.ADMINISTRATOR}

    def admit(request: HttpRequest) -> HttpResponse | None:
        missing = _missing_login(request)
        if missing is None and not roles_of(request) & allowed:
            raise PermissionDenied(
                f"这一页只供{'、'.join(sorted(roles or allowed))}使用，您的账户没有这个角色"
            )
        return missing

    return admits(Access("、".join(role for role in Role if role in allowed), admit))


def needs_login(view: View) -> View:
    """Declares that a view is for every account, whatever its role: its own password, logging out."""
    return admits(Access("已登录", _admit_account))(view)


def open_to_all(view: View) -> View:
    """Declares that a view is for everybody: the login page, the state of the server."""
    return admits(Access("任何人", lambda request: None))(view)


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """The roles of whoever is logged in; asked for once per request."""
    found: frozenset[Role] | None = getattr(request, "_daiban_roles", None)
    if found is None:
        user = request.user
        names = set(user.groups.values_list("name", flat=True)) if user.is_authenticated else set()
        found = frozenset(role for role in Role if role in names)
        request._daiban_roles = found  # type: ignore[attr-defined]
    return found


class AccessMiddleware:
    """Asks every view's declaration before the view runs, and refuses views that have none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Called by the server for every request."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None goes on to the view."""
        access = declared(view)
        if access is None:
            _log.error("view %s.%s declares no access", view.__module__, getattr(view, "__qualname__", view))
            raise PermissionDenied("这一页没有写明谁可以看，因此谁也不能看。请向维护人员反映")
        return access.admit(request)


def _admit_account(request: HttpRequest) -> HttpResponse | None:
    return _missing_login(request, may_have_first_password=True)


def _missing_login(request: HttpRequest, *, may_have_first_password: bool = False) -> HttpResponse | None:
    """The way to what is lacking: the login, or a password of one's own in place of the one that was given out."""
    # Here, because it asks for the models, and kinds of jobs name roles before there are any.
    from django.contrib.auth.views import redirect_to_login

    if not request.user.is_authenticated:
        target = redirect_to_login(_page_of(request))
    elif not may_have_first_password and getattr(request.user, "must_change_password", False):
        target = HttpResponseRedirect(reverse("accounts:password"))
    else:
        return None
    if request.headers.get("HX-Request") != "true":
        return target
    return HttpResponse(headers={"HX-Redirect": target.url})  # a part of a page cannot show a login


def _page_of(request: HttpRequest) -> str:
    """Where to go after the login: the page itself, or, for a part of one and for a form, the start."""
    is_page = request.method == "GET" and "HX-Request" not in request.headers
    return request.get_full_path() if is_page else "/"


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; a proxy that the settings name has been looked through by the server already."""
    return str(request.META.get("REMOTE_ADDR", ""))
