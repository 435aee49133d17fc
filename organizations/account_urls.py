"""Login, passwords and two-step verification; names without a namespace."""

from django.urls import path

from organizations.views import account

# /account/
urlpatterns = [
    path("login/", account.LoginView.as_view(), name="login"),
    path("logout/", account.LogoutView.as_view(), name="logout"),
    path("password/", account.password_change, name="password-change"),
    path("two-step/", account.totp_setup, name="totp-setup"),
    path("two-step/verify/", account.totp_verify, name="totp-verify"),
    path("two-step/disable/", account.totp_disable, name="totp-disable"),
]
