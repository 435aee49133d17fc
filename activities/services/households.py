"""A community's list of households: kept by hand, ended, cleared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from activities.choices.households import Circumstance, HouseholdEnd
from activities.models import Household, MatterStep, Visit, VisitMatter
from activities.parameters.households import KEEP_DAYS
from activities.rules import households as rules
from config.lib.crypto import blind_index
from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.versions import check_version, save_versioned
from members.services.reveal import check_reason, show_once
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Community, Organization, User
from organizations.signals import facts_changed

REVEALABLE = ("householder", "phone")
_ONE_A_DOOR = "activities_household_one_a_door"


@dataclass(frozen=True)
class HouseholdFacts:
    """What the list says of a door; `organization` None is the community's own."""

    community: Community
    building: str
    room: str
    organization: Organization | None = None
    householder: str = ""
    phone: str = ""
    people_count: int | None = None
    circumstances: Iterable[str] = ()
    note: str = ""

    def values(self) -> dict[str, Any]:
        """Fields of a household, each as it is stored. Raises RuleError."""
        place = self.organization or self.community.organization
        if not is_within(place.path, self.community.organization.path):
            raise RuleError(
                f"责任党组织应是{self.community}的党组织或其下的党支部。",
                code="organization",
            )
        if self.people_count is not None and self.people_count > rules.MOST_PEOPLE:
            raise RuleError(
                f"家庭人口不能超过{rules.MOST_PEOPLE}人，请核对。", code="people_count"
            )
        most = rules.NAME_LENGTH
        known = set(self.circumstances)
        return {
            "community": self.community,
            "organization": place,
            "building": rules.required(
                self.building, "小区楼栋", "building", rules.BUILDING_LENGTH
            ),
            "room": rules.required(self.room, "门牌", "room", rules.ROOM_LENGTH),
            "door_index": door_index(self.building, self.room),
            "householder": rules.check_text(
                self.householder, "户主姓名", "householder", most
            ),
            "phone": self.phone.strip(),
            "people_count": self.people_count,
            "circumstances": " ".join(
                each.value for each in Circumstance if each.value in known
            ),
            "note": rules.check_text(self.note, "备注", "note"),
        }


def door_index(building: str, room: str) -> str:
    """What finds a door again, however it is spelled."""
    return blind_index(rules.door_key(building, room), purpose="activities.household")


def kept_communities(user: User) -> QuerySet[Community]:
    """Communities whose list `user` keeps."""
    places = Organization.objects.with_right(user, Right.KEEP_HOUSEHOLDS).open()
    return Community.objects.filter(organization__in=places).select_related(
        "organization"
    )


@transaction.atomic
def add_household(*, facts: HouseholdFacts, actor: User) -> Household:
    """Put a door on the list; the same facts sent twice are one household.

    Raises PermissionDenied outside the communities the actor keeps, RuleError for a
    door that is on the list.
    """
    require(actor, Right.KEEP_HOUSEHOLDS, facts.community.organization)
    values = facts.values()
    household = Household(**values, listed_on=timezone.localdate(), recorded_by=actor)
    household.clean_fields(exclude=["community", "organization", "recorded_by"])
    try:
        with transaction.atomic():
            household.save(force_insert=True)
    except IntegrityError as error:
        refuse_double(error, household.door)
        known = Household.objects.listed().get(
            community=facts.community, door_index=household.door_index
        )
        if all(getattr(known, name) == value for name, value in values.items()):
            return known
        raise rules.door_taken(household.door) from None
    tell(household, AuditAction.HOUSEHOLD_SAVED, actor, "add")
    return household


@transaction.atomic
def amend_household(
    *,
    household_id: int,
    facts: HouseholdFacts,
    version: int | None = None,
    actor: User,
) -> Household:
    """Put right what the list says; a name or phone left empty stays as it was."""
    household = lock_household(household_id, actor, version)
    require(actor, Right.KEEP_HOUSEHOLDS, facts.community.organization)
    before = household.organization_id
    for name, value in facts.values().items():
        if name not in REVEALABLE or value:
            setattr(household, name, value)
    household.clean_fields(exclude=["community", "organization", "recorded_by"])
    try:
        with transaction.atomic():
            save_versioned(household, version=household.version)
    except IntegrityError as error:
        refuse_double(error, household.door)
        raise rules.door_taken(household.door) from None
    tell(household, AuditAction.HOUSEHOLD_SAVED, actor, "amend", before)
    return household


@transaction.atomic
def end_household(
    *,
    household_id: int,
    reason: str,
    ended_on: date,
    version: int | None = None,
    actor: User,
) -> Household:
    """Take a household off the list; what is personal in it is cleared in time."""
    household = lock_household(household_id, actor, version)
    rules.check_day(
        ended_on,
        after=household.listed_on,
        today=timezone.localdate(),
        label="销户日期",
    )
    waiting = VisitMatter.objects.counted().filter(visit__household=household)
    if number := waiting.to_close().count():
        raise RuleError(
            f"这一户还有{number}件走访事项没有办结或答复，请先办结并答复，再销户。",
            code="matters",
        )
    household.ended_on, household.ended_reason = ended_on, HouseholdEnd(reason)
    save_versioned(household, version=household.version)
    tell(household, AuditAction.HOUSEHOLD_SAVED, actor, "end")
    return household


def reveal_household(*, household_id: int, field: str, reason: str, actor: User) -> str:
    """Return the whole name or phone, for a reason that is written down.

    Raises Household.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    if field not in REVEALABLE:
        raise RuleError("这一项不提供查看完整信息。", code="field")
    reason = check_reason(reason)
    household = (
        Household.objects.visible_to(actor)
        .select_related("organization", "community")
        .get(pk=household_id)
    )
    is_open = actor.has_right_at(Right.REVEAL_CONTACT, household.organization)
    return show_once(household, field, reason, actor, is_open=is_open)


@transaction.atomic
def clear_ended(today: date) -> int:
    """Empty what is personal in households ended long enough; return how many.

    That a visit took place stays: it is counted. Run by the schedule.
    """
    last = today - timedelta(days=parameters.get(KEEP_DAYS))
    over = list(
        Household.objects.filter(ended_on__lt=last, cleared_at__isnull=True)
        .select_related("organization", "community")
        .select_for_update(of=("self",), no_key=True)
    )
    ids = [household.pk for household in over]
    Household.objects.filter(pk__in=ids).update(
        **dict.fromkeys(("room", "householder", "phone", "note"), ""),
        circumstances="",
        door_index="",
        people_count=None,
        cleared_at=timezone.now(),
    )
    visits = Visit.objects.filter(household__in=ids)
    words = dict.fromkeys(("situation", "wishes", "promises", "withdrawn_reason"), "")
    visits.update(**words)
    matters = VisitMatter.objects.filter(visit__household__in=ids)
    matters.update(content="")
    MatterStep.objects.filter(matter__visit__household__in=ids).update(words="")
    audit.record_many(
        actor=None,
        action=AuditAction.HOUSEHOLD_SAVED,
        rows=[(each, each.organization, {"household_step": "clear"}) for each in over],
    )
    return len(over)


def hand_over_households(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into visit what it visited.

    Where two communities become one, the door both had is one of the kept list's.
    """
    found = Household.objects.filter(
        Q(organization=source) | Q(community__organization=source)
    )
    concerned = list(found.only("organization_id", "listed_on"))
    visits = Visit.objects.filter(organization=source)
    days = list(visits.order_by("visited_on").values_list("visited_on", flat=True)[:1])
    if concerned:
        # Before they move: what was counted at each place is so no longer.
        mark_changed(concerned, target.pk)
    Household.objects.filter(organization=source).update(organization=target)
    visits.update(organization=target)
    left = Community.objects.filter(organization=source).first()
    kept = Community.objects.filter(organization=target).first()
    if left and kept:
        doors = Household.objects.listed().filter(community=kept)
        Household.objects.listed().filter(
            community=left, door_index__in=doors.values("door_index")
        ).update(ended_on=timezone.localdate(), ended_reason=HouseholdEnd.MISTAKE)
        left.households.update(community=kept)
    if days:
        facts_changed.send(
            sender=Visit, organization_ids={source.pk, target.pk}, since=days[0]
        )


def lock_household(household_id: int, actor: User, version: int | None) -> Household:
    """Return a listed household for who keeps it, locked. Raises DoesNotExist."""
    household = (
        Household.objects.visible_to(actor)
        .select_related("organization", "community__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=household_id)
    )
    require(actor, Right.KEEP_HOUSEHOLDS, household.community.organization)
    check_version(household, version)
    if not household.is_listed:
        raise RuleError(
            f"这一户已在{household.ended_on}销户，不能再修改；又有人住的请重新登记。",
            code="ended",
        )
    return household


def refuse_double(error: IntegrityError, door: str) -> None:
    """Raise the error again unless it says that the door is on the list."""
    # SQLite names the columns, PostgreSQL the constraint.
    if _ONE_A_DOOR not in str(error) and "door_index" not in str(error):
        raise error


def tell(
    household: Household,
    action: AuditAction,
    actor: User,
    step: str,
    *before: int,
) -> None:
    """Write a step to the trail, and mark the figures it changes."""
    audit.record(
        actor=actor,
        action=action,
        target=household,
        organization=household.organization,
        details={"household_step": step},
    )
    mark_changed([household], *before)


def mark_changed(households: Iterable[Household], *others: int) -> None:
    """Mark the figures of where the households lie, as far back as they reach."""
    households = list(households)
    visits = Visit.objects.filter(household__in=[each.pk for each in households])
    first = visits.aggregate(first=Min("visited_on"))["first"]
    days = [each.listed_on for each in households] + ([first] if first else [])
    facts_changed.send(
        sender=Household,
        organization_ids={*(each.organization_id for each in households), *others},
        since=min(days),
    )
