"""What a conference deals with: agenda, attendance, minutes, decisions, briefings."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.periods import HalfYear
from config.lib.registry import alert
from config.lib.versions import StaleError
from liaison import minutes_text
from liaison.models import Briefing, ConferenceDecision, ConferenceMeeting
from liaison.rules.conferences import half_to_ask
from liaison.services import briefings, meetings
from liaison.services.agenda import (
    Mark,
    mark_attendance,
    matters_for,
    set_agenda,
    write_minutes,
)
from liaison.services.decisions import (
    DecisionFacts,
    amend_decision,
    close_decision,
    decide,
    note_progress,
)
from tests.factories.organizations import WorkUnitFactory
from tests.liaison import agreement_steps
from tests.liaison.conference_steps import called, day, founded, named

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def conference(community_a, community_secretary, work_unit):
    conference = founded(
        community_a, community_secretary, work_unit, WorkUnitFactory(name="滨江医院")
    )
    for seat in conference.seats.all():
        named(seat, community_secretary, name=f"{seat}代表")
    return conference


@pytest.fixture
def meeting(conference, community_secretary):
    """A meeting of ten days ago, attendance not yet entered."""
    return called(conference, community_secretary, ahead=-10)


@pytest.fixture
def held(meeting, community_secretary):
    return marked(meeting, community_secretary)


def marked(meeting, actor, version=None):
    first, second = meeting.conference.seats.order_by("pk")
    return mark_attendance(
        meeting_id=meeting.pk,
        marks=[Mark(first.pk, "delegate"), Mark(second.pk, "absent", "门诊值班")],
        version=version,
        actor=actor,
    )


def decided(meeting, actor, ahead=20, **more):
    request_id = more.pop("request_id", None)
    return decide(
        meeting_id=meeting.pk,
        facts=DecisionFacts(words="每周两晚开放操场", due_on=day(ahead), **more),
        request_id=request_id,
        actor=actor,
    )


def test_the_agenda_begins_with_what_is_overdue_and_open(
    conference, held, community_a, community_secretary, work_unit
):
    actor = community_secretary
    agreement = agreement_steps.drafted(community_a, actor, work_unit)
    agreement_steps.promised(agreement, actor)
    agreement_steps.signed(agreement, actor)
    decided(held, actor)
    coming = called(conference, actor)
    meetings.put_topic(
        meeting_id=coming.pk, seat_id=None, title="停车难", words="", actor=actor
    )
    offered = matters_for(coming)
    kinds = [key.split("-")[0] for key in offered]
    assert kinds == ["obligation", "obligation", "decision", "topic"]
    keys = list(offered)
    asked = {"meeting_id": coming.pk, "actor": actor}
    set_agenda(taken=keys[1:], own=["年度计划", " "], version=1, **asked)
    assert list(coming.agenda.taken().values_list("number", flat=True)) == [1, 2, 3, 4]
    assert matters_for(coming)[keys[0]].was_left
    with pytest.raises(StaleError):
        set_agenda(taken=keys, version=1, **asked)
    # Once carried out it is offered no more, and leaves the agenda.
    decision = ConferenceDecision.objects.get()
    close_decision(decision_id=decision.pk, closed_on=TODAY, outcome="好", actor=actor)
    with pytest.raises(RuleError, match="重新核对"):
        set_agenda(taken=keys, **asked)
    set_agenda(taken=keys[:2], **asked)
    assert not coming.agenda.taken().filter(decision=decision).exists()
    with pytest.raises(RuleError, match="一项也没有"):
        set_agenda(taken=[], **asked)


def test_attendance_is_marked_on_the_day_or_after(
    conference, meeting, community_secretary
):
    coming = called(conference, community_secretary)
    with pytest.raises(RuleError, match="还没有到开会日期"):
        marked(coming, community_secretary)
    seat = meeting.conference.seats.first()
    asked = {"meeting_id": meeting.pk, "actor": community_secretary}
    with pytest.raises(RuleError, match="请写明原因"):
        mark_attendance(
            marks=[Mark(seat.pk, "absent")]
            + [Mark(each.pk, "delegate") for each in conference.seats.all()[1:]],
            **asked,
        )
    with pytest.raises(RuleError, match="没有一个单位到会"):
        mark_attendance(marks=[Mark(seat.pk, "absent", "忙")], **asked)
    with pytest.raises(RuleError, match="来的是谁"):
        mark_attendance(marks=[Mark(seat.pk, "other")], **asked)
    meeting = marked(meeting, community_secretary, version=1)
    assert meeting.held_at is not None
    rows = meeting.attendance.values_list("presence", "name")
    assert list(rows) == [("delegate", "江滨中学代表"), ("absent", "")]
    with pytest.raises(StaleError):
        marked(meeting, community_secretary, version=1)


def test_a_decision_is_followed_until_it_is_closed(
    meeting, community_secretary, secretary_b
):
    actor, overdue = community_secretary, alert("liaison.decision_overdue")
    with pytest.raises(RuleError, match="请先登记到会情况"):
        decided(meeting, actor)
    marked(meeting, actor)
    with pytest.raises(RuleError, match="不能早于开会日期"):
        decided(meeting, actor, ahead=-11)
    asked = uuid4()
    seat = meeting.conference.seats.first()
    decision = decided(meeting, actor, -1, seat_id=seat.pk, request_id=asked)
    assert decided(meeting, actor, -1, request_id=asked) == decision
    items = list(overdue.rows(actor, TODAY))
    assert [item.label for item in items] == ["每周两晚开放操场"]
    assert "江滨中学办" in items[0].detail
    assert overdue.count(secretary_b, TODAY) == 0
    amend_decision(
        decision_id=decision.pk,
        facts=DecisionFacts("每周三晚开放操场", day(-2), seat.pk),
        version=1,
        actor=actor,
    )
    noted = {"decision_id": decision.pk, "words": "已安排门卫", "request_id": asked}
    assert note_progress(actor=actor, **noted) == note_progress(actor=actor, **noted)
    closing = {"decision_id": decision.pk, "outcome": "已开放", "actor": actor}
    with pytest.raises(RuleError, match="不能晚于今天"):
        close_decision(closed_on=day(1), **closing)
    with pytest.raises(StaleError):
        close_decision(closed_on=TODAY, version=1, **closing)
    close_decision(closed_on=TODAY, version=2, **closing)
    assert overdue.count(actor, TODAY) == 0
    with pytest.raises(RuleError, match="办结"):
        note_progress(decision_id=decision.pk, words="还有", actor=actor)


def test_the_minutes_say_all_that_they_must(meeting, community_secretary):
    actor, asked = community_secretary, {"meeting_id": meeting.pk}
    set_agenda(taken=[], own=["停车难"], actor=actor, **asked)
    item = meeting.agenda.get()
    words = {"chair": "顾书记", "recorder": "江敏", "words": "散会。"}
    written = {**asked, **words, "points": {item.pk: "错时停车可行"}, "actor": actor}
    with pytest.raises(RuleError, match="请先登记到会情况"):
        write_minutes(**written)
    marked(meeting, actor)
    meeting = write_minutes(**written)
    decided(meeting, actor, item_id=item.pk)
    lines = minutes_text.lines_of(
        meeting,
        list(meeting.agenda.taken()),
        list(meeting.attendance.all()),
        list(ConferenceDecision.objects.with_owner()),
    )
    text = "\n".join(lines)
    for part in (
        *(
            "主持：顾书记",
            "参会：江滨中学（江滨中学代表）",
            "缺席：滨江医院（门诊值班）",
        ),
        *("议题1：停车难（沿江社区党委提出）", "讨论要点：错时停车可行"),
        *("责任单位：沿江社区党委", f"时限：{day(20)}", "记录人：江敏", "散会。"),
    ):
        assert part in text
    with pytest.raises(RuleError, match="议程不再变动"):
        set_agenda(taken=[], own=["再加"], actor=actor, **asked)


def test_a_briefing_is_read_by_link_and_in_the_portal(
    meeting,
    community_secretary,
    branch_secretary,
    secretary_b,
    client_for,
):
    cache.clear()
    sent = {
        "meeting_id": meeting.pk,
        "title": "会议通报",
        "words": "<b>开放操场</b>",
        "request_id": uuid4(),
        "actor": community_secretary,
    }
    with pytest.raises(RuleError, match="会后再发通报"):
        briefings.issue_briefing(**sent)
    marked(meeting, community_secretary)
    briefing = briefings.issue_briefing(**sent)
    assert briefings.issue_briefing(**sent) == briefing
    # A past meeting had no links: the units get theirs now.
    link = meeting.links.get(seat__unit__name="江滨中学")
    url = reverse("liaison:my-meeting", args=[meetings.meeting_token(link)])
    unit = Client()
    assert "开放操场" not in unit.get(url).content.decode()
    unit.post(url)
    html = unit.get(url).content.decode()
    assert "&lt;b&gt;开放操场" in html
    briefings.issue_briefing(**sent | {"title": "再通报", "request_id": uuid4()})
    html = unit.get(url).content.decode()
    assert "再通报" not in html
    assert "查看通报" in html
    page = briefing.get_absolute_url()
    reader = client_for(branch_secretary)
    assert "辖区的书记" not in reader.get(page).content.decode()
    for _ in range(2):
        reader.post(page)
    assert client_for(secretary_b).get(page).status_code == 404
    assert set(Briefing.objects.visible_to(branch_secretary)) == set(
        Briefing.objects.all()
    )
    assert briefing.reads.count() == 2
    html = client_for(community_secretary).get(page).content.decode()
    assert "未阅" in html
    assert "滨江医院" in html


@pytest.mark.parametrize(
    ("today", "half", "due"),
    [
        (date(2026, 2, 28), HalfYear(2025, 2), date(2025, 12, 31)),
        (date(2026, 3, 1), HalfYear(2026, 1), date(2026, 3, 31)),
        (date(2026, 11, 30), HalfYear(2026, 1), date(2026, 3, 31)),
        (date(2026, 12, 1), HalfYear(2026, 2), date(2026, 12, 31)),
    ],
)
def test_the_half_year_that_is_asked_about(today, half, due):
    assert half_to_ask(today, days=30, months=[3, 12]) == (half, due)


def test_a_half_year_without_a_meeting_is_told(
    conference, meeting, community_secretary
):
    unheld, due = alert("liaison.conference_unheld"), date(TODAY.year, 12, 31)
    unrecorded = alert("liaison.meeting_unrecorded")
    assert unrecorded.count(community_secretary, TODAY) == 1
    ConferenceMeeting.objects.update(meets_on=date(TODAY.year, 3, 10))
    assert unheld.count(community_secretary, due) == 1
    item = next(iter(unheld.rows(community_secretary, due)))
    assert item.due_on == due
    ConferenceMeeting.objects.update(
        meets_on=date(TODAY.year, 12, 20), held_at=timezone.now()
    )
    assert unheld.count(community_secretary, due) == 0
    assert unrecorded.count(community_secretary, due) == 0


def test_from_attendance_to_the_closed_decision(
    client_for, community_secretary, meeting
):
    client = client_for(community_secretary)
    first, second = meeting.conference.seats.order_by("pk")

    def post(page, *args, **data):
        url = reverse(f"liaison:{page}", args=args)
        return client.post(url, data, follow=True)

    sent = {
        f"presence_{first.pk}": "delegate",
        f"presence_{second.pk}": "absent",
        "version": 1,
    }
    refused = post("attendance-mark", meeting.pk, **sent)
    assert refused.status_code == 422
    assert "滨江医院缺席，请写明原因" in refused.content.decode()
    post("attendance-mark", meeting.pk, **sent | {f"words_{second.pk}": "值班"})
    post("agenda-set", meeting.pk, own="停车难\n年度计划", version=2)
    item = meeting.agenda.first()
    post(
        *("minutes-write", meeting.pk),
        **{"chair": "沈书记", "recorder": "江敏", f"points_{item.pk}": "可行"},
        version=3,
    )
    post(
        *("decision-add", meeting.pk),
        words="错时停车",
        item=item.pk,
        seat=first.pk,
        due_on=day(9),
    )
    decision = meeting.decisions.get()
    assert "已安排" in post("decision", decision.pk, words="已安排").content.decode()
    post(
        *("decision-close", decision.pk),
        closed_on=TODAY,
        outcome="已错时停车",
        version=1,
    )
    html = client.get(meeting.get_absolute_url()).content.decode()
    for words in ("值班", "年度计划", "错时停车", "已办结", "可行"):
        assert words in html
    document = client.get(reverse("liaison:minutes-document", args=[meeting.pk]))
    assert document.content.startswith(b"PK")
    sheet = client.get(reverse("liaison:attendance-sheet", args=[meeting.pk]))
    assert "江滨中学代表" in sheet.content.decode()
    listed = client.get(reverse("liaison:decision-list"), {"group": "closed"})
    assert "错时停车" in listed.content.decode()
