"""Paths of page pictures."""

from django.urls import path

from daiban.web.pictures import views

app_name = "pictures"
urlpatterns = [
    path("issued/<str:issue>/<int:page>/<str:density>/", views.issued, name="issued"),
]
