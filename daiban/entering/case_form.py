"""The form in which a case is entered: the sheets and columns of the roster, as sections and inputs.

So whoever knows the roster knows the form, and what either can hold the other can.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cases.model.case import Case
from cases.roster.entered import EnteredCase, EnteredPlace, EnteredProblem, EnteredRows, entered_rows
from cases.roster.layout.definition import CASE_ID, CellKind, RosterLayout, RosterSheet
from cases.roster.layout.loading import shipped_layout
from cases.values.documents import document_name
from daiban.copying import copied
from foundation.errors import Problem

#: As many rows of one section as a form takes; whoever has more keeps a roster.
MOST_ROWS = 200
#: An input's name: which sheet, which row, which column, each from 0.
_NAME = re.compile(r"s(\d{1,3})-(\d{1,4})-(\d{1,3})")


@dataclass(frozen=True, slots=True)
class FormInput:
    """One input. ``name``: under which a browser sends it; ``choices``: what may be picked, and nothing else where they
    are ``strict``; ``several_lines``: whether its text may have them.
    """

    name: str
    label: str
    value: str
    note: str
    kind: CellKind
    choices: tuple[str, ...]
    strict: bool
    required: bool
    fixed: bool
    problems: tuple[Problem, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether it must be changed."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def several_lines(self) -> bool:
        """Whether a text of several lines may stand in it, and often does."""
        return not self.choices and (self.kind == "lines" or "\n" in self.value or len(self.value) > _LONG)

    @property
    def is_missing_choice(self) -> bool:
        """Whether what stands in it is none of the choices it has to be one of."""
        return bool(self.value) and self.value not in self.choices


_LONG = 60


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a section; ``problems``: those of no single input."""

    number: int
    inputs: tuple[FormInput, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FormSection:
    """One sheet. ``repeated``: it has any number of rows. ``has_content``, ``is_wrong``: for whoever folds it up."""

    index: int
    title: str
    purpose: str
    repeated: bool
    rows: tuple[FormRow, ...]

    @property
    def has_content(self) -> bool:
        """Whether anything stands in it."""
        return any(item.value for row in self.rows for item in row.inputs)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems in it."""
        rows = self.rows
        return tuple(
            problem
            for row in rows
            for problem in (*row.problems, *(found for item in row.inputs for found in item.problems))
        )

    @property
    def is_wrong(self) -> bool:
        """Whether anything in it must be changed."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True)
class CaseForm:
    """A form for a case of some document (文件). ``choices``: what drop-downs offer beside the layout's own, by heading
    or ``sheet.heading``; ``fixed_id``: the 编号 cannot be changed, since documents are out under it.
    """

    document: str
    choices: Mapping[str, Sequence[str]]
    layout: RosterLayout
    fixed_id: str | None = None

    @classmethod
    def of(
        cls, document: str, choices: Mapping[str, Sequence[str]], *, fixed_id: str | None = None
    ) -> CaseForm:
        """The form by the program's own roster."""
        return cls(document, choices, shipped_layout(), fixed_id)

    @cached_property
    def _indexes(self) -> dict[str, int]:
        return {sheet.title: index for index, sheet in enumerate(self.layout.sheets)}

    def typed(self, sent: Mapping[str, str]) -> EnteredRows:
        """What a browser sent, as rows; what is no input of this form is passed over. Rows left blank go."""
        rows: dict[tuple[str, int], dict[str, str]] = {}
        for name, text in sent.items():
            found = _NAME.fullmatch(name)
            if found is None:
                continue
            sheet_index, row, column_index = map(int, found.groups())
            if sheet_index >= len(self.layout.sheets) or row >= MOST_ROWS:
                continue
            sheet = self.layout.sheets[sheet_index]
            if column_index < len(sheet.columns) and text.strip():
                rows.setdefault((sheet.title, row), {})[sheet.columns[column_index].field] = text
        entered: dict[str, list[dict[str, str]]] = {}
        for (title, _), values in sorted(rows.items(), key=lambda item: item[0][1]):
            entered.setdefault(title, []).append(values)
        if self.fixed_id is not None:
            main = entered.setdefault(self.layout.case_sheet.title, [{}])
            main[0] = {**main[0], CASE_ID: self.fixed_id}
        return entered

    def sections(
        self, entered: EnteredRows, problems: Iterable[EnteredProblem] = ()
    ) -> tuple[FormSection, ...]:
        """The form with what was typed and what is wrong with it."""
        at: dict[EnteredPlace, list[Problem]] = {}
        for item in problems:
            if item.place is not None:
                at.setdefault(item.place, []).append(item.problem)
        shown = self.layout.sheets_for((self.document,), self._held(entered))
        return tuple(self._section(sheet, entered.get(sheet.title, ()), at) for sheet in shown)

    def blank_row(self, title: str, number: int) -> FormRow | None:
        """One more row of a section, the ``number``-th from 0; None where there is no such section, or room for no
        more.
        """
        sheet = next((item for item in self.layout.sheets_for((self.document,)) if item.title == title), None)
        if sheet is None or not _is_repeated(sheet) or not 0 <= number < MOST_ROWS:
            return None
        return self._row(sheet, number, {}, {})

    def _held(self, entered: EnteredRows) -> Iterator[tuple[RosterSheet, Collection[str]]]:
        for sheet in self.layout.sheets:
            for row in entered.get(sheet.title, ()):
                yield sheet, set(row)

    def _section(
        self, sheet: RosterSheet, rows: Sequence[Mapping[str, str]], at: Mapping[EnteredPlace, list[Problem]]
    ) -> FormSection:
        repeated = _is_repeated(sheet)
        shown = list(rows) if repeated else [*rows, {}][:1]
        return FormSection(
            index=self._indexes[sheet.title],
            title=sheet.title,
            purpose=sheet.purpose,
            repeated=repeated,
            rows=tuple(self._row(sheet, number, row, at) for number, row in enumerate(shown)),
        )

    def _row(
        self,
        sheet: RosterSheet,
        number: int,
        row: Mapping[str, str],
        at: Mapping[EnteredPlace, list[Problem]],
    ) -> FormRow:
        index = self._indexes[sheet.title]
        whole = self.layout.sheets[index]
        columns = {column.field: place for place, column in enumerate(whole.columns)}
        inputs = []
        for column in sheet.columns:
            is_main_id = sheet.rows == "case" and column.field == CASE_ID
            if column.field == CASE_ID and not is_main_id:
                continue
            offered = () if column.strict else self._offered(sheet.title, column.heading)
            inputs.append(
                FormInput(
                    name=f"s{index}-{number}-{columns[column.field]}",
                    label=column.heading,
                    value=_shown(column.field, row.get(column.field, "")),
                    note=column.note,
                    kind=column.kind,
                    choices=tuple(dict.fromkeys((*column.choices, *offered))),
                    strict=column.strict,
                    required=column.required == "value" or is_main_id or column.field in _ALWAYS,
                    fixed=is_main_id and self.fixed_id is not None,
                    problems=tuple(at.get(EnteredPlace(sheet.title, number, column.field), ())),
                )
            )
        return FormRow(number, tuple(inputs), tuple(at.get(EnteredPlace(sheet.title, number, None), ())))

    def _offered(self, title: str, heading: str) -> Sequence[str]:
        return self.choices.get(f"{title}.{heading}", self.choices.get(heading, ()))


def _shown(field: str, value: str) -> str:
    """A document by its name, as people write it."""
    return document_name(value) if field == "document" else value


_ALWAYS = ("project.name", "enterprise.name")


def _is_repeated(sheet: RosterSheet) -> bool:
    return sheet.rows not in ("case", "fields")


def general_problems(checked: EnteredCase) -> tuple[Problem, ...]:
    """The problems at no input."""
    return tuple(item.problem for item in checked.problems if item.place is None)


def copied_rows(case: Case) -> EnteredRows:
    """What a new case begins with that is entered after the pattern of another: as a copy of it, without a 编号."""
    rows = entered_rows(copied(case, case.id)[0])
    main = shipped_layout().case_sheet.title
    return {**rows, main: [{name: text for name, text in rows[main][0].items() if name != CASE_ID}]}
