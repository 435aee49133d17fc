"""The demo's joint conferences: the street's and two communities', with meetings."""

from __future__ import annotations

from datetime import date, time, timedelta

from liaison.models import Conference, ConferenceMeeting
from liaison.services.agenda import (
    Mark,
    mark_attendance,
    matters_for,
    set_agenda,
    write_minutes,
)
from liaison.services.briefings import issue_briefing, read_by_link, read_in_portal
from liaison.services.conferences import (
    ConferenceFacts,
    DelegateFacts,
    add_seats,
    found_conference,
    name_delegate,
)
from liaison.services.decisions import (
    DecisionFacts,
    close_decision,
    decide,
    note_progress,
)
from liaison.services.meetings import MeetingFacts, call_meeting, put_topic
from organizations.models import User
from reports.demo.street import Street

_DUTIES = (
    "通报情况、协商要事、协调落实；成员单位地位平等，可以提出议题和建议。"
    "每半年开会一次，代表因故不能参加的由替补参加。"
)
_PEOPLE = (
    ("韩志远", "党委副书记"),
    ("陆文静", "办公室主任"),
    ("冯建华", "工会主席"),
    ("许丽萍", "党支部书记"),
    ("邵国平", "副经理"),
    ("姚春燕", "人事主管"),
)
_TOPICS = (
    ("冬季走访困难党员和独居老人", "建议各单位认领几户，节前走访完。"),
    ("上下学时段校门口交通疏导", "请沿街单位一起出人，轮流值守。"),
    ("老旧小区停车位不足", "单位夜间空闲车位能否错时开放。"),
)


def make_conferences(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")
    homes = [community.organization for community in street.communities]
    secretary = User.objects.get(username="community")
    street_level = _founded(street.root, street, today, staff, homes[:4])
    _held(street_level, "上一次街道党建联席会议", today, staff, secretary)
    _meeting(street_level, "街道党建联席会议", today + timedelta(days=24), staff)
    first = _founded(homes[0], street, today, staff, [])
    _meeting(first, f"{homes[0]}党建联席会议", today + timedelta(days=12), staff)
    _founded(homes[1], street, today, staff, [])


def _founded(place, street: Street, today: date, staff: User, members) -> Conference:
    begin = today - timedelta(days=700)
    conference = found_conference(
        organization_id=place.pk,
        facts=ConferenceFacts(
            founded_on=begin,
            duties=_DUTIES,
            liaison_name="顾干事",
            liaison_phone="0600-60000003",
        ),
        actor=staff,
    )
    add_seats(
        conference_id=conference.pk,
        unit_ids=[unit.pk for unit in street.units[: len(_PEOPLE)]],
        organization_ids=[each.pk for each in members],
        joined_on=begin,
        actor=staff,
    )
    seats = conference.seats.order_by("pk")
    # One unit has not named anybody yet; another has replaced its delegate.
    for number, (seat, (name, position)) in enumerate(
        zip(seats[: len(_PEOPLE) - 1], _PEOPLE, strict=False)
    ):
        _named(seat.pk, "delegate", name, position, begin, staff, number)
    for seat, (name, position) in zip(seats[:2], _PEOPLE[3:], strict=False):
        _named(seat.pk, "substitute", name, position, begin, staff, 7)
    _named(
        seats[0].pk,
        "delegate",
        "钱慧",
        "党委副书记",
        today - timedelta(days=40),
        staff,
        9,
        notice="单位来函告知，原代表已调离",
    )
    return conference


def _named(
    seat_id: int,
    role: str,
    name: str,
    position: str,
    since: date,
    staff: User,
    number: int,
    notice: str = "",
) -> None:
    name_delegate(
        seat_id=seat_id,
        facts=DelegateFacts(
            role=role,
            name=name,
            position=position,
            phone=f"1390000{number:04d}",
            starts_on=since,
            notice=notice,
        ),
        actor=staff,
    )


def _meeting(conference: Conference, title: str, meets_on: date, staff: User) -> None:
    meeting = call_meeting(
        conference_id=conference.pk,
        facts=MeetingFacts(
            title=title,
            meets_on=meets_on,
            begins_at=time(9),
            place=f"{conference.organization}会议室",
            chair="沈书记",
            notice="通报上半年共建情况，研究冬季助困、交通疏导等事项，请安排代表参加。",
        ),
        actor=staff,
    )
    seats = [None, *conference.seats.order_by("pk")]
    for seat, (words, detail) in zip(seats, _TOPICS, strict=False):
        put_topic(
            meeting_id=meeting.pk,
            seat_id=seat and seat.pk,
            title=words,
            words=detail,
            actor=staff,
        )


def _held(
    conference: Conference, title: str, today: date, staff: User, secretary: User
) -> None:
    """The meeting before: minutes, three decisions, a briefing that some have read."""
    meets_on = today - timedelta(days=100)
    meeting = call_meeting(
        conference_id=conference.pk,
        facts=MeetingFacts(
            title=title,
            meets_on=meets_on,
            begins_at=time(14, 30),
            place=f"{conference.organization}会议室",
            chair="沈书记",
            notice="通报区域化党建情况，研究文明城市创建和暑期安全。",
        ),
        actor=staff,
    )
    seats = list(conference.seats.order_by("pk"))
    mark_attendance(
        meeting_id=meeting.pk,
        marks=[
            *(Mark(seat.pk, "delegate") for seat in seats[:4]),
            Mark(seats[4].pk, "absent", "外出培训"),
            *(Mark(seat.pk, "other", "值班负责人") for seat in seats[5:]),
        ],
        actor=staff,
    )
    _decided(meeting, seats, today, staff)
    briefing = issue_briefing(
        meeting_id=meeting.pk,
        title=f"{title}情况的通报",
        words="会议通报了上半年共建情况，议定三件事：开放单位操场、"
        "清理楼道杂物、假期学生看护。请责任单位按期办理。",
        actor=staff,
    )
    for link in meeting.links.order_by("pk")[:3]:
        read_by_link(link)
    read_in_portal(briefing_id=briefing.pk, actor=secretary)


def _decided(meeting: ConferenceMeeting, seats: list, today: date, staff: User) -> None:
    set_agenda(
        meeting_id=meeting.pk,
        taken=list(matters_for(meeting)),
        own=["单位操场向居民开放", "楼道杂物清理", "暑期学生看护"],
        actor=staff,
    )
    items = list(meeting.agenda.taken().order_by("number"))[-3:]
    write_minutes(
        meeting_id=meeting.pk,
        chair="沈书记",
        recorder="顾干事",
        words="",
        points={
            items[0].pk: "学校、公交公司同意晚间开放，社区派志愿者值守。",
            items[1].pk: "先劝导后清理，物业配合。",
            items[2].pk: "利用社区活动室，单位青年党员轮流看护。",
        },
        actor=staff,
    )
    for item, words, seat, days in (
        (items[0], "每周两晚开放操场", seats[2], 60),
        (items[1], "集中清理一次楼道杂物", None, -20),
        (items[2], "排出暑期看护值班表", seats[1], -60),
    ):
        decision = decide(
            meeting_id=meeting.pk,
            facts=DecisionFacts(
                words=words,
                due_on=today + timedelta(days=days),
                seat_id=seat and seat.pk,
                item_id=item.pk,
            ),
            actor=staff,
        )
        note_progress(decision_id=decision.pk, words="已联系责任单位。", actor=staff)
    # The last one is done.
    close_decision(
        decision_id=decision.pk,
        closed_on=today - timedelta(days=62),
        outcome="值班表已排好，看护学生 26 名。",
        actor=staff,
    )
