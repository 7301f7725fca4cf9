"""A token (访问令牌) of another system: shown once, kept as a hash only, revocable for good."""

from __future__ import annotations

from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class SystemToken(AbstractAPIKey):
    """``name``: the system's, as the audit log calls it. ``may_write``: it may start jobs and decide, not only ask."""

    may_write = models.BooleanField(default=False)
    made_by = models.CharField(max_length=150)

    class Meta(AbstractAPIKey.Meta):
        """In this app; one living token per name."""

        abstract = False
        constraints = (
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(revoked=False), name="one_living_token_per_system"
            ),
        )
