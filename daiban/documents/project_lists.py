"""Forms about many projects (项目清单, 汇总表): which case holds their rows.

A case that writes out ``projects`` is a list by itself. The other cases of a document are put together into one case
of the office's own, ``<document>-全部项目`` (when cases are named, only those), with a row for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from cases.model.case import Case, Enterprise, Project
from cases.model.projects import ListedProject, Listing, Situation, handlings
from daiban.documents.portfolio import circular, dispatches, portfolio
from daiban.planning.derive import Deriver
from daiban.planning.summary import done_in, situation_of
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
    first, listing = members[0], _listing(members, today)
    return Case(
        id=case_id,
        document=first.document,
        project=Project(name=_SUFFIX),
        enterprise=Enterprise(name=first.agency.name or _SUFFIX),
        agency=first.agency,
        projects=tuple(_row(case, listing, today, deriver) for case in members),
        listing=listing,
        dispatches=dispatches(members, listing.start, listing.end),
        circular=circular(members),
        portfolio=portfolio(members, today, deriver),
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


def _last_year(case: Case, situation: Situation, listing: Listing, deriver: Deriver) -> str | None:
    """上一年度办理情况: the case's own words, else what it records of the year before the list's."""
    year = listing.year or ""
    if situation.previous or not (year.isascii() and year.isdecimal()):
        return situation.previous
    return done_in(case, deriver, int(year) - 1)


def _row(case: Case, listing: Listing, today: dt.date, deriver: Deriver) -> ListedProject:
    situation = situation_of(case, deriver, today)
    last_year = _last_year(case, situation, listing, deriver)
    return ListedProject(
        name=case.project.name,
        enterprise=case.enterprise.name,
        location=case.project.site,
        scale=case.project.scale,
        land=case.project.land,
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
        previous=last_year,
        last_year=last_year,
        **handlings(case.procedures),
    )
