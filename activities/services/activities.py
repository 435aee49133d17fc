"""Recording, mending and cancelling activities: one entry, counted everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices import ActivityState, Presence
from activities.models import Activity, ActivityPhoto, Participation, ProgramItem
from activities.rules import activities as rules
from activities.services.school import course_for_session
from activities.services.sign_in import close_with
from activities.services.teams import team_for
from config.lib.errors import RuleError
from config.lib.versions import check_version
from members.models import Affiliation, Member
from members.signals import contacts_changed
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose
from organizations.models import Organization, User
from organizations.services.files import IMAGES, store_upload
from organizations.signals import facts_changed

PHOTO_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Attendance:
    """One person's part in an activity; `hours` None means the activity's own."""

    presence: str
    hours: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class OwnPart:
    """What differs for one who was present; `hours` None means the activity's own."""

    hours: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class ActivityFacts:
    """What a secretary writes about an activity."""

    kind: str
    title: str
    starts_at: datetime
    hours: Decimal
    place: str
    summary: str = ""
    people_served: int = 0
    item_ids: Sequence[int] = ()
    course_id: int | None = None
    team_id: int | None = None


@transaction.atomic
def record_activity(
    *,
    organization_id: int,
    facts: ActivityFacts,
    attendance: Mapping[int, Attendance],
    actor: User,
    today: date,
    photos: Sequence[Any] = (),
    request_id: UUID | None = None,
    session_id: int | None = None,
) -> Activity:
    """Record a held activity with everybody's attendance and uploaded photos.

    `attendance` maps member ids to their part; a sign-in by code of `session_id` ends
    and belongs to the activity. A repeated `request_id` returns the
    activity of the first time. Raises Organization.DoesNotExist or
    Member.DoesNotExist outside the actor's scope, PermissionDenied without the right,
    RuleError for a future date or when nobody was present.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    if (earlier := _already_recorded(request_id, actor)) is not None:
        return earlier
    held_on = timezone.localdate(facts.starts_at)
    rules.check_held_on(held_on, today)
    activity = Activity(
        organization=organization,
        state=ActivityState.HELD,
        recorded_by=actor,
        request_id=request_id,
    )
    _apply(activity, facts, held_on)
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError:
        # The same form arrived twice at once; the other one has just won.
        if (earlier := _already_recorded(request_id, actor)) is None:
            raise
        return earlier
    activity.items.set(_items(facts.item_ids))
    _write_attendance(activity, attendance, actor)
    _add_photos(activity, photos, actor)
    if session_id is not None:
        close_with(session_id, activity, actor)
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_RECORDED,
        target=activity,
        organization=organization,
        details={"kind": activity.kind, "people": len(attendance)},
    )
    _send_facts(activity, held_on)
    return activity


@transaction.atomic
def update_activity(
    *,
    activity_id: int,
    version: int,
    facts: ActivityFacts,
    attendance: Mapping[int, Attendance],
    actor: User,
    today: date,
    photos: Sequence[Any] = (),
) -> Activity:
    """Replace what was recorded, and add photos; what was planned is held now.

    Hours and notes of a person's own stay where `attendance` gives none; hours above
    the activity's new ones come down to these. Raises StaleError when somebody was
    quicker.
    """
    activity = locked_activity(activity_id, actor)
    check_version(activity, version)
    if activity.state == ActivityState.CANCELLED:
        raise RuleError("这项活动已经取消，不能再修改。", code="cancelled")
    held_on = timezone.localdate(facts.starts_at)
    was_planned = activity.state == ActivityState.PLANNED
    if was_planned or held_on != activity.held_on:
        rules.check_held_on(held_on, today)
    if was_planned:
        activity.state = ActivityState.HELD
        activity.recorded_by, activity.recorded_at = actor, timezone.now()
    since = min(held_on, activity.held_on)
    touched, left = _branches(activity), _people(activity)
    own = _own_parts(activity)
    _apply(activity, facts, held_on)
    activity.version += 1
    activity.save()
    activity.items.set(_items(facts.item_ids))
    _write_attendance(activity, attendance, actor, own)
    _add_photos(activity, photos, actor)
    details: dict[str, Any] = {"people": len(attendance)}
    if was_planned:
        details["kind"] = activity.kind
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_RECORDED
        if was_planned
        else AuditAction.ACTIVITY_UPDATED,
        target=activity,
        organization=activity.organization,
        details=details,
    )
    _send_facts(activity, since, touched, left)
    return activity


@transaction.atomic
def correct_hours(
    *,
    activity_id: int,
    version: int | None,
    parts: Mapping[int, OwnPart],
    actor: User,
) -> int:
    """Set the hours and notes of people who were present; return how many changed.

    `parts` maps member ids to their own part. Raises Activity.DoesNotExist or
    Member.DoesNotExist out of scope, also for somebody who was not present,
    PermissionDenied, StaleError when somebody was quicker, RuleError above the
    activity's hours.
    """
    activity = locked_activity(activity_id, actor)
    check_version(activity, version)
    rules.check_is_held(activity.state)
    rows = Participation.objects.visible_to(actor).filter(
        activity=activity, presence=Presence.PRESENT, member__in=parts
    )
    found = {row.member_id: row for row in rows}
    if found.keys() != set(parts):
        raise Member.DoesNotExist
    changed: dict[int, list[str]] = {}
    for member_id, part in parts.items():
        row = found[member_id]
        hours = rules.credited_hours(row.presence, part.hours, activity.hours)
        if (row.hours, row.note) != (hours, part.note):
            changed[member_id] = [str(row.hours), str(hours)]
            row.hours, row.note = hours, part.note
    if not changed:
        return 0
    Participation.objects.bulk_update(
        [found[member_id] for member_id in changed], ["hours", "note"]
    )
    activity.version += 1
    # Without names: who reads the history may not see every one of them.
    reason = f"更正 {len(changed)} 人的时长或说明"
    activity._change_reason = reason  # type: ignore[attr-defined]
    activity.save()
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_UPDATED,
        target=activity,
        organization=activity.organization,
        details={"hours": changed, "count": len(changed)},
    )
    _send_facts(activity, activity.held_on)
    return len(changed)


@transaction.atomic
def cancel_activity(*, activity_id: int, reason: str, actor: User) -> Activity:
    """Take an activity out of every count; the record stays readable."""
    activity = locked_activity(activity_id, actor)
    if activity.state == ActivityState.CANCELLED:
        raise RuleError("这项活动已经取消。", code="already_cancelled")
    if not reason.strip():
        raise RuleError("请写明取消的原因。", code="reason_missing")
    activity.state = ActivityState.CANCELLED
    activity.cancel_reason = reason.strip()
    activity.version += 1
    activity.save()
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_CANCELLED,
        target=activity,
        organization=activity.organization,
        details={"reason": activity.cancel_reason},
    )
    _send_facts(activity, activity.held_on)
    return activity


@transaction.atomic
def remove_photo(*, photo_id: int, actor: User) -> Activity:
    """Take a photo off its activity and delete its file: it may show too much."""
    photo = ActivityPhoto.objects.select_related("file").get(pk=photo_id)
    activity = locked_activity(photo.activity_id, actor)
    stored = photo.file
    photo.delete()
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_UPDATED,
        target=activity,
        organization=activity.organization,
        details={"photo_removed": str(stored.pk)},
    )
    transaction.on_commit(partial(stored.file.storage.delete, str(stored.file.name)))
    stored.delete()
    return activity


def _add_photos(activity: Activity, uploads: Sequence[Any], actor: User) -> None:
    have = activity.photos.count() if uploads else 0
    rules.check_photo_count(have + len(uploads))
    for upload in uploads:
        try:
            stored = store_upload(
                upload=upload,
                purpose=FilePurpose.PHOTO,
                organization=activity.organization,
                actor=actor,
                allowed_types=IMAGES,
                max_bytes=PHOTO_MAX_BYTES,
            )
        except RuleError as error:
            raise RuleError(
                f"照片“{upload.name}”：{error.text}", code=error.code
            ) from error
        ActivityPhoto.objects.create(activity=activity, file=stored)


def locked_activity(activity_id: int, actor: User) -> Activity:
    """Return the activity in scope, locked, where `actor` records; raises as above."""
    activity = (
        Activity.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=activity_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, activity.organization)
    return activity


def _already_recorded(request_id: UUID | None, actor: User) -> Activity | None:
    if request_id is None:
        return None
    return Activity.objects.visible_to(actor).filter(request_id=request_id).first()


def _apply(activity: Activity, facts: ActivityFacts, held_on: date) -> None:
    activity.kind = facts.kind
    activity.title = facts.title.strip()
    activity.starts_at = facts.starts_at
    activity.held_on = held_on
    activity.hours = facts.hours
    activity.place = facts.place.strip()
    activity.summary = facts.summary.strip()
    activity.people_served = facts.people_served
    activity.course = course_for_session(activity, facts.course_id, facts.kind, held_on)
    activity.team = team_for(facts.team_id, activity.organization, facts.kind, held_on)
    activity.full_clean(exclude=["request_id"])


def _items(item_ids: Sequence[int]) -> list[ProgramItem]:
    items = list(ProgramItem.objects.filter(pk__in=item_ids))
    if len(items) != len(set(item_ids)):
        raise RuleError("所选的计入项目已不存在，请重新选择。", code="unknown_item")
    return items


def _own_parts(activity: Activity) -> dict[int, Attendance]:
    """What was written of single people: hours unlike the activity's, and notes."""
    rows = activity.participations.values_list("member_id", "presence", "hours", "note")
    usual = (Presence.PRESENT, activity.hours)
    return {
        member_id: Attendance(
            presence, None if (presence, hours) == usual else hours, note
        )
        for member_id, presence, hours, note in rows
        if note or (presence, hours) != usual
    }


def _merged(part: Attendance, own: Attendance | None, activity: Activity) -> Attendance:
    if own is None or part.presence != own.presence or part.hours is not None:
        return part
    kept = own.hours if own.hours is None else min(own.hours, activity.hours)
    return Attendance(part.presence, kept, part.note or own.note)


def _write_attendance(
    activity: Activity,
    attendance: Mapping[int, Attendance],
    actor: User,
    own: Mapping[int, Attendance] | None = None,
) -> None:
    """Make the activity's participations equal to `attendance`.

    `own` holds what was corrected for single people before. Rows of people outside
    the actor's scope stay as they are: he cannot see them.
    """
    own = own or {}
    attendance = {
        pk: _merged(part, own.get(pk), activity) for pk, part in attendance.items()
    }
    rules.check_attendance({pk: part.presence for pk, part in attendance.items()})
    visible = set(
        Member.objects.visible_to(actor)
        .filter(pk__in=attendance)
        .values_list("pk", flat=True)
    )
    if visible != set(attendance):
        raise Member.DoesNotExist
    mine = Participation.objects.visible_to(actor).filter(activity=activity)
    mine.exclude(member__in=visible).delete()
    rows = [
        Participation(
            activity=activity,
            member_id=member_id,
            presence=part.presence,
            hours=rules.credited_hours(part.presence, part.hours, activity.hours),
            note=part.note,
        )
        for member_id, part in attendance.items()
    ]
    Participation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["activity", "member"],
        update_fields=["presence", "hours", "note"],
    )


def _branches(activity: Activity) -> set[int]:
    """Ids of the organizer and of every branch its people ever belonged to.

    A part is counted at the branch of that day, which the person may have left.
    """
    of_people = Affiliation.objects.filter(
        member__in=activity.participations.values("member_id")
    )
    ids = of_people.order_by().values_list("organization_id", flat=True).distinct()
    return {*ids, activity.organization_id}


def _people(activity: Activity) -> set[int]:
    return set(activity.participations.values_list("member_id", flat=True))


def _send_facts(
    activity: Activity,
    since: date,
    touched: Iterable[int] = (),
    left: Iterable[int] = (),
) -> None:
    """Tell the figures; `touched` are branches of people taken off the list, `left`."""
    contacts_changed.send(
        sender=Activity, member_ids=_people(activity) | set(left), since=since
    )
    facts_changed.send(
        sender=Activity,
        organization_ids=_branches(activity) | set(touched),
        since=since,
    )
