"""Accounts: made, reset and disabled by whoever manages them; never deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User
from organizations.passwords import new_initial_password

NO_RIGHT = "您的岗位没有管理账号的权限，请联系系统管理员。"


def require_account(user_id: int, actor: Any, right: Right) -> User:
    """Return the account under lock where `actor` may manage it.

    Raises User.DoesNotExist out of scope, PermissionDenied without the right and
    RuleError for the actor's own account, or one that also holds a post elsewhere:
    a new password for it would open what the actor does not manage.
    """
    if not actor.has_right(right):
        raise PermissionDenied(NO_RIGHT)
    if user_id == actor.pk:
        raise RuleError("不能管理自己的账号，请由另一位系统管理员办理。", code="own")
    locked = User.objects.select_for_update(of=("self",))
    user = locked.get(pk=User.objects.visible_to(actor).get(pk=user_id).pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    lasting = user.posts.in_force_after(yesterday).select_related("organization")
    if any(
        post.organization and not actor.has_right_at(right, post.organization)
        for post in lasting
    ):
        raise RuleError(
            "该账号在您管理的范围以外还有岗位，请由上级系统管理员办理，"
            "或在那里的岗位结束后再办理。",
            code="elsewhere",
        )
    return user


@transaction.atomic
def create_account(*, username: str, display_name: str, actor: Any) -> tuple[User, str]:
    """Make an account and return it with its one-time password, shown only now.

    The password is void after seven days and must be changed at the first login.
    Raises PermissionDenied without the right, ValidationError for a name in use.
    """
    if not actor.has_right(Right.MANAGE_USERS):
        raise PermissionDenied(NO_RIGHT)
    user = User(username=username.strip(), display_name=display_name.strip())
    password = _issue_password(user)
    user.full_clean(exclude=["password"])
    user.save()
    audit.record(actor=actor, action=AuditAction.USER_CREATED, target=user)
    return user, password


@transaction.atomic
def rename_account(*, user_id: int, display_name: str, actor: Any) -> User:
    """Correct the name shown. Raises as `require_account`."""
    user = require_account(user_id, actor, Right.MANAGE_USERS)
    before, user.display_name = user.display_name, display_name.strip()
    user.full_clean(exclude=["password"])
    user.save(update_fields=["display_name"])
    audit.record(
        actor=actor,
        action=AuditAction.USER_UPDATED,
        target=user,
        details={"before": before, "after": user.display_name},
    )
    return user


@transaction.atomic
def reset_password(*, user_id: int, actor: Any) -> tuple[User, str]:
    """Give another's account a new one-time password; its sessions end.

    Raises as `require_account`.
    """
    user = require_account(user_id, actor, Right.MANAGE_USERS)
    password = _issue_password(user)
    user.save()
    audit.record(actor=actor, action=AuditAction.PASSWORD_RESET, target=user)
    return user, password


@transaction.atomic
def set_active(*, user_id: int, is_active: bool, actor: Any) -> User:
    """Disable an account, whose sessions and waiting jobs end at once, or enable it.

    Raises as `require_account`.
    """
    user = require_account(user_id, actor, Right.MANAGE_USERS)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    action = AuditAction.USER_UPDATED if is_active else AuditAction.USER_DISABLED
    audit.record(
        actor=actor, action=action, target=user, details={"is_active": is_active}
    )
    return user


@transaction.atomic
def change_own_password(*, user: User, password: str) -> User:
    """Set the password its owner chose. Raises ValidationError when it is too weak."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save()
    # The validator wrote the moment by `update`, past this instance.
    user.password_changed_at = timezone.now()
    audit.record(actor=user, action=AuditAction.PASSWORD_CHANGED, target=user)
    return user


def _issue_password(user: User) -> str:
    password = new_initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_changed_at = timezone.now()
    return password
