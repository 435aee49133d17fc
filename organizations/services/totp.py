"""The second factor: a code of six digits from the phone, offered to all."""

from __future__ import annotations

import secrets

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.lib.errors import RuleError
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction, AuditResult
from organizations.models import User
from organizations.services.accounts import require_account

KEY_BYTES = 20


def new_key() -> str:
    """Return a fresh key as hex, to be kept in the session until it is confirmed."""
    return secrets.token_hex(KEY_BYTES)


def enable_totp(*, user: User, key: str, token: str) -> TOTPDevice:
    """Make `key` the user's second factor once `token` proves that the phone has it.

    Every other session of the account must pass it from now on. Raises RuleError
    when the code is wrong or a device is there already.
    """
    with transaction.atomic():
        if User.objects.select_for_update().get(pk=user.pk).totp_on:
            raise RuleError("两步验证已经开启，无需重复设置。", code="totp_on")
        device = TOTPDevice.objects.create(
            user=user, name="手机", key=key, confirmed=True
        )
        if not device.verify_token(token):
            raise RuleError(
                "验证码不正确。请核对手机时间是否准确，再输入当前显示的 6 位数字。",
                code="totp_wrong",
            )
        _set(user, is_on=True)
        audit.record(actor=user, action=AuditAction.TOTP_ENABLED, target=user)
    return device


def verify_totp(*, user: User, token: str) -> TOTPDevice:
    """Return the device whose current code `token` is; each code works once.

    Raises RuleError when it is wrong or must wait after several wrong ones.
    """
    with transaction.atomic():
        device = (
            TOTPDevice.objects.select_for_update()
            .filter(user=user, confirmed=True)
            .first()
        )
        if device is None:
            raise RuleError("您没有开启两步验证，请重新登录。", code="totp_off")
        is_allowed, _ = device.verify_is_allowed()
        if is_allowed and device.verify_token(token):
            return device
        audit.record(
            actor=user,
            action=AuditAction.LOGIN_FAILED,
            result=AuditResult.FAILED,
            target=user,
            details={"step": "totp"},
        )
    if not is_allowed:
        raise RuleError("输错次数过多，请稍等片刻再试。", code="totp_throttled")
    raise RuleError(
        "验证码不正确或已经用过，请等手机显示下一组数字后再输入。", code="totp_wrong"
    )


@transaction.atomic
def disable_totp(*, user: User) -> None:
    """Take off the user's own second factor; the caller has asked the password."""
    TOTPDevice.objects.filter(user=user).delete()
    _set(user, is_on=False)
    audit.record(actor=user, action=AuditAction.TOTP_DISABLED, target=user)


@transaction.atomic
def reset_totp(*, user_id: int, actor: User) -> User:
    """Take off another's second factor, for a lost phone.

    Raises User.DoesNotExist out of scope, PermissionDenied without the right,
    RuleError for one's own account.
    """
    user = require_account(user_id, actor, Right.MANAGE_USERS)
    TOTPDevice.objects.filter(user=user).delete()
    _set(user, is_on=False)
    audit.record(actor=actor, action=AuditAction.TOTP_DISABLED, target=user)
    return user


def _set(user: User, *, is_on: bool) -> None:
    user.totp_on = is_on
    User.objects.filter(pk=user.pk).update(totp_on=is_on)
