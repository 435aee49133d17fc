"""Joint conferences: members, delegates, meetings called, topics collected."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.registry import alert
from config.lib.versions import StaleError
from liaison.models import Conference, ConferenceSeat, ConferenceTopic, MeetingLink
from liaison.rules.conferences import topics_close
from liaison.services.conferences import (
    DelegateFacts,
    add_seats,
    end_conference,
    leave_seat,
    name_delegate,
)
from liaison.services.meetings import (
    amend_meeting,
    call_meeting,
    cancel_meeting,
    put_topic,
    withdraw_topic,
)
from organizations.models import AuditEvent, Organization
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.conference_steps import called, day, founded, named, notice

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def conference(community_a, community_secretary, work_unit) -> Conference:
    return founded(community_a, community_secretary, work_unit, WorkUnitFactory())


@pytest.fixture
def seat(conference, work_unit) -> ConferenceSeat:
    return conference.seats.get(unit=work_unit)


@pytest.fixture
def meeting(conference, community_secretary):
    return called(conference, community_secretary)


# The conference and its members -------------------------------------------------------


def test_one_conference_for_a_place(conference, community_a, community_secretary):
    assert conference.level == "community"
    with pytest.raises(RuleError, match="只设一个"):
        founded(community_a, community_secretary)


def test_founding_sent_twice_founds_once(community_a, community_secretary):
    asked = uuid4()
    first = founded(community_a, community_secretary, request_id=asked)
    assert founded(community_a, community_secretary, request_id=asked) == first


def test_a_conference_is_of_a_street_or_a_community(
    street, community_b, branch_a1, committee_staff, community_secretary
):
    assert founded(street, committee_staff).level == "street"
    with pytest.raises(RuleError, match="街道和社区两级"):
        founded(branch_a1, community_secretary)
    with pytest.raises(Organization.DoesNotExist):
        founded(community_b, community_secretary)


def test_who_is_a_member_already_stays(conference, work_unit, community_secretary):
    asked = {
        "conference_id": conference.pk,
        "joined_on": TODAY,
        "actor": community_secretary,
    }
    new = add_seats(
        unit_ids=[work_unit.pk, WorkUnitFactory().pk], organization_ids=[], **asked
    )
    assert len(new) == 1
    with pytest.raises(RuleError, match="不用列为成员"):
        add_seats(unit_ids=[], organization_ids=[conference.organization_id], **asked)
    with pytest.raises(RuleError, match="至少选一个"):
        add_seats(unit_ids=[], organization_ids=[], **asked)


def test_a_delegate_is_replaced_by_notice_and_stays_on_record(
    seat, community_secretary
):
    named(seat, community_secretary, phone="13800001111")
    after = {"role": "delegate", "name": "江敏", "starts_on": day(-20)}
    with pytest.raises(RuleError, match="凭单位通知"):
        name_delegate(
            seat_id=seat.pk, facts=DelegateFacts(**after), actor=community_secretary
        )
    asked = {
        "seat_id": seat.pk,
        "facts": DelegateFacts(notice="11月3日来函", **after),
        "request_id": uuid4(),
        "actor": community_secretary,
    }
    assert name_delegate(**asked) == name_delegate(**asked)
    rows = seat.delegates.order_by("pk").values_list("name", "ends_on")
    assert list(rows) == [("章平", day(-20)), ("江敏", None)]


def test_a_unit_that_leaves_loses_its_links(
    conference, seat, meeting, community_secretary
):
    named(seat, community_secretary)
    leave_seat(seat_id=seat.pk, left_on=TODAY, reason="搬迁", actor=community_secretary)
    assert seat.delegates.get().ends_on == TODAY
    assert not meeting.links.filter(seat=seat, revoked_at=None).exists()
    with pytest.raises(RuleError, match="已退出"):
        named(seat, community_secretary, name="江敏")


def test_units_without_a_delegate_are_to_be_named(
    seat, community_secretary, secretary_b
):
    unnamed = alert("liaison.conference_unnamed")
    assert unnamed.count(community_secretary, TODAY) == 2
    named(seat, community_secretary)
    items = list(unnamed.rows(community_secretary, TODAY))
    assert len(items) == 1
    assert "还没有登记代表" in items[0].detail
    assert unnamed.count(secretary_b, TODAY) == 0


def test_a_conference_ends_when_no_meeting_is_to_come(
    conference, meeting, community_secretary
):
    asked = {
        "conference_id": conference.pk,
        "ended_on": TODAY,
        "reason": "并入街道联席会",
        "actor": community_secretary,
    }
    with pytest.raises(RuleError, match="请先取消会议"):
        end_conference(**asked)
    cancel_meeting(meeting_id=meeting.pk, reason="改期", actor=community_secretary)
    end_conference(**asked)
    with pytest.raises(RuleError, match="已经终止"):
        called(conference, community_secretary)


def test_places_that_merge_and_close(
    conference, community_a, community_b, street, branch_b1, committee_staff
):
    with pytest.raises(RuleError, match="联席会还没有终止"):
        close_organization(
            organization_id=community_a.pk,
            on_date=TODAY,
            reason="区划调整",
            actor=committee_staff,
        )
    of_street = founded(
        street, committee_staff, organizations=[community_a, community_b]
    )
    merge_organizations(
        source_id=community_a.pk,
        target_id=community_b.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    conference.refresh_from_db()
    assert conference.organization == community_b
    assert [seat.organization for seat in of_street.seats.open()] == [community_b]


# Meetings and topics ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meets_on", "wished", "said"),
    [
        (date(2026, 12, 20), None, date(2026, 12, 5)),
        (date(2026, 12, 20), date(2026, 12, 19), date(2026, 12, 19)),
        (date(2026, 11, 30), None, None),
        (date(2026, 11, 30), date(2026, 12, 1), "不能再征集议题"),
        (date(2026, 12, 10), None, "按会前15天截止"),
        (date(2026, 12, 10), date(2026, 12, 10), "应早于开会日期"),
        (date(2026, 12, 10), date(2026, 11, 30), "已经过了"),
        (date(2028, 1, 1), None, "一年以后"),
    ],
)
def test_when_topics_close(meets_on, wished, said):
    asked = {
        "meets_on": meets_on,
        "wished": wished,
        "days": 15,
        "today": date(2026, 12, 1),
    }
    if isinstance(said, str):
        with pytest.raises(RuleError, match=said):
            topics_close(**asked)
    else:
        assert topics_close(**asked) == said


def test_calling_makes_a_link_for_each_unit_once(conference, community_secretary):
    asked = {
        "conference_id": conference.pk,
        "facts": notice(),
        "request_id": uuid4(),
        "actor": community_secretary,
    }
    meeting = call_meeting(**asked)
    assert call_meeting(**asked) == meeting
    assert meeting.links.count() == 2
    assert meeting.topics_until == day(27)
    assert conference.meetings.count() == 1


def test_a_past_meeting_collects_nothing(conference, community_secretary):
    meeting = called(conference, community_secretary, ahead=-10)
    assert meeting.topics_until is None
    assert not MeetingLink.objects.exists()
    with pytest.raises(RuleError, match="不征集议题"):
        put_topic(
            meeting_id=meeting.pk,
            seat_id=None,
            title="停车",
            words="",
            actor=community_secretary,
        )


def test_a_notice_is_amended_and_links_follow(meeting, community_secretary):
    before = meeting.links.first().expires_at
    asked = {"meeting_id": meeting.pk, "actor": community_secretary}
    amend_meeting(facts=notice(40, place="街道大会议室"), version=1, **asked)
    assert meeting.links.first().expires_at == before + timedelta(days=10)
    with pytest.raises(StaleError):
        amend_meeting(facts=notice(50), version=1, **asked)
    # Words alone may change when the day for topics is past.
    meeting.conference.meetings.update(topics_until=day(-1))
    amend_meeting(facts=notice(40, chair="顾书记", topics_until=day(-1)), **asked)
    meeting.refresh_from_db()
    assert (meeting.chair, meeting.topics_until) == ("顾书记", day(-1))


def test_topics_of_staff_close_and_are_taken_back(meeting, seat, community_secretary):
    asked = {
        "meeting_id": meeting.pk,
        "seat_id": seat.pk,
        "title": "停车难",
        "words": "错时停车",
        "actor": community_secretary,
    }
    topic = put_topic(**asked)
    withdraw_topic(topic_id=topic.pk, reason="重复", actor=community_secretary)
    assert not ConferenceTopic.objects.counted().exists()
    meeting.conference.meetings.update(topics_until=day(-1))
    with pytest.raises(RuleError, match="截止"):
        put_topic(**asked)
    cancel_meeting(meeting_id=meeting.pk, reason="改期", actor=community_secretary)
    with pytest.raises(RuleError, match="已经取消"):
        put_topic(**asked)
    steps = AuditEvent.objects.filter(action="conference_saved").order_by("pk")
    assert [each.details["conference_step"] for each in steps][-3:] == [
        *("topic_put", "topic_withdrawn", "meeting_cancelled"),
    ]


def test_from_founding_to_the_letter(
    client_for, community_secretary, community_a, work_unit
):
    client = client_for(community_secretary)

    def post(page, *args, **data):
        url = reverse(f"liaison:{page}", args=args)
        return client.post(url, data, follow=True)

    post(
        "conference-add",
        organization=community_a.pk,
        founded_on=day(-9),
        liaison_name="顾干事",
        liaison_phone="0600-60000009",
    )
    conference = Conference.objects.get()
    post("seat-add", conference.pk, units=[work_unit.pk], joined_on=TODAY)
    seat = conference.seats.get()
    html = post(
        *("seat-delegate", seat.pk, "delegate"),
        name="章平",
        phone="138 0000 1111",
        starts_on=TODAY,
    ).content.decode()
    assert "138****1111" in html
    assert "13800001111" not in html
    delegate = seat.delegates.get()
    shown = post("delegate-reveal", delegate.pk, reason="通知开会").content.decode()
    assert "13800001111" in shown
    sent = {
        "title": "下半年会议",
        "meets_on": day(2),
        "begins_at": "09:00",
        "place": "会议室",
        "chair": "沈书记",
        "notice": "请参加",
    }
    refused = post("meeting-call", conference.pk, **sent)
    assert refused.status_code == 422
    assert "按会前3天截止" in refused.content.decode()
    assert 'value="下半年会议"' in refused.content.decode()
    post("meeting-call", conference.pk, **sent | {"topics_until": day(1)})
    meeting = conference.meetings.get()
    page = client.get(reverse("liaison:meeting-letters", args=[meeting.pk]))
    letter = page.content.decode()
    for words in ("江滨中学：", "扫码看通知", "0600", "60000009", "含当天"):
        assert words in letter
    assert (
        "已登记"
        in post("topic-add", meeting.pk, title="停车难", seat=seat.pk).content.decode()
    )
