"""研判表 that departments sent back: whether a returned file is one, and whose.

How a returned file is read is said in :mod:`daiban.verifying.answers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.settling import PREFIX
from daiban.registry import Registry
from daiban.verifying.answers import AnswerReader
from extractors.digital.answers import FieldAnswer
from forms.definition import FieldDefinition, FormDefinition
from foundation.errors import CaseDataError, Problem

FILLED_BY = "assessment.filled_by"
PROJECT_NAME, PROJECT_CODE = "project.name", "project.code"


@dataclass(frozen=True, slots=True)
class AssessmentSheet:
    """One 研判表. ``answers``: field id → ticked, written, or None; ``unsure``: ids that could not be made out.

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
    """Reads sheets of one workspace. ``registry``: None where nothing was issued yet."""

    def __init__(self, forms: Iterable[FormDefinition], registry: Registry | None) -> None:
        forms = tuple(forms)
        self._ids = {field.id for form in forms for field in form.fields if field.id.startswith(PREFIX)}
        self._answers = AnswerReader(forms, registry, title="研判表", purpose="汇总")

    def read(self, path: Path) -> AssessmentSheet:
        """One file.

        :raises UnreadableError: it cannot be opened, or read as what it is.
        :raises CaseDataError: it is no 研判表, or a scan nobody verified.
        """
        found = self._answers.read(path)
        if self._ids.isdisjoint(found.answers):
            raise CaseDataError(Problem(path.name, "不是研判表：里面没有研判表的字段", advice="核对文件"))
        written = found.answers.get(FILLED_BY)
        department = written.strip() if isinstance(written, str) and written.strip() else path.stem
        return AssessmentSheet(
            file=path.name,
            sha256=found.sha256,
            department=department,
            answers=found.answers,
            unsure=found.unsure,
            case=found.issue.case_id if found.issue else None,
        )


def _is_box(field: FieldDefinition) -> bool:
    return bool(re.match(r"assessment\.[a-z]+\.(items|materials)\.", field.id))
