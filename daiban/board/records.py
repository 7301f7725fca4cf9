"""What the files of a workspace say of one case, as the board keeps it: the case itself, or why it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import Field

from cases.case_set import CaseSet, RejectedCase
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.parts import FlawedPart
from cases.values.paths import Loc, dotted
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel


@dataclass(frozen=True, slots=True)
class KeptOrigin:
    """Where a kept case stands: the place of its 编号, and the field. Cells are told where the files are read."""

    place: str

    def where(self, loc: Loc) -> str:
        """``roster.xlsx 项目!A5 project.name``."""
        return f"{self.place} {dotted(loc)}" if loc and loc != ("id",) else self.place


class CaseRecord(FrozenModel):
    """One case. ``case``: None where it is ``refused``, with the problems why; ``place``: where its 编号 stands;
    the rest as of :class:`cases.case_set.CaseSet`.
    """

    case_id: str
    case: Case | None = None
    place: str
    refused: tuple[Problem, ...] = ()
    flaws: tuple[FlawedPart, ...] = ()
    warnings: tuple[Problem, ...] = ()
    contradictions: tuple[Contradiction, ...] = Field(default=())

    def to_json(self) -> str:
        """As it is kept."""
        return self.model_dump_json(exclude_defaults=True)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong or doubtful about it."""
        return (*self.refused, *(flaw.problem for flaw in self.flaws), *self.warnings)


def records_of(found: CaseSet) -> Iterator[CaseRecord]:
    """The cases of a set, those that can be used and those that cannot; one without any 编号 is nobody's."""
    for case in found.cases:
        yield CaseRecord(
            case_id=case.id,
            case=case,
            place=found.where(case.id),
            flaws=found.flaws.get(case.id, ()),
            warnings=found.warnings.get(case.id, ()),
            contradictions=found.contradictions.get(case.id, ()),
        )
    for item in found.rejected:
        if item.case:
            place = next((problem.where for problem in item.problems), "")
            yield CaseRecord(case_id=item.case, place=place, refused=item.problems)


def set_of(records: Iterable[CaseRecord]) -> CaseSet:
    """The reverse."""
    records = tuple(records)
    usable = {record.case_id: record for record in records if record.case is not None}
    return CaseSet(
        cases=tuple(record.case for record in records if record.case is not None),
        rejected=tuple(RejectedCase(item.case_id, item.refused) for item in records if item.case is None),
        warnings={name: item.warnings for name, item in usable.items() if item.warnings},
        origins={name: KeptOrigin(item.place) for name, item in usable.items()},
        flaws={name: item.flaws for name, item in usable.items() if item.flaws},
        contradictions={name: item.contradictions for name, item in usable.items() if item.contradictions},
    )
