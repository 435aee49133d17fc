"""What a password must be, in two profiles (PASSWORD_PROFILE).

`mlps` follows 等保 (composition, change every 90 days, history), `asvs` follows OWASP
ASVS 5.0 (length and blocklist, no rotation); they contradict each other, so an office
chooses.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone


@dataclass(frozen=True)
class PasswordProfile:
    """`class_count` of 4 kinds of character; None for `max_age` means no rotation."""

    min_length: int
    class_count: int
    max_age: timedelta | None
    history_count: int


# Source: GB/T 22239-2019 8.1.4.1 身份鉴别 asks for complexity and periodic change;
# the numbers are the local rule of this portal. OWASP ASVS 5.0.0, 6.2.1–6.2.12.
PROFILES = {
    "mlps": PasswordProfile(10, 3, timedelta(days=90), 5),
    "asvs": PasswordProfile(12, 0, None, 0),
}
MAX_LENGTH = 128
INITIAL_PASSWORD_AGE = timedelta(days=7)

_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
# Letters that cannot be mistaken for one another on paper; 31 of them.
_INITIAL_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LOCAL_WORDS = frozenset(
    {"dangjian", "dangyuan", "dangzhibu", "zhibu", "shequ", "jiedao", "zhongguo"}
    | {"gongchandang", "admin", "password", "passwd", "woaini", "woaizhongguo"}
    | {"qwertyuiop", "asdfghjkl", "qazwsx"}
)
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890",
)


def current_profile() -> PasswordProfile:
    """Return the office's profile; ImproperlyConfigured when it does not exist."""
    try:
        return PROFILES[settings.PASSWORD_PROFILE]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"设置项 PASSWORD_PROFILE={settings.PASSWORD_PROFILE} 不认识，"
            "请写 mlps 或 asvs。"
        ) from error


def new_initial_password() -> str:
    """Return a one-time password of 118 bits in groups that can be read aloud."""
    letters = [secrets.choice(_INITIAL_ALPHABET) for _ in range(24)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 24, 4))


def is_expired(user: Any, now: datetime) -> bool:
    """Whether the profile wants this password changed by now."""
    max_age = current_profile().max_age
    changed_at = user.password_changed_at or user.date_joined
    return max_age is not None and changed_at + max_age <= now


def is_stale_initial(user: Any, now: datetime) -> bool:
    """Whether an initial password lay unused for so long that it is void."""
    issued_at = user.password_changed_at or user.date_joined
    return user.must_change_password and issued_at + INITIAL_PASSWORD_AGE <= now


def problems(password: str, user: Any = None) -> list[str]:
    """Return what is wrong with `password`, one Chinese sentence each."""
    profile = current_profile()
    found = []
    if len(password) < profile.min_length:
        found.append(f"密码至少要 {profile.min_length} 位，请加长。")
    if len(password) > MAX_LENGTH:
        found.append(f"密码最多 {MAX_LENGTH} 位，请缩短。")
    if sum(bool(re.search(c, password)) for c in _CLASSES) < profile.class_count:
        found.append(
            "密码须包含大写字母、小写字母、数字、符号中的至少三种，请补上所缺的。"
        )
    if is_common(password):
        found.append("密码太常见，容易被猜中，请换一个。")
    if user is not None and _resembles(password, user):
        found.append("密码与用户名或姓名太相似，请换一个。")
    if user is not None and not found and _was_used(password, user, profile):
        found.append(f"不能使用最近 {profile.history_count} 次用过的密码，请换一个。")
    return found


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def is_common(password: str) -> bool:
    """Whether it is a listed password, one such word with trimmings, or a run."""
    lowered = password.lower()
    if lowered in _common_passwords() or len(set(lowered)) < 4:
        return True
    letters = re.sub(r"[^a-z]", "", lowered)
    bare = re.sub(r"[\W_]", "", lowered)
    if letters in _LOCAL_WORDS or bare in _common_passwords():
        return True
    return len(bare) >= 6 and any(bare in run or bare[::-1] in run for run in _RUNS)


def _resembles(password: str, user: Any) -> bool:
    lowered = password.lower()
    for known in (user.username, user.display_name):
        name = known.lower()
        if len(name) < 3:
            continue
        if name in lowered or SequenceMatcher(None, name, lowered).ratio() >= 0.7:
            return True
    return False


def _was_used(password: str, user: Any, profile: PasswordProfile) -> bool:
    if not profile.history_count or user.pk is None:
        return False
    records = user.password_records.values_list("password", flat=True)
    used = [user.password, *records[: profile.history_count]]
    return any(check_password(password, known) for known in dict.fromkeys(used))


class PortalPasswordValidator:
    """Django's door to the profile: forms, `changepassword` and services use it."""

    def validate(self, password: str, user: Any = None) -> None:
        if found := problems(password, user):
            raise ValidationError([ValidationError(text, "password") for text in found])

    def password_changed(self, password: str, user: Any = None) -> None:
        """Keep the hash, so that it cannot come back, and when it was set."""
        keep = max(profile.history_count for profile in PROFILES.values())
        user.password_records.create(password=user.password)
        recent = user.password_records.values_list("pk", flat=True)[:keep]
        user.password_records.exclude(pk__in=list(recent)).delete()
        type(user).objects.filter(pk=user.pk).update(password_changed_at=timezone.now())

    def get_help_text(self) -> str:
        profile = current_profile()
        text = f"至少 {profile.min_length} 位"
        if profile.class_count:
            text += "，含大写字母、小写字母、数字、符号中的至少三种"
        text += "，不要用常见密码，也不要与用户名相似"
        if profile.max_age:
            text += f"；每 {profile.max_age.days} 天须更换一次"
        return f"{text}。"
