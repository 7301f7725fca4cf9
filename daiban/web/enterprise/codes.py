"""Access codes of a case, for people of the office: which there are, a new one, ending them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from daiban.access_codes import access_codes, issue_code, withdraw_codes
from daiban.web.access import Role, needs_role
from daiban.web.accounts.models import Account
from daiban.web.audit.log import Action, record
from daiban.web.current import current_office


class CodeOrderForm(forms.Form):
    """What is to be done, and why."""

    done = forms.ChoiceField(choices=[("new", "new"), ("withdraw", "withdraw"), ("replace", "replace")])
    reason = forms.CharField(label="为什么", required=False, max_length=200)


@needs_role(Role.STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest, case: str) -> HttpResponse:
    """A new code is shown in the answer to asking for it, and never again."""
    office = current_office()
    made = None
    if request.method == "POST":
        form = CodeOrderForm(request.POST)
        if not form.is_valid():
            return redirect("enterprise:codes", case=case)
        done, reason = form.cleaned_data["done"], form.cleaned_data["reason"].strip()
        assert isinstance(request.user, Account), "only an account has the role"
        by = request.user.display_name
        if done in ("withdraw", "replace"):
            ended = withdraw_codes(office, case, by=by, reason=reason or "停用")
            record(request, Action.CODES_ENDED, case=case, detail=f"{ended} 个")
            messages.success(request, f"停用了 {ended} 个访问码。")
        if done in ("new", "replace"):
            made = issue_code(office, case, by=by, reason=reason or "另发")
            record(request, Action.CODE_MADE, case=case)
        else:
            return redirect("enterprise:codes", case=case)
    context = {"codes": access_codes(office, case), "made": made, "case_id": case}
    return render(request, "enterprise/codes.html", context)
