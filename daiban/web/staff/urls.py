"""Paths of this door."""

from django.urls import path

from daiban.web.staff import views

app_name = "staff"
urlpatterns = [
    path("cases/", views.index, name="index"),
]
