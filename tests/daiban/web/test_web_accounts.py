"""Accounts: made and managed by administrators, with Django's own checks; nothing secret is shown twice or kept."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.office


def _make(administrator: Any, name: str, *roles: str) -> str:
    """A new account; its password as the page shows it."""
    response = administrator.post(
        "/account/new/", {"username": name, "first_name": f"{name}先生", "roles": roles}
    )
    found = re.search(r'class="secret">([^<]+)<', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def test_a_new_account_must_change_its_password_first(administrator: Any, stranger: Any) -> None:
    """Whoever was given a password reaches nothing but its change; afterwards their own door."""
    password = _make(administrator, "zhang", "经办")
    assert stranger.post("/account/login/", {"username": "zhang", "password": password})["Location"] == "/"
    assert stranger.get("/cases/")["Location"] == "/account/password/"
    own = {
        "old_password": password,
        "new_password1": "山西晋城-2026-全程",
        "new_password2": "山西晋城-2026-全程",
    }
    assert stranger.post("/account/password/", own).status_code == 302
    assert stranger.get("/cases/").status_code == 200


@pytest.mark.parametrize("password", ["12345678901", "password123", "short"])
def test_weak_passwords_are_refused_in_chinese(administrator: Any, stranger: Any, password: str) -> None:
    """Django's validators refuse what is too short, common or all digits."""
    given = _make(administrator, "zhang", "经办")
    stranger.post("/account/login/", {"username": "zhang", "password": given})
    own = {"old_password": given, "new_password1": password, "new_password2": password}
    response = stranger.post("/account/password/", own)
    assert response.status_code == 200
    assert "密码" in response.content.decode() and "errorlist" in response.content.decode()


def test_a_locked_account_is_out_at_once(administrator: Any, stranger: Any) -> None:
    """Locking ends what is open; opening again lets in; both are in the audit log."""
    from daiban.web.accounts.models import Account
    from daiban.web.audit.models import AuditEntry

    password = _make(administrator, "zhang", "经办")
    stranger.post("/account/login/", {"username": "zhang", "password": password})
    number = Account.objects.get(username="zhang").pk
    assert administrator.post(f"/account/{number}/lock/").status_code == 302
    assert stranger.get("/account/password/")["Location"].startswith("/account/login/")
    answer = stranger.post("/account/login/", {"username": "zhang", "password": password})
    assert answer.status_code == 200  # the form again
    administrator.post(f"/account/{number}/lock/")
    assert stranger.post("/account/login/", {"username": "zhang", "password": password}).status_code == 302
    details = AuditEntry.objects.filter(action="更改账户").values_list("detail", flat=True)
    assert sorted(details) == ["zhang：停用", "zhang：启用"]


def test_a_reset_ends_sessions(administrator: Any, stranger: Any) -> None:
    """A new password throws out whoever has the old one."""
    from daiban.web.accounts.models import Account

    password = _make(administrator, "zhang", "经办")
    stranger.post("/account/login/", {"username": "zhang", "password": password})
    number = Account.objects.get(username="zhang").pk
    shown = administrator.post(f"/account/{number}/reset/").content.decode()
    assert 'class="secret"' in shown and password not in shown
    assert stranger.get("/account/password/").status_code == 302


def test_guessing_is_stopped(administrator: Any, stranger: Any) -> None:
    """After five wrong passwords even the right one is refused for a while, in words; a reset frees it."""
    password = _make(administrator, "zhang", "经办")
    answers = [
        stranger.post("/account/login/", {"username": "zhang", "password": "x"}).status_code for _ in range(6)
    ]
    assert answers[-1] == 429
    refused = stranger.post("/account/login/", {"username": "zhang", "password": password})
    assert refused.status_code == 429
    assert "分钟" in refused.content.decode()


def test_an_administrator_is_always_left(administrator: Any) -> None:
    """Neither locking oneself nor giving up the last administrator's role goes through."""
    from daiban.web.accounts.models import Account

    Account.objects.filter(username="admin").update(is_active=False)
    own = Account.objects.get(username="管理员")
    assert administrator.post(f"/account/{own.pk}/lock/").status_code == 400
    answer = administrator.post(f"/account/{own.pk}/", {"first_name": "某", "roles": ["经办"]})
    assert answer.status_code == 400
    assert "管理员" in answer.content.decode()
    assert own.groups.filter(name="管理员").exists()


def test_forms_without_a_token_are_refused(page: Any) -> None:
    """A form that was not sent from a page of the same session is refused in words (CSRF)."""
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/account/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "刷新" in response.content.decode()
