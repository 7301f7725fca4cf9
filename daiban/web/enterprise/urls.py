"""Paths of this door."""

from django.urls import path

from daiban.web.enterprise import views

app_name = "enterprise"
urlpatterns = [
    path("", views.index, name="index"),
]
