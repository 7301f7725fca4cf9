"""One document of a case, for filing (归档): whether it is back complete, or out where that is enough.

What is filed is files, so a record alone is not enough: every file on record must be there, with the SHA-256 it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from daiban.documents.changes import ValueChange
from daiban.documents.issue_check import check_files
from daiban.documents.return_status import ReturnStatus, awaits_return, must_return, next_step, return_status
from daiban.office import Office
from daiban.registry import IssueSummary, LatestReturn
from daiban.verifying.returned_folder import main_file
from daiban.workspace import Workspace
from forms.definition import FormDefinition
from foundation.frozen_model import FrozenModel, Timestamp

State = Literal["complete", "review", "incomplete", "changed", "awaited", "missing"]
#: How each state is called; ``complete`` of a document that need not come back is 已出具.
STATE_NAMES: Mapping[State, str] = {
    "complete": "齐全",
    "review": "待人工核对",
    "incomplete": "不齐全",
    "changed": "待更新",
    "awaited": "未交回",
    "missing": "未出具",
}
_ISSUED = "已出具"
_TO_RENEW = "内容已变，请再运行 daiban generate 出新的"


class ArchiveDocument(FrozenModel):
    """One document. ``wanted``: whether it must come back, or only go out; ``issue`` to ``pages``: what is out, null
    where nothing is; ``file``: where it lies, under the workspace; ``next``: what is wrong and what to do, null where
    nothing is. ``stage``: whose paper it is, of a form that exists per stage; ``changes``: what its case says otherwise
    by now, though it is complete and stands.
    """

    form: str
    title: str
    wanted: Literal["returned", "issued"]
    state: State
    issue: str | None = None
    issued_at: Timestamp | None = None
    pages: int | None = None
    returned: ReturnStatus | None = None
    file: str | None = None
    next: str | None = None
    stage: str | None = None
    changes: tuple[ValueChange, ...] = ()

    @property
    def label(self) -> str:
        """The state in Chinese."""
        if self.state == "complete" and self.returned is None:
            return _ISSUED
        return STATE_NAMES[self.state]


class _Holding(NamedTuple):
    """The end of an :class:`ArchiveDocument`: ``state``, ``file``, ``next``."""

    state: State
    file: str | None
    next: str | None


def archive_document(
    office: Office,
    form_id: str,
    issue: IssueSummary | None,
    *,
    stage: str | None = None,
    changed: bool = False,
    changes: tuple[ValueChange, ...] = (),
) -> ArchiveDocument:
    """One document of a case as it stands. ``issue``: what is out of it; ``stage``: whose paper it is; ``changed``: it
    would say something else by now, and ``changes``: what.
    """
    form = office.forms.get(form_id)
    title = form.title if form else form_id
    if issue is None:
        advice = f"还没有出具，请用 daiban generate --form {title} 出具"
        wanted = _wanted(must_return(form))
        return ArchiveDocument(
            form=form_id, title=title, wanted=wanted, state="missing", next=advice, stage=stage
        )
    wanted = _wanted(awaits_return(issue, form))
    latest = office.returns.get(issue.number)
    back = return_status(issue, latest)
    if changed:
        held = _Holding("changed", None, _TO_RENEW)
    elif back is not None and latest is not None:
        held = _returned(office.workspace, issue, form, back, latest)
    elif wanted == "returned":
        held = _Holding("awaited", None, next_step(issue, form, None) or None)
    else:
        held = _issued(office, issue)
    return ArchiveDocument(
        form=form_id,
        title=title,
        wanted=wanted,
        state=held.state,
        issue=issue.number,
        issued_at=issue.published_at,
        pages=issue.pages,
        returned=back,
        file=held.file,
        next=held.next,
        stage=stage,
        changes=changes,
    )


def _wanted(back: bool) -> Literal["returned", "issued"]:
    return "returned" if back else "issued"


def _returned(
    workspace: Workspace,
    issue: IssueSummary,
    form: FormDefinition | None,
    back: ReturnStatus,
    latest: LatestReturn,
) -> _Holding:
    """A document of which something is back: complete only with every file on record there and unchanged."""
    folder = workspace.returned_of(issue.docx)
    files = {workspace.relative(folder / name): sha256 for name, sha256 in latest.newest.files.items()}
    main = main_file(issue.form_id, latest.newest.files)
    file = workspace.relative(folder / main) if main is not None else None
    todo = next_step(issue, form, back) or None
    if not back.filed or back.verdict == "incomplete":
        return _Holding("incomplete", file, todo)
    if file is None:
        return _Holding("incomplete", None, "没有归档的文件，请把原件再核验一次")
    found = check_files(workspace.path, files)
    if found.gone:
        advice = f"{'、'.join(found.gone)} 不在，请从备份恢复，或把原件再核验一次"
        return _Holding("incomplete", file, advice)
    if back.verdict != "complete":
        return _Holding("review", file, todo)
    if found.altered:
        return _Holding("review", file, f"{'、'.join(found.altered)} 归档以后被人改过，请人工核对")
    # Whoever accepted it as a whole knew which pages it lacks.
    if back.decision is None and latest.pages and latest.pages != tuple(range(1, issue.pages + 1)):
        pages = "、".join(map(str, latest.pages))
        return _Holding("review", file, f"登记的页是第{pages}页，应有 {issue.pages} 页，请人工核对")
    return _Holding("complete", file, None)


def _issued(office: Office, issue: IssueSummary) -> _Holding:
    """A document that only goes out: its PDF is what is filed; the DOCX is for working on."""
    if issue.pdf is None or issue.pdf_sha256 is None:
        return _Holding("incomplete", issue.docx, "还没有 PDF，装好 LibreOffice 以后再运行 daiban generate")
    found = office.issue_check.pdf_file(issue)
    if found.gone:
        advice = "登记为已出具，文件却不在，再运行 daiban generate 会重新出具"
        return _Holding("incomplete", issue.pdf, advice)
    if found.altered:
        return _Holding("review", issue.pdf, "出具以后被人改过或填过，请人工核对")
    return _Holding("complete", issue.pdf, None)
