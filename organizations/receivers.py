"""What Django and axes report about logins: session clock and audit trail."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.dispatch import receiver

from organizations import audit
from organizations.choices import AuditAction, AuditResult
from organizations.middleware import start_session_clock
from organizations.models import User


@receiver(user_logged_in)
def start_session(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Start the absolute limit."""
    start_session_clock(request.session)


@receiver(user_login_failed)
def record_failure(
    sender: Any, credentials: dict, request: Any = None, **kwargs: Any
) -> None:
    if getattr(request, "axes_locked_out", False):
        return  # told by axes itself
    _record_refusal(AuditAction.LOGIN_FAILED, AuditResult.FAILED, credentials)


@receiver(user_locked_out)
def record_lockout(sender: Any, username: str, **kwargs: Any) -> None:
    credentials = {"username": username}
    _record_refusal(AuditAction.LOCKED_OUT, AuditResult.DENIED, credentials)


@receiver(user_logged_out)
def record_logout(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        audit.record(actor=user, action=AuditAction.LOGOUT, target=user)


def _record_refusal(action: AuditAction, result: AuditResult, credentials) -> None:
    """Name the account where there is one; a mistyped name may be a password."""
    username = credentials.get("username") or ""
    account = User.objects.filter(username=username[:150]).first()
    audit.record(
        actor=None,
        action=action,
        result=result,
        target=account,
        details={} if account else {"account": "没有这个账号"},
    )
