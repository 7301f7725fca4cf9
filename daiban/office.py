"""An office (办事机构): a workspace opened once, with everything that follows from what stands in it.

Every operation is given an :class:`Office` and asks it for what it needs; none puts workspace, settings, forms, cases
and registry together for itself, so that no two of them can differ in it.

What is read when: opening reads ``daiban.toml``. Every other part is read when it is first asked for, and kept. So a
command that needs no cases reads none, and everything that one operation says agrees with itself.

An office is thus one look at a workspace: one command, or one request of a process that lives longer. Such a process
opens an office for each request, in the thread that serves it. Offices share nothing, need no lock between them, and
see what staff and other processes have changed since. What only files say (settings, forms, cases) such a process may
keep from one request to the next for as long as those files are the same; what is on record, which issued files are
in their places, and today's date it must ask anew each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from daiban.documents.binding import Binder
from daiban.documents.called_for import at_cell, forms_of
from daiban.documents.contents import Contents
from daiban.documents.contradicted import contradicted
from daiban.documents.issue_check import IssueCheck
from daiban.documents.period_said import period_said
from daiban.documents.project_lists import project_list_id, project_lists
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from daiban.workspace import LOCK_TIMEOUT_S, Workspace, say_on_stderr
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, FormError, Problem, UsageError
from foundation.nearest import did_you_mean
from foundation.writing import share_with_group_of

if TYPE_CHECKING:
    from daiban.registry import (
        Decision,
        DecisionKind,
        IssueRecord,
        IssueSummary,
        LatestReturn,
        PaperKey,
        Registry,
    )


class Office:
    """A workspace for whoever only reads: nothing is locked, made or written. See :meth:`writing` for the others."""

    #: The cases of which everything on record is asked for; None: all.
    _on_record_of: tuple[str, ...] | None = None
    #: The registry while it is kept open: see :meth:`registry_at_hand`.
    _at_hand: Registry | None = None

    def __init__(self, workspace: Workspace, *, today: dt.date | None = None) -> None:
        """``today``: the day that counts for what is due and late; this very day, if none is given."""
        self.workspace = workspace
        self.today = today or dt.date.today()

    @classmethod
    def open(cls, path: Path | str, *, today: dt.date | None = None) -> Office:
        """The office of an existing workspace.

        :raises UsageError: there is no such folder, it is no workspace, or its settings are wrong.
        """
        workspace = Workspace.open(path)
        share_with_group_of(workspace.path)
        return Office(workspace, today=today)

    @property
    def settings(self) -> Settings:
        """What ``daiban.toml`` says."""
        return self.workspace.settings

    # -- forms and cases -------------------------------------------------------------------------------

    @cached_property
    def catalogue(self) -> Catalogue:
        """The built-in forms and the office's own."""
        return Catalogue.load(self.workspace.forms)

    @cached_property
    def forms(self) -> Mapping[str, FormDefinition]:
        """The forms that can be used, by id."""
        return {form.id: form for form in self.catalogue.forms}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What people call each form, by its id."""
        return {form.id: form.title for form in self.catalogue.forms}

    @cached_property
    def cases(self) -> CaseSet:
        """The cases that are pursued, with what is wrong with them: those of roster and case files but for what a
        person cancelled (撤销).
        """
        return self.all_cases.without(self.cancellations)

    @cached_property
    def cancellations(self) -> Mapping[str, Decision]:
        """By case id, who cancelled a case, when and why. Errors: as ``registry``."""
        with self.registry() as registry:
            found = registry.decisions.latest(("cancel", "reopen")) if registry is not None else {}
        return {case_id: one for case_id, one in found.items() if one.kind == "cancel"}

    @cached_property
    def edited(self) -> frozenset[str]:
        """The numbers of issues that staff edited. Errors: as ``registry``."""
        with self.registry() as registry:
            kinds: tuple[DecisionKind, ...] = ("edited",)
            found = registry.decisions.latest(kinds) if registry is not None else {}
        return frozenset(one.outcome for one in found.values() if one.outcome)

    @property
    def cancelled_cases(self) -> tuple[Case, ...]:
        """The cases that a person cancelled, as roster and case files still have them."""
        return tuple(case for case in self.all_cases.cases if case.id in self.cancellations)

    @cached_property
    def all_cases(self) -> CaseSet:
        """The cases of roster and case files, cancelled ones too."""
        # Imported here: only who reads cases waits for the library of workbooks.
        from cases.workspace_cases import load_cases

        return load_cases(self.workspace.path, self.settings.cases.documents)

    @cached_property
    def project_lists(self) -> tuple[Case, ...]:
        """The cases made up of all cases of a document, for forms about many projects."""
        return tuple(project_lists(self.cases.cases, self.catalogue, self.today, self.deriver))

    @cached_property
    def project_list_ids(self) -> frozenset[str]:
        """The ids such cases may have."""
        return frozenset(project_list_id(document.id) for document in self.catalogue.documents)

    def contradictions(self, case: Case) -> tuple[Contradiction, ...]:
        """The contradictions of a case's merged 研判, settled ones too, numbered from 1 by their order."""
        return self.cases.contradictions.get(case.id, ())

    def held_back_by(self, case: Case, form: FormDefinition) -> tuple[Contradiction, ...]:
        """The open contradictions of a case that would show in a document."""
        return contradicted(case, form, self.contradictions(case), self.binder)

    def case(self, case_id: str) -> Case:
        """The case of this id (编号).

        :raises UsageError: there is none. :raises CaseDataError: it was refused; with everything wrong with it.
        """
        self.require_cases([case_id])
        for case in self.cases.cases:
            if case.id == case_id:
                return case
        refused = (item.problems for item in self.cases.rejected if item.case == case_id)
        raise CaseDataError(*(problem for problems in refused for problem in problems))

    def require_cases(self, case_ids: Iterable[str]) -> None:
        """Raises UsageError for every id that no case has, naming the nearest, and for cancelled ones. A refused case
        is known.
        """
        problems = [self._unknown(name) for name in case_ids if name not in self.case_ids]
        if problems:
            raise UsageError(*problems)

    @cached_property
    def case_ids(self) -> frozenset[str]:
        """The ids of the cases that are pursued, refused ones too."""
        known = [case.id for case in self.cases.cases]
        return frozenset([*known, *(item.case for item in self.cases.rejected if item.case)])

    def _unknown(self, name: str) -> Problem:
        done = self.cancellations.get(name)
        if done is None:
            return Problem(
                "--case", f"没有案件编号“{name}”", advice=did_you_mean(name, sorted(self.case_ids))
            )
        day = done.at.astimezone().date().isoformat()
        problem = f"案件“{name}”已由{done.by}于 {day} 撤销：{done.reason}"
        advice = f"要恢复：daiban cancel {self.workspace.path} --case {name} --undo --reason 原因"
        return Problem("--case", problem, advice=advice)

    def forms_of(self, case: Case) -> tuple[str, ...]:
        """The ids of the forms that a case's document and stage call for.

        :raises CaseDataError: there is no such document, or it has no such stage.
        """
        return forms_of(case, self.catalogue)

    def at_cell(self, error: CaseDataError, case: Case) -> tuple[Problem, ...]:
        """The problems of an error about a case, each at the cell or line of its field."""
        return tuple(at_cell(error, case, self.cases))

    # -- what follows from them ------------------------------------------------------------------------

    @cached_property
    def deriver(self) -> Deriver:
        """What follows from a case: plan, timetable; by the office's calendar and its own ``matters.toml``."""
        return Deriver(self.settings, self.workspace.forms)

    @cached_property
    def binder(self) -> Binder:
        """What a document of a case would say now."""
        contents = Contents(self.catalogue, self.issues_of_case, self.returns)
        return Binder(self.settings, self.cases, self.deriver, contents)

    @cached_property
    def issue_check(self) -> IssueCheck:
        """Whether an issue still stands."""
        return IssueCheck(self.workspace.path, self.binder, self.returns, self.record, self.edited)

    # -- what is on record -----------------------------------------------------------------------------

    @contextmanager
    def registry(self) -> Iterator[Registry | None]:
        """The registry, open for reading, never made anew; None where there is none yet and nothing went out.

        :raises UnreadableError: it is missing though documents went out, or damaged.
        """
        if self._at_hand is not None:
            yield self._at_hand
            return
        place = self.workspace.registry
        if not self.workspace.has_issued and not _exists(place):
            yield None
            return
        with _registry_class().open(place, create=False) as registry:
            yield registry

    @contextmanager
    def registry_at_hand(self) -> Iterator[None]:
        """The registry stays open meanwhile, for whoever asks it several things. Errors: as ``registry``."""
        with self.registry() as registry:
            before, self._at_hand = self._at_hand, registry
            try:
                yield
            finally:
                self._at_hand = before

    @property
    def issues(self) -> Mapping[PaperKey, IssueSummary]:
        """The issues that are not void, by paper; not all of them published. Errors: as ``registry``."""
        return self._on_record[0]

    @cached_property
    def issues_of_case(self) -> Mapping[str, tuple[IssueSummary, ...]]:
        """The same by case, from old to new."""
        found: dict[str, list[IssueSummary]] = {}
        for issue in self.issues.values():
            found.setdefault(issue.case_id, []).append(issue)
        return {case_id: tuple(issues) for case_id, issues in found.items()}

    @property
    def withdrawn(self) -> Mapping[PaperKey, IssueSummary]:
        """The latest issue of every paper that a person withdrew; another may stand by now. Errors: as ``registry``."""
        return self._on_record[2]

    def withdrawn_of(self, case: Case, form: FormDefinition) -> IssueSummary | None:
        """The latest issue of this paper that a person withdrew; None where nobody did. Errors: as ``registry``."""
        stage = self.stage_of(case, form)
        found = (one for key, one in self.withdrawn.items() if key == (case.id, form.id, stage))
        return next(found, None)

    @property
    def returns(self) -> Mapping[str, LatestReturn]:
        """What is back, by issue number. Errors: as ``registry``."""
        return self._on_record[1]

    @cached_property
    def _on_record(
        self,
    ) -> tuple[Mapping[PaperKey, IssueSummary], Mapping[str, LatestReturn], Mapping[PaperKey, IssueSummary]]:
        with self.registry() as registry:
            if registry is None:
                return {}, {}, {}
            ids = self._on_record_of
            return registry.current(ids), registry.returns.latest(ids), registry.withdrawn(ids)

    def stage_of(self, case: Case, form: FormDefinition | None) -> str | None:
        """The stage whose paper a form of a case is now: where the case stands, by default its document's first stage;
        of a periodical paper, the period it says by now (None: it says none yet). None for all other forms.
        """
        if form is not None and form.per_period:
            return period_said(self.binder.bound(case, form), self.today)
        if form is None or not form.per_stage:
            return None
        if case.stage is not None:
            return case.stage.label
        stages = (document.stages for document in self.catalogue.documents if document.id == case.document)
        return next(iter(next(stages, {})), None)

    def issue_of(self, case: Case, form_id: str) -> IssueSummary | None:
        """The issue of a form of a case that stands now, published or not; None where there is none.

        The paper of another stage stands for this one too while it says the very same: nobody is asked to sign the
        same words twice. A periodical paper that went out without its period is the one that gets it now.
        """
        issues = [one for one in self.issues_of_case.get(case.id, ()) if one.form_id == form_id]
        form = self.forms.get(form_id)
        stage = self.stage_of(case, form)
        found = next((one for one in issues if one.stage == stage), None)
        if found is None and form is not None and form.per_period:
            found = next((one for one in issues if one.stage is None), None)
        if found is not None or form is None or not issues:
            return found
        bound, check = self.binder.bound(case, form), self.issue_check
        try:
            return next((one for one in reversed(issues) if check.says_the_same(one, bound)), None)
        except FormError:  # whose template cannot be read says nothing
            return None

    def published(self, case: Case, form_id: str) -> IssueSummary | None:
        """The same, if it is out."""
        issue = self.issue_of(case, form_id)
        return issue if issue is not None and issue.published_at is not None else None

    def record(self, number: str) -> IssueRecord | None:
        """A whole issue by its number; None where that number never went out."""
        with self.registry() as registry:
            return registry.find(number) if registry is not None else None

    # -- writing ---------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, say: Callable[[str], None] | None = None) -> Iterator[LockedOffice]:
        """The same office with its workspace locked and its registry open for writing; everything is read anew in it.

        The registry is made where there is none, unless documents went out already. ``say`` gets one Chinese sentence
        if another process holds the workspace for more than a moment (default: print it on stderr).

        :raises NotWritableError: another process holds the workspace, or it cannot be written.
        :raises UnreadableError: the registry is missing though documents went out, or damaged.
        """
        workspace = self.workspace
        with (
            workspace.lock(say=say),
            _registry_class().open(workspace.registry, create=not workspace.has_issued) as registry,
            registry.claimed(LOCK_TIMEOUT_S, say_on_stderr),
        ):
            yield LockedOffice(workspace, registry, today=self.today)


class LockedOffice(Office):
    """An office while its workspace is locked and its registry is open for writing: see :meth:`Office.writing`."""

    def __init__(self, workspace: Workspace, registry: Registry, *, today: dt.date | None = None) -> None:
        super().__init__(workspace, today=today)
        self.open_registry = registry

    @contextmanager
    def registry(self) -> Iterator[Registry]:
        """The open registry."""
        yield self.open_registry


def _exists(place: Path | str) -> bool:
    """Whether there is a registry; a file is looked for without loading the database's library."""
    return place.exists() if isinstance(place, Path) else _registry_class().exists(place)


def _registry_class() -> type[Registry]:
    """Imported when a registry is opened: a command that needs none does not wait for the database's library."""
    from daiban.registry import Registry

    return Registry
