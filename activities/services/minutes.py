"""Writing the minutes of a meeting, and why somebody was away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from activities.choices import ActivityState, Presence
from activities.models import Minutes, Participation
from activities.rules import minutes as rules
from activities.services.activities import locked_activity
from activities.turnout import voting_turnout
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Member
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User


@dataclass(frozen=True)
class MinutesFacts:
    chair: str = ""
    keeper: str = ""
    topics: str = ""
    decisions: str = ""


@transaction.atomic
def save_minutes(
    *,
    activity_id: int,
    version: int,
    facts: MinutesFacts,
    reasons: Mapping[int, str],
    actor: User,
) -> Minutes:
    """Write the minutes; `reasons` say of people away why, by their ids.

    `version` is that of the minutes the form showed, 0 where there were none. Raises
    Activity.DoesNotExist or Member.DoesNotExist out of scope, also for somebody who
    was not away, PermissionDenied, StaleError, RuleError for a meeting that was not
    held or was too small to decide.
    """
    activity = locked_activity(activity_id, actor)
    if activity.state != ActivityState.HELD:
        raise RuleError("还没有开展或已经取消的活动不写会议记录。", code="not_held")
    held = Minutes.objects.filter(activity=activity).first()
    if (held.version if held else 0) != version:
        raise StaleError
    turnout = voting_turnout(activity)
    if turnout is not None and facts.decisions.strip():
        rules.check_decision(turnout.expected, turnout.present)
    _write_reasons(activity.pk, reasons, actor)
    written = held or Minutes(activity=activity)
    written.chair, written.keeper = facts.chair.strip(), facts.keeper.strip()
    written.topics, written.decisions = facts.topics.strip(), facts.decisions.strip()
    written.written_by = actor
    written.version = version + 1
    written.full_clean(exclude=["activity"])
    written.save()
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_UPDATED,
        target=activity,
        organization=activity.organization,
        details={"minutes": written.version},
    )
    return written


def _write_reasons(activity_id: int, reasons: Mapping[int, str], actor: User) -> None:
    away = {
        row.member_id: row
        for row in Participation.objects.visible_to(actor)
        .filter(activity=activity_id, member__in=reasons)
        .exclude(presence=Presence.PRESENT)
    }
    if away.keys() != reasons.keys():
        raise Member.DoesNotExist
    changed = []
    for member_id, reason in reasons.items():
        if away[member_id].note != reason.strip():
            away[member_id].note = reason.strip()[:100]
            changed.append(away[member_id])
    Participation.objects.bulk_update(changed, ["note"])
