"""What went out, as reading back needs it: issues on record, and the certificates the office trusts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509

from daiban.registry import IssueRecord, Registry
from daiban.workspace import Workspace
from extractors.digital import load_roots
from extractors.model import IssuedDocument


def issued_document(record: IssueRecord, workspace: Path, instead: str | None = None) -> IssuedDocument:
    """A record with its paths made absolute. ``instead``: if it is void, the number of the issue that stands by now."""
    return IssuedDocument(
        number=record.number,
        case_id=record.case_id,
        form_id=record.form_id,
        pages=record.pages,
        values=record.values,
        areas=record.areas,
        page_sizes=record.page_sizes,
        docx=workspace / record.docx,
        pdf=workspace / record.pdf if record.pdf else None,
        docx_sha256=record.docx_sha256,
        pdf_sha256=record.pdf_sha256,
        superseded_by=instead if record.is_void else None,
        is_withdrawn=record.is_void and instead is None,
    )


def trusted_roots(workspace: Workspace) -> tuple[x509.Certificate, ...]:
    """The office's trusted root certificates (信任根), as the settings name them.

    :raises UnreadableError: one of them cannot be read.
    """
    return load_roots(root_files(workspace))


def root_files(workspace: Workspace) -> tuple[Path, ...]:
    """The root certificates the settings name, as files."""
    return tuple(workspace.path / name for name in workspace.settings.signatures.roots)


@dataclass(frozen=True, slots=True)
class IssueScope:
    """The issues that alone are known to somebody (范围): those of one case and of these forms, by id. Every other
    number is one that never went out.
    """

    case_id: str
    form_ids: frozenset[str]

    def holds(self, issue: IssueRecord) -> bool:
        """Whether an issue is among them."""
        return issue.case_id == self.case_id and issue.form_id in self.form_ids


class IssuedDocuments:
    """Issues by number, the last few kept: pages of one document come one after the other.

    ``scope``: the issues that alone are known; every other number is one that never went out.
    """

    def __init__(
        self, registry: Registry, workspace: Path, keep: int = 256, *, scope: IssueScope | None = None
    ) -> None:
        self._registry = registry
        self._workspace = workspace
        self._scope = scope
        self._keep = keep
        self._known: dict[str, IssuedDocument | None] = {}

    def find(self, number: str) -> IssuedDocument | None:
        """The issue of a number, or None if that number never went out."""
        if number not in self._known:
            while len(self._known) >= self._keep:
                self._known.pop(next(iter(self._known)))
            record = self._registry.find(number)
            if record is not None and self._scope is not None and not self._scope.holds(record):
                record = None
            self._known[number] = self._document(record) if record else None
        return self._known[number]

    def of_form(self, form_id: str) -> Iterator[IssuedDocument]:
        """Every issue of a form, superseded ones too."""
        if self._scope is not None and form_id not in self._scope.form_ids:
            return
        for summary in self._registry.issues(self._scope.case_id if self._scope is not None else None):
            if summary.form_id == form_id and (record := self._registry.find(summary.number)) is not None:
                yield self._document(record)

    def _document(self, record: IssueRecord) -> IssuedDocument:
        instead = self._registry.standing_instead(record) if record.is_void else None
        return issued_document(record, self._workspace, instead)
