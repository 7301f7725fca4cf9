"""Every sheet of the roster in its order, and which of them a written one has.

A roster may hold the data of every document; staff would drown in it. So a new one has the usual sheets, or those
of the documents it is asked for; whatever a case holds is written besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from cases.roster.layout import Column, Sheet
from cases.roster.sheet_lists import LISTS
from cases.roster.sheet_people import PEOPLE
from cases.roster.sheet_project_lists import PROJECT_LISTS
from cases.roster.sheet_projects import PROJECTS
from cases.roster.sheet_yangcheng import YANGCHENG

SHEETS: tuple[Sheet, ...] = (PROJECTS, *LISTS, *PROJECT_LISTS, *YANGCHENG, *PEOPLE)


def sheets_for(
    documents: Collection[str], held: Iterable[tuple[Sheet, Collection[str]]] = ()
) -> tuple[Sheet, ...]:
    """The sheets of these documents, the usual ones without any, each with the columns they use.

    :param held: what is to be written: sheets that have rows, with the keys that have values there.
    """
    keys: dict[str, set[str]] = {}
    for sheet, used in held:
        keys.setdefault(sheet.name, set()).update(used)
    return tuple(
        replace(sheet, columns=tuple(_columns(sheet, documents, keys.get(sheet.name, set()))))
        for sheet in SHEETS
        if sheet.name in keys or _wanted(sheet, documents)
    )


def _columns(sheet: Sheet, documents: Collection[str], used: set[str]) -> Iterable[Column]:
    return (column for column in sheet.columns if column.key in used or _wanted(column, documents))


def _wanted(item: Any, documents: Collection[str]) -> bool:
    """Whether a sheet or column belongs to these documents; without any, whether it is a usual one."""
    return (not item.documents or not set(item.documents).isdisjoint(documents)) if documents else item.usual
