"""Under which name a decision is on record."""

from __future__ import annotations

from django.http import HttpRequest


def person_of(request: HttpRequest) -> str:
    """The person's name and, since names are not unique, the login: ``王档案（dangan）``."""
    shown = str(getattr(request.user, "display_name", ""))
    login = request.user.get_username()
    return f"{shown}（{login}）" if shown and shown != login else login
