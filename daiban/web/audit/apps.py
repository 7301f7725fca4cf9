"""Django's entry to the audit log."""

from django.apps import AppConfig


class AuditApp(AppConfig):
    """Listens to logins from the start."""

    name = "daiban.web.audit"

    def ready(self) -> None:
        """Connect the receivers."""
        from daiban.web.audit import log  # noqa: F401
