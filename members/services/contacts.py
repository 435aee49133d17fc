"""Writing down that a branch was in touch with a member."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Affiliation, Contact, Member, OutOfTouch
from members.querysets import NEARNESS
from members.rules import contacts as rules
from members.signals import contacts_changed
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User


@transaction.atomic
def record_contact(
    *, member_id: int, contacted_on: date, way: str, content: str = "", actor: User
) -> Contact:
    """Write down a contact on behalf of the branch of `actor` that is nearest.

    The same contact without words twice on a day is one, so that a second tap doubles
    nothing. Raises Member.DoesNotExist out of scope, PermissionDenied where nobody of
    the actor's branches looks after the member, RuleError for an impossible day.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    organization = branch_in_touch(member, actor)
    rules.check_contact(
        contacted_on, joined_on=member.joined_on, today=timezone.localdate()
    )
    content = content.strip()
    if len(content) > rules.CONTENT_LENGTH:
        raise RuleError(
            f"联系内容请控制在{rules.CONTENT_LENGTH}字以内。", code="content"
        )
    facts = {
        "member": member,
        "organization": organization,
        "contacted_on": contacted_on,
        "way": way,
    }
    if not content:
        same = Contact.objects.counted().filter(recorded_by=actor, **facts)
        if (known := same.first()) is not None:
            return known
    contact = Contact(**facts, content=content, recorded_by=actor)
    contact.full_clean()
    contact.save(force_insert=True)
    # Else the warning would stay until it is looked for again.
    OutOfTouch.objects.filter(member=member, since__lt=contacted_on).delete()
    audit.record(
        actor=actor,
        action=AuditAction.CONTACT_RECORDED,
        target=contact,
        organization=organization,
        details={"contact_way": way, "on": str(contacted_on)},
    )
    contacts_changed.send(sender=Contact, member_ids=[member_id], since=contacted_on)
    return contact


@transaction.atomic
def withdraw_contact(*, contact_id: int, actor: User) -> Contact:
    """Take back a contact written down by mistake; it stays on record, uncounted."""
    contact = (
        Contact.objects.visible_to(actor)
        .select_related("organization", "member")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=contact_id)
    )
    if not actor.has_right_at(Right.EDIT_MEMBERS, contact.organization):
        raise PermissionDenied("您的岗位不能撤回这条联系记录。")
    if contact.withdrawn_at is not None:
        return contact
    contact.withdrawn_by, contact.withdrawn_at = actor, timezone.now()
    contact.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.record(
        actor=actor,
        action=AuditAction.CONTACT_WITHDRAWN,
        target=contact,
        organization=contact.organization,
        details={"on": str(contact.contacted_on)},
    )
    contacts_changed.send(
        sender=Contact, member_ids=[contact.member_id], since=contact.contacted_on
    )
    return contact


def branch_in_touch(member: Member, actor: User) -> Organization:
    """Return the branch for which `actor` looks after `member`.

    Of several the one that educates him: where he lives before where he belongs.
    Raises PermissionDenied where the actor edits none, Member.DoesNotExist when the
    last relation has just ended.
    """
    held: list[Affiliation] = list(
        member.affiliations.open()
        .annotate(rank=NEARNESS)
        .select_related("organization")
        .order_by(F("rank"), "pk")
    )
    if not held:
        raise Member.DoesNotExist
    for affiliation in held:
        if actor.has_right_at(Right.EDIT_MEMBERS, affiliation.organization):
            return affiliation.organization
    raise PermissionDenied("您的岗位不能为这位党员办理，请联系其所在党支部。")
