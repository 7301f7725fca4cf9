"""Writing to the audit log: one function, called where something was done."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from daiban.web.access import address_of
from daiban.web.audit.models import AuditEntry
from daiban.web.layout.masking import masked
from foundation.showing import bounded, plain

_LONGEST_DETAIL = 480
_LONGEST_NAME = 150
_SERVER = "系统"


class Action(StrEnum):
    """What can be done, in the words of the log."""

    LOGGED_IN = "登录"
    LOGGED_OUT = "退出"
    LOGIN_FAILED = "登录未成功"
    PASSWORD_CHANGED = "更换密码"
    ACCOUNT_MADE = "新建账户"
    ACCOUNT_CHANGED = "更改账户"
    PASSWORD_RESET = "重置密码"
    TOKEN_MADE = "建立系统令牌"
    TOKEN_REVOKED = "作废系统令牌"
    JOB_STARTED = "开始任务"
    JOB_CANCELLED = "取消任务"
    JOB_AGAIN = "重新开始任务"
    DECIDED = "人工认定"
    UNDONE = "撤销认定"
    PLACED = "归页"
    DOWNLOADED = "下载"
    CODE_ACCEPTED = "凭访问码进入"
    CODE_REFUSED = "访问码不对"
    CODE_MADE = "发放访问码"
    CODES_ENDED = "停用访问码"
    TYPED_IN = "在线填写"
    UPLOADED = "上传"
    UPLOAD_REMOVED = "删去上传"
    UPLOADS_EXPIRED = "清理过期上传"
    HANDED_IN = "交件"
    AUDIT_EXPORTED = "导出操作日志"
    CASE_SAVED = "保存案件"
    CASE_CANCELLED = "撤销案件"
    CASE_REOPENED = "恢复案件"
    WITHDRAWN = "撤回文书"
    RESTORED = "恢复文书"
    REISSUED = "重新出具"
    SETTLED = "定下研判矛盾"
    ROSTER_UPLOADED = "上传花名册"
    ROSTER_CONFIRMED = "确认花名册"
    SHEETS_UPLOADED = "上传研判表"
    FORM_UPLOADED = "上传自有表单"


def record(
    request: HttpRequest,
    action: Action,
    *,
    who: str | None = None,
    case: str = "",
    form: str = "",
    issue: str = "",
    detail: str = "",
) -> None:
    """One entry. ``who``: whoever is logged in, if nothing else is said; ``detail``: personal data in it are masked."""
    AuditEntry.objects.create(
        who=plain(who if who is not None else request.user.get_username())[:_LONGEST_NAME],
        action=action,
        case=plain(case)[:100],
        form=plain(form)[:100],
        issue=plain(issue)[:40],
        address=address_of(request),
        detail=bounded(masked(plain(detail)), _LONGEST_DETAIL),
    )


def record_by_itself(action: Action, detail: str) -> None:
    """One entry of what the server did by itself."""
    AuditEntry.objects.create(
        who=_SERVER, action=action, address="", detail=bounded(plain(detail), _LONGEST_DETAIL)
    )


@receiver(user_logged_in)
def _logged_in(sender: object, request: HttpRequest, user: AbstractBaseUser, **_: object) -> None:
    record(request, Action.LOGGED_IN, who=user.get_username())


@receiver(user_logged_out)
def _logged_out(sender: object, request: HttpRequest, user: AbstractBaseUser | None, **_: object) -> None:
    if user is not None:
        record(request, Action.LOGGED_OUT, who=user.get_username())


@receiver(user_login_failed)
def _login_failed(
    sender: object, credentials: dict[str, str], request: HttpRequest | None = None, **_: object
) -> None:
    if request is not None:
        record(request, Action.LOGIN_FAILED, who=str(credentials.get("username", "")))
