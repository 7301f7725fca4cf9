"""Gives papers of earlier stages, and of earlier periods, places of their own, when the present one comes to theirs.

``issued/<case>/<form>.pdf`` and ``returned/<case>/<form>/`` are the present stage's, as whoever opens a case expects.
An earlier stage's paper stands as it is, one folder lower: ``issued/<case>/<stage>/…``, ``returned/<case>/<stage>/…``
(docs/decisions/0024); last week's 周汇总表 below the name of its week (docs/decisions/0053).

Everything is copied to its new place, then the record names that place, then the old one is cleared; so a kill at any
moment leaves every file where the record says it is.
"""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

from daiban.issuing.set_aside import SUPERSEDED
from daiban.registry import IssueRecord, IssueSummary, PaperKey, Registry
from daiban.workspace import Workspace
from foundation.digests import sha256_of_file_if_readable
from foundation.writing import writing

#: The folder of papers that went out before their form existed per stage.
_NO_STAGE = "未分阶段"
_SUFFIXES = (".docx", ".pdf")


def make_way(
    workspace: Workspace, registry: Registry, record: IssueRecord, *, is_periodical: bool = False
) -> None:
    """Move what other stages' papers have in the places of an issue that is about to be published. A periodical paper
    that went out without its period is given this one's instead, which takes its place.

    :raises NotWritableError: a place cannot be written; every file is then still to be found on record.
    """
    if record.stage is None or not _is_taken(workspace, record.case_id, record.form_id):
        return
    if is_periodical:
        registry.date(PaperKey(record.case_id, record.form_id), record.stage)
    for key in {issue.key for issue in registry.issues(record.case_id) if _is_in_the_way(issue, record)}:
        _move(workspace, registry, key)


def _is_taken(workspace: Workspace, case_id: str, form_id: str) -> bool:
    places = [workspace.issued(case_id, form_id, suffix) for suffix in _SUFFIXES]
    return any(place.exists() for place in (*places, workspace.returned(case_id, form_id)))


def _is_in_the_way(issue: IssueSummary, record: IssueRecord) -> bool:
    return issue.form_id == record.form_id and issue.stage != record.stage and issue.docx == record.docx


def _move(workspace: Workspace, registry: Registry, key: PaperKey) -> None:
    stage = key.stage or _NO_STAGE
    old = [workspace.issued(key.case_id, key.form_id, suffix) for suffix in _SUFFIXES]
    new = [workspace.issued_of_stage(key.case_id, stage, key.form_id, suffix) for suffix in _SUFFIXES]
    back, kept = workspace.returned(key.case_id, key.form_id), workspace.returned_of(new[0])
    with workspace.staging() as staging:
        for source, target in zip(old, new, strict=True):
            if source.is_file() and workspace.holds(source):
                _copy_file(workspace, source, target, staging)
        if back.is_dir():
            _copy_folder(workspace, back, kept, staging)
    registry.move(key, *map(workspace.relative, new))
    for place in (*old, back):
        with writing(place):
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink(
                missing_ok=True
            )


def _copy_file(workspace: Workspace, source: Path, target: Path, staging: Path) -> None:
    if sha256_of_file_if_readable(source) == sha256_of_file_if_readable(target):
        return
    with writing(target):
        copy = Path(shutil.copyfile(source, staging / target.name))
        _clear(target)
    workspace.publish(copy, target)


def _copy_folder(workspace: Workspace, source: Path, target: Path, staging: Path) -> None:
    """A folder with all that is in it, whole or not at all; files that never change are linked, not copied."""
    if target.is_dir() and _content(source) == _content(target):
        return
    for place in (source, target):
        workspace.require_inside(place / "*")
    with writing(target):
        copy = staging / target.name
        shutil.copytree(source, copy, symlinks=True, copy_function=_link_or_copy)
        _clear(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy.rename(target)


def _clear(place: Path) -> None:
    """Set aside what an older paper of the same stage left in a place."""
    if place.exists():
        folder = place.parent / SUPERSEDED
        names = (f"{place.stem}{f'-{times}' if times > 1 else ''}{place.suffix}" for times in count(1))
        kept = next(folder / name for name in names if not (folder / name).exists())
        kept.parent.mkdir(parents=True, exist_ok=True)
        place.rename(kept)


def _content(folder: Path) -> dict[str, int]:
    """Every file of a folder by its size: a copy that was interrupted before it was recorded is known by it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
