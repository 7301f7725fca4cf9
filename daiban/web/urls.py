"""Every address of the page, each door under its own."""

from django.urls import include, path

from daiban.web.api.urls import interface
from daiban.web.layout import views

handler400 = "daiban.web.layout.failures.bad_request"
handler403 = "daiban.web.layout.failures.permission_denied"
handler404 = "daiban.web.layout.failures.not_found"
handler500 = "daiban.web.layout.failures.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("account/", include("daiban.web.accounts.urls")),
    path("account/tokens/", include("daiban.web.api.urls")),
    path("api/v1/", interface),
    path("audit/", include("daiban.web.audit.urls")),
    path("jobs/", include("daiban.web.jobs.urls")),
    path("pictures/", include("daiban.web.pictures.urls")),
    path("e/", include("daiban.web.enterprise.urls")),
    path("", include("daiban.web.staff.urls")),
    path("", include("daiban.web.clerk.urls")),
]
