"""An office's own form, handed over as a ZIP of its folder (自有表单上传): checked first, and put in its place only if
the check has nothing against it. Of the ZIP two files are taken, under names of ours; whatever else it holds is left.
"""

from __future__ import annotations

import datetime as dt
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from daiban.office import Office
from daiban.workspace import SUPERSEDED, Workspace
from forms.catalogue import is_built_in
from forms.definition import FormDefinition
from forms.definition_file import FORM_FILE, TEMPLATE_FILE, read_form
from forms.lint.check import check_path
from foundation.errors import FormError, Problem, UnreadableError
from foundation.frozen_model import FrozenModel
from foundation.writing import writing

_MOST_ENTRIES = 200
_LARGEST_BYTES = 20 << 20  # of one file unpacked; the largest template that comes with the program has 0.1 MB
_ADVICE = "把一张表的文件夹（form.toml 和 template.docx）压成一个普通的 ZIP 再传"
_FORM_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_ENCRYPTED = 0x1
_JUNK = ("__MACOSX",)


class TakenForm(FrozenModel):
    """What came of it. ``form``, ``title``: of the form, None where its definition cannot be read; ``folder``: where it
    is now, relative to the workspace, None where it was not taken; ``superseded``: where the one before was moved to;
    ``problems``: what the check says.
    """

    form: str | None
    title: str | None
    folder: str | None
    superseded: str | None
    problems: tuple[Problem, ...]


def take_form(office: Office, archive: Path, name: str) -> TakenForm:
    """Check the form in a ZIP and put it among the office's own; one of the same id is moved aside. ``name``: what
    people call the ZIP.

    :raises UnreadableError: it is no ZIP, holds no form or several, or goes beyond what a form needs.
    :raises NotWritableError: the workspace cannot be written.
    """
    workspace = office.workspace
    with workspace.changing_cases() as staging:
        folder = staging / "form"
        with writing(folder):
            folder.mkdir()
            for file, content in _unpacked(archive, name).items():
                (folder / file).write_bytes(content)
        problems = check_path(folder)
        form = _definition(folder)
        if form is not None:
            problems += _conflicts(office, form)
        if form is None or any(problem.severity == "error" for problem in problems):
            return _result(form, problems)
        known = next((one for one in office.catalogue.forms if one.id == form.id), None)
        target = known.folder if known is not None else workspace.forms / form.id
        aside = _put_in_place(workspace, folder, target, form.id)
    return _result(form, problems, workspace.relative(target), aside)


def _result(
    form: FormDefinition | None,
    problems: Sequence[Problem],
    folder: str | None = None,
    aside: str | None = None,
) -> TakenForm:
    return TakenForm(
        form=form.id if form is not None else None,
        title=form.title if form is not None else None,
        folder=folder,
        superseded=aside,
        problems=tuple(problems),
    )


def _definition(folder: Path) -> FormDefinition | None:
    try:
        return read_form(folder)
    except FormError:
        return None  # the check has said why


def _conflicts(office: Office, form: FormDefinition) -> list[Problem]:
    """What stands against a form here, right as it may be by itself."""
    found = []
    if not _FORM_ID.fullmatch(form.id):
        advice = "用小写字母、数字和 -，如 own-receipt"
        found.append(Problem(FORM_FILE, f"编号“{form.id}”不能作文件夹的名称", advice=advice))
    if any(one.id == form.id and is_built_in(one) for one in office.catalogue.forms):
        found.append(Problem(FORM_FILE, f"编号“{form.id}”是程序自带的表，不能换掉", advice="换一个编号"))
    if form.document not in {document.id for document in office.catalogue.documents}:
        known = "、".join(document.id for document in office.catalogue.documents)
        found.append(Problem(FORM_FILE, f"没有文件“{form.document}”（document）", advice=f"已有：{known}"))
    return found


def _put_in_place(workspace: Workspace, folder: Path, target: Path, form_id: str) -> str | None:
    """Move a form's folder in place, and what is there aside; where that went, relative to the workspace."""
    aside = None
    workspace.require_inside(target)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            stamp = dt.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
            kept = workspace.path / SUPERSEDED / f"{form_id}.{stamp}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            target.rename(kept)
            aside = workspace.relative(kept)
        folder.rename(target)
    return aside


def _unpacked(archive: Path, name: str) -> dict[str, bytes]:
    """The two files of the one form in a ZIP."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return {file: _read(opened, entry, name) for file, entry in _entries(opened, name)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refusal(name, "不是完好的 ZIP 文件") from error


def _entries(opened: zipfile.ZipFile, name: str) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    entries = opened.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise _refusal(name, f"里面有 {len(entries)} 个文件，一张表用不了这么多（最多 {_MOST_ENTRIES} 个）")
    paths = {_path(entry, name): entry for entry in entries if not entry.is_dir()}
    folders = [path.parent for path in paths if path.name == FORM_FILE and not set(path.parts) & set(_JUNK)]
    if len(folders) != 1:
        said = f"里面有 {len(folders)} 张表，一次传一张" if folders else f"里面没有 {FORM_FILE}"
        raise _refusal(name, said)
    for file in (FORM_FILE, TEMPLATE_FILE):
        entry = paths.get(folders[0] / file)
        if entry is None:
            raise _refusal(name, f"{FORM_FILE} 旁边没有 {file}")
        yield file, entry


def _path(entry: zipfile.ZipInfo, name: str) -> PurePosixPath:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        raise _refusal(name, "里面有通到别处的文件名")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refusal(name, "里面有链接")
    return path


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Bounded by what is really there, whatever the entry says of its size."""
    if entry.flag_bits & _ENCRYPTED:
        raise _refusal(name, "加了密码")
    with opened.open(entry) as file:
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise _refusal(name, f"{PurePosixPath(entry.filename).name} 超过 {_LARGEST_BYTES >> 20} MB")
    return content


def _refusal(name: str, problem: str) -> UnreadableError:
    return UnreadableError(Problem(name, problem, advice=_ADVICE))
