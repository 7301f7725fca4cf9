"""Forms about many projects (项目清单, 汇总表): which case holds their rows.

A case that writes out ``projects`` is a list by itself. The other cases of a document are put together into one case
of the office's own, ``<document>-全部项目`` (when cases are named, only those), with a row for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from cases.model.case import Case, Enterprise, Project
from cases.model.projects import ListedProject, Listing, Situation, handlings
from daiban.planning.derive import Deriver
from daiban.planning.summary import situation_of
from forms.catalogue import Catalogue

_SUFFIX = "全部项目"
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def project_list_id(document: str) -> str:
    """The id of the case that holds all of a document's projects."""
    return f"{document}-{_SUFFIX}"


def project_lists(
    cases: Iterable[Case], catalogue: Catalogue, today: dt.date, deriver: Deriver
) -> Iterator[Case]:
    """One case per document that has lists and projects to put in them, in the catalogue's order."""
    members = [case for case in cases if not case.projects]
    for document in catalogue.documents:
        own = [case for case in members if case.document == document.id]
        if own and any(form.is_about_many for form in catalogue.forms if form.document == document.id):
            yield project_list(own, project_list_id(document.id), today, deriver)


def project_list(members: Sequence[Case], case_id: str, today: dt.date, deriver: Deriver) -> Case:
    """One case whose ``projects`` are these cases."""
    first = members[0]
    return Case(
        id=case_id,
        document=first.document,
        project=Project(name=_SUFFIX),
        enterprise=Enterprise(name=first.agency.name or _SUFFIX),
        agency=first.agency,
        projects=tuple(_row(case, situation_of(case, deriver, today)) for case in members),
        listing=_listing(members, today),
    )


def _listing(members: Sequence[Case], today: dt.date) -> Listing:
    """The year and the week of a list: as the first project says that says any, else today's."""
    listings = [case.listing for case in members]
    year = next((item.year for item in listings if item.year), f"{today.year}")
    dates = next(((item.start, item.end) for item in listings if item.start or item.end), (None, None))
    start, end = dates
    if start is None:
        start = today - dt.timedelta(days=today.weekday()) if end is None else end - _WEEK + _DAY
    return Listing(year=year, start=start, end=end or start + _WEEK - _DAY)


def is_project_list(case: Case) -> bool:
    """Whether a case is one that :func:`project_lists` makes."""
    return case.id == project_list_id(case.document)


def _row(case: Case, situation: Situation) -> ListedProject:
    return ListedProject(
        name=case.project.name,
        category=case.project.category,
        type=case.project.type,
        content=case.project.content,
        progress=case.project.progress,
        manager=case.project.manager or case.contact.name,
        steward=case.manager.name,
        matters="\n".join(procedure.item for procedure in case.procedures) or None,
        status=situation.status,
        problems=situation.problems,
        solution=situation.solution,
        previous=situation.previous,
        **handlings(case.procedures),
    )
