"""An office for few of a workspace's cases, as a page needs it: only they are read, and only what is on record of them.

What only files say, and costs much to read, is kept from one request to the next for as long as those files are the
same: the catalogue of forms. Everything else is read anew for each office.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import cached_property
from pathlib import Path

import daiban
from cases.case_set import CaseSet
from cases.model.case import Case
from daiban.office import Office
from daiban.workspace import SETTINGS_NAME, Workspace
from forms.catalogue import Catalogue

_catalogues: dict[Path, tuple[str, Catalogue]] = {}
_guard = threading.Lock()


class KeptOffice(Office):
    """The office of a workspace with some of its cases, which are given: everything on record is theirs alone."""

    def __init__(self, workspace: Workspace, cases: CaseSet, *, today: dt.date | None = None) -> None:
        super().__init__(workspace, today=today)
        self.__dict__["all_cases"] = cases
        known = [case.id for case in cases.cases] + [item.case for item in cases.rejected if item.case]
        self._on_record_of = tuple(known)

    @cached_property
    def catalogue(self) -> Catalogue:
        """As of any office; read again only when a file of a form is another."""
        return kept_catalogue(self.workspace)

    @cached_property
    def project_lists(self) -> tuple[Case, ...]:
        """None: they are made up of all cases."""
        return ()


def kept_catalogue(workspace: Workspace) -> Catalogue:
    """The built-in forms and the office's own, for as long as no file of those is another."""
    stamp = forms_stamp(workspace)
    with _guard:
        known = _catalogues.get(workspace.path)
        if known is None or known[0] != stamp:
            known = _catalogues[workspace.path] = (stamp, Catalogue.load(workspace.forms))
        return known[1]


def forms_stamp(workspace: Workspace) -> str:
    """What tells whether any file of the office's own forms is another."""
    folder = workspace.forms
    if not folder.is_dir():
        return daiban.__version__
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return " ".join(
        [daiban.__version__, *(f"{path.relative_to(folder)}:{file_stamp(path)}" for path in files)]
    )


def settings_stamp(workspace: Workspace) -> str:
    """What tells whether settings or forms, and so what every document says, are others."""
    return f"{file_stamp(workspace.path / SETTINGS_NAME)} {forms_stamp(workspace)}"


def file_stamp(path: Path) -> str:
    """What changes with a file's content, as cheaply as it can be told; empty where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}/{found.st_mtime_ns}/{found.st_ino}"
