"""Recovery codes: ten on paper, each opens the second step once."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from config.lib.crypto import blind_index
from config.lib.errors import RuleError
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import RecoveryCode, User

CODE_COUNT = 10
_GROUPS, _GROUP_LENGTH = 3, 4
# Letters that cannot be mistaken for one another on paper; 59 bits a code.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def codes_left(user: User) -> int:
    """Return how many codes of the account still work."""
    return user.recovery_codes.filter(used_at=None).count()


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Void the account's codes and return ten new ones, shown only now.

    The caller has asked the password, or the phone's code. Raises RuleError
    without a second factor.
    """
    if not User.objects.select_for_update().get(pk=user.pk).totp_on:
        raise RuleError("您没有开启两步验证，不需要恢复码。", code="totp_off")
    return issue_codes(user)


def issue_codes(user: User) -> list[str]:
    """Put ten new codes in the place of the old; for services, in a transaction."""
    codes = [_new_code() for _ in range(CODE_COUNT)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
    )
    audit.record(
        actor=user,
        action=AuditAction.RECOVERY_CODES_ISSUED,
        target=user,
        details={"count": len(codes)},
    )
    return codes


def use_code(user: User, code: str) -> bool:
    """Use up the code, if it is one of the account's that still work."""
    # One statement: of two requests with the same code only one finds it unused.
    used = RecoveryCode.objects.filter(
        user=user, digest=_digest(user, code), used_at=None
    ).update(used_at=timezone.now())
    if used:
        audit.record(
            actor=user,
            action=AuditAction.RECOVERY_CODE_USED,
            target=user,
            details={"count": codes_left(user)},
        )
    return bool(used)


def _new_code() -> str:
    letters = [secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH)]
    starts = range(0, len(letters), _GROUP_LENGTH)
    return "-".join("".join(letters[i : i + _GROUP_LENGTH]) for i in starts)


def _digest(user: User, code: str) -> str:
    """Hash under a key outside the database.

    As strong as the encryption of the phone's key beside it, so that a slow hash
    would add nothing but waiting.
    """
    return blind_index(code.replace("-", ""), purpose=f"recovery-code:{user.pk}")
