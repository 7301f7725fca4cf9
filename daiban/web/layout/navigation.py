"""The menu: what whoever is logged in may enter, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from daiban.web.access import Role, roles_of

_EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu: ``route`` by name; ``roles``: who sees it."""

    label: str
    route: str
    roles: frozenset[Role]


class NavigationContext(TypedDict):
    """What templates get."""

    menu: list[tuple[str, str, bool]]


_STAFF, _CLERK = frozenset({Role.STAFF}), frozenset({Role.CLERK})
#: In the order of the day's work. A route that no door has (yet) is left out.
MENU = (
    MenuEntry("案件", "staff:index", _STAFF),
    MenuEntry("花名册", "staff:rosters", _STAFF),
    MenuEntry("研判合并", "staff:merge", _STAFF),
    MenuEntry("自有表单", "staff:own-forms", _STAFF),
    MenuEntry("待核", "clerk:index", _CLERK),
    MenuEntry("收件", "clerk:returns", _CLERK),
    MenuEntry("未归位", "clerk:unplaced", _CLERK),
    MenuEntry("归档", "clerk:archive", _CLERK),
    MenuEntry("任务", "jobs:jobs", _EVERYBODY),
    MenuEntry("账户", "accounts:accounts", frozenset()),
    MenuEntry("操作日志", "audit:entries", frozenset()),
)


def navigation(request: HttpRequest) -> NavigationContext:
    """The menu of this request: label, address, whether the page stands under it."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"menu": []}
    entries = [(entry.label, address) for entry, address in _entries(request)]
    here = max((address for _, address in entries if request.path.startswith(address)), key=len, default="")
    return {"menu": [(label, address, address == here) for label, address in entries]}


def start_of(request: HttpRequest) -> str | None:
    """The page that whoever is logged in begins with."""
    return next((address for _, address in _entries(request)), None)


def _entries(request: HttpRequest) -> list[tuple[MenuEntry, str]]:
    roles = roles_of(request)
    allowed = [entry for entry in MENU if Role.ADMINISTRATOR in roles or roles & entry.roles]
    return [(entry, address) for entry in allowed if (address := _address(entry.route))]


def _address(route: str) -> str | None:
    try:
        return reverse(route)
    except NoReverseMatch:
        return None
