"""A unit's own link to a meeting: its notice, its own topics, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.models import ConferenceTopic, MeetingLink
from liaison.services import meetings as service
from liaison.services.conferences import leave_seat
from liaison.views.doors import CALLS_A_MINUTE
from organizations.models import AuditEvent
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.conference_steps import called, day, founded
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def meeting(community_a, community_secretary, work_unit):
    conference = founded(
        community_a, community_secretary, work_unit, WorkUnitFactory(name="滨江医院")
    )
    return called(conference, community_secretary)


@pytest.fixture
def link(meeting, work_unit) -> MeetingLink:
    return meeting.links.get(seat__unit=work_unit)


@pytest.fixture
def address(link) -> str:
    return reverse("liaison:my-meeting", args=[service.meeting_token(link)])


@pytest.fixture
def opened(address) -> Client:
    client = Client()
    assert client.post(address).status_code == 302
    return client


def put(**changes) -> dict:
    return {
        "title": "停车难",
        "words": "错时停车",
        "request_id": str(uuid4()),
    } | changes


def test_the_door_shows_nothing_and_notes_nothing(client, address, link):
    html = client.get(address).content.decode()
    assert "查看会议通知" in html
    for secret in ("江滨中学", "沈书记", "下半年"):
        assert secret not in html
    link.refresh_from_db()
    assert link.opened_at is None


def test_a_unit_sees_the_notice_and_its_own_topics_alone(
    opened, address, meeting, link, community_secretary
):
    for seat in meeting.conference.seats.all():
        service.put_topic(
            meeting_id=meeting.pk,
            seat_id=seat.pk,
            title=f"{seat}的议题",
            words="",
            actor=community_secretary,
        )
    called(meeting.conference, community_secretary, 60, title="下一次会议")
    html = opened.get(address).content.decode()
    for words in ("江滨中学", "沈书记", "研究冬季助困", "江滨中学的议题"):
        assert words in html
    for secret in ("滨江医院", "下一次会议", "sidenav"):
        assert secret not in html
    assert 'href="/' not in html.replace('href="/static', "")
    link.refresh_from_db()
    assert link.opened_at is not None
    assert "江滨中学" not in Client().get(address).content.decode()


def test_a_topic_sent_twice_is_one(opened, address, meeting):
    sent = put(words="<script>alert(1)</script>")
    first = opened.post(f"{address}topic/", sent, follow=True).content.decode()
    opened.post(f"{address}topic/", sent)
    assert "议题已收到" in first
    assert "<script>alert" not in first
    topic = meeting.topics.get()
    assert (topic.seat.unit.name, topic.recorded_by) == ("江滨中学", None)
    event = AuditEvent.objects.latest("pk")
    assert event.details == {"conference_step": "topic_by_link"}
    assert event.actor is None


def test_what_another_unit_sent_stands_in_nobodys_way(opened, address, meeting):
    """The same request_id of two units are two topics."""
    other = meeting.links.exclude(seat__unit__name="江滨中学").get()
    second, sent = Client(), put()
    url = reverse("liaison:my-meeting", args=[service.meeting_token(other)])
    second.post(url)
    opened.post(f"{address}topic/", sent)
    assert second.post(f"{url}topic/", sent).status_code == 302
    assert meeting.topics.count() == 2


def test_after_closing_the_topic_is_kept_on_the_page(opened, address, meeting):
    meeting.conference.meetings.update(topics_until=day(-1))
    response = opened.post(f"{address}topic/", put())
    assert response.status_code == 422
    html = response.content.decode()
    assert "截止" in html
    assert "错时停车" in html
    assert not ConferenceTopic.objects.exists()


def test_a_unit_fills_no_desk(opened, address, meeting):
    for number in range(11):
        response = opened.post(f"{address}topic/", put(title=f"第{number}个"))
    assert "最多提10个议题" in response.content.decode()
    assert meeting.topics.count() == 10


def test_a_meeting_called_off_says_so(opened, address, meeting, community_secretary):
    service.cancel_meeting(
        meeting_id=meeting.pk, reason="台风", actor=community_secretary
    )
    html = opened.get(address).content.decode()
    assert "会议已取消" in html
    assert "提出一个议题" not in html
    assert "已经取消" in opened.post(f"{address}topic/", put()).content.decode()


def test_every_dead_link_answers_alike(
    opened, address, link, meeting, community_secretary
):
    bodies = set()

    def look(url: str) -> None:
        topic = f"{url}topic/"
        for response in (opened.get(url), opened.post(url), opened.post(topic, put())):
            assert response.status_code == 404
            bodies.add(response.content)

    token = address.split("/")[-2]
    swapped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for wrong in ("A" * 43, "不是令牌", swapped, token.upper(), f"{token}A"):
        look(reverse("liaison:my-meeting", args=[wrong]))
    rows, now = MeetingLink.objects.filter(pk=link.pk), timezone.now()
    for change, back in (
        ({"expires_at": now - timedelta(1)}, {"expires_at": now + timedelta(1)}),
        ({"revoked_at": now}, {"revoked_at": None}),
    ):
        rows.update(**change)
        look(address)
        rows.update(**back)
    assert opened.get(address).status_code == 200
    leave_seat(
        seat_id=link.seat_id, left_on=day(0), reason="搬迁", actor=community_secretary
    )
    look(address)
    assert len(bodies) == 1
    assert not ConferenceTopic.objects.exists()


def test_an_opened_link_opens_no_other(opened, address, meeting):
    other = meeting.links.exclude(seat__unit__name="江滨中学").get()
    token = service.meeting_token(other)
    url = reverse("liaison:my-meeting", args=[token])
    assert "滨江医院" not in opened.get(url).content.decode()
    assert opened.post(f"{url}topic/", put()).url == url
    assert not ConferenceTopic.objects.exists()
    for name in ("unit-packet", "my-card"):
        assert opened.get(reverse(f"liaison:{name}", args=[token])).status_code == 404


def test_a_new_link_ends_the_one_before(
    opened, address, link, meeting, client_for, community_secretary
):
    page = reverse("liaison:meeting-link", args=[meeting.pk, link.seat_id])
    html = client_for(community_secretary).post(page, follow=True).content.decode()
    new = meeting.links.get(seat=link.seat_id, revoked_at=None)
    assert f"/liaison/c/{service.meeting_token(new)}/" in html
    assert opened.get(address).status_code == 404


def test_only_a_digest_is_stored_and_calls_are_limited(client, address, link):
    token = service.meeting_token(link)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM liaison_meetinglink")
        assert token not in str(cursor.fetchall())
    statuses = [client.get(address).status_code for _ in range(CALLS_A_MINUTE + 1)]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 429


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_topic(meeting, link):
    token, asked = service.meeting_token(link), uuid4()

    def work(number):
        topic = service.put_topic_by_link(
            token=token, title="停车难", words="", request_id=asked
        )
        return topic.pk

    assert len(set(race(work, 8))) == 1
    assert ConferenceTopic.objects.count() == 1
