"""Paths of this door."""

from django.urls import path

from daiban.web.clerk import views

app_name = "clerk"
urlpatterns = [
    path("queue/", views.index, name="index"),
]
