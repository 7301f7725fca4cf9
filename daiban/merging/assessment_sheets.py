"""研判表 that departments sent back, each as answers by field id: DOCX, PDF form, or a scan that was verified before.

A DOCX is recognised by its content controls, a PDF and a scan by their page marks; what the office had filled in those
is taken from the issue on record. A scan is not read here: what ``daiban verify`` saw on it is on record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daiban.registry import IssueRecord, Registry
from extractors.digital.answers import FieldAnswer, read_docx, read_pdf
from extractors.identify import NoSighting, sight
from extractors.model import Observation
from extractors.opening import OpenedReturn, open_return
from forms.definition import FieldDefinition, FieldKind, FormDefinition
from foundation.digests import sha256_of_file
from foundation.errors import CaseDataError, Problem, UnreadableError

PREFIX = "assessment."
FILLED_BY = "assessment.filled_by"
PROJECT_NAME, PROJECT_CODE = "project.name", "project.code"
_VERIFY_FIRST = "先用 daiban verify 核验这份扫描件，再汇总"


@dataclass(frozen=True, slots=True)
class AssessmentSheet:
    """One 研判表. ``answers``: field id → ticked, written, or None; ``unsure``: ids that could not be read.

    ``case``: the case its page marks name; None for a DOCX, which has none. ``department``: its 填表人, else its file.
    """

    file: str
    sha256: str
    department: str
    answers: Mapping[str, FieldAnswer]
    unsure: tuple[str, ...] = ()
    case: str | None = None

    def text(self, field_id: str) -> str | None:
        """What is written in a field, or None."""
        value = self.answers.get(field_id)
        return value.strip() or None if isinstance(value, str) else None


def assessment_forms(forms: Iterable[FormDefinition]) -> tuple[FormDefinition, ...]:
    """The forms that are 研判表: they have boxes under ``assessment``."""
    return tuple(form for form in forms if any(_is_box(field) for field in form.fields))


class AssessmentSheetReader:
    """Reads sheets of one workspace. ``registry``: None where nothing went out yet."""

    def __init__(self, forms: Iterable[FormDefinition], registry: Registry | None) -> None:
        self._forms = {form.id: form for form in forms}
        self._ids = {field.id for form in self._forms.values() for field in form.fields}
        self._registry = registry

    def read(self, path: Path) -> AssessmentSheet:
        """One file.

        :raises UnreadableError: it cannot be opened, or read as what it is.
        :raises CaseDataError: it is no 研判表, or a scan that was not verified yet.
        """
        sha256 = _sha256(path)
        with open_return(path, path.name) as opened:
            if opened.is_docx:
                return self._sheet(path, sha256, read_docx(path))
            issue = self._issue(opened, path)
            fields = self._fields(path) if opened.kind == "pdf" else {}
        if fields:
            return self._sheet(path, sha256, {**issue.values, **fields}, issue=issue)
        return self._verified(path, sha256, issue)

    def _fields(self, path: Path) -> Mapping[str, FieldAnswer]:
        return {key: value for key, value in read_pdf(path).items() if key in self._ids}

    def _sheet(
        self,
        path: Path,
        sha256: str,
        answers: Mapping[str, FieldAnswer],
        unsure: Iterable[str] = (),
        issue: IssueRecord | None = None,
    ) -> AssessmentSheet:
        if not any(key.startswith(PREFIX) and key in self._ids for key in answers):
            raise CaseDataError(Problem(path.name, "不是研判表：里面没有研判表的字段", advice="核对文件"))
        written = answers.get(FILLED_BY)
        department = written.strip() if isinstance(written, str) and written.strip() else path.stem
        return AssessmentSheet(
            path.name, sha256, department, dict(answers), tuple(unsure), issue.case_id if issue else None
        )

    def _issue(self, opened: OpenedReturn, path: Path) -> IssueRecord:
        """The issue that the page marks name; all pages of a file must be of one."""
        if self._registry is None:
            raise CaseDataError(
                Problem(path.name, "这个工作区还没有出具过文书，认不出这一份", advice="核对工作区")
            )
        key = self._registry.mark_key()
        sightings = [sight(opened.raster(number), key) for number in range(1, opened.pages + 1)]
        numbers = {item.issue for item in sightings if not isinstance(item, NoSighting)}
        if len(numbers) != 1:
            problem = "里面有几份不同的文书" if numbers else "没有本工作区的页面标识，认不出是哪一份"
            raise CaseDataError(Problem(path.name, problem, advice="一个文件只放一份研判表"))
        record = self._registry.find(numbers.pop())
        if record is None or record.form_id not in self._forms:
            raise CaseDataError(Problem(path.name, "不是研判表", advice="核对文件"))
        return record

    def _verified(self, path: Path, sha256: str, issue: IssueRecord) -> AssessmentSheet:
        """What ``verify`` saw of this very file."""
        seen = list(self._observations(issue.number, sha256))
        if not seen:
            raise CaseDataError(Problem(path.name, "是扫描件，还没有核验过", advice=_VERIFY_FIRST))
        answers: dict[str, FieldAnswer] = dict(issue.values)
        unsure = [item.id for item in seen if item.state == "unsure"]
        for item in seen:
            if item.state == "filled":
                answers[item.id] = item.value if item.value is not None else _seen_only(item)
        unsure += [key for key, value in answers.items() if value == ""]
        return self._sheet(path, sha256, answers, dict.fromkeys(unsure), issue)

    def _observations(self, number: str, sha256: str) -> Iterable[Observation]:
        assert self._registry is not None
        pages = self._registry.returns.pages_from(number, sha256)
        return {item.id: item for page in pages for item in page.facts.observations}.values()


def _seen_only(item: Observation) -> FieldAnswer:
    """The answer of a filled field whose value was not read: ticked for a box, an empty text for writing."""
    return True if item.kind is FieldKind.CHECKBOX else ""


def _is_box(field: FieldDefinition) -> bool:
    return bool(re.match(r"assessment\.[a-z]+\.(items|materials)\.", field.id))


def _sha256(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError as error:
        raise UnreadableError(
            Problem(str(path), f"读不出来：{error.strerror or error}", advice="核对文件名")
        ) from error
