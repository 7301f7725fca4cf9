"""The first administrator, made once where nobody could log in yet."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.crypto import get_random_string

from daiban.web.access import Role
from daiban.web.accounts.models import Account

FIRST_NAME = "admin"
#: Without what is taken for one another on paper: 0 O, 1 l I.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 14


def make_first_account() -> str | None:
    """The password of the first administrator, shown once and kept nowhere; None where there are accounts already."""
    with transaction.atomic():
        if Account.objects.exists():
            return None
        password = new_password()
        account = Account.objects.create_user(
            FIRST_NAME, password=password, first_name="系统管理员", must_change_password=True
        )
        account.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return password


def renew_first_account() -> str:
    """A new password of the first administrator, who can log in again whatever was done to the account."""
    password = new_password()
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(username=FIRST_NAME, defaults={"first_name": "系统管理员"})
        account.set_password(password)
        account.is_active = account.must_change_password = True
        account.save()
        account.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return password


def new_password() -> str:
    """A password to hand out, which whoever gets it has to change."""
    return get_random_string(_LENGTH, _LETTERS)
