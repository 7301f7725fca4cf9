"""Tokens of other systems, for administrators: made, shown once, revoked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daiban.web.access import Role, needs_role
from daiban.web.api.models import SystemToken
from daiban.web.audit.log import Action, record


class TokenForm(forms.ModelForm[SystemToken]):
    """Which system, what it may do, until when."""

    class Meta:
        """Of a token."""

        model = SystemToken
        fields = ("name", "may_write", "expiry_date")
        labels = {
            "name": "系统名称",
            "may_write": "可以出具和核验（不勾选只能查询）",
            "expiry_date": "到期日（不填为长期）",
        }
        help_texts = {"name": "写进操作日志，例如：市一体化平台", "expiry_date": ""}
        widgets = {"expiry_date": forms.DateInput(attrs={"type": "date"})}


@needs_role(Role.ADMINISTRATOR)
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """All tokens, revoked ones last."""
    return _page(request, TokenForm())


@needs_role(Role.ADMINISTRATOR)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new token, shown this once."""
    form = TokenForm(request.POST)
    if form.is_valid():
        made = form.save(commit=False)
        made.made_by = request.user.get_username()
        secret = SystemToken.objects.assign_key(made)
        made.save()
        record(request, Action.TOKEN_MADE, detail=made.name)
        return _page(request, TokenForm(), secret=secret, made=made)
    return _page(request, form)


@needs_role(Role.ADMINISTRATOR)
@require_POST
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """From the next request on it is no longer one."""
    found = get_object_or_404(SystemToken, prefix=prefix, revoked=False)
    found.revoked = True
    found.save()
    record(request, Action.TOKEN_REVOKED, detail=found.name)
    messages.success(request, f"“{found.name}”的令牌已作废")
    return HttpResponseRedirect(reverse("tokens:tokens"))


def _page(
    request: HttpRequest, form: TokenForm, *, secret: str = "", made: SystemToken | None = None
) -> HttpResponse:
    found = SystemToken.objects.order_by("revoked", "-created")
    context = {"tokens": found, "form": form, "secret": secret, "made": made}
    return render(request, "api/tokens.html", context)
