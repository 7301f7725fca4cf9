"""Django's entry to the jobs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsApp(AppConfig):
    """Gathers the kinds of jobs of all apps at the start."""

    name = "daiban.web.jobs"

    def ready(self) -> None:
        """Import every app's ``job_kinds``."""
        autodiscover_modules("job_kinds")
