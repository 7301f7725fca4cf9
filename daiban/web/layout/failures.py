"""What goes wrong, as a page for people: what happened and what to do next, in Chinese, whatever failed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader

from daiban.web.access import open_to_all
from foundation.errors import DaibanError, ExitCode, Problem

_log = logging.getLogger(__name__)
_STATUS = {
    ExitCode.USAGE: 400,
    ExitCode.CASE_DATA: 422,
    ExitCode.FORM: 422,
    ExitCode.UNREADABLE: 422,
    ExitCode.TOOL_MISSING: 503,
    ExitCode.TOOL_FAILED: 502,
    ExitCode.NOT_WRITABLE: 503,
}
_BUSY = Problem("", "页面的数据库正忙或写不进去", advice="请稍候再试；若一直这样，请管理员看看磁盘是不是满了")


class FailureMiddleware:
    """Turns what an operation refuses (a locked registry, a full disk, a missing program) into a page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Called by the server for every request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for errors that people are meant to read; None for bugs, which are logged with their traceback."""
        if isinstance(error, DaibanError):
            return failure(request, status_of(error), "这一步没有做成", error.problems)
        if isinstance(error, OperationalError):
            _log.warning("database: %s", error)
            return failure(request, 503, "这一步没有做成", (_BUSY,))
        return None


def status_of(error: DaibanError) -> int:
    """The HTTP status that says what an error says."""
    return _STATUS.get(error.exit_code, 500)


def failure(request: HttpRequest, status: int, title: str, problems: Sequence[Problem]) -> HttpResponse:
    """A page that says what is wrong; only a paragraph where a part of a page was asked for."""
    is_part = request.headers.get("HX-Request") == "true"
    template = "layout/problems.html" if is_part else "layout/failure.html"
    content = loader.render_to_string(template, {"title": title, "problems": problems}, request)
    return HttpResponse(content, status=status)


@open_to_all
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    problem = Problem("", "浏览器发来的内容看不懂", advice="请回到上一页，刷新以后再试一次")
    return failure(request, 400, "这一步没有做成", (problem,))


@open_to_all
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason where the refusal gave one."""
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    problem = Problem("", said or "您的账户不能看这一页", advice="需要的话，请管理员给您的账户加上角色")
    return failure(request, 403, "不能看这一页", (problem,))


@open_to_all
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    text = said if isinstance(said, str) and said else "没有这一页，或者它已经不在了"
    return failure(request, 404, "没有找到", (Problem("", text, advice="请从上面的菜单重新进入"),))


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug. The template asks for nothing that may have failed."""
    return HttpResponse(loader.render_to_string("layout/bug.html"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not sent from a page of this session."""
    problem = Problem(
        "",
        "这张表单已经过期，或不是从本网站的页面提交的",
        advice="请回到上一页刷新，再提交一次；浏览器须允许 Cookie",
    )
    return failure(request, 403, "没有提交", (problem,))


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *_: object) -> HttpResponse:
    """429: too many wrong passwords."""
    minutes = round(60 * settings.AXES_COOLOFF_TIME)
    problem = Problem(
        "", "密码连续错了太多次，这个账户暂时不能登录", advice=f"请过 {minutes} 分钟再试，或请管理员重置密码"
    )
    return failure(request, 429, "暂时不能登录", (problem,))


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    limit = settings.DAIBAN_UPLOAD_BYTES >> 20
    problem = Problem(
        "", f"上传的内容超过了 {limit} MB", advice="请分几次上传，或把扫描分辨率降到 200–300 dpi"
    )
    return failure(request, 413, "没有上传", (problem,))
