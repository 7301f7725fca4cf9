"""What one returned file says of its form, field by field, whichever way it came; nothing is judged or filed.

A DOCX is read by its controls. A PDF or picture names its issue by its page marks: its form fields are read where it
has any; a scan is not read again, what ``verify`` saw of this very file is on record. What the office had filled in is
taken from the issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daiban.registry import IssueRecord, Registry
from extractors.digital.answers import FieldAnswer, read_docx
from extractors.digital.pdf_form import read_pdf
from extractors.identify import NoSighting, sight
from extractors.model import Observation
from extractors.opening import OpenedReturn, open_return
from forms.definition import FieldKind, FormDefinition
from foundation.digests import sha256_of_file
from foundation.errors import CaseDataError, Problem, UnreadableError
from foundation.os_errors import reason_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedAnswers:
    """What a file says. ``answers``: field id → ticked, written, or None; written and not yet read: an empty text.

    ``unsure``: ids of fields that could not be made out. ``issue``: what its page marks name; None for a DOCX, which
    has none.
    """

    sha256: str
    answers: Mapping[str, FieldAnswer]
    unsure: tuple[str, ...] = ()
    issue: IssueRecord | None = None


class AnswerReader:
    """Reads returned files of one workspace.

    ``title``: what the ``forms`` are called together, for messages (研判表); ``purpose``: what the answers are wanted
    for (汇总); ``registry``: None where nothing was issued yet.
    """

    def __init__(
        self, forms: Iterable[FormDefinition], registry: Registry | None, *, title: str, purpose: str
    ) -> None:
        self._forms = {form.id: form for form in forms}
        self._ids = {field.id for form in self._forms.values() for field in form.fields}
        self._registry = registry
        self._title = title
        self._purpose = purpose

    def read(self, path: Path) -> ReturnedAnswers:
        """One file, which holds one document.

        :raises UnreadableError: it cannot be opened, or read as what it is.
        :raises CaseDataError: it is of none of the forms, of several issues, or a scan nobody verified.
        """
        sha256 = _sha256(path)
        with open_return(path, path.name) as opened:
            if opened.is_docx:
                return ReturnedAnswers(sha256=sha256, answers=read_docx(path))
            registry = self._opened_registry(path)
            issue = self._issue(opened, path, registry)
            fields = self._form_fields(path) if opened.kind == "pdf" else {}
        if fields:
            return ReturnedAnswers(sha256=sha256, answers={**issue.values, **fields}, issue=issue)
        return self._verified(path, sha256, issue, registry)

    def _opened_registry(self, path: Path) -> Registry:
        if self._registry is None:
            raise CaseDataError(
                Problem(path.name, "这个工作区还没有出具过文书，认不出这一份", advice="核对工作区")
            )
        return self._registry

    def _issue(self, opened: OpenedReturn, path: Path, registry: Registry) -> IssueRecord:
        """The issue that the page marks name."""
        key = registry.mark_key()
        sightings = [sight(opened.raster(number), key) for number in range(1, opened.pages + 1)]
        numbers = {item.issue for item in sightings if not isinstance(item, NoSighting)}
        if len(numbers) != 1:
            problem = "里面有几份不同的文书" if numbers else "没有本工作区的页面标识，认不出是哪一份"
            raise CaseDataError(Problem(path.name, problem, advice=f"一个文件只放一份{self._title}"))
        record = registry.find(numbers.pop())
        if record is None or record.form_id not in self._forms:
            raise CaseDataError(Problem(path.name, f"不是{self._title}", advice="核对文件"))
        return record

    def _form_fields(self, path: Path) -> Mapping[str, FieldAnswer]:
        return {key: value for key, value in read_pdf(path).items() if key in self._ids}

    def _verified(self, path: Path, sha256: str, issue: IssueRecord, registry: Registry) -> ReturnedAnswers:
        """What ``verify`` saw of this very file; of a page that was verified several times, what it saw last."""
        pages = registry.returns.pages_from(issue.number, sha256)
        seen = {item.id: item for page in pages for item in page.facts.observations}
        if not seen:
            advice = f"先用 daiban verify 核验这份扫描件，再{self._purpose}"
            raise CaseDataError(Problem(path.name, "是扫描件，还没有核验过", advice=advice))
        filled = {key: _answer(item) for key, item in seen.items() if item.state == "filled"}
        answers: dict[str, FieldAnswer] = {**issue.values, **filled}
        unsure = [key for key, item in seen.items() if item.state == "unsure"]
        unread = [key for key, value in answers.items() if value == ""]
        return ReturnedAnswers(
            sha256=sha256, answers=answers, unsure=tuple(dict.fromkeys([*unsure, *unread])), issue=issue
        )


def _answer(item: Observation) -> FieldAnswer:
    """A box that is filled is ticked; writing that nobody read yet is an empty text."""
    if item.value is not None:
        return item.value
    return True if item.kind is FieldKind.CHECKBOX else ""


def _sha256(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError as error:
        raise UnreadableError(
            Problem(str(path), f"读不出来：{reason_of(error)}", advice="核对文件名")
        ) from error
