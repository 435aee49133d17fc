"""What a meeting of a conference dealt with: agenda, who was there, minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from liaison.choices.conferences import DelegateRole, Presence
from liaison.models import (
    AgendaItem,
    Conference,
    ConferenceAttendance,
    ConferenceDecision,
    ConferenceMeeting,
    Obligation,
)
from liaison.rules import conferences as rules
from liaison.services.conferences import tell
from liaison.services.meetings import open_meeting, save_meeting
from organizations.models import User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class Matter:
    """Something that may come on the agenda; `refs` are fields of its AgendaItem."""

    key: str
    kind: str
    title: str
    proposer: str
    refs: dict[str, Any] = field(default_factory=dict)
    was_left: bool = False

    @property
    def label(self) -> str:
        return f"{self.kind}：{self.title}（{self.proposer}）"


@dataclass(frozen=True)
class Mark:
    """How one unit was there; `words` is the name of who came, or why nobody did."""

    seat_id: int
    presence: str
    words: str = ""


def matters_for(meeting: ConferenceMeeting) -> dict[str, Matter]:
    """What is offered for the agenda, by key: clauses overdue, what is open, topics.

    `meeting` comes with its conference and organization.
    """
    home, today = meeting.conference.organization, timezone.localdate()
    standing = {item.key: item for item in meeting.agenda.all()}
    found = [
        *_overdue_clauses(meeting, today),
        *_open_decisions(meeting),
        *_topics(meeting),
    ]
    found += [
        Matter(key, "另加", item.title, str(home))
        for key, item in standing.items()
        if key.startswith("own-")
    ]
    return {
        matter.key: Matter(
            matter.key,
            matter.kind,
            matter.title[:200],
            matter.proposer,
            matter.refs,
            matter.key in standing and not standing[matter.key].is_taken,
        )
        for matter in found
    }


def _overdue_clauses(meeting: ConferenceMeeting, today: Any) -> list[Matter]:
    home = meeting.conference.organization
    owed = Obligation.objects.filter(agreement__organization=home).owed()
    rows = owed.overdue(today).select_related(
        "agreement", "clause__party__unit", "item__party__unit"
    )
    found = []
    for row in rows:
        source = row.clause or row.item
        assert source is not None
        party = source.party
        title = f"{row.words}（{row.agreement}，{row.due_on}到期）"
        proposer = str(party.unit if party else home)
        found.append(
            Matter(
                f"obligation-{row.pk}",
                "逾期的共建条款",
                title,
                proposer,
                {"obligation": row},
            )
        )
    return found


def _open_decisions(meeting: ConferenceMeeting) -> list[Matter]:
    rows = ConferenceDecision.objects.filter(
        meeting__conference=meeting.conference_id, closed_on__isnull=True
    ).exclude(meeting=meeting)
    return [
        Matter(
            f"decision-{row.pk}",
            "以前没有办结的",
            f"{row.words}（{row.due_on}到期）",
            row.owner,
            {"decision": row},
        )
        for row in rows.with_owner()
    ]


def _topics(meeting: ConferenceMeeting) -> list[Matter]:
    home = str(meeting.conference.organization)
    rows = meeting.topics.counted().select_related("seat__unit", "seat__organization")
    return [
        Matter(
            f"topic-{row.pk}",
            "征集的议题",
            row.title,
            str(row.seat or home),
            {"topic": row},
        )
        for row in rows
    ]


@transaction.atomic
def set_agenda(
    *,
    meeting_id: int,
    taken: Sequence[str],
    own: Sequence[str] = (),
    version: int | None = None,
    actor: User,
) -> ConferenceMeeting:
    """Take the matters of those keys, leave the others; add one's own behind.

    Raises ConferenceMeeting.DoesNotExist, StaleError, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    check_version(meeting, version)
    if meeting.minuted_at is not None:
        raise RuleError("会议记录已经填写，议程不再变动。", code="minuted")
    offered = matters_for(meeting)
    if set(taken) - set(offered):
        raise RuleError("有的议题刚刚撤回或者办结，请重新核对后保存。", code="taken")
    own = [words.strip() for words in own if words.strip()]
    if not taken and not own:
        raise RuleError("议程里一项也没有，请至少列入一项。", code="taken")
    if any(len(words) > rules.MOST_TITLE for words in own):
        raise RuleError(f"另加的议题每行最多{rules.MOST_TITLE}个字。", code="own")
    standing = {item.key: item for item in meeting.agenda.all()}
    number = 0
    for key, matter in offered.items():
        item = standing.pop(key, None) or AgendaItem(
            meeting=meeting, title=matter.title, proposer=matter.proposer, **matter.refs
        )
        item.is_taken = key in taken
        number += item.is_taken
        item.number = number if item.is_taken else 0
        item.save()
    # What is settled or taken back meanwhile is on the agenda no more.
    for item in standing.values():
        item.is_taken, item.number = False, 0
        item.save()
    for place, words in enumerate(own, start=number + 1):
        AgendaItem.objects.create(
            meeting=meeting,
            number=place,
            title=words,
            proposer=str(meeting.conference.organization),
        )
    save_meeting(meeting)
    tell(meeting.conference, "agenda_set", actor)
    return meeting


@transaction.atomic
def mark_attendance(
    *,
    meeting_id: int,
    marks: Sequence[Mark],
    version: int | None = None,
    actor: User,
) -> ConferenceMeeting:
    """Write down which units were there and by whom; the meeting counts as held.

    Raises ConferenceMeeting.DoesNotExist, StaleError, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    check_version(meeting, version)
    rules.check_attendance(meets_on=meeting.meets_on, today=timezone.localdate())
    seats = {seat.pk: seat for seat in meeting.conference.seats.named()}
    if not any(mark.presence != Presence.ABSENT for mark in marks):
        raise RuleError(
            "没有一个单位到会，请核对；没有开成的，请取消会议。", code="marks"
        )
    people = _people(meeting)
    for mark in marks:
        if mark.seat_id not in seats:
            raise RuleError("有的单位已不在名单里，请重新打开页面。", code="marks")
        ConferenceAttendance.objects.update_or_create(
            meeting=meeting,
            seat=seats[mark.seat_id],
            defaults=_marked(mark, str(seats[mark.seat_id]), people),
        )
    meeting.held_at = meeting.held_at or timezone.now()
    save_meeting(meeting)
    tell(meeting.conference, "attendance", actor)
    tell_figures(meeting)
    return meeting


def _people(meeting: ConferenceMeeting) -> dict[tuple[int, str], str]:
    """Who sits for each unit, by seat and role."""
    rows = [
        (seat.pk, person)
        for seat in meeting.conference.seats.prefetch_related("delegates")
        for person in seat.delegates.all()
        if person.starts_on <= meeting.meets_on
        and (person.ends_on is None or person.ends_on > meeting.meets_on)
    ]
    return {(pk, person.role): person.name for pk, person in rows}


def _marked(
    mark: Mark, unit: str, people: Mapping[tuple[int, str], str]
) -> dict[str, Any]:
    words = mark.words.strip()
    if mark.presence == Presence.ABSENT:
        if not words:
            raise RuleError(f"{unit}缺席，请写明原因。", code=f"words_{mark.seat_id}")
        return {"presence": mark.presence, "name": "", "reason": words}
    role = DelegateRole.DELEGATE
    if mark.presence == Presence.SUBSTITUTE:
        role = DelegateRole.SUBSTITUTE
    name = words or people.get((mark.seat_id, role), "")
    if mark.presence == Presence.OTHER:
        name = words
    if not name:
        raise RuleError(f"请写{unit}来的是谁。", code=f"words_{mark.seat_id}")
    return {"presence": mark.presence, "name": name[:50], "reason": ""}


@transaction.atomic
def write_minutes(
    *,
    meeting_id: int,
    chair: str,
    recorder: str,
    words: str,
    points: Mapping[int, str],
    version: int | None = None,
    actor: User,
) -> ConferenceMeeting:
    """Write the minutes: who chaired and recorded, and what was said of each item.

    Raises ConferenceMeeting.DoesNotExist, StaleError, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    check_version(meeting, version)
    if meeting.held_at is None:
        raise RuleError("请先登记到会情况，再写会议记录。", code="held")
    if not recorder.strip():
        raise RuleError("请写记录人。", code="recorder")
    meeting.chair, meeting.recorder = chair.strip(), recorder.strip()
    meeting.minutes_words = words.strip()
    meeting.minuted_at = meeting.minuted_at or timezone.now()
    meeting.clean_fields(exclude=["conference", "called_by"])
    save_meeting(meeting)
    for item in meeting.agenda.taken():
        if item.pk in points:
            item.points = points[item.pk].strip()
            item.save(update_fields=["points"])
    tell(meeting.conference, "minutes", actor)
    return meeting


def tell_figures(meeting: ConferenceMeeting) -> None:
    facts_changed.send(
        sender=Conference,
        organization_ids={meeting.conference.organization_id},
        since=meeting.meets_on,
    )
