"""Login, passwords and two-step verification; names without a namespace."""

from django.urls import path

from organizations.views import account, second_factor

# /account/
urlpatterns = [
    path("login/", account.LoginView.as_view(), name="login"),
    path("logout/", account.LogoutView.as_view(), name="logout"),
    path("password/", account.password_change, name="password-change"),
    path("two-step/", second_factor.totp_setup, name="totp-setup"),
    path("two-step/verify/", second_factor.totp_verify, name="totp-verify"),
    path("two-step/recovery/", second_factor.totp_recovery, name="totp-recovery"),
    path("two-step/disable/", second_factor.totp_disable, name="totp-disable"),
]
