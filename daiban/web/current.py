"""The workspace that this process serves, opened for one request or one job."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from daiban.board.kept_office import kept_catalogue
from daiban.office import Office

if TYPE_CHECKING:
    from daiban.board.board import Board


def current_folder() -> Path:
    """The folder of the workspace."""
    folder: Path = settings.DAIBAN_WORKSPACE
    return folder


def current_office() -> Office:
    """One look at the workspace: a request opens its own, and says only what that one says. The forms it finds are
    kept from one request to the next for as long as their files are the same.

    :raises UsageError: it is no workspace any more, or its settings are wrong.
    """
    office = Office.open(current_folder())
    office.__dict__["catalogue"] = kept_catalogue(office.workspace)
    return office


def current_board() -> Board:
    """The board of cases of this workspace; one object serves every thread."""
    return _board(current_folder())


@cache
def _board(folder: Path) -> Board:
    from daiban.board import board

    return board.Board(folder)
