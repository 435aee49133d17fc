"""Signing in by a code on the secretary's screen.

Whoever signs in is a visitor: he learns nothing, not even whether he is known. What he
gave is compared here, and the secretary sees whom it found.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core import signing
from django.db import transaction

from activities.models import Activity, SignIn, SignInSession
from activities.rules import sign_in as rules
from config.lib.errors import RuleError
from members.models import Member
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User

_SALT = "activities.sign_in"
GONE = "二维码已经更新或签到已经结束，请重新扫屏幕上的二维码。"


@transaction.atomic
def open_session(
    *, organization_id: int, title: str, actor: User, now: datetime
) -> SignInSession:
    """Begin a sign-in; one that the actor has open there already is that one.

    Raises Organization.DoesNotExist out of scope, PermissionDenied.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .select_for_update(of=("self",), no_key=True)
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    running = SignInSession.objects.visible_to(actor).open(now)
    held = running.filter(organization=organization, opened_by=actor).first()
    if held is not None:
        return held
    session = SignInSession.objects.create(
        organization=organization,
        title=title.strip()[:100],
        slug=secrets.token_urlsafe(12),
        secret=secrets.token_hex(32),
        opened_by=actor,
        opened_at=now,
        closes_at=now + rules.OPEN_FOR,
    )
    audit.record(
        actor=actor,
        action=AuditAction.SIGN_IN_OPENED,
        target=session,
        organization=organization,
    )
    return session


def ticket_for(slug: str, code: str, now: datetime) -> str:
    """Return what the form carries after a code was read. Raises RuleError."""
    session = SignInSession.objects.open(now).filter(slug=slug).first()
    if session is None or not rules.is_current(session.secret, code, now):
        raise RuleError(GONE, code="code_gone")
    return signing.dumps(session.pk, salt=_SALT)


@transaction.atomic
def sign_in(*, ticket: str, name: str, last_four: str, now: datetime) -> None:
    """Take down a sign-in, if exactly one person expected there fits.

    Silent either way. Raises RuleError where the ticket is too old or the four
    characters cannot be any.
    """
    last_four = rules.check_last_four(last_four.strip())
    session = _session_of(ticket, now)
    found = Member.objects.in_subtree(session.organization).filter(
        name="".join(name.split()), id_last4=last_four
    )
    people = list(found.order_by("pk")[:2])
    if len(people) != 1:
        return
    signed, is_new = SignIn.objects.get_or_create(
        session=session, member=people[0], defaults={"signed_at": now}
    )
    if is_new:
        audit.record(
            actor=None,
            action=AuditAction.SIGNED_IN,
            target=signed,
            organization=session.organization,
        )


def signed_ids(session: SignInSession, actor: User) -> list[int]:
    """Members who have signed in, for the recording screen to tick."""
    rows = SignIn.objects.visible_to(actor).filter(session=session)
    return list(rows.values_list("member_id", flat=True))


def close_with(session_id: int, activity: Activity, actor: User) -> None:
    """The activity is recorded: the sign-in is over and belongs to it."""
    SignInSession.objects.visible_to(actor).filter(
        pk=session_id, activity__isnull=True
    ).update(activity=activity)


def _session_of(ticket: str, now: datetime) -> SignInSession:
    try:
        pk = signing.loads(ticket, salt=_SALT, max_age=rules.TICKET_SECONDS)
    except signing.BadSignature:
        raise RuleError(GONE, code="code_gone") from None
    session = (
        SignInSession.objects.open(now)
        .select_related("organization")
        .filter(pk=pk)
        .first()
    )
    if session is None:
        raise RuleError(GONE, code="code_gone")
    return session
