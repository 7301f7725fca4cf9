"""Accounts for administrators: made, changed, locked, given a new password, freed after too many wrong ones.

One administrator who can log in is always left, and nobody locks themselves out.
"""

from __future__ import annotations

from axes.utils import reset as free_logins
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daiban.web.access import Role, needs_role
from daiban.web.accounts.first_account import new_password
from daiban.web.accounts.forms import AccountForm
from daiban.web.accounts.models import Account
from daiban.web.audit.log import Action, record
from foundation.errors import Problem, UsageError


@needs_role(Role.ADMINISTRATOR)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts, those that can log in first."""
    found = Account.objects.prefetch_related("groups").order_by("-is_active", "username")
    return render(request, "accounts/accounts.html", {"accounts": found})


@needs_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A new account with a password to hand out, shown this once."""
    form = AccountForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/account.html", {"form": form})
    password = new_password()
    with transaction.atomic():
        form.instance.set_password(password)
        form.instance.must_change_password = True
        account = form.save()
    record(request, Action.ACCOUNT_MADE, detail=f"{account.username}：{_roles(form)}")
    return render(request, "accounts/handed_out.html", {"account": account, "password": password})


@needs_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Name and roles of an account."""
    account = get_object_or_404(Account, pk=number)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/account.html", {"form": form, "account": account})
    with transaction.atomic():
        form.save()
        _require_administrator()
    record(request, Action.ACCOUNT_CHANGED, detail=f"{account.username}：{_roles(form)}")
    messages.success(request, f"“{account.display_name}”已保存")
    return HttpResponseRedirect(reverse("accounts:accounts"))


@needs_role(Role.ADMINISTRATOR)
@require_POST
def reset_password(request: HttpRequest, number: int) -> HttpResponse:
    """A new password to hand out; every session of the account ends, and so does a wait after wrong passwords."""
    account = get_object_or_404(Account, pk=number)
    password = new_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    free_logins(username=account.username)
    record(request, Action.PASSWORD_RESET, detail=account.username)
    return render(request, "accounts/handed_out.html", {"account": account, "password": password})


@needs_role(Role.ADMINISTRATOR)
@require_POST
def lock(request: HttpRequest, number: int) -> HttpResponse:
    """Lock an account, or open it again. Locked, it can do nothing from its next request on."""
    account = get_object_or_404(Account, pk=number)
    if account.pk == request.user.pk:
        raise UsageError(Problem("", "不能停用自己的账户", advice="请另一位管理员来停用"))
    with transaction.atomic():
        account.is_active = not account.is_active
        account.save(update_fields=["is_active"])
        _require_administrator()
    word = "启用" if account.is_active else "停用"
    record(request, Action.ACCOUNT_CHANGED, detail=f"{account.username}：{word}")
    messages.success(request, f"“{account.display_name}”已{word}")
    return HttpResponseRedirect(reverse("accounts:accounts"))


def _roles(form: AccountForm) -> str:
    return "、".join(form.cleaned_data["roles"])


def _require_administrator() -> None:
    """Raises UsageError, which takes the transaction back, where nobody could manage accounts any more."""
    if not Account.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).exists():
        raise UsageError(Problem("", "这样就没有管理员了", advice="请先让另一个账户成为管理员"))
