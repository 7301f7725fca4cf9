"""Documents that are out, as tests need them: files in their places and an issue on record, nothing laid out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daiban.registry import IssueRecord, Registry
from daiban.workspace import Workspace
from foundation.digests import sha256_of_bytes


def put_out(
    workspace: Workspace,
    case_id: str,
    form_id: str,
    when: datetime,
    *,
    content: bytes = b"x",
    publish: bool = True,
    **recorded: Any,
) -> str:
    """A document that went out then; returns its number. ``content``: of both files; ``publish``: False leaves it as a
    run that was killed does; ``recorded``: what its record says otherwise.
    """
    files = [workspace.issued(case_id, form_id, suffix) for suffix in (".docx", ".pdf")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    docx, pdf = map(workspace.relative, files)
    with Registry.open(workspace.registry) as registry:
        said: dict[str, Any] = {
            "number": recorded.pop("number", None) or registry.new_numbers(1)[0],
            "case_id": case_id,
            "form_id": form_id,
            "digest": "0" * 64,
            "values": {},
            "pages": 2,
            "docx": docx,
            "pdf": pdf,
            "docx_sha256": sha256_of_bytes(content),
            "pdf_sha256": sha256_of_bytes(content),
            "created_at": when,
        }
        record = IssueRecord(**(said | recorded))
        registry.record([record])
        if publish:
            registry.mark_published([record.number], when)
    return record.number
