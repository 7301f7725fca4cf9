"""The board that this process asks, and the office of one case out of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import cast

from django.http import Http404, HttpRequest

from daiban.board.board import Board
from daiban.board.kept_office import KeptOffice
from daiban.web.accounts.models import Account
from daiban.web.current import current_folder
from foundation.errors import UsageError


@lru_cache(maxsize=8)
def _board_of(folder: Path) -> Board:
    return Board(folder)


def current_board() -> Board:
    """The board of the workspace that this process serves."""
    return _board_of(current_folder())


def office_of(case_id: str) -> KeptOffice:
    """The office of one case; 404 where there is no such case."""
    try:
        return current_board().office(case_id)
    except UsageError as error:
        raise Http404(f"没有案件编号“{case_id}”") from error


def name_of(request: HttpRequest) -> str:
    """The name of whoever is logged in, as it goes on record."""
    return cast(Account, request.user).display_name
