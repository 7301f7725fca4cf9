"""案件看板: every case, found, filtered and sorted."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from pydantic import ValidationError

from cases.values.documents import document_name
from daiban.board.query import BoardFilter, BoardQuery
from daiban.web.access import Role, needs_role
from daiban.web.current import current_board

#: The headings of the board by which it can be sorted.
_SORTABLE = (
    ("case_id", "编号"),
    ("name", "项目"),
    ("stage", "阶段"),
    ("missing", "待出具"),
    ("out", "在外与交回"),
    ("next_due", "最近时限"),
    ("moved_at", "最近变动"),
)


@dataclass(frozen=True)
class FilterTab:
    """A filter with how many cases it has."""

    value: str
    label: str
    count: int
    is_chosen: bool


@needs_role(Role.STAFF)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """One page of the board; as a part of a page, only its list."""
    query = _query(request)
    found = current_board().page(query)
    is_part = request.headers.get("HX-Request") == "true"
    context: dict[str, object] = {
        "query": query,
        "page": found,
        "tabs": [
            FilterTab(which.value, which.label, found.counts[which], which is query.which)
            for which in BoardFilter
            if found.counts[which] or which in (BoardFilter.ALL, query.which)
        ],
        "orders": _SORTABLE,
        "previous": found.page - 1,
        "next": found.page + 1,
    }
    if not is_part:
        choices = current_board().choices()
        context |= {
            "documents": [(name, document_name(name)) for name in choices.documents],
            "stages": choices.stages,
            "managers": choices.managers,
        }
    return render(request, "staff/board_list.html" if is_part else "staff/board.html", context)


def _query(request: HttpRequest) -> BoardQuery:
    """What is asked for; what cannot be asked for is left out, so that any address shows a board."""
    asked = {name: value for name, value in request.GET.items() if name in BoardQuery.model_fields and value}
    while True:
        try:
            return BoardQuery.model_validate(asked)
        except ValidationError as error:
            for detail in error.errors():
                asked.pop(str(detail["loc"][0]), None)
