"""The demo's joint conferences: the street's and two communities', with meetings."""

from __future__ import annotations

from datetime import date, time, timedelta

from liaison.models import Conference
from liaison.services.conferences import (
    ConferenceFacts,
    DelegateFacts,
    add_seats,
    found_conference,
    name_delegate,
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
    street_level = _founded(street.root, street, today, staff, homes[:4])
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
