"""Who is inside (项目单位): a session that knows one case, by a code that is asked after anew at every request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from daiban.access_codes import Admission, admission, admission_of
from daiban.handing_in.case_papers import CasePapers, EnterprisePaper, case_papers
from daiban.handing_in.inbox import HandIn, hand_ins, waiting_issues
from daiban.handing_in.uploads import Uploads
from daiban.office import Office
from daiban.registry import Registry
from daiban.web.access import Access, admits
from daiban.web.current import current_office

_KEY = "enterprise-code"


@dataclass(frozen=True)
class InsideCase:
    """One request's look at the one case it may see."""

    office: Office
    registry: Registry
    case_id: str

    @cached_property
    def hand_ins(self) -> tuple[HandIn, ...]:
        """What was handed in, from old to new."""
        return hand_ins(self.office.workspace, self.case_id)

    @cached_property
    def papers(self) -> CasePapers:
        """What is out for it."""
        waiting = waiting_issues(self.hand_ins)
        return case_papers(self.office, self.registry, self.case_id, waiting)

    def paper(self, issue: str) -> EnterprisePaper | None:
        """One of them by its number; None for every other number."""
        return self.papers.paper(issue)

    def uploads(self) -> Uploads:
        """What was uploaded and not handed in."""
        return Uploads(self.office.workspace, self.case_id)


def enter(request: HttpRequest, typed: str) -> Admission | None:
    """Let whoever typed a standing code in; None where it does not stand."""
    with current_office().registry() as registry:
        found = admission(registry, typed) if registry is not None else None
    if found is not None:
        request.session.cycle_key()
        request.session[_KEY] = found.digest
    return found


def leave(request: HttpRequest) -> None:
    """End it, whoever else is logged in."""
    request.session.pop(_KEY, None)
    request.session.cycle_key()


def held(request: HttpRequest) -> Admission | None:
    """What the session's code lets in to, now; None where it ended or there is none."""
    digest = request.session.get(_KEY)
    if not isinstance(digest, str):
        return None
    with current_office().registry() as registry:
        return admission_of(registry, digest) if registry is not None else None


@contextmanager
def inside(request: HttpRequest) -> Iterator[InsideCase]:
    """The case of a request that was admitted."""
    office = current_office()
    with office.registry() as registry:
        assert registry is not None, "a code was found in it"
        yield InsideCase(office, registry, case_of(request))


def case_of(request: HttpRequest) -> str:
    """The case of a request that was admitted."""
    found: Admission = request.enterprise  # type: ignore[attr-defined]
    return found.case_id


def _admit(request: HttpRequest) -> HttpResponse | None:
    found = held(request)
    if found is not None:
        request.enterprise = found  # type: ignore[attr-defined]
        return None
    entrance = reverse("enterprise:index")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": entrance})
    return HttpResponseRedirect(entrance)


#: Declares that a view is for whoever holds a code, and is about that one case.
needs_code = admits(Access("访问码", _admit))
