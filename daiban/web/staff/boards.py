"""The office of one case, out of the board."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

from daiban.board.kept_office import KeptOffice
from daiban.web.accounts.models import Account
from daiban.web.current import current_board
from foundation.errors import UsageError


def office_of(case_id: str) -> KeptOffice:
    """The office of one case; 404 where there is no such case."""
    try:
        return current_board().office(case_id)
    except UsageError as error:
        raise Http404(f"没有案件编号“{case_id}”") from error


def name_of(request: HttpRequest) -> str:
    """The name of whoever is logged in, as it goes on record."""
    return cast(Account, request.user).display_name
