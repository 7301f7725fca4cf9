"""What stands in the way of a document: wrong parts of its case, what is awaited, characters that cannot be drawn.

The one place for it: ``generate`` issues what is ready, and ``roster check`` says the same before anything is issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.parts import FlawedPart, part_of
from daiban.documents.binding import Binder
from daiban.documents.called_for import at_cell
from daiban.documents.concern import concerns
from daiban.documents.project_lists import is_project_list
from daiban.planning.derive import Deriver
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, Problem, ToolMissingError
from generator.bind import Bound
from generator.layout.fonts import FontBook
from generator.preflight import glyph_problems


@dataclass(frozen=True, slots=True)
class Readiness:
    """A document as its case gives it. ``errors`` and ``awaited`` stop it, ``warnings`` do not."""

    bound: Bound
    errors: tuple[Problem, ...]
    awaited: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


class ReadinessCheck:
    """Tells of the documents of one office what stands in their way."""

    def __init__(self, cases: CaseSet, binder: Binder, deriver: Deriver, fonts: FontBook) -> None:
        self._cases = cases
        self._binder = binder
        self._deriver = deriver
        self._fonts = fonts

    def flaws(self, case: Case) -> tuple[FlawedPart, ...]:
        """The parts of a case that cannot be used, as they were read or because its steps cannot be planned.

        Of a list of projects, those of the cases it is made up of.
        """
        if is_project_list(case):
            members = [item for item in self._cases.cases if item.document == case.document]
            return tuple(flaw for member in members for flaw in self.flaws(member))
        return (*self._cases.flaws.get(case.id, ()), *self._unplanned(case))

    def of(self, case: Case, form: FormDefinition, flaws: Iterable[FlawedPart]) -> Readiness:
        """What stands in the way of one document. ``flaws``: those of its case."""
        bound = self._binder.bound(case, form)
        held = (flaw.problem for flaw in flaws if concerns(flaw.field, form))
        problems = (*held, *bound.problems, *self._undrawn(case, bound))
        errors, awaited, warnings = (
            tuple(problem for problem in problems if problem.severity == severity)
            for severity in ("error", "awaited", "warning")
        )
        return Readiness(bound, errors, awaited, warnings)

    def _undrawn(self, case: Case, bound: Bound) -> tuple[Problem, ...]:
        """Characters that no font draws; nothing where there are no fonts at all, which layout itself will say."""
        try:
            return glyph_problems(bound, self._fonts, lambda field: self._cases.where(case.id, field))
        except ToolMissingError:
            return ()

    def _unplanned(self, case: Case) -> Iterator[FlawedPart]:
        try:
            self._deriver.check(case)
        except CaseDataError as error:
            for problem in at_cell(error, case, self._cases):
                yield FlawedPart(part_of(problem), problem)
