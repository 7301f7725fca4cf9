"""The operations of the interface, version 1. Fields are added, never renamed or dropped.

What an operation answers is its own model, as the command prints it with ``--json``; long ones answer with a job.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as InvalidRequest
from ninja.files import UploadedFile
from ninja.throttling import AuthRateThrottle
from pydantic import BaseModel

from daiban import __version__
from daiban.board.query import BoardFilter, BoardPage, BoardQuery
from daiban.deciding.decide import AnswerRequest, DecidedMeanwhileError, DecisionResult, decide
from daiban.documents.return_status import return_status
from daiban.registry import IssueRecord
from daiban.status import WorkspaceStatus, workspace_status
from daiban.verifying.outcome import FiledFindings
from daiban.verifying.returned_folder import FINDINGS
from daiban.web.api.answers import (
    ApiProblems,
    DecisionOrder,
    DocumentView,
    IssueOrder,
    JobView,
    PersonalOrder,
    job_view,
)
from daiban.web.api.tokens import TokenHeader, WritingTokenHeader, system_of
from daiban.web.audit.log import Action, record
from daiban.web.current import current_board, current_office
from daiban.web.jobs import queue
from daiban.web.jobs.incoming import keep_uploads
from daiban.web.jobs.job_kinds import (
    CancelArguments,
    IssueArguments,
    ReissueWish,
    VerifyArguments,
    WithdrawArguments,
)
from daiban.web.jobs.models import Job
from daiban.web.layout.failures import status_of
from foundation.errors import DaibanError, Problem, UsageError
from foundation.frozen_model import FrozenModel

_RATE = "600/m"
_JSON = "application/json; charset=utf-8"

api = NinjaAPI(
    title="代办 daiban",
    version="1",
    description=f"出具、核验、查询投资项目代办文书。程序版本 {__version__}。",
    auth=TokenHeader(),
    throttle=AuthRateThrottle(_RATE),
    docs_url=None,  # its page would fetch scripts from elsewhere; the description itself is at openapi.json
    urls_namespace="api",
)
_WRITES = WritingTokenHeader()
_REFUSALS = dict.fromkeys((400, 401, 404, 422, 429, 503), ApiProblems)


@api.post("/issue", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["出具"])
def issue(request: HttpRequest, order: IssueOrder) -> HttpResponse:
    """Issue documents; the job's result is what ``daiban generate --json`` prints."""
    wish = order.reissue
    if wish is not None and not order.cases:
        raise UsageError(Problem("reissue", "要重新出具已交回齐全的，请写明是哪些案件", "cases"))
    by = _person(request, wish) if wish is not None else ""
    reissue = ReissueWish(by=by, reason=wish.reason) if wish is not None else None
    arguments = IssueArguments(cases=order.cases, forms=order.forms, reissue=reissue)
    named = "、".join(order.cases[:3]) + (" 等" if len(order.cases) > 3 else "")
    return _started(request, "generate", arguments, f"出具文书：{named or '全部案件'}")


@api.post("/verify", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["核验"])
def verify(request: HttpRequest, files: File[list[UploadedFile]]) -> HttpResponse:
    """Verify returned files (PDF, JPEG, PNG, TIFF, DOCX); the job's result is what ``daiban verify --json`` prints."""
    arguments = VerifyArguments(uploads=keep_uploads(files))
    return _started(request, "verify", arguments, f"核验 {len(files)} 个文件")


@api.get("/jobs/{number}", response={200: JobView, **_REFUSALS}, tags=["任务"])
def job(request: HttpRequest, number: int) -> HttpResponse:
    """Where a job of this system stands."""
    return _answer(job_view(_job(request, number)))


@api.get("/jobs/{number}/result", response={200: dict[str, object], **_REFUSALS}, tags=["任务"])
def job_result(request: HttpRequest, number: int) -> HttpResponse:
    """The operation's own JSON (docs/schema: ``generate``, ``verify``); 404 until there is one."""
    found = _job(request, number).result
    if found is None:
        raise HttpError(404, "任务还没有结果")
    return api.create_response(request, found, status=200)


@api.post("/jobs/{number}/cancel", auth=_WRITES, response={200: JobView, **_REFUSALS}, tags=["任务"])
def cancel_job(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel a job of this system between two documents."""
    found = _job(request, number)
    queue.cancel(found)
    record(request, Action.JOB_CANCELLED, who=system_of(request), detail=f"{found.pk} {found.title}")
    return _answer(job_view(_job(request, number)))


@api.get("/cases", response={200: BoardPage, **_REFUSALS}, tags=["查询"])
def cases(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    which: BoardFilter = BoardFilter.ALL,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HttpResponse:
    """The board of cases: found by words and by what somebody has to do, a page at a time."""
    return _answer(current_board().page(BoardQuery(search=q, which=which, page=page)))


@api.get("/cases/{case}", response={200: WorkspaceStatus, **_REFUSALS}, tags=["查询"])
def case(request: HttpRequest, case: str) -> HttpResponse:
    """Where one case stands: what ``daiban status --json`` prints of it."""
    return _answer(workspace_status(current_board().office(case), [case]))


@api.get("/documents/{number}", response={200: DocumentView, **_REFUSALS}, tags=["查询"])
def document(request: HttpRequest, number: str) -> HttpResponse:
    """An issued document by its number, void ones too, and what is back of it."""
    office = current_office()
    found = _issue(number)
    with office.registry() as registry:
        back = registry.returns.latest([found.case_id]).get(number) if registry is not None else None
    view = DocumentView(
        issue=found.number,
        case=found.case_id,
        form=found.form_id,
        pages=found.pages,
        issued_at=found.published_at,
        superseded_by=found.superseded_by,
        withdrawn=found.withdrawn_at is not None,
        blank=found.blank,
        returned=return_status(found, back),
    )
    return _answer(view)


@api.get("/documents/{number}/findings", response={200: FiledFindings, **_REFUSALS}, tags=["查询"])
def findings(request: HttpRequest, number: str) -> HttpResponse:
    """What was seen on a returned document, field by field, as it was filed; 404 while nothing of it is back."""
    file = current_office().workspace.returned_of(_issue(number).docx) / FINDINGS
    text = file.read_text("utf-8") if file.is_file() else "{}"
    if json.loads(text).get("issue") != number:
        raise HttpError(404, "这份文书还没有交回")
    return HttpResponse(text, content_type=_JSON)


@api.post(
    "/documents/{number}/decision",
    auth=_WRITES,
    response={200: DecisionResult, 409: ApiProblems, **_REFUSALS},
    tags=["核验"],
)
def decision(request: HttpRequest, number: str, order: DecisionOrder) -> HttpResponse:
    """Record a person's answer about what came back; 409 where somebody decided since that person looked."""
    asked = AnswerRequest(
        issue=number,
        answer=order.answer,
        by=f"{order.by}（{system_of(request)}）",
        reason=order.reason,
        finding=order.finding,
        seen=order.seen,
        generation=order.generation,
    )
    result = decide(current_office(), asked)
    record(request, Action.DECIDED, who=system_of(request), case=result.case, form=result.form, issue=number)
    return _answer(result)


@api.post("/documents/{number}/withdraw", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["出具"])
def withdraw(request: HttpRequest, number: str, order: PersonalOrder) -> HttpResponse:
    """Let a document stand no longer; the job's result is what ``daiban withdraw --json`` prints."""
    return _about_paper(request, number, "withdraw", order)


@api.post("/documents/{number}/restore", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["出具"])
def restore(request: HttpRequest, number: str, order: PersonalOrder) -> HttpResponse:
    """Let a withdrawn document stand again; the job's result is what ``daiban withdraw --undo --json`` prints."""
    return _about_paper(request, number, "restore", order)


@api.post("/cases/{case}/cancel", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["案件"])
def cancel_case(request: HttpRequest, case: str, order: PersonalOrder) -> HttpResponse:
    """Pursue a case no more; the job's result is what ``daiban cancel --json`` prints."""
    return _about_case(request, case, "cancel", order)


@api.post("/cases/{case}/reopen", auth=_WRITES, response={202: JobView, **_REFUSALS}, tags=["案件"])
def reopen_case(request: HttpRequest, case: str, order: PersonalOrder) -> HttpResponse:
    """Pursue a cancelled case again; the job's result is what ``daiban cancel --undo --json`` prints."""
    return _about_case(request, case, "reopen", order)


@api.get("/documents/{number}/pdf", response={200: bytes, **_REFUSALS}, tags=["查询"])
def pdf(request: HttpRequest, number: str) -> FileResponse:
    """The issued PDF."""
    found = _issue(number)
    file = current_office().workspace.path / (found.pdf or "")
    if found.pdf is None or not file.is_file():
        raise HttpError(404, "这份文书没有 PDF")
    record(request, Action.DOWNLOADED, who=system_of(request), case=found.case_id, issue=number)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=f"{number}.pdf", content_type="application/pdf"
    )


def _about_paper(
    request: HttpRequest, number: str, done: Literal["withdraw", "restore"], order: PersonalOrder
) -> HttpResponse:
    found = _issue(number)
    by = _person(request, order)
    arguments = WithdrawArguments(case=found.case_id, issue=number, done=done, by=by, reason=order.reason)
    action = Action.WITHDRAWN if done == "withdraw" else Action.RESTORED
    who, reason = system_of(request), order.reason
    record(request, action, who=who, case=found.case_id, form=found.form_id, issue=number, detail=reason)
    return _started(request, "withdraw", arguments, f"{action} {number}")


def _about_case(
    request: HttpRequest, case: str, done: Literal["cancel", "reopen"], order: PersonalOrder
) -> HttpResponse:
    current_board().office(case)  # refuses a case that there is not
    arguments = CancelArguments(case=case, done=done, by=_person(request, order), reason=order.reason)
    action = Action.CASE_CANCELLED if done == "cancel" else Action.CASE_REOPENED
    record(request, action, who=system_of(request), case=case, detail=order.reason)
    return _started(request, "cancel", arguments, f"{action} {case}")


def _person(request: HttpRequest, order: PersonalOrder) -> str:
    """Who wants it, and through which system."""
    return f"{order.by}（{system_of(request)}）"


def _started(request: HttpRequest, kind: str, arguments: FrozenModel, title: str) -> HttpResponse:
    system = system_of(request)
    job = queue.ask_for(kind, arguments, title=title, who=system)
    record(request, Action.JOB_STARTED, who=system, detail=f"{job.pk} {job.title}")
    return _answer(job_view(job), 202)


def _job(request: HttpRequest, number: int) -> Job:
    """A job of the system that asks. Another's is answered as one that does not exist."""
    found = (
        Job.objects.filter(pk=number, who=system_of(request), owner=None).first() if number < 2**63 else None
    )
    if found is None:
        raise HttpError(404, "没有这项任务")
    return found


def _issue(number: str) -> IssueRecord:
    found = current_office().record(number)
    if found is None:
        raise HttpError(404, "没有这份文书")
    return found


def _answer(model: BaseModel, status: int = 200) -> HttpResponse:
    """A model as its own JSON, which is what the command line prints."""
    return HttpResponse(model.model_dump_json(), content_type=_JSON, status=status)


# -- refusals ------------------------------------------------------------------------------------------


@api.exception_handler(DaibanError)
def _refused(request: HttpRequest, error: DaibanError) -> HttpResponse:
    overtaken = isinstance(error, DecidedMeanwhileError)
    return _answer(ApiProblems(problems=error.problems), 409 if overtaken else status_of(error))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    problem = Problem(
        "Authorization", "没有令牌，或令牌不对、已作废、不许做这件事", advice="请向管理员要令牌"
    )
    response = _answer(ApiProblems(problems=(problem,)), 401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    problem = Problem("", "请求太频繁", advice="请过一分钟再试")
    return _answer(ApiProblems(problems=(problem,)), 429)


@api.exception_handler(HttpError)
def _missing(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(ApiProblems(problems=(Problem("", str(error)),)), error.status_code)


@api.exception_handler(InvalidRequest)
def _invalid(request: HttpRequest, error: InvalidRequest) -> HttpResponse:
    problems = tuple(
        Problem(".".join(str(part) for part in item["loc"]), f"不合要求（{item['type']}）")
        for item in error.errors
    )
    return _answer(ApiProblems(problems=problems), 422)
