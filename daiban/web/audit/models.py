"""An entry of the audit log: written once, never changed, never removed; the database refuses it as well."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class AuditLogIsFinal(Exception):
    """Somebody tried to change or remove an entry: a bug, or worse."""


class _OnlyGrowing(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditLogIsFinal

    def delete(self) -> NoReturn:
        raise AuditLogIsFinal

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditLogIsFinal


class AuditEntry(models.Model):
    """Who did what, to which document, when and from where.

    ``who``: the login, or the enterprise's or system's name: text, so that an entry outlives an account. ``action``:
    one of :class:`daiban.web.audit.log.Action`. ``case``, ``form``, ``issue``: what it was about, as far as it was.
    ``detail``: one Chinese sentence more, without personal data.
    """

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    who = models.CharField("谁", max_length=150, db_index=True)
    action = models.CharField("做了什么", max_length=40, db_index=True)
    case = models.CharField("案件", max_length=100, blank=True, db_index=True)
    form = models.CharField("文书", max_length=100, blank=True)
    issue = models.CharField("编号", max_length=40, blank=True, db_index=True)
    address = models.CharField("来自", max_length=64, blank=True)
    detail = models.CharField("说明", max_length=500, blank=True)

    objects = _OnlyGrowing.as_manager()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once."""
        if self.pk is not None:
            raise AuditLogIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        raise AuditLogIsFinal
