"""Who calls: a system by its token, in the header ``Authorization: Bearer …``."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from daiban.web.api.models import SystemToken


class TokenHeader(HttpBearer):
    """Finds the system of a token; none for one that is wrong, revoked or over."""

    def authenticate(self, request: HttpRequest, token: str) -> SystemToken | None:
        """Ninja keeps what is found as ``request.auth``."""
        try:
            found = SystemToken.objects.get_from_key(token)
        except SystemToken.DoesNotExist:
            return None
        if not isinstance(found, SystemToken) or found.has_expired:
            return None
        return found


class WritingTokenHeader(TokenHeader):
    """The same for what changes something: only systems that may."""

    def authenticate(self, request: HttpRequest, token: str) -> SystemToken | None:
        """A token that may only ask is answered as one that does not fit."""
        found = super().authenticate(request, token)
        return found if found is not None and found.may_write else None


def system_of(request: HttpRequest) -> str:
    """The name of the system that calls, as jobs and the audit log have it."""
    found = getattr(request, "auth", None)
    if not isinstance(found, SystemToken):
        raise TypeError("a view that asks for a system needs a token")
    return f"系统 {found.name}"
