"""Paths of jobs."""

from django.urls import path

from daiban.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:number>/", views.job, name="job"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/again/", views.again, name="again"),
]
