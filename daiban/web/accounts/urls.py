"""Paths of the account pages."""

from django.urls import path

from daiban.web.accounts import managing, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("", managing.accounts, name="accounts"),
    path("new/", managing.make, name="make"),
    path("<int:number>/", managing.change, name="change"),
    path("<int:number>/reset/", managing.reset_password, name="reset-password"),
    path("<int:number>/lock/", managing.lock, name="lock"),
    path("password/", views.change_password, name="password"),
]
