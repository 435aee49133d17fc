"""The secret address of a user's calendar: issued, renewed, ended."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from activities.models import CalendarFeed
from organizations import audit
from organizations.access import Right, require_right
from organizations.choices import AuditAction
from organizations.models import User


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_feed(*, actor: User) -> str:
    """Make a new secret and return it, once; an earlier one stops working."""
    require_right(actor, Right.VIEW_MEMBERS)
    token = secrets.token_urlsafe(32)
    feed, is_new = CalendarFeed.objects.update_or_create(
        user=actor,
        defaults={
            "digest": digest_of(token),
            "issued_at": timezone.now(),
            "ended_at": None,
        },
    )
    _record(feed, actor, "issued" if is_new else "renewed")
    return token


@transaction.atomic
def end_feed(*, actor: User) -> None:
    """Close the address; ending what is ended changes nothing."""
    feed = CalendarFeed.objects.visible_to(actor).in_use().select_for_update().first()
    if feed is None:
        return
    feed.ended_at = timezone.now()
    feed.save(update_fields=["ended_at"])
    _record(feed, actor, "ended")


def reader_of(token: str) -> User | None:
    """The user whose calendar `token` opens: the account is in use, the address too."""
    feed = (
        CalendarFeed.objects.in_use()
        .filter(digest=digest_of(token), user__is_active=True)
        .select_related("user")
        .first()
    )
    return feed.user if feed else None


def _record(feed: CalendarFeed, actor: User, change: str) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.FEED_CHANGED,
        target=feed,
        details={"feed": change},
    )
