"""Paths of the account pages."""

from django.urls import path

from daiban.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("password/", views.change_password, name="password"),
]
