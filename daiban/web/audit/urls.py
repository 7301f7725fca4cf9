"""Paths of the audit log."""

from django.urls import path

from daiban.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("export/", views.export, name="export"),
]
