"""Entering with a code (访问码), and leaving."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.core import is_ratelimited

from daiban.web.access import address_of, open_to_all
from daiban.web.audit.log import Action, record
from daiban.web.enterprise.reading import warm_up
from daiban.web.enterprise.session import enter, held, leave, needs_code
from daiban.web.layout.failures import failure
from foundation.errors import Problem

#: So many wrong codes from one address, and the next, are answered at once; then it waits. A company types one.
_RATE = "11/10m"
_WRONG = "这个访问码不能用：请核对签署指引上的十二个字母和数字；若已过期或停用，请联系代办机构另发"
_TOO_MANY = Problem("", "访问码连续错了太多次", advice="请过十分钟再试；或请代办机构核对、另发访问码")


class CodeForm(forms.Form):
    """Where the code is typed. What it may be is not said: every wrong one gets the same answer."""

    code = forms.CharField(
        label="访问码",
        max_length=60,
        help_text="印在材料包的签署指引上，如 ACDE-FGHJ-KMNP，大小写都行",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
        error_messages={"required": "请输入访问码"},
    )


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Where the code is entered; the way on for whoever is inside."""
    if request.method != "POST":
        return redirect("enterprise:case") if held(request) else _ask(request, CodeForm())
    form = CodeForm(request.POST)
    if is_ratelimited(request, "enterprise-code", key=_address, rate=_RATE, increment=False):
        return failure(request, 429, "请稍后再试", (_TOO_MANY,))
    if form.is_valid():
        found = enter(request, form.cleaned_data["code"])
        if found is not None:
            record(request, Action.CODE_ACCEPTED, who="项目单位", case=found.case_id)
            warm_up()
            return redirect("enterprise:case")
        is_ratelimited(request, "enterprise-code", key=_address, rate=_RATE, increment=True)
        record(request, Action.CODE_REFUSED, who="项目单位")
        form.add_error("code", _WRONG)
    return _ask(request, form)


@needs_code
@require_POST
def leave_case(request: HttpRequest) -> HttpResponse:
    """Leave: the next one at this browser needs the code again."""
    leave(request)
    return redirect("enterprise:index")


def _ask(request: HttpRequest, form: CodeForm) -> HttpResponse:
    return render(request, "enterprise/index.html", {"form": form}, status=400 if form.errors else 200)


def _address(group: str, request: HttpRequest) -> str:
    return address_of(request)
