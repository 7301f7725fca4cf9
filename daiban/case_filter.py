"""Which cases a person means (筛选): the one vocabulary by which commands and the board of cases look for cases.

Every condition that is given has to hold. What is compared is folded: width and case of letters make no difference, and
a part of a name suffices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.values.documents import document_name
from cases.values.stages import Stage
from cases.values.text import fold_width
from daiban.office import Office
from daiban.planning.due import agenda
from foundation.errors import CaseDataError

_DEPARTMENTS = {"department", "departments", "recipients", "copied_to"}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Conditions on cases; empty and False ask for nothing.

    ``search``: words that must all be found in :func:`searchable`; ``department``: part of the name of one that
    anything of the case is about; ``stage``: where it stands; ``document``: an id; ``manager``: part of 项目长's name;
    ``late``: a step is late today; ``missing``: a form that it calls for is not out.
    """

    search: str = ""
    department: str = ""
    stage: Stage | None = None
    document: str = ""
    manager: str = ""
    late: bool = False
    missing: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks for nothing, so that every case is meant."""
        return not any(getattr(self, field.name) for field in fields(self))

    def fits(self, case: Case, office: Office) -> bool:
        """Whether a case fulfils every condition. What costs more is asked last."""
        return self.is_plain or (
            (self.stage is None or case.stage is self.stage)
            and self.document in ("", case.document)
            and folded(self.manager) in folded(case.manager.name or "")
            and _has_words(self.search, case)
            and any(folded(self.department) in folded(name) for name in _named(self.department, case))
            and (not self.missing or _lacks_a_form(case, office))
            and (not self.late or _is_late(case, office))
        )

    def __str__(self) -> str:
        """For people: 有“新材料”，施工许可阶段，有逾期环节."""
        said = [
            f"有“{self.search}”" if self.search else "",
            f"部门“{self.department}”" if self.department else "",
            f"{self.stage.label}阶段" if self.stage else "",
            f"{document_name(self.document)}的文件" if self.document else "",
            f"项目长“{self.manager}”" if self.manager else "",
            "有逾期环节" if self.late else "",
            "有表没有出具" if self.missing else "",
        ]
        return "，".join(filter(None, said))


EVERY_CASE = CaseFilter()


def searchable(case: Case) -> str:
    """What a case is found by: number, names, codes, people and departments, folded as what is searched for."""
    parts = (
        case.id,
        case.project.name,
        case.project.code,
        case.project.plot,
        case.enterprise.name,
        case.enterprise.uscc,
        case.contact.name,
        case.contact.phone,
        case.manager.name,
    )
    return folded("\n".join(filter(None, (*parts, *dict.fromkeys(_departments(case))))))


def folded(text: str) -> str:
    """Width and letter case do not count in a search."""
    return fold_width(text).casefold()


def _has_words(search: str, case: Case) -> bool:
    found = searchable(case) if search else ""
    return all(word in found for word in folded(search).split())


def _named(department: str, case: Case) -> Iterator[str]:
    """What a department's name is looked for in; anything, where none is."""
    return _departments(case) if department else iter([""])


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
