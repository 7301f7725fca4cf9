"""Which cases a person means (筛选): the one vocabulary by which commands, and later a page, look for cases.

Every condition that is given has to hold. What is compared is folded: width, blanks, punctuation and case of letters
make no difference, and a part of a name suffices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.values.documents import document_name
from cases.values.stages import Stage
from cases.values.text import fold_code, fold_name
from daiban.office import Office
from daiban.planning.due import agenda
from foundation.errors import CaseDataError

_DEPARTMENTS = {"department", "departments", "recipients", "copied_to"}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Conditions on cases; None and False ask for nothing.

    ``name``: part of 项目名称 or 项目单位; ``code``: part of 项目代码 or 统一社会信用代码; ``department``: part of the name
    of a department that anything of the case is about; ``stage``: where it stands; ``document``: an id; ``late``: a
    step is late today; ``missing``: a form that it calls for is not out.
    """

    name: str | None = None
    code: str | None = None
    department: str | None = None
    stage: Stage | None = None
    document: str | None = None
    late: bool = False
    missing: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks for nothing, so that every case is meant."""
        return not any(getattr(self, field.name) for field in fields(self))

    def fits(self, case: Case, office: Office) -> bool:
        """Whether a case fulfils every condition. What costs more is asked last."""
        return (
            _holds(self.name, case.project.name, case.enterprise.name)
            and _has_code(self.code, case.project.code, case.enterprise.uscc)
            and (self.stage is None or case.stage is self.stage)
            and (self.document is None or case.document == self.document)
            and _holds(self.department, *(_departments(case) if self.department else ()))
            and (not self.missing or _lacks_a_form(case, office))
            and (not self.late or _is_late(case, office))
        )

    def __str__(self) -> str:
        """For people: 名称“新材料”，施工许可阶段，有逾期环节."""
        said = (
            self.name and f"名称“{self.name}”",
            self.code and f"代码“{self.code}”",
            self.department and f"部门“{self.department}”",
            self.stage and f"{self.stage.label}阶段",
            self.document and f"{document_name(self.document)}的文件",
            self.late and "有逾期环节",
            self.missing and "有表没有出具",
        )
        return "，".join(filter(None, said))


EVERY_CASE = CaseFilter()


def _holds(wanted: str | None, *texts: str | None) -> bool:
    if wanted is None:
        return True
    part = fold_name(wanted)
    return any(part in fold_name(text) for text in texts if text)


def _has_code(wanted: str | None, *codes: str | None) -> bool:
    if wanted is None:
        return True
    part = fold_code(wanted).upper().replace("-", "")
    return any(part in fold_code(code).upper().replace("-", "") for code in codes if code)


def _departments(node: object) -> Iterator[str]:
    """Every department that a case names, in its steps, lists, opinions and notices."""
    if isinstance(node, tuple):
        for item in node:
            yield from _departments(item)
    elif isinstance(node, FieldGroup):
        for name, value in node:
            if name in _DEPARTMENTS:
                yield from [value] if isinstance(value, str) else filter(_is_text, value or ())
            yield from _departments(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _lacks_a_form(case: Case, office: Office) -> bool:
    try:
        return any(office.published(case, form_id) is None for form_id in office.forms_of(case))
    except CaseDataError:
        return True


def _is_late(case: Case, office: Office) -> bool:
    try:
        return bool(agenda(case, office.deriver, office.today).late)
    except CaseDataError:
        return False
