"""The second factor: a code of six digits from the phone, offered to all."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.lib.crypto import decrypt, encrypt
from config.lib.errors import RuleError
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction, AuditResult
from organizations.models import TotpDevice, User
from organizations.services import recovery
from organizations.services.accounts import require_account

KEY_BYTES = 20
_PENDING_LABEL = "organizations.TotpDevice.pending"


def new_pending_key() -> str:
    """Return a fresh key for the session to keep, encrypted, until it is confirmed."""
    return encrypt(secrets.token_hex(KEY_BYTES), _PENDING_LABEL)


def pending_device(user: User, pending: str) -> TotpDevice:
    """Return the device, not saved, that a pending key would make."""
    return TotpDevice(user=user, name="手机", key=decrypt(pending, _PENDING_LABEL))


def enable_totp(
    *, user: User, pending: str, token: str
) -> tuple[TotpDevice, list[str]]:
    """Make the pending key the second factor once `token` proves the phone has it.

    Returns the device and the recovery codes, shown only now. Every other session of
    the account must pass it from now on. Raises RuleError when the code is wrong or a
    device is there already.
    """
    with transaction.atomic():
        if User.objects.select_for_update().get(pk=user.pk).totp_on:
            raise RuleError("两步验证已经开启，无需重复设置。", code="totp_on")
        device = pending_device(user, pending)
        device.save(force_insert=True)
        if not device.verify_token(token):
            raise RuleError(
                "验证码不正确。请核对手机时间是否准确，再输入当前显示的 6 位数字。",
                code="totp_wrong",
            )
        _set(user, is_on=True)
        audit.record(actor=user, action=AuditAction.TOTP_ENABLED, target=user)
        return device, recovery.issue_codes(user)


def verify_totp(*, user: User, token: str) -> TotpDevice:
    """Return the device whose current code `token` is; each code works once.

    Raises RuleError when it is wrong or must wait after several wrong ones.
    """
    return _pass(
        user,
        "totp",
        lambda device: device.verify_token(token),
        "验证码不正确或已经用过，请等手机显示下一组数字后再输入。",
    )


def verify_recovery(*, user: User, code: str) -> TotpDevice:
    """Return the device a recovery code stands in for; each code works once.

    Raises RuleError as `verify_totp`; wrong codes of either kind count together.
    """

    def take(device: TotpDevice) -> bool:
        if recovery.use_code(user, code):
            device.throttle_reset()
            return True
        device.throttle_increment()
        return False

    return _pass(
        user,
        "recovery",
        take,
        "恢复码不正确或已经用过，请核对纸上的字母和数字，换一个没有用过的再输入。",
    )


def _pass(
    user: User, step: str, take: Callable[[TotpDevice], bool], refusal: str
) -> TotpDevice:
    """Try `take` under the device's lock; a refusal is recorded and stays counted."""
    with transaction.atomic():
        device = (
            TotpDevice.objects.select_for_update()
            .filter(user=user, confirmed=True)
            .first()
        )
        if device is None:
            raise RuleError("您没有开启两步验证，请重新登录。", code="totp_off")
        is_allowed, held = device.verify_is_allowed()
        if is_allowed and take(device):
            return device
        audit.record(
            actor=user,
            action=AuditAction.LOGIN_FAILED,
            result=AuditResult.FAILED,
            target=user,
            details={"step": step},
        )
    if not is_allowed:
        raise RuleError(_wait(held["locked_until"]), code="totp_throttled")
    raise RuleError(refusal, code="totp_wrong")


def _wait(until: datetime) -> str:
    """Say how long: it doubles with each failure, from one second."""
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
    term = f"{seconds}秒" if seconds <= 90 else f"{math.ceil(seconds / 60)}分钟"
    return f"刚才输错了，请等{term}再输入。"


@transaction.atomic
def disable_totp(*, user: User) -> None:
    """Take off the user's own second factor; the caller has asked the password."""
    _take_off(user)
    audit.record(actor=user, action=AuditAction.TOTP_DISABLED, target=user)


@transaction.atomic
def reset_totp(*, user_id: int, actor: User) -> User:
    """Take off another's second factor, for a lost phone.

    Raises as `require_account`.
    """
    user = require_account(user_id, actor, Right.MANAGE_USERS)
    _take_off(user)
    audit.record(actor=actor, action=AuditAction.TOTP_DISABLED, target=user)
    return user


def _take_off(user: User) -> None:
    TotpDevice.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    _set(user, is_on=False)


def _set(user: User, *, is_on: bool) -> None:
    user.totp_on = is_on
    User.objects.filter(pk=user.pk).update(totp_on=is_on)
