"""Logging in and out, and a password of one's own: Django's own views with this page's templates."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy

from daiban.web.access import needs_login, open_to_all
from daiban.web.audit.log import Action, record


class _PasswordView(PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        form.user.must_change_password = False
        response = super().form_valid(form)  # saves the account
        record(self.request, Action.PASSWORD_CHANGED)
        messages.success(self.request, "密码已更换")
        return response


log_in = open_to_all(LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True))
log_out = needs_login(LogoutView.as_view())
change_password = needs_login(_PasswordView.as_view())
