"""One document of a case, as the files want it: back complete or only out, its files in place and as they were.

A clerk looks at paper and files, so a record alone is not enough: every file on record must be there, with the hash
it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from daiban.documents.return_status import ReturnStatus, awaits_return, must_return, next_step, return_status
from daiban.registry import IssueSummary, LatestReturn
from daiban.workspace import Workspace
from forms.definition import FormDefinition
from foundation.digests import sha256_of_file_if_readable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveDocument:
    """One document. ``wanted``: whether it must come back, or only go out; ``file``: where it lies, under the
    workspace; ``why``: what is wrong and what to do, empty where nothing is.
    """

    form: str
    title: str
    wanted: Literal["returned", "issued"]
    state: State
    issue: IssueSummary | None = None
    back: ReturnStatus | None = None
    file: str | None = None
    why: str = ""

    @property
    def label(self) -> str:
        """The state in Chinese."""
        if self.state == "complete" and self.back is None:
            return _ISSUED
        return STATE_NAMES[self.state]

    def to_json(self) -> dict[str, Any]:
        """form, title, wanted, state, issue, issued_at, pages, returned, file, next."""
        issued_at = self.issue.published_at if self.issue else None
        return {
            "form": self.form,
            "title": self.title,
            "wanted": self.wanted,
            "state": self.state,
            "issue": self.issue.number if self.issue else None,
            "issued_at": issued_at.isoformat() if issued_at else None,
            "pages": self.issue.pages if self.issue else None,
            "returned": self.back.to_json() if self.back else None,
            "file": self.file,
            "next": self.why or None,
        }


def document(
    workspace: Workspace,
    form_id: str,
    form: FormDefinition | None,
    issue: IssueSummary | None,
    standing: LatestReturn | None,
    *,
    changed: bool,
) -> ArchiveDocument:
    """One document as it stands. ``issue``: its latest, or None; ``changed``: it would say something else by now."""
    title = form.title if form else form_id
    if issue is None or issue.published_at is None:
        why = f"还没有出具，请用 daiban generate 出具（表单编号 {form_id}）"
        wanted = _wanted(must_return(form))
        return ArchiveDocument(form=form_id, title=title, wanted=wanted, state="missing", why=why)
    wanted = _wanted(awaits_return(issue, form))
    back = return_status(issue, standing)
    state: State
    if changed:
        state, file, why = "changed", None, _TO_RENEW
    elif back is not None and standing is not None:
        state, file, why = _returned(workspace, issue, form, back, standing)
    elif wanted == "returned":
        state, file, why = "awaited", None, next_step(issue, form, None)
    else:
        state, file, why = _issued(workspace, issue)
    return ArchiveDocument(
        form=form_id,
        title=title,
        wanted=wanted,
        state=state,
        issue=issue,
        back=back,
        file=file,
        why=why,
    )


def _wanted(back: bool) -> Literal["returned", "issued"]:
    return "returned" if back else "issued"


def _returned(
    workspace: Workspace,
    issue: IssueSummary,
    form: FormDefinition | None,
    back: ReturnStatus,
    standing: LatestReturn,
) -> tuple[State, str | None, str]:
    folder = workspace.returned(issue.case_id, issue.form_id)
    files = standing.newest.files
    file = _shown(workspace, folder, issue.form_id, files)
    if not back.filed or back.verdict == "incomplete":
        return "incomplete", file, next_step(issue, form, back)
    gone, altered = _missing(workspace, folder, files)
    if file is None:
        return "incomplete", None, "没有归档的文件，请把原件再核验一次"
    if gone:
        return "incomplete", file, f"{'、'.join(gone)} 不在，请从备份恢复，或把原件再核验一次"
    if back.verdict != "complete":
        return "review", file, next_step(issue, form, back)
    if altered:
        return "review", file, f"{'、'.join(altered)} 归档以后被人改过，请人工核对"
    if standing.pages and standing.pages != tuple(range(1, issue.pages + 1)):
        return (
            "review",
            file,
            f"登记的页是第{'、'.join(map(str, standing.pages))}页，应有 {issue.pages} 页，请人工核对",
        )
    return "complete", file, ""


def _issued(workspace: Workspace, issue: IssueSummary) -> tuple[State, str | None, str]:
    """A document that only goes out: its PDF is what is filed; the DOCX is for working on."""
    if issue.pdf is None or issue.pdf_sha256 is None:
        return "incomplete", issue.docx, "还没有 PDF，装好 LibreOffice 以后再运行 daiban generate"
    gone, altered = _missing(workspace, workspace.path, {issue.pdf: issue.pdf_sha256})
    if gone:
        return "incomplete", issue.pdf, "登记为已出具，文件却不在，再运行 daiban generate 会重新出具"
    if altered:
        return "review", issue.pdf, "出具以后被人改过或填过，请人工核对"
    return "complete", issue.pdf, ""


def _missing(workspace: Workspace, folder: Path, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Of files on record: which are not there, and which are not as they were; under the workspace."""
    found = {name: sha256_of_file_if_readable(folder / name) for name in files}
    under = {name: (folder / name).relative_to(workspace.path).as_posix() for name in files}
    gone = [under[name] for name, sha256 in found.items() if sha256 is None]
    altered = [under[name] for name, sha256 in found.items() if sha256 not in (None, files[name])]
    return gone, altered


def _shown(workspace: Workspace, folder: Path, form_id: str, files: Mapping[str, str]) -> str | None:
    """The file a clerk opens: the upright PDF, else what was received."""
    names = iter(_by_use(form_id, files))
    name = next(names, None)
    return (folder / name).relative_to(workspace.path).as_posix() if name else None


def _by_use(form_id: str, files: Mapping[str, str]) -> Iterator[str]:
    if f"{form_id}.pdf" in files:
        yield f"{form_id}.pdf"
    yield from (name for name in files if not name.endswith(".json"))
