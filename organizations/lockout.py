"""Counts logins before their passwords are hashed, so that the limit is exact.

Axes counts a failure after the hash: of many wrong logins sent at once each would find
the count still low, and all would be hashed. Here a login first takes one of its
places, in one statement that the database lets only one request at a time do; without
a place nothing is hashed. A login that succeeds gives its place back.

Two counts in axes' own table: by name and address, and by address alone, against one
password tried on many names. A name is kept as a keyed hash: it may be a password.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.db.models import Case, F, Q, Value, When

from config.lib.crypto import blind_index

# Failures of one address in the cool-off time, whatever the names. High enough for an
# office behind one address on the day after a holiday.
ADDRESS_LIMIT = 100
# No hash of a name is that short.
_ANY_NAME = "*"
# A server that tells no address: all of its visitors count as one.
_NO_ADDRESS = "::"


class LockoutHandler(AxesDatabaseHandler):
    """AXES_HANDLER: what axes asks before and tells after each login."""

    def is_locked(self, request: Any, credentials: dict | None = None) -> bool:
        """Take a place in both counts; True when one of them is full.

        Asked once a login, before any password is hashed (axes' backend).
        """
        limit, now = settings.AXES_FAILURE_LIMIT, request.axes_attempt_time
        threshold = get_cool_off_threshold(request)
        name, address = _name(credentials), _address(request)
        # From the last failure on by name; in a window since the first by address.
        return not (
            _take(name, address, limit, threshold, now, slides=True)
            and _take(_ANY_NAME, address, ADDRESS_LIMIT, threshold, now, slides=False)
        )

    def get_failures(self, request: Any, credentials: dict | None = None) -> int:
        row = _row(_name(credentials), _address(request)).filter(
            attempt_time__gt=get_cool_off_threshold(request)
        )
        return row.values_list("failures_since_start", flat=True).first() or 0

    def user_login_failed(
        self, sender: Any, credentials: dict, request: Any = None, **kwargs: Any
    ) -> None:
        """Lock after the last place is used up; the failure itself is counted."""
        if request is None:
            return
        self.clean_expired_user_attempts(request, credentials)
        if not request.axes_locked_out:
            failures = self.get_failures(request, credentials)
            if failures < settings.AXES_FAILURE_LIMIT:
                return
            request.axes_locked_out = True
        request.axes_credentials = credentials
        user_locked_out.send(
            "axes",
            request=request,
            username=credentials.get("username"),
            ip_address=request.axes_ip_address,
        )

    def user_logged_in(
        self, sender: Any, request: Any, user: Any, **kwargs: Any
    ) -> None:
        """Forget the failures of this name here, and count none for the address."""
        if not hasattr(request, "axes_attempt_time"):
            return
        address = _address(request)
        _row(_name({"username": user.get_username()}), address).delete()
        _row(_ANY_NAME, address).filter(failures_since_start__gt=0).update(
            failures_since_start=F("failures_since_start") - 1
        )


def _take(
    name: str,
    address: str,
    limit: int,
    threshold: datetime,
    now: datetime,
    *,
    slides: bool,
) -> bool:
    """Whether one of `limit` places was free, and is taken now."""
    row = _row(name, address)
    is_over = Q(attempt_time__lte=threshold)
    while True:
        # The row first: an update of none would look like one without a place.
        if not row.exists():
            _open(name, address)
        # The update waits for another's of the same row, then looks at it anew.
        taken = row.filter(is_over | Q(failures_since_start__lt=limit)).update(
            failures_since_start=Case(
                When(is_over, then=Value(1)), default=F("failures_since_start") + 1
            ),
            attempt_time=now
            if slides
            else Case(When(is_over, then=Value(now)), default=F("attempt_time")),
        )
        # Unless it was cleaned up in this moment.
        if taken or row.exists():
            return bool(taken)


def _open(name: str, address: str) -> None:
    attempt = AccessAttempt(
        username=name, ip_address=address, user_agent="", failures_since_start=0
    )
    AccessAttempt.objects.bulk_create([attempt], ignore_conflicts=True)


def _row(name: str, address: str) -> Any:
    return AccessAttempt.objects.filter(
        username=name, ip_address=address, user_agent=""
    )


def _name(credentials: dict | None) -> str:
    return blind_index((credentials or {}).get("username") or "", purpose="lockout")


def _address(request: Any) -> str:
    return request.axes_ip_address or _NO_ADDRESS
