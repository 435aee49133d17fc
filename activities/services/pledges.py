"""What members take upon themselves of a program for a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from activities.completion import program_period
from activities.models import Pledge, ProgramItem
from activities.services.achievements import recording_organization
from config.lib.errors import RuleError
from members.models import Member
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def save_pledges(
    *, member_id: int, words: Mapping[int, str], actor: User, today: date
) -> list[Pledge]:
    """Let a member's pledges of the period be these: words of each item by its id.

    Items in force for this kind of member that are not named are given up. The same
    once more changes nothing. Raises Member.DoesNotExist out of scope,
    ProgramItem.DoesNotExist for an item that is not on offer, PermissionDenied.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    organization = recording_organization(member, actor)
    offered = {item.pk: item for item in items_for(member, today)}
    if not offered.keys() >= words.keys():
        raise ProgramItem.DoesNotExist
    standing = {each.item_id: each for each in pledges_of(member, today)}
    kept: list[Pledge] = []
    changed: list[str] = []
    for item_id, item in offered.items():
        pledge = standing.get(item_id)
        if item_id not in words:
            if pledge is not None:
                pledge.withdrawn_at = timezone.now()
                pledge.save(update_fields=["withdrawn_at"])
                changed.append(f"-{item.key}")
            continue
        text = words[item_id].strip()
        if len(text) > 200:
            raise RuleError(f"“{item.name}”怎样做最多写 200 字。", code="too_long")
        if pledge is None:
            pledge = Pledge(
                member=member,
                item=item,
                organization=organization,
                starts_on=program_period(item.program, today).start,
                pledged_on=today,
                recorded_by=actor,
            )
        elif pledge.words == text:
            kept.append(pledge)
            continue
        pledge.words = text
        pledge.save()
        kept.append(pledge)
        changed.append(f"+{item.key}")
    if changed:
        audit.record(
            actor=actor,
            action=AuditAction.PLEDGE_CHANGED,
            target=member,
            organization=organization,
            details={"item": " ".join(changed)},
        )
    return kept


def items_for(member: Member, today: date) -> list[ProgramItem]:
    """Items of the programs in force for this kind of member, in the order shown."""
    return list(
        ProgramItem.objects.in_force(today)
        .filter(program__audience=member.category)
        .select_related("program")
        .order_by("program__sort_order", "program_id", "sort_order", "pk")
    )


def pledges_of(member: Member, today: date) -> list[Pledge]:
    """The member's standing pledges for the periods that `today` lies in."""
    found = Pledge.objects.standing().filter(member=member, starts_on__lte=today)
    return [
        pledge
        for pledge in found.select_related("item__program")
        if program_period(pledge.item.program, today).start == pledge.starts_on
    ]
