"""An account: Django's user with a name for people, and the mark that its password was given out by somebody."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Account(AbstractUser):
    """A person's login. ``first_name`` holds the whole name (姓名); the role is a group
    (:class:`daiban.web.access.Role`).

    ``is_active`` off: locked, its sessions end with the next request. ``must_change_password``: somebody else knows the
    password, so nothing but changing it is open.
    """

    REQUIRED_FIELDS: ClassVar[list[str]] = []
    must_change_password = models.BooleanField(default=False)

    @property
    def display_name(self) -> str:
        """The person's name, else the name they log in with."""
        return self.first_name or self.username
