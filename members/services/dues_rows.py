"""What the services of dues share: locked people, the standing, the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices import AffiliationKind
from members.dues import asked_of
from members.models import Affiliation, DuesBase, DuesMonth, DuesStanding, Member
from members.rules import dues as rules
from members.services.affiliations import tell_of_places
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User


class RowsError(RuleError):
    """Some rows of a form about many people were refused: sentences by member id."""

    def __init__(self, rows: dict[int, str]) -> None:
        super().__init__(f"有{len(rows)}人的填写须改正，没有保存。", code="rows")
        self.rows = rows


def roll_for_change(member_id: int, actor: User) -> Affiliation:
    """The open roll of a member, locked with him, where `actor` may edit.

    Raises Affiliation.DoesNotExist out of scope or where he is on no roll there.
    """
    roll = (
        Affiliation.objects.visible_to(actor)
        .open()
        .filter(member=member_id, kind=AffiliationKind.ON_ROLL)
        .select_related("organization", "member")
        .select_for_update(of=("self", "member"), no_key=True)
        .get()
    )
    if not actor.has_right_at(Right.EDIT_MEMBERS, roll.organization):
        raise PermissionDenied("您的岗位不能办理这位党员的党费。")
    return roll


def lock_asked(branch: Organization, month: date) -> list[int]:
    """Ids of the members whom the branch asks for the month, locked in their order."""
    rolls = asked_of(branch, month).values("member_id")
    people = Member._base_manager.filter(pk__in=rolls).order_by("pk")
    return list(people.select_for_update(no_key=True).values_list("pk", flat=True))


def open_standings(
    members: Iterable[int], opened_to: date, words: str
) -> dict[int, DuesStanding]:
    """The standings of these members; whoever has none is settled to `opened_to`."""
    members = list(members)
    known = {row.member_id: row for row in _standings(members)}
    fresh = DuesStanding.objects.bulk_create(
        DuesStanding(member_id=pk, opened_to=opened_to, paid_to=opened_to, words=words)
        for pk in members
        if pk not in known
    )
    return known | {row.member_id: row for row in fresh}


def refresh(members: Collection[int]) -> None:
    """Reckon again up to which month each has paid."""
    standings = list(_standings(members))
    if not standings:
        return
    earliest = min(row.opened_to for row in standings)
    paid: dict[int, set[date]] = defaultdict(set)
    months = DuesMonth.objects.counted().filter(member__in=members, month__gt=earliest)
    for pk, month in months.values_list("member_id", "month"):
        paid[pk].add(month)
    changed = []
    for row in standings:
        paid_to = rules.paid_to(row.opened_to, paid[row.member_id])
        if paid_to != row.paid_to:
            row.paid_to = paid_to
            changed.append(row)
    DuesStanding.objects.bulk_update(changed, ["paid_to"])


def _standings(members: Collection[int]) -> Any:
    return DuesStanding.objects.filter(member__in=members).select_for_update(
        of=("self",), no_key=True
    )


def dues_in(members: Collection[int], month: date) -> dict[int, Decimal]:
    """What each of these members is to pay for the month, as far as it is known."""
    rows = DuesBase.objects.in_force(month).filter(member__in=members)
    return dict(rows.values_list("member_id", "monthly"))


def withdraw(row: Any, actor: User | None, why: str) -> None:
    row.withdrawn_by, row.withdrawn_at, row.withdrawal = actor, timezone.now(), why
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal"])


def tell(
    action: AuditAction,
    *,
    target: Any,
    organization: Organization,
    members: Collection[int],
    since: date,
    actor: User,
    **details: Any,
) -> None:
    """Write the trail, never with a sum of one person, and say that figures changed."""
    audit.record(
        actor=actor,
        action=action,
        target=target,
        organization=organization,
        details=details,
    )
    tell_of_places(members, since=since)
